// Every address of the HTTP interface: method, path, the least role that may call it, and what it is for. Plain data without a schema
// library, so that the browser may import it; the shapes of requests and answers are in schema.ts under the same names.
// Invariant: no GET changes anything; every other method needs the header token beside the cookie.

export type Role = 'viewer' | 'analyst' | 'approver';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `:name` parts are parameters, percent-encoded by the caller. */
  readonly path: string;
  /** null: before signing in. */
  readonly role: Role | null;
  readonly summary: string;
  /** `json` unless said: `stream` sends raw bytes, `multipart` form data; `file` answers bytes, `events` server-sent events. */
  readonly sends?: 'json' | 'stream' | 'multipart';
  readonly answers?: 'json' | 'file' | 'events';
}

const study = '/api/studies/:study';
const sample = `${study}/samples/:sample`;

export const routes = {
  health: { method: 'GET', path: '/api/health', role: null, summary: 'Whether the server answers' },
  session: {
    method: 'GET',
    path: '/api/session',
    role: null,
    summary: 'Who is signed in, and the header token',
  },
  signIn: {
    method: 'POST',
    path: '/api/session',
    role: null,
    summary: 'Sign in, or state a name where there are no users',
  },
  signOut: { method: 'DELETE', path: '/api/session', role: null, summary: 'End this session' },
  users: { method: 'GET', path: '/api/users', role: 'approver', summary: 'Users and their roles' },
  putUser: {
    method: 'PUT',
    path: '/api/users/:user',
    role: 'approver',
    summary: 'Add a user, change role or password, or disable',
  },

  templates: {
    method: 'GET',
    path: '/api/templates',
    role: 'viewer',
    summary: 'Gating templates that ship with the program',
  },
  studies: { method: 'GET', path: '/api/studies', role: 'viewer', summary: 'All studies' },
  createStudy: { method: 'POST', path: '/api/studies', role: 'analyst', summary: 'Make an empty study' },
  study: { method: 'GET', path: study, role: 'viewer', summary: 'One study: panels, visits, tables, state' },
  changeStudy: {
    method: 'PATCH',
    path: study,
    role: 'analyst',
    summary: 'Change title, visits or templates, lock or unlock (approver)',
  },

  manifest: {
    method: 'GET',
    path: `${study}/manifest`,
    role: 'viewer',
    summary: 'Subject × visit × tube, with the file of each tube and why',
  },
  importTable: {
    method: 'POST',
    path: `${study}/imports`,
    role: 'analyst',
    summary: 'Take in a CSV table (samples, subjects, cbc …); dry run shows the findings only',
  },
  editManifest: {
    method: 'PATCH',
    path: `${study}/manifest`,
    role: 'analyst',
    summary: 'Change, add or remove rows of samples.csv',
  },

  files: {
    method: 'GET',
    path: `${study}/files`,
    role: 'viewer',
    summary: 'Uploaded files with hash, inspection and match',
  },
  putFile: {
    method: 'PUT',
    path: `${study}/files/:name`,
    role: 'analyst',
    summary: 'Upload one file as the raw body; safe to repeat',
    sends: 'stream',
  },
  postFiles: {
    method: 'POST',
    path: `${study}/files`,
    role: 'analyst',
    summary: 'Upload files as multipart form data',
    sends: 'multipart',
  },

  purgeFile: {
    method: 'POST',
    path: `${study}/purge`,
    role: 'approver',
    summary: 'Take the bytes of an uploaded file away; results and records stay',
  },

  runs: { method: 'GET', path: `${study}/runs`, role: 'viewer', summary: 'Runs, newest first' },
  startRun: {
    method: 'POST',
    path: `${study}/runs`,
    role: 'analyst',
    summary: 'Gate what is new and derive the tables; also resumes after a cancel',
  },
  run: { method: 'GET', path: `${study}/runs/:run`, role: 'viewer', summary: 'One run' },
  cancelRun: {
    method: 'POST',
    path: `${study}/runs/:run/cancel`,
    role: 'analyst',
    summary: 'Stop; finished samples stay',
  },
  runEvents: {
    method: 'GET',
    path: `${study}/runs/:run/events`,
    role: 'viewer',
    summary: 'Live progress; Last-Event-ID continues',
    answers: 'events',
  },

  samples: {
    method: 'GET',
    path: `${study}/samples`,
    role: 'viewer',
    summary: 'Samples of the last run, worst quality first',
  },
  sample: {
    method: 'GET',
    path: sample,
    role: 'viewer',
    summary: 'One sample: populations, strategy, quality, overrides, review',
  },
  strategyFile: {
    method: 'GET',
    path: `${sample}/strategy.json`,
    role: 'viewer',
    summary: 'The strategy as the command line writes it',
    answers: 'file',
  },
  gatingMl: {
    method: 'GET',
    path: `${sample}/strategy.xml`,
    role: 'viewer',
    summary: 'The strategy as Gating-ML 2.0',
    answers: 'file',
  },
  densities: {
    method: 'POST',
    path: `${sample}/densities`,
    role: 'viewer',
    summary: 'Binned densities of populations on scale coordinates',
  },
  preview: {
    method: 'POST',
    path: `${sample}/preview`,
    role: 'viewer',
    summary: 'Recount with a moved gate, nothing saved',
  },
  review: {
    method: 'POST',
    path: `${sample}/review`,
    role: 'analyst',
    summary: 'Lock, unlock (approver) or sign (approver) the gates of a sample',
  },

  overrides: {
    method: 'GET',
    path: `${study}/overrides`,
    role: 'viewer',
    summary: 'Gate edits with author, time, reason and distance',
  },
  addOverride: {
    method: 'POST',
    path: `${study}/overrides`,
    role: 'analyst',
    summary: 'Save a gate edit; the touched samples are recounted',
  },
  undoOverride: {
    method: 'POST',
    path: `${study}/overrides/:override/undo`,
    role: 'analyst',
    summary: 'Withdraw a gate edit; it stays readable',
  },

  tables: {
    method: 'GET',
    path: `${study}/tables`,
    role: 'viewer',
    summary: 'Result tables with the meaning of every column',
  },
  table: { method: 'GET', path: `${study}/tables/:table`, role: 'viewer', summary: 'A page of rows' },
  tableFile: {
    method: 'GET',
    path: `${study}/tables/:table/file`,
    role: 'viewer',
    summary: 'A whole table in one of the formats',
    answers: 'file',
  },
  provenance: {
    method: 'GET',
    path: `${study}/provenance`,
    role: 'viewer',
    summary: 'From an endpoint value back to samples, populations and gates',
  },
  report: {
    method: 'GET',
    path: `${study}/report`,
    role: 'viewer',
    summary: 'The report of the last run',
    answers: 'file',
  },
  audit: { method: 'GET', path: `${study}/audit`, role: 'viewer', summary: 'The audit trail, checked' },
  auditFile: {
    method: 'GET',
    path: `${study}/audit/file`,
    role: 'viewer',
    summary: 'The audit trail as CSV',
    answers: 'file',
  },
  redact: {
    method: 'POST',
    path: `${study}/audit/redact`,
    role: 'approver',
    summary: 'Take a text that was entered by mistake out of all that was recorded; entries and hashes stay',
  },
  openapi: {
    method: 'GET',
    path: '/api/openapi.json',
    role: 'viewer',
    summary: 'This interface as OpenAPI 3.1',
    answers: 'file',
  },
} as const satisfies Readonly<Record<string, Route>>;

export type RouteName = keyof typeof routes;

/** Header of every request but GET, with the token of `session`. */
export const tokenHeader = 'x-immunogate-token';
/** Optional header of `putFile`: lower-case hex SHA-256 that the bytes must have, else 422 and nothing is kept. */
export const expectedHashHeader = 'x-content-sha256';
