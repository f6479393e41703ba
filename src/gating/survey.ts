// Surveys: cuts found on the events of other tubes, for those that will look at them. A control tube answers attempt by attempt on all
// its events; pooled tubes give a bounded, even draw each, and the pooled events are cut as those of one tube would be.
import { median } from '../math/index.ts';
import { attemptOn, tryMethods, type CutEvents, type CutList } from './cut-list.ts';
import type { FitSample } from './fit-events.ts';
import { fitPlan, planFor } from './fit.ts';
import { referenceOf } from './methods/contract.ts';
import type { GatingPlan, MethodCall, Pool } from './model.ts';
import { axesOf, cutDistance, MOST_JUMP, type SharedCut, type SharedCuts } from './shared-cuts.ts';

/** Events of one population that a pooled cut looks at most; every tube gives the same share. */
const MOST_POOLED = 65_536;

/** What a plan's gates look at beyond the own tube. */
export interface SharedNeeds {
  readonly tubes: readonly string[];
  readonly pools: readonly Pool[];
}

/** Cuts of one control tube for every attempt that names it by one of `names`; its own gates see it as its own control. */
export function surveyTube(
  plan: GatingPlan,
  sample: FitSample,
  options: { readonly names: readonly string[]; readonly seed: string },
): readonly SharedCut[] {
  const { names, seed } = options;
  const cuts: SharedCut[] = [];
  const looks = ({ attempts }: CutList) =>
    attempts.some(({ tube }) => tube !== undefined && names.includes(tube));
  fitPlan(planFor(plan, looks), sample, {
    seed,
    isSurvey: true,
    shared: selfControlled(names),
    watch: (list, events) => {
      for (const [attempt, call] of list.attempts.entries()) {
        const { method, tube } = call;
        if (tube === undefined || !names.includes(tube)) continue;
        const fit = attemptOn(list, call, events, seed);
        const outcome =
          fit.status === 'fitted'
            ? { fit, method, attempt, tube, reason: '' }
            : { fit: null, method, attempt, tube, reason: fit.reason };
        cuts.push({ key: list.key, axes: axesOf(list.dims), attempt, tubes: 1, outcome });
      }
    },
  });
  return cuts;
}

function selfControlled(names: readonly string[]): SharedCuts {
  return { tubes: Object.fromEntries(names.map((name) => [name, { kind: 'self' }])), pools: {} };
}

/** The events that one tube gives to the lists of a pool, by key and axes. */
export type PoolDraw = ReadonlyMap<string, DrawnEvents>;

interface DrawnEvents {
  readonly list: CutList;
  /** The cut that the tube's own events give; null = none. */
  readonly ownCut: number | null;
  readonly columns: readonly Float64Array[];
  readonly linear: readonly Float64Array[];
  /** Scale units of the populations that its methods name; those that are not evaluable are left out. */
  readonly references: ReadonlyMap<string, readonly Float64Array[]>;
}

/** Draws evenly, in the order of the file, inside the tube's own gates; `tubes` = size of the pool. */
export function drawForPool(
  plan: GatingPlan,
  sample: FitSample,
  options: { readonly pool: Pool; readonly tubes: number; readonly seed: string },
): PoolDraw {
  const { pool, tubes, seed } = options;
  const share = Math.max(1, Math.floor(MOST_POOLED / tubes));
  const drawn = new Map<string, DrawnEvents>();
  const pooled = planFor(plan, (list) => list.pool === pool);
  fitPlan(pooled, sample, {
    seed,
    isSurvey: true,
    watch: (list, events, own) => {
      if (list.pool !== pool) return;
      drawn.set(`${list.key} ${axesOf(list.dims)}`, {
        list,
        ownCut: own.tube === null && own.method !== 'fixed' ? (own.fit?.cut ?? null) : null,
        columns: events.columns.map((column) => thinned(column, share)),
        linear: events.linear.map((column) => thinned(column, share)),
        references: new Map(
          ownCalls(list).flatMap(({ params }): [string, readonly Float64Array[]][] => {
            const path = referenceOf(params);
            const named = path === null ? null : events.reference(path);
            return path === null || named === null
              ? []
              : [[path, named.map((column) => thinned(column, share))]];
          }),
        ),
      });
    },
  });
  return drawn;
}

/**
 * The cuts of pooled draws. `seed` names the pool. A tube whose own cut lies more than MOST_JUMP from the median of all own cuts is left
 * out of the pool: it would drag the cut along that it is to be held against.
 */
export function cutPool(draws: readonly PoolDraw[], seed: string): readonly SharedCut[] {
  const keys = [...new Set(draws.flatMap((draw) => [...draw.keys()]))].sort();
  return keys.map((key) => {
    const parts = agreeing(draws.flatMap((draw) => draw.get(key) ?? []));
    const [{ list }] = parts;
    const events: CutEvents = {
      count: parts.reduce((sum, { columns }) => sum + columns[0].length, 0),
      columns: joined(parts.map(({ columns }) => columns)),
      linear: joined(parts.map(({ linear }) => linear)),
      reference: (path) => {
        const named = parts.flatMap(({ references }) => {
          const columns = references.get(path);
          return columns === undefined ? [] : [columns];
        });
        return named.length === 0 ? null : joined(named);
      },
    };
    const outcome = tryMethods(list, events, seed, (tube) => ({
      status: 'rejected',
      reason: `a pool has no ${tube} tube`,
      evidence: {},
    }));
    return { key: list.key, axes: axesOf(list.dims), attempt: null, tubes: parts.length, outcome };
  });
}

function agreeing(parts: readonly DrawnEvents[]): readonly DrawnEvents[] {
  const cuts = parts.flatMap(({ ownCut }) => ownCut ?? []);
  if (cuts.length === 0) return parts;
  const middle = median(Float64Array.from(cuts));
  const [axis] = parts[0].list.dims;
  const near = (cut: number) => cutDistance(cut, middle, axis) <= MOST_JUMP;
  // two tubes that part have nobody to judge them
  return cuts.some(near) ? parts.filter(({ ownCut }) => ownCut === null || near(ownCut)) : parts;
}

function ownCalls({ attempts }: CutList): readonly MethodCall[] {
  return attempts.filter(({ tube }) => tube === undefined);
}

/** At most `most` values, evenly from first to last. */
function thinned(column: Float64Array, most: number): Float64Array {
  if (column.length <= most) return column;
  return Float64Array.from(
    { length: most },
    (_, i) => column[Math.floor(((i + 0.5) * column.length) / most)],
  );
}

/** Column by column, one after another. */
function joined(parts: readonly (readonly Float64Array[])[]): readonly Float64Array[] {
  return parts[0].map((_, d) => {
    const out = new Float64Array(parts.reduce((sum, part) => sum + part[d].length, 0));
    let at = 0;
    for (const part of parts) {
      out.set(part[d], at);
      at += part[d].length;
    }
    return out;
  });
}
