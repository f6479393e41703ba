// Shapes of samples, gates, densities and edits. Gates and strategies are as in strategies/<sample>.json: open sides are the texts
// "Infinity" and "-Infinity".
import { z } from 'zod';
import type { Dimension, Gate, StrategyPopulation } from '../../gating/index.ts';
import type { Provenance } from '../../results/index.ts';
import { count, deed, fraction, issue, path, plain, sha256 } from './words.ts';

/** As quality.csv: one finding of a quality rule. */
export const qualityRow = z
  .object({
    rule: z.string(),
    verdict: z.enum(['pass', 'warn', 'fail', 'notEvaluable']),
    value: z.number().nullable(),
    message: z.string(),
  })
  .meta({ id: 'QualityRow' });

export const reviewState = z
  .object({
    locked: deed.nullable(),
    signed: deed
      .extend({ strategySha256: sha256, valid: z.boolean().describe('false: the gates have changed since') })
      .nullable(),
  })
  .meta({ id: 'ReviewState' });

export const sampleSummary = z
  .object({
    sample: z.string(),
    subject: z.string().nullable(),
    visit: z.string().nullable(),
    panel: z.string().nullable(),
    role: z.string().nullable(),
    state: z.enum(['pending', 'running', 'done', 'refused']),
    eventCount: count.nullable(),
    rank: count.describe('0 = worst: the order of the list'),
    verdict: z.enum(['pass', 'warn', 'fail']).nullable().describe('null: not assessed yet'),
    headline: z.string().describe('the worst finding in one sentence, empty when there is none'),
    warnings: count,
    errors: count,
    overrides: count,
    review: reviewState,
  })
  .meta({ id: 'SampleSummary' });

export const populationRow = z
  .object({
    population: z.string(),
    path,
    parent: z.string().nullable(),
    count: count.nullable(),
    parentCount: count.nullable(),
    fractionOfParent: fraction.nullable(),
    fractionOfTotal: fraction.nullable(),
    status: z.enum(['ok', 'fallback', 'edited', 'notEvaluable']),
    reason: z.string().nullable(),
    method: z.string().nullable(),
    ciLow: fraction.nullable(),
    ciHigh: fraction.nullable(),
  })
  .meta({ id: 'PopulationRow' });

export const gate = plain<WireGate>(
  'a gate of a strategy: kind, dims and geometry in scale coordinates; open sides as "Infinity", "-Infinity"',
);
export const dimension = plain<Dimension>('{source, compensation, transform} of a strategy');

export const override = z
  .object({
    override: z.string(),
    sample: z.string(),
    path,
    gate,
    before: gate.nullable().describe('the gate that it replaced'),
    distance: z
      .object({ value: z.number().nullable(), unit: z.string(), words: z.string() })
      .describe('how far from the gate that the template placed'),
    scope: z
      .enum(['sample', 'subject', 'all'])
      .describe('this sample · the same tube at all visits of the subject · the same tube of all'),
    made: deed,
    undone: deed.nullable(),
  })
  .meta({ id: 'Override' });

export const sample = sampleSummary
  .extend({
    fileName: z.string().nullable(),
    fileSha256: sha256.nullable(),
    resultId: sha256.nullable(),
    strategy: plain<WireStrategy | null>(
      'the explicit gates, as strategies/<sample>.json; null when refused',
    ),
    strategySha256: sha256.nullable(),
    channels: z.array(
      z.object({
        channel: z.string(),
        marker: z.string().nullable(),
        kind: z.string(),
        compensated: z.boolean(),
      }),
    ),
    populations: z.array(populationRow),
    quality: z.array(qualityRow),
    issues: z.array(issue),
    overrideList: z.array(override).describe('edits in force on this sample'),
    provenance: plain<Provenance | null>('what the result was made from'),
  })
  .meta({ id: 'Sample' });

export const tick = z.object({
  value: z.number().describe('linear units'),
  at: z.number().describe('scale coordinate'),
  label: z.string().describe('empty: a minor tick'),
});
export const densityAxis = z
  .object({
    dimension,
    label: z.string().describe('marker and channel, e.g. `CD3 · FL1-A`'),
    min: z.number().describe('scale coordinate of the left or lower edge'),
    max: z.number(),
    bins: count,
    ticks: z.array(tick),
  })
  .meta({ id: 'DensityAxis' });
export const density = z
  .object({
    population: z.string().nullable().describe('whose events are shown; null = all events'),
    events: count.describe('events of the population'),
    shown: count.describe('of them within the axes'),
    x: densityAxis,
    y: densityAxis.nullable().describe('null: one-dimensional'),
    counts: z
      .array(count)
      .describe('bins.x * bins.y events a bin, row after row from the lowest y: counts[iy * x.bins + ix]'),
    dots: z
      .array(z.tuple([z.number(), z.number()]))
      .nullable()
      .describe('every event as a point when there are few of them, in file order; else null'),
  })
  .meta({ id: 'Density' });

export const view = z
  .discriminatedUnion('kind', [
    z
      .strictObject({ kind: z.literal('gate'), path })
      .describe('the parent of a population on the axes of its gate'),
    z
      .strictObject({
        kind: z.literal('axes'),
        population: path.nullable(),
        x: dimension,
        y: dimension.nullable(),
      })
      .describe('any population on any axes'),
    z
      .strictObject({
        kind: z.literal('channels'),
        population: path.nullable(),
        x: z.string(),
        y: z.string().nullable(),
      })
      .describe(
        'any population on channels by name, on the scale that the gates of this sample use for them',
      ),
  ])
  .meta({ id: 'DensityView' });

export const edit = z
  .strictObject({
    path,
    gate: gate.describe(
      'the same kind and dims as the gate that it replaces; of a quadrant: the new dividers move all its cells',
    ),
  })
  .meta({ id: 'GateEdit' });

export const preview = z
  .object({
    milliseconds: z.number(),
    populations: z
      .array(
        z.object({
          path,
          before: count.nullable(),
          after: count.nullable(),
          fractionBefore: fraction.nullable().describe('of the parent'),
          fractionAfter: fraction.nullable(),
        }),
      )
      .describe('the edited population, its descendants, and what refers to them'),
    endpoints: z
      .array(
        z.object({
          parameter: z.string().describe('PARAMCD'),
          label: z.string(),
          unit: z.string(),
          before: z.number().nullable(),
          after: z.number().nullable(),
          reason: z.string().nullable().describe('why there is no number'),
        }),
      )
      .describe('values of this sample that would change'),
    distance: override.shape.distance,
    touches: z.array(z.string()).describe('samples that a saved edit of this scope would recount'),
  })
  .meta({ id: 'Preview' });

type Limit = number | 'Infinity' | '-Infinity';
/** A gate as JSON: the product's Gate, with open sides as texts. */
export type WireGate = Gate extends infer G
  ? G extends { kind: 'rectangle' }
    ? Omit<G, 'min' | 'max'> & { readonly min: readonly Limit[]; readonly max: readonly Limit[] }
    : G
  : never;
export interface WireStrategy {
  readonly template: { readonly id: string; readonly version: string };
  readonly matrices: Readonly<
    Record<
      string,
      {
        readonly fluorochromes: readonly string[];
        readonly detectors: readonly string[];
        readonly spill: readonly number[];
      }
    >
  >;
  readonly populations: readonly (Omit<StrategyPopulation, 'gate'> & { readonly gate: WireGate | null })[];
}
