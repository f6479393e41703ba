// How much of the run gates on Time leave to the populations below them, for counts by the volume drawn: what flowed in a stretch that
// was taken out is not part of the volume that the cells were counted in. Derived from what a result holds, like its uncertainty.
// Gates on Time need not stand at the root; gates on other axes do not change the share.
// Invariant: where Time is not gated on alone, what is left of the run is not known, which is not all of it.
import type { Channel, EventTable } from '../events/index.ts';
import {
  evaluateStrategy,
  withDimensions,
  type BooleanGate,
  type Gate,
  type GatingStrategy,
  type StrategyPopulation,
} from '../gating/index.ts';
import type { PopulationRow } from './model.ts';

/** The run of a file: its Time channel by name, and Time of its first and last event, in order unless Time is broken. */
export interface RunTimes {
  readonly channel: string;
  readonly from: number;
  readonly to: number;
}

/** A population that is gated on Time, and what it and such gates above it keep, both in [0, 1]. */
export interface KeptTime {
  readonly path: string;
  /** null: not known, because one of these gates is on Time and another axis at once, or because the length of the run is not known. */
  readonly ofTime: number | null;
  readonly ofEvents: number;
}

/** Instants at which the gates are asked: a stretch of time is known to this part of the run. */
const INSTANTS = 16_384;

/** One row a population on Time that could be evaluated. `rows` belong to the strategy. */
export function keptTime(
  strategy: GatingStrategy,
  rows: readonly PopulationRow[],
  run: RunTimes,
): readonly KeptTime[] {
  const onTimeOf = readerOf(strategy, run.channel);
  const nearest = (parent: string | null): string | null => {
    const path = (parent ?? '').split('/');
    while (path.length > 0 && onTimeOf(path.join('/')) !== 'alone') path.pop();
    return path.length === 0 ? null : path.join('/');
  };
  const rowOf = new Map(rows.map((row) => [row.path, row]));
  const ofEvents = (path: string | null): number => {
    const row = path === null ? undefined : rowOf.get(path);
    return row === undefined ? 1 : (row.fractionOfParent ?? 1) * ofEvents(nearest(row.parent));
  };
  const alone = strategy.populations.flatMap((population): StrategyPopulation[] =>
    population.gate === null || onTimeOf(population.path) !== 'alone'
      ? []
      : [{ ...population, parent: nearest(population.parent), gate: uncompensated(population.gate) }],
  );
  const mixed = strategy.populations.filter(({ path }) => onTimeOf(path) === 'mixed');
  return [
    ...[...timeInside({ ...strategy, populations: alone }, run)].map(([path, part]) => {
      const events = ofEvents(path);
      return { path, ofTime: part ?? (events === 1 ? 1 : null), ofEvents: events };
    }),
    ...mixed.map(({ path }) => ({ path, ofTime: null, ofEvents: 1 })),
  ];
}

/** What reaches a population: the row of the last gate on Time on its way, or all of the run. */
export function keptOnTheWay(kept: readonly KeptTime[], path: string): Omit<KeptTime, 'path'> {
  const onTheWay = kept.filter((row) => `${path}/`.startsWith(`${row.path}/`));
  let last: KeptTime = { path: '', ofTime: 1, ofEvents: 1 };
  for (const row of onTheWay) if (row.path.length > last.path.length) last = row;
  return onTheWay.some(({ ofTime }) => ofTime === null) ? { ...last, ofTime: null } : last;
}

/** The part of the run in each population of gates on Time alone; null where the run has no length that is known. */
function timeInside(strategy: GatingStrategy, { channel, from, to }: RunTimes): Map<string, number | null> {
  const isKnown = to > from && to - from < Infinity;
  const instants = Float64Array.from({ length: isKnown ? INSTANTS : 1 }, (_, i) =>
    isKnown ? from + ((i + 0.5) / INSTANTS) * (to - from) : 0,
  );
  const members = evaluateStrategy(strategy, tableOf(channel, instants), null);
  return new Map(
    [...members].map(([path, inside]) => [
      path,
      isKnown ? inside.reduce((sum, is) => sum + is, 0) / INSTANTS : null,
    ]),
  );
}

/** Whether a population is gated on Time alone, on Time and something else at once, or not on Time. */
type OnTime = 'alone' | 'mixed' | 'not';

/** Answers by path. Logic is on Time when all that it refers to is; what stands above the logic itself is on its way anyhow. */
function readerOf({ populations }: GatingStrategy, channel: string): (path: string) => OnTime {
  const gateOf = new Map(populations.map(({ path, gate }) => [path, gate]));
  const known = new Map<string, OnTime>();
  const read = (path: string): OnTime => {
    const gate = gateOf.get(path) ?? null;
    if (gate === null) return 'not';
    if (gate.kind === 'boolean') return together(beside(path, gate).map(onTimeOf));
    return together(
      gate.dims.map(({ source }) =>
        source.kind === 'channel' && source.channel === channel ? 'alone' : 'not',
      ),
    );
  };
  const onTimeOf = (path: string): OnTime => {
    const answer = known.get(path) ?? read(path);
    known.set(path, answer);
    return answer;
  };
  return onTimeOf;
}

function together(parts: readonly OnTime[]): OnTime {
  if (parts.every((part) => part === 'not')) return 'not';
  return parts.every((part) => part === 'alone') ? 'alone' : 'mixed';
}

/** The populations that logic refers to and those above them, without those above the logic. */
function beside(path: string, { operands }: BooleanGate): string[] {
  return operands.flatMap(({ population }) => {
    const ids = population.split('/');
    return ids.map((_, at) => ids.slice(0, at + 1).join('/')).filter((one) => !path.startsWith(`${one}/`));
  });
}

/** No spillover reaches Time, and there is none beside the instants. */
function uncompensated(gate: Gate): Gate {
  return withDimensions(gate, (dim) => ({ ...dim, compensation: { kind: 'none' } }));
}

function tableOf(name: string, values: Float64Array): EventTable {
  const channel: Channel = { name, kind: 'time', stain: null, marker: null, pulse: null, range: null };
  return { count: values.length, channels: [channel], columns: [values] };
}
