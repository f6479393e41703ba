// The written form of a gating template: one entry a population, in words of the laboratory. Transform-free, so that a JSON
// Schema can be made of it; unknown keys are refused. Meaning is given by expand.ts and bind.ts.
import { z } from 'zod';

/** Population ids are path segments; names that mean something to JavaScript objects are refused. */
const id = z
  .string()
  .regex(/^[A-Za-z0-9_]{1,64}$/, 'an id has letters, digits and _ only')
  .refine(
    (text) => !['__proto__', 'constructor', 'prototype', 'root'].includes(text),
    'this word is reserved',
  );

const limit = z.number().nullable();
const interval = z.tuple([limit, limit]).describe('[from, to): from <= value < to; null = open');
const positive = z.number().positive();

const scale = z.union([
  z.literal('linear'),
  z.literal('fraction').describe('fraction of the top of scale of the channel'),
  z
    .strictObject({ asinhCofactor: z.union([positive, z.literal('auto')]), top: positive.optional() })
    .describe(
      'asinh(x / cofactor); with `top`, for a channel of that top of scale, and in proportion for others; auto = 150 of 262144',
    ),
  z.strictObject({
    logicle: z.strictObject({ T: positive, W: z.number().min(0), M: positive, A: z.number() }),
  }),
  z.strictObject({ hyperlog: z.strictObject({ T: positive, W: positive, M: positive, A: z.number() }) }),
  z.strictObject({ asinh: z.strictObject({ T: positive, M: positive, A: z.number() }) }),
  z.strictObject({ log: z.strictObject({ T: positive, M: positive }) }),
  z
    .strictObject({
      biex: z.strictObject({
        T: positive,
        neg: z.number().min(0),
        width: z.number().max(-1),
        pos: positive,
        channels: z.union([z.literal(256), z.literal(4096)]),
      }),
    })
    .describe("FlowJo's biexponential axis, from 0 to `channels`"),
]);

const axis = z.union([
  z.string().min(1).describe('a marker (CD3), a scatter word (FSC-A) or a channel name'),
  z.strictObject({
    marker: z.string().min(1).optional(),
    channel: z.string().min(1).optional(),
    fluorochrome: z.string().min(1).optional(),
    scale: z.string().optional().describe('one of `scales`, or linear, or fraction'),
    compensation: z.enum(['file', 'none']).optional(),
  }),
]);

/** Whose events a cut is held against or taken from (gating/model.ts, Pool); none = the tube's own alone. */
const pool = z
  .enum(['subject', 'batch', 'batch-baseline', 'none'])
  .describe(
    'pooled tubes: of the subject in its batch, or of the batch, as a check on the own cut; or the batch at baseline, fixed for all visits',
  );

const parameters = z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]));
/**
 * `{valley: {from: 1}}`, or just `valley` where a method needs no parameters. Every method takes `tube`: the control tube whose events
 * inside the same parent it looks at (`FMO:PD1`, `UNST`, `ISO`, `BASELINE`).
 */
const method = z.union([
  z.string().min(1),
  z.record(z.string(), z.union([parameters, z.number(), z.null()])),
]);
const methods = z.union([method, z.array(method).min(1)]);
const cut = z.union([z.number(), methods]);

const described = {
  parent: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe('id or path of the parent; `root` = all events; several: the population exists under each'),
  optional: z
    .union([z.boolean(), z.literal('as-parent')])
    .optional()
    .describe(
      'where a file lacks its channels: false = error; true = not evaluable; as-parent = all of the parent (recorded)',
    ),
  minimumEvents: z.number().int().min(0).optional().describe('fewer events in the parent: nothing is fitted'),
  note: z.string().optional(),
};
const named = {
  id,
  name: z.string().optional(),
  cellOntology: z.string().optional(),
  expected: interval.optional().describe('expected fraction of the parent'),
  unit: z.string().optional(),
};

const gate = z.union([
  z.strictObject({ range: interval }),
  z.strictObject({ rectangle: z.array(interval).min(1) }),
  z.strictObject({ polygon: z.array(z.tuple([z.number(), z.number()])).min(3) }),
  z.strictObject({
    ellipse: z.strictObject({
      mean: z.array(z.number()).min(2),
      covariance: z.array(z.array(z.number())).min(2),
      distanceSquare: positive.default(1),
    }),
  }),
]);

const drawn = z.strictObject({ ...named, ...described, on: z.union([axis, z.array(axis).min(1)]), gate });
const placed = z.strictObject({
  ...named,
  ...described,
  on: z.union([axis, z.array(axis).min(1)]),
  place: methods.describe('methods in order: the first acceptable one places the gate'),
  keep: z.enum(['above', 'below']).optional(),
  pool: pool.optional(),
});
const logical = z.strictObject({
  ...named,
  ...described,
  is: z.string().min(1).describe('e.g. `not T and not B`'),
});
const quadrant = z.strictObject({
  ...described,
  quadrant: z.tuple([axis, axis]),
  cuts: z.tuple([cut, cut]),
  pool: pool.optional(),
  cells: z.record(id, z.string().regex(/^[+\-*][+\-*]$/, 'two of + - *, one for each axis')),
});

export const population = z.union([drawn, placed, logical, quadrant]);

/** The four kinds of entry by the word that tells them apart: used to say what is wrong with an entry in its own terms. */
export const entryKinds = { gate: drawn, place: placed, is: logical, quadrant } as const;

const reference = z.string().min(1).describe('id or path of a population');
const ends = z.tuple([limit, limit]).describe('[low, high], both ends belong to it; null = open');
const judged = {
  check: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a check is named by one word'),
  name: z.string().min(1).describe('what is measured, as the beginning of a sentence'),
  target: ends,
  accept: ends.optional().describe('beyond the target but acceptable: a warning; without it nothing fails'),
  note: z.string().optional(),
};
const check = z.union([
  z.strictObject({
    ...judged,
    share: z.union([reference, z.array(reference).min(1)]),
    of: reference.describe('id or path, or `root` = all events'),
  }),
  z.strictObject({
    ...judged,
    count: reference,
    absent: z.literal('fine').optional().describe('none at all: not evaluable instead of too few'),
  }),
]);

export const templateSchema = z.strictObject({
  immunogate: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  title: z.string().min(1),
  description: z.string().optional(),
  compensation: z.enum(['file', 'none']).default('file'),
  pool: pool.optional().describe('for every entry that names none; default none'),
  scales: z.record(z.string(), scale).default({}),
  channels: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe('channel names for words of this template, where the files do not name their markers'),
  populations: z.array(population).min(1).max(10_000),
  checks: z
    .array(check)
    .max(1000)
    .optional()
    .describe('what a good sample looks like; a usual check of the same name gives way'),
});

export type GatingTemplate = z.infer<typeof templateSchema>;
export type TemplateEntry = z.infer<typeof population>;
export type TemplateAxis = z.infer<typeof axis>;
export type TemplateScale = z.infer<typeof scale>;
export type TemplateMethods = z.infer<typeof methods>;
export type TemplateCheck = z.infer<typeof check>;
export type TemplateGate = z.infer<typeof gate>;

/** One complaint of the schema. */
export type SchemaProblem = z.core.$ZodIssue;
