// The shapes of the HTTP interface: one entry a route of routes.ts, checked on the way in, published as OpenAPI, and as TypeScript types
// for the browser. Numbers that are missing are null with a reason beside them.
import { z } from 'zod';
import type { RouteName } from './routes.ts';
import { audit, format, provenance, tablePage, tableSummary } from './shapes/tables.ts';
import type { deed, failure } from './shapes/words.ts';
import { count, id, issue, reason, role, sha256, text } from './shapes/words.ts';
import type { densityAxis } from './shapes/sample.ts';
import {
  density,
  edit,
  override,
  preview,
  reviewState,
  sample,
  sampleSummary,
  view,
} from './shapes/sample.ts';
import type { inspection, match } from './shapes/study.ts';
import {
  anchor,
  manifest,
  run,
  sampleRow,
  session,
  storedFile,
  study,
  studySummary,
  studyTables,
  template,
  uploadAnswer,
  user,
  visit,
} from './shapes/study.ts';

const ofStudy = z.object({ study: id });
const ofSample = z.object({ study: id, sample: text.min(1) });
const ofRun = z.object({ study: id, run: id });
const whole = {
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(5000).default(200),
};

interface Shape {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Absent: bytes or events. */
  readonly answer?: z.ZodType;
}

export const shapes = {
  health: { answer: z.object({ status: z.literal('ok'), software: z.string() }) },
  session: { answer: session },
  signIn: {
    body: z.strictObject({ name: text.min(1), password: z.string().max(1024).optional() }),
    answer: session,
  },
  signOut: { answer: session },
  users: { answer: z.array(user) },
  putUser: {
    params: z.object({ user: id }),
    body: z.strictObject({
      role,
      password: z.string().min(12).max(1024).optional(),
      disabled: z.boolean().default(false),
      reason,
    }),
    answer: user,
  },

  templates: { answer: z.array(template) },
  studies: { answer: z.array(studySummary) },
  createStudy: {
    body: z.strictObject({
      study: id,
      title: text.min(1),
      panels: z.record(id, z.string().max(255)).default({}),
    }),
    answer: study,
  },
  study: { params: ofStudy, answer: study },
  changeStudy: {
    params: ofStudy,
    body: z.strictObject({
      title: text.min(1).optional(),
      panels: z.record(id, z.string().max(255)).optional().describe('template per panel; replaces all'),
      anchor: anchor.optional(),
      visits: z.array(visit).min(1).max(200).optional().describe('in their order; replaces all'),
      locked: z.boolean().optional(),
      reason,
    }),
    answer: study,
  },

  manifest: { params: ofStudy, answer: manifest },
  importTable: {
    params: ofStudy,
    body: z.strictObject({
      table: studyTables,
      csv: z.string().max(16 * 1024 * 1024),
      dryRun: z.boolean().default(false),
      reason: reason.optional(),
    }),
    answer: z.object({
      rows: count,
      saved: z.boolean().describe('false: a dry run, or errors among the issues'),
      issues: z.array(issue),
    }),
  },
  editManifest: {
    params: ofStudy,
    body: z.strictObject({
      revision: z.string(),
      put: z.array(sampleRow).max(10_000).default([]).describe('rows to add or replace, by sample'),
      remove: z.array(z.string()).max(10_000).default([]),
      reason,
    }),
    answer: manifest,
  },

  files: { params: ofStudy, answer: z.array(storedFile) },
  putFile: { params: z.object({ study: id, name: z.string().min(1).max(1024) }), answer: uploadAnswer },
  postFiles: {
    params: ofStudy,
    answer: z.object({
      files: z.array(uploadAnswer),
      refused: z.array(z.object({ name: z.string(), error: issue })),
    }),
  },

  purgeFile: {
    params: ofStudy,
    body: z.strictObject({ sha256, reason }),
    answer: z.object({ sha256, purged: z.boolean().describe('false: the bytes were gone before') }),
  },

  runs: { params: ofStudy, answer: z.array(run) },
  startRun: { params: ofStudy, body: z.strictObject({ recompute: z.boolean().default(false) }), answer: run },
  run: { params: ofRun, answer: run },
  cancelRun: { params: ofRun, body: z.strictObject({}), answer: run },
  runEvents: { params: ofRun },

  samples: { params: ofStudy, answer: z.array(sampleSummary) },
  sample: { params: ofSample, answer: sample },
  strategyFile: { params: ofSample },
  gatingMl: { params: ofSample },
  densities: {
    params: ofSample,
    body: z.strictObject({
      views: z.array(view).min(1).max(64),
      bins: z.int().min(16).max(512).default(256),
      mostDots: z
        .int()
        .min(0)
        .max(20_000)
        .default(1000)
        .describe('populations of at most so many events are also given as points'),
      edits: z
        .array(edit)
        .max(64)
        .default([])
        .describe('gates moved but not saved; they decide who is in a population'),
    }),
    answer: z.array(density).describe('in the order of `views`'),
  },
  preview: {
    params: ofSample,
    body: z.strictObject({
      edits: z.array(edit).min(1).max(64),
      scope: z.enum(['sample', 'subject', 'all']).default('sample'),
    }),
    answer: preview,
  },
  review: {
    params: ofSample,
    body: z.strictObject({ action: z.enum(['lock', 'unlock', 'sign']), strategySha256: sha256, reason }),
    answer: reviewState,
  },

  overrides: {
    params: ofStudy,
    query: z.object({ sample: z.string().optional() }),
    answer: z.array(override),
  },
  addOverride: {
    params: ofStudy,
    body: z.strictObject({ sample: text.min(1), edit, scope: z.enum(['sample', 'subject', 'all']), reason }),
    answer: z.object({
      overrides: z.array(override).describe('one a touched sample'),
      run: run.nullable().describe('the recount that was started'),
    }),
  },
  undoOverride: {
    params: z.object({ study: id, override: id }),
    body: z.strictObject({ reason }),
    answer: z.object({ override, run: run.nullable() }),
  },

  tables: { params: ofStudy, answer: z.array(tableSummary) },
  table: {
    params: z.object({ study: id, table: id }),
    query: z.object({
      ...whole,
      sort: z
        .string()
        .max(64)
        .optional()
        .describe('a column; a leading - sorts downwards; missing values last'),
      search: z.string().max(255).optional().describe('rows with this text in any cell, whatever the case'),
      column: z
        .string()
        .max(64)
        .optional()
        .describe('with `equals`: only rows with this value in this column'),
      equals: z.string().max(255).optional(),
    }),
    answer: tablePage,
  },
  tableFile: {
    params: z.object({ study: id, table: id }),
    query: z.object({ format: format.default('csv') }),
  },
  provenance: {
    params: ofStudy,
    query: z.object({ subject: z.string(), visit: z.string(), parameter: z.string() }),
    answer: provenance,
  },
  report: {
    params: ofStudy,
    query: z.object({
      format: z.enum(['html', 'pdf']).default('html'),
      download: z.enum(['0', '1']).default('0'),
    }),
  },
  audit: {
    params: ofStudy,
    query: z.object({
      ...whole,
      object: z.string().max(255).optional().describe('e.g. a sample'),
      person: z.string().max(255).optional(),
      from: z.string().max(32).optional().describe('ISO date or time, from here on'),
      to: z.string().max(32).optional().describe('before this'),
    }),
    answer: audit,
  },
  auditFile: { params: ofStudy },
  redact: {
    params: ofStudy,
    body: z.strictObject({ text: z.string().min(3).max(255), reason }),
    answer: z.object({ contents: count.describe('recorded contents that held the text') }),
  },
  openapi: {},
} as const satisfies Readonly<Record<RouteName, Shape>>;

