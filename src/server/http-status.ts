// From errors to answers: one table of codes and HTTP statuses, one form of a failure. A defect of the program is a 500 whose message says
// nothing about the machine; its trace goes to the log.
import { ImmunogateError, type Issue, type IssueCode } from '../errors.ts';
import type { Failure } from './schema.ts';

const statuses: Partial<Readonly<Record<IssueCode, number>>> = {
  E_HOST: 421,
  E_ORIGIN: 403,
  E_SIGN_IN: 401,
  E_SIGN_IN_FAILED: 401,
  E_ROLE: 403,
  E_SAME_PERSON: 403,
  E_REQUEST: 400,
  E_NOT_FOUND: 404,
  E_CONFLICT: 409,
  E_STUDY_LOCKED: 409,
  E_STORE_LOCKED: 409,
  E_UPLOAD_BROKEN: 400,
  E_UPLOAD_HASH: 422,
  E_INPUT_LIMIT: 413,
  E_TOO_MANY_REQUESTS: 429,
  E_DISK_FULL: 507,
  E_OUTPUT_UNWRITABLE: 500,
  E_STORE_CORRUPT: 500,
  E_WORKER_CRASHED: 500,
  E_INTERNAL: 500,
};

/** Status of a coded error; what is wrong with content is 422. */
export function statusOf(code: IssueCode): number {
  return statuses[code] ?? 422;
}

/** Further problems that an error brings along. */
export class RequestError extends ImmunogateError {
  readonly issues: readonly Issue[];
  constructor(code: IssueCode, message: string, issues: readonly Issue[]) {
    super(code, message);
    this.issues = issues;
  }
}

export interface Answered {
  readonly status: number;
  readonly body: Failure;
}

/** What to answer for anything that was thrown; `isDefect` says that the log needs the trace. */
export function failureOf(error: unknown): Answered & { readonly isDefect: boolean } {
  if (error instanceof ImmunogateError) {
    const status = statusOf(error.code);
    const issues = error instanceof RequestError ? [...error.issues] : [];
    return { status, body: { error: { ...error.toIssue(), issues } }, isDefect: status === 500 };
  }
  const status = clientStatus(error);
  if (status !== null) {
    const code: IssueCode = status === 413 ? 'E_INPUT_LIMIT' : 'E_REQUEST';
    return { status, body: failure(code, requestMessage(error, status)), isDefect: false };
  }
  return {
    status: 500,
    body: failure('E_INTERNAL', 'A defect of the program; the log of the server has more.'),
    isDefect: true,
  };
}

export function failure(code: IssueCode, message: string): Failure {
  return { error: { ...new ImmunogateError(code, message).toIssue(), issues: [] } };
}

/** Errors of the HTTP library about the request itself carry a status of 400 to 499. */
function clientStatus(error: unknown): number | null {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

function requestMessage(error: unknown, status: number): string {
  switch (status) {
    case 413:
      return 'The request is too large.';
    case 415:
      return 'This kind of content is not taken here.';
    default:
      return error instanceof Error && error.message.length < 200
        ? error.message
        : 'The request cannot be read.';
  }
}
