// The one way to the server: a route by name, typed by the contract, an answer or an ApiError. State-changing requests carry the header token
// of the session; the cookie goes along by itself. Invariant: every failure a person sees has a code and a sentence, also a broken line.
import {
  routes,
  tokenHeader,
  type AnswerOf,
  type BodyOf,
  type Failure,
  type ParamsOf,
  type QueryOf,
  type Route,
  type RouteName,
  type Session,
  type WireIssue,
} from '../../server/index.ts';

/** What the server refused, or that it could not be reached (status 0). `issues` are further problems of the same request. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly issues: readonly WireIssue[];
  constructor(
    status: number,
    { code, message }: Pick<WireIssue, 'code' | 'message'>,
    issues: readonly WireIssue[] = [],
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.issues = issues;
  }
}

type Part<K extends string, T> = [T] extends [never]
  ? { readonly [P in K]?: undefined }
  : { readonly [P in K]: T };
/** Everything a route wants: path parameters, query, body; parts that it does not have are left out. */
export type Input<R extends RouteName> = Part<'params', ParamsOf<R>> &
  Part<'body', BodyOf<R>> & { readonly query?: QueryOf<R> };

let token: string | null = null;

/** Routes whose answer is a session with a token of its own; the one before it ends. */
const sessionRoutes: ReadonlySet<RouteName> = new Set(['session', 'signIn', 'signOut']);
let changing: Promise<unknown> = Promise.resolve();

let signedOut: () => void = () => undefined;

/** What to do when an answer says that nobody is signed in any more. */
export function whenSignedOut(act: () => void): void {
  signedOut = act;
}

/** Calls a route that answers JSON. Throws ApiError. */
export function call<R extends RouteName>(
  name: R,
  input: Input<R>,
  signal: AbortSignal | null = null,
): Promise<AnswerOf<R>> {
  const answer = request(name, input, signal);
  if (sessionRoutes.has(name))
    changing = answer.then(
      (session) => (token = (session as Session).token),
      () => undefined,
    );
  return answer;
}

async function request<R extends RouteName>(
  name: R,
  input: Input<R>,
  signal: AbortSignal | null,
): Promise<AnswerOf<R>> {
  const route: Route = routes[name];
  const { params, query, body } = input as { params?: Texts; query?: Texts; body?: unknown };
  const headers: Record<string, string> = { accept: 'application/json' };
  if (route.method !== 'GET') Object.assign(headers, await tokenHeaders());
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await reach(addressOf(name, params, query), {
    method: route.method,
    headers,
    signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    if (response.status === 401 && name !== 'signIn') signedOut();
    throw await failureOf(response);
  }
  return (await response.json()) as AnswerOf<R>;
}

type Texts = Readonly<Record<string, string | number | undefined>>;

/** The address of a route, for links, downloads and event streams. Undefined query values are left out. */
export function addressOf(name: RouteName, params: Texts = {}, query: Texts = {}): string {
  const path = routes[name].path.replace(/:(\w+)/g, (_, key: string) =>
    encodeURIComponent(String(params[key] ?? '')),
  );
  const given = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** The header that changes need. Waits for a session that is about to begin: with the token of the one before it they would be refused. */
export async function tokenHeaders(): Promise<Record<string, string>> {
  await changing;
  return token === null ? {} : { [tokenHeader]: token };
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw unreachable();
  }
}

export function unreachable(): ApiError {
  return new ApiError(0, {
    code: 'E_NO_SERVER',
    message:
      'The program on this machine does not answer. Start it again with `immunogate serve`, then reload this page.',
  });
}

async function failureOf(response: Response): Promise<ApiError> {
  return errorFrom(response.status, await response.text());
}

/** The error in the body of an answer of 400 or more. */
export function errorFrom(status: number, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as Failure;
    return new ApiError(status, error, error.issues);
  } catch {
    return new ApiError(status, {
      code: `HTTP ${status}`,
      message: 'The server answered in a way this page does not know.',
    });
  }
}
