// The numbers of quality that only events can give, taken from the events that FIT looked at: whether the compensation fits, whether
// beads are spread evenly, whether signals drift. Bounded like FIT itself; what is judged by counts waits for COUNT.
import { issue, type Issue } from '../errors.ts';
import type { EventTable } from '../events/index.ts';
import { createEvaluator, neededFor, type FitSample, type GatingStrategy } from '../gating/index.ts';
import {
  reviewCompensation,
  unevenness,
  type Colours,
  type CompensationReview,
  type Measured,
} from '../qc/index.ts';
import { compensationOf } from './provenance.ts';

/** Membership of the sample's events by population path, 1 = inside. */
export type Members = ReadonlyMap<string, Uint8Array>;

/** Events that the compensation is reviewed on, and hints that are worth a line each. */
const REVIEWED = 4096;
const MOST_HINTS = 5;

/** Events that are enough for a review where FIT does not look at the file. */
export const mostReviewedEvents = 32_768;

/** The part of a strategy that a review looks at: a few populations near the root, and what they depend on. */
export function onlyReviewed(strategy: GatingStrategy): GatingStrategy {
  const looked = [...cellIds, 'beads'].flatMap(
    (id) => strategy.populations.find((population) => population.id === id)?.path ?? [],
  );
  return neededFor(strategy, looked);
}

/** Populations that are cells, purest first: where the compensation is looked at. */
const cellIds = ['live', 'singS', 'singF', 'nomargin', 'cells0', 'time_ok'] as const;

/** What the usual checks `compensation`, `beadEvenness` and `drift` go by, and hints about single colours. */
export function measureQuality(
  strategy: GatingStrategy,
  sample: FitSample,
  members: Members,
): { readonly measured: readonly Measured[]; readonly issues: readonly Issue[] } {
  const review = compensationReview(strategy, sample, members);
  return {
    measured: [compensationMeasure(review), beadMeasure(strategy, members), driftMeasure(strategy)],
    issues: typeof review === 'string' ? [] : review.hints.slice(0, MOST_HINTS).map(hintIssue),
  };
}

function compensationReview(
  strategy: GatingStrategy,
  { table, spillover }: FitSample,
  members: Members,
): CompensationReview | string {
  const compensation = compensationOf(strategy);
  const matrix =
    compensation.kind === 'matrix'
      ? strategy.matrices[compensation.id]
      : compensation.kind === 'file' && spillover !== null
        ? { detectors: spillover.detectors, fluorochromes: spillover.detectors, spill: spillover.matrix }
        : null;
  if (matrix === null) return 'no gate is compensated';
  const { detectors, fluorochromes, spill } = matrix;
  if (detectors.length !== fluorochromes.length)
    return 'colours were unmixed from more detectors than colours';
  const looked = selected(table, membersOf(cellIds, strategy, members));
  const evaluator = createEvaluator(looked, spillover, strategy.matrices);
  const topOf = (name: string) => table.channels.find((channel) => channel.name === name)?.range ?? 262144;
  const colours: Colours = {
    names: fluorochromes,
    columns: fluorochromes.map((channel) =>
      evaluator.linear({ source: { kind: 'channel', channel }, compensation, transform: null }),
    ),
    tops: detectors.map(topOf),
    spill,
  };
  return reviewCompensation(colours);
}

/** At most REVIEWED of the events inside, at even places. */
function selected(table: EventTable, inside: Uint8Array | null): EventTable {
  const places = new Uint32Array(table.count);
  let found = 0;
  for (let e = 0; e < table.count; e++) {
    places[found] = e;
    found += inside === null ? 1 : inside[e];
  }
  const count = Math.min(found, REVIEWED);
  const columns = table.columns.map((column) => {
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) values[i] = column[places[Math.floor((i * found) / count)]];
    return values;
  });
  return { count, channels: table.channels, columns };
}

function compensationMeasure(review: CompensationReview | string): Measured {
  const check = 'compensation';
  if (typeof review === 'string') return { check, value: null, reason: review };
  const { largest } = review;
  return largest === null
    ? { check, value: null, reason: 'no pair of colours has enough bright and negative cells' }
    : { check, value: Math.abs(largest.residual), reason: null };
}

function hintIssue({ source, receiver, residual }: CompensationReview['hints'][number]): Issue {
  const percent = `${(100 * Math.abs(residual)).toFixed(1)} %`;
  return residual > 0
    ? issue(
        'W_COMP_UNDER',
        `Cells bright in ${source} seem to keep ${percent} of it in ${receiver}: too little is subtracted, or they express both.`,
        receiver,
      )
    : issue(
        'W_COMP_OVER',
        `Cells bright in ${source} lie ${percent} of it below zero in ${receiver}: too much is subtracted.`,
        receiver,
      );
}

function beadMeasure(strategy: GatingStrategy, members: Members): Measured {
  const check = 'beadEvenness';
  const beads = membersOf(['beads'], strategy, members);
  if (beads === null) return { check, value: null, reason: 'beads could not be evaluated' };
  const found = unevenness(beads, membersOf(['time_ok'], strategy, members));
  return typeof found === 'string'
    ? { check, value: null, reason: found }
    : { check, value: found, reason: null };
}

/** The largest change of a mean rank that the search for stable stretches saw. */
function driftMeasure({ populations }: GatingStrategy): Measured {
  const check = 'drift';
  const fit = populations.find(({ id }) => id === 'time_ok')?.fit;
  const drift = fit?.status === 'fitted' || fit?.status === 'fallback' ? fit.evidence['drift'] : null;
  return typeof drift === 'number'
    ? { check, value: Math.abs(drift), reason: null }
    : { check, value: null, reason: 'stability in time was not judged' };
}

/** Membership of the first of these populations that the strategy has and that could be evaluated. */
function membersOf(
  ids: readonly string[],
  { populations }: GatingStrategy,
  members: Members,
): Uint8Array | null {
  for (const id of ids) {
    const path = populations.find((population) => population.id === id)?.path;
    const inside = path === undefined ? undefined : members.get(path);
    if (inside !== undefined) return inside;
  }
  return null;
}
