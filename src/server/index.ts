// server/: the HTTP interface as the browser sees it: addresses and types. The server itself is in node.ts.
//
// How a page uses it. The address printed by `immunogate serve` carries ?token=…; opening it sets an HttpOnly cookie and redirects to `/`,
// so the page never sees that token. Then GET /api/session answers who is there and the header token; every request that is not a GET
// sends it as `x-immunogate-token` (fetch with `credentials: 'same-origin'`). Bodies are JSON, but `putFile` takes the File itself:
// fetch(url, { method: 'PUT', body: file, headers: { 'content-type': 'application/octet-stream', [tokenHeader]: token } }).
// Answers of 400 and more are a Failure: 400 bad request, 401 sign in, 403 role or proof missing, 404, 409 state (running, locked, edited
// meanwhile), 413 too large, 422 content refused, 429 slow down. Progress: new EventSource(runEvents), event `run`, data = the whole Run.
// Types: AnswerOf<'sample'>, BodyOf<'addOverride'>, …
export { expectedHashHeader, routes, tokenHeader, type Role, type Route, type RouteName } from './routes.ts';
export type {
  AnswerOf,
  Audit,
  BodyOf,
  Deed,
  DensityAxis,
  DensityView,
  Failure,
  FileInspection,
  FileMatch,
  GateEdit,
  Manifest,
  OverrideRecord,
  ParamsOf,
  Preview,
  QueryOf,
  ReviewState,
  Run,
  RunEvent,
  SampleDetail,
  SampleRow,
  SampleSummary,
  Session,
  StoredFile,
  StudyDetail,
  StudySummary,
  TablePage,
  TableSummary,
  TemplateSummary,
  UploadAnswer,
  ValueProvenance,
  WireDensity,
  WireIssue,
} from './schema.ts';
export type { WireGate, WireStrategy } from './shapes/sample.ts';