type Part<R extends RouteName, K extends keyof Shape> =
  (typeof shapes)[R] extends Record<K, infer S extends z.ZodType> ? S : never;

/** What a caller sends as JSON body, with defaults still open. */
export type BodyOf<R extends RouteName> = z.input<Part<R, 'body'>>;
export type QueryOf<R extends RouteName> = z.input<Part<R, 'query'>>;
export type ParamsOf<R extends RouteName> = z.input<Part<R, 'params'>>;
/** What a route answers as JSON with status 200, 201 or 202. */
export type AnswerOf<R extends RouteName> = z.output<Part<R, 'answer'>>;

export type Failure = z.output<typeof failure>;
export type WireIssue = z.output<typeof issue>;
export type Session = z.output<typeof session>;
export type StudySummary = z.output<typeof studySummary>;
export type StudyDetail = z.output<typeof study>;
export type TemplateSummary = z.output<typeof template>;
export type SampleRow = z.output<typeof sampleRow>;
export type FileInspection = z.output<typeof inspection>;
export type FileMatch = z.output<typeof match>;
export type StoredFile = z.output<typeof storedFile>;
export type UploadAnswer = z.output<typeof uploadAnswer>;
export type Manifest = z.output<typeof manifest>;
export type Run = z.output<typeof run>;
/** `data` of the server-sent events, whose `event` is `run`: the whole run each time. The stream ends after a last state. */
export type RunEvent = Run;
export type SampleSummary = z.output<typeof sampleSummary>;
export type SampleDetail = z.output<typeof sample>;
export type WireDensity = z.output<typeof density>;
export type DensityAxis = z.output<typeof densityAxis>;
export type DensityView = z.output<typeof view>;
export type GateEdit = z.output<typeof edit>;
export type Preview = z.output<typeof preview>;
export type OverrideRecord = z.output<typeof override>;
export type ReviewState = z.output<typeof reviewState>;
export type TableSummary = z.output<typeof tableSummary>;
export type TablePage = z.output<typeof tablePage>;
export type ValueProvenance = z.output<typeof provenance>;
export type Audit = z.output<typeof audit>;
export type Deed = z.output<typeof deed>;
