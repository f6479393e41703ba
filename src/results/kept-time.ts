// How much of the run gates on Time leave to the populations below them, for counts by the volume drawn: what flowed in a stretch that
// was taken out is not part of the volume that the cells were counted in. Derived from what a result holds, like its uncertainty.
// Gates on Time need not stand at the root; gates on other axes do not change the share.
import type { Channel, EventTable } from '../events/index.ts';
import {
  evaluateStrategy,
  withDimensions,
  type Gate,
  type GatingStrategy,
  type StrategyPopulation,
} from '../gating/index.ts';
import type { PopulationRow } from './model.ts';

/** The run of a file: its Time channel by name, and Time of its first and last event. */
export interface RunTimes {
  readonly channel: string;
  readonly from: number;
  readonly to: number;
}

/** A population that is gated on Time alone, and what it and such gates above it keep, both in [0, 1]. */
export interface KeptTime {
  readonly path: string;
  readonly ofTime: number;
  readonly ofEvents: number;
}

/** Instants at which the gates are asked: a stretch of time is known to this part of the run. */
const INSTANTS = 16_384;

/** One row a population on Time that could be evaluated; none where the run takes no time. `rows` belong to the strategy. */
export function keptTime(
  strategy: GatingStrategy,
  rows: readonly PopulationRow[],
  { channel, from, to }: RunTimes,
): readonly KeptTime[] {
  if (!(to > from)) return [];
  const onTime = new Map<string, StrategyPopulation>();
  for (const population of strategy.populations) {
    if (population.gate === null || !isOnTime(population.gate, channel, onTime)) continue;
    const { parent, gate } = population;
    onTime.set(population.path, {
      ...population,
      parent: nearest(onTime, parent),
      gate: uncompensated(gate),
    });
  }
  const instants = Float64Array.from(
    { length: INSTANTS },
    (_, i) => from + ((i + 0.5) / INSTANTS) * (to - from),
  );
  const members = evaluateStrategy(
    { ...strategy, populations: [...onTime.values()] },
    tableOf(channel, instants),
    null,
  );
  const rowOf = new Map(rows.map((row) => [row.path, row]));
  const ofEvents = (path: string | null): number => {
    const row = path === null ? undefined : rowOf.get(path);
    return row === undefined
      ? 1
      : (row.fractionOfParent ?? 1) * ofEvents(onTime.get(row.path)?.parent ?? null);
  };
  return [...members].map(([path, inside]) => ({
    path,
    ofTime: inside.reduce((sum, is) => sum + is, 0) / INSTANTS,
    ofEvents: ofEvents(path),
  }));
}

/** What reaches a population: the row of the last gate on Time on its way, or all of the run. */
export function keptOnTheWay(kept: readonly KeptTime[], path: string): Omit<KeptTime, 'path'> {
  let last: KeptTime = { path: '', ofTime: 1, ofEvents: 1 };
  for (const row of kept)
    if (`${path}/`.startsWith(`${row.path}/`) && row.path.length > last.path.length) last = row;
  return last;
}

/** Logic is on Time when all that it refers to is, and stands below such gates alone. */
function isOnTime(
  gate: Gate,
  channel: string,
  onTime: ReadonlyMap<string, { readonly parent: string | null }>,
): boolean {
  if (gate.kind !== 'boolean')
    return gate.dims.every(({ source }) => source.kind === 'channel' && source.channel === channel);
  return gate.operands.every(({ population }) => {
    const path = population.split('/');
    return path.every((_, at) => onTime.has(path.slice(0, at + 1).join('/')));
  });
}

function nearest(onTime: ReadonlyMap<string, unknown>, parent: string | null): string | null {
  const path = (parent ?? '').split('/');
  while (path.length > 0 && !onTime.has(path.join('/'))) path.pop();
  return path.length === 0 ? null : path.join('/');
}

/** No spillover reaches Time, and there is none beside the instants. */
function uncompensated(gate: Gate): Gate {
  return withDimensions(gate, (dim) => ({ ...dim, compensation: { kind: 'none' } }));
}

function tableOf(name: string, values: Float64Array): EventTable {
  const channel: Channel = { name, kind: 'time', stain: null, marker: null, pulse: null, range: null };
  return { count: values.length, channels: [channel], columns: [values] };
}
