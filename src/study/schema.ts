// The written form of a study (study.yaml): which tables, which visits and windows, which template gates which panel, and the options
// of the derivations (statistics.md sections 5, 6, 13, 14, 17). Unknown keys are refused; what a key means is said where it is used.
import { z } from 'zod';

const word = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'letters, digits, . _ - and at most 40 of them');
const code = z.string().regex(/^[A-Z][A-Z0-9]{0,7}$/, 'a PARAMCD: at most 8 capital letters and digits');
const day = z.number().int();
const days = z.number().int().min(0);

const window = z
  .strictObject({
    n: z.number(),
    label: z.string().min(1).max(40),
    phase: z.enum(['PRE', 'DURING', 'POST']),
    target: day.refine((value) => value !== 0, 'there is no day 0'),
    lo: day.refine((value) => value !== 0, 'there is no day 0'),
    hi: day.nullable().default(null),
  })
  .refine(({ lo, hi }) => hi === null || hi >= lo, 'hi is before lo');

const progression = z.strictObject({
  newTherapy: z.enum(['censor', 'ignore', 'event']).exactOptional(),
  missed: z.enum(['censor', 'ignore']).exactOptional(),
  maxGapDays: days.exactOptional(),
  maxDays: days.nullable().exactOptional(),
  pdDesc: z.string().min(1).max(60).exactOptional(),
});

/** How files are read that leave a choice (reliability R-3): of a whole panel, or of one sample. */
const reading = z
  .strictObject({
    panel: word.exactOptional(),
    sample: z.string().min(1).max(200).exactOptional(),
    dataset: z.number().int().min(1).exactOptional(),
    onTotMismatch: z.literal('useData').exactOptional(),
    offsets: z.enum(['header', 'text']).exactOptional(),
    textReading: z.enum(['escaped', 'literal']).exactOptional(),
    reason: z.string().min(1).max(500),
  })
  .refine(
    ({ panel, sample }) => (panel === undefined) !== (sample === undefined),
    'name either a panel or a sample',
  );

/** A path below the study's folder; where it may lead is checked when it is opened. */
const path = z.string().min(1).max(1000);

export const studySchema = z.strictObject({
  id: word.exactOptional().describe('STUDYID; default the one of the subject table'),
  title: z.string().min(1).max(200).exactOptional(),
  anchor: z.enum(['ABLDT', 'TRTSDT']).default('ABLDT'),
  visits: z
    .array(word)
    .refine((all) => new Set(all).size === all.length, 'a visit occurs twice')
    .default([])
    .describe('visit ids of the manifest, in the order of the windows'),
  windows: z
    .array(window)
    .min(1, 'at least the baseline window is needed')
    .refine((all) => new Set(all.map(({ n }) => n)).size === all.length, 'a window number occurs twice')
    .refine(
      (all) => new Set(all.map(({ label }) => label)).size === all.length,
      'a window label occurs twice',
    ),
  windowTie: z.enum(['later', 'earlier']).default('later'),
  blqRule: z.enum(['half', 'sqrt2', 'lloq', 'zero', 'missing']).default('half'),
  panels: z.record(word, path).default({}).describe('template of each panel'),
  compensation: z
    .record(word, path)
    .default({})
    .describe(
      "table (CSV) of a compensation matrix for the tubes of a panel, instead of each file's own spillover",
    ),
  reading: z
    .array(reading)
    .default([])
    .describe(
      'choices for files that can be read in more than one way, each with its reason, of a panel or of a sample (which goes before its panel): `dataset` of a file of several (from 1), `onTotMismatch: useData`, `offsets`, `textReading`; each adds W_OVERRIDE_USED',
    ),
  tables: z
    .strictObject({
      samples: path.exactOptional(),
      subjects: path.exactOptional(),
      cbc: path.exactOptional(),
      tumour: path.exactOptional(),
      local: path.exactOptional(),
      ae: path.exactOptional(),
      immune: path.exactOptional(),
      params: path.exactOptional(),
    })
    .default({})
    .describe('default: the usual file names where there are such files'),
  ratios: z.array(z.strictObject({ code, num: code, den: code })).default([]),
  recist: z
    .strictObject({
      minSdDays: days.exactOptional(),
      confirmDays: days.exactOptional(),
      maxNe: z.number().int().min(0).exactOptional(),
      acceptSd: z.boolean().exactOptional(),
      tstmMm: z.number().positive().exactOptional(),
      ablationRule: z.enum(['measure', 'zero', 'exclude']).exactOptional(),
    })
    .default({}),
  pfs: progression.default({}),
  lpfs: progression.default({}),
  os: z.strictObject({ maxDays: days.nullable().exactOptional() }).default({}),
  daysPerMonth: z.literal(30.4375, 'months have 30.4375 days').default(30.4375),
  teaeWindowDays: days.default(30),
  landmarkDay: z.number().int().positive().default(60),
  lpfsStart: z.enum(['TRTSDT', 'ABLDT']).default('TRTSDT'),
  residualIsLocalProgression: z.boolean().default(false),
  qualityFailures: z
    .enum(['exclude', 'keep'])
    .default('exclude')
    .describe('whether values of a tube that failed a check of quality enter the analysis'),
  bloodCountCv: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe(
      'error of a blood count as a fraction, such as 0.03: what the laboratory states of its analyser. It widens the intervals of cells that are counted by the blood count; 0: they are those of the events alone',
    ),
  aeDenominator: z.enum(['safety', 'enrolled']).default('safety'),
  report: z
    .strictObject({
      parameters: z
        .array(code)
        .min(1, 'name at least one parameter')
        .refine((all) => new Set(all).size === all.length, 'a parameter occurs twice')
        .exactOptional(),
      subject: z.string().min(1).max(100).exactOptional(),
    })
    .default({})
    .describe(
      'what the report shows in full: `parameters`, default the primary endpoints of the trial, the others are folded away; `subject`, whose gates are drawn, default the one with most visits',
    ),
  conf: z
    .number()
    .gt(0.5)
    .lt(1)
    .default(0.95)
    .describe(
      'level of the intervals of comparisons, models, proportions and survival; intervals of one value by counting and gating are of 95 % always',
    ),
});

/** A study as written, with defaults filled in. */
export type StudyDefinition = z.infer<typeof studySchema>;
