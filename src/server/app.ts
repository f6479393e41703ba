// The HTTP side: every request passes the guard, is checked against its shape, reaches one handler and is answered in one form.
// Invariant: nothing is read or changed before Host, session, role, origin and token are right, in this order.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ImmunogateError, issue } from '../errors.ts';
import type { Actor } from '../results/index.ts';
import {
  answerHeaders,
  attachment,
  isOwnHost,
  requireSameOrigin,
  requireToken,
  type Hosts,
} from './guard.ts';
import { taken, type Bytes, type Call, type Handlers } from './handler.ts';
import { failure, failureOf, RequestError } from './http-status.ts';
import type { Log } from './log.ts';
import { createRate } from './rate.ts';
import { routes, tokenHeader, type Role, type Route, type RouteName } from './routes.ts';
import { shapes } from './schema.ts';
import type { Session, Sessions } from './sessions.ts';

export interface AppContext {
  readonly hosts: () => Hosts;
  readonly sessions: Sessions;
  readonly handlers: Handlers;
  /** The actor of what nobody signed in for. */
  readonly system: Actor;
  readonly log: Log;
  readonly headersMilliseconds: number;
  /** Parsers that are registered before the routes. */
  readonly plugins: (app: FastifyInstance) => Promise<void>;
}

const jsonBytes = 17 * 1024 * 1024;
const roleRank: Readonly<Record<Role, number>> = { viewer: 0, analyst: 1, approver: 2 };

export function createApp(context: AppContext): FastifyInstance {
  const { hosts, log, headersMilliseconds } = context;
  const app = fastify({
    bodyLimit: jsonBytes,
    // an upload may take long; receive.ts ends those that stand still
    requestTimeout: 0,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4096 },
    serverFactory: (handler) => {
      const server = createServer(
        {
          headersTimeout: headersMilliseconds,
          connectionsCheckingInterval: Math.min(5000, headersMilliseconds),
        },
        (request, response) => {
          if (isOwnHost(request.rawHeaders, hosts()) && request.url?.startsWith('/') === true)
            handler(request, response);
          else misdirected(request, response);
        },
      );
      server.keepAliveTimeout = 10_000;
      server.maxConnections = 1024;
      return server;
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    app.getDefaultJsonParser('error', 'error'),
  );
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  const allow = createRate({ burst: 1000, perSecond: 300, now: () => performance.now() });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(answerHeaders);
    if (!allow(request.ip)) throw new ImmunogateError('E_TOO_MANY_REQUESTS');
    await Promise.resolve();
  });
  app.setErrorHandler((error, request, reply) => {
    const { status, body, isDefect } = failureOf(error);
    if (isDefect)
      log({ level: 'error', message: String(error), trace: error instanceof Error ? error.stack : null });
    // what was not read of a request must not be taken for the next one
    if (!request.raw.complete) void reply.header('connection', 'close');
    return reply.headers(answerHeaders).status(status).send(body);
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.status(404).send(failure('E_NOT_FOUND', 'There is nothing at this address.')),
  );
  void app.register(async (instance) => {
    await context.plugins(instance);
    for (const name of Object.keys(routes) as RouteName[]) addRoute(instance, name, context);
  });
  return app;
}

/** Answered before any parsing: the request is for somebody else. */
function misdirected(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(421, {
    ...answerHeaders,
    'content-type': 'application/json; charset=utf-8',
    connection: 'close',
  });
  response.end(JSON.stringify(failure('E_HOST', 'The request names another host than this server.')));
}

function addRoute(app: FastifyInstance, name: RouteName, context: AppContext): void {
  const route: Route = routes[name];
  const { handlers, sessions, system } = context;
  const handler = handlers[name] as (call: Call<RouteName>) => unknown;
  app.route({
    method: route.method,
    url: route.path,
    // decided on headers alone, before a byte of a body is read
    onRequest: async (request) => {
      authorise(name, sessions.find(request.headers.cookie), request, context);
      await Promise.resolve();
    },
    handler: async (request, reply) => {
      const session = sessions.find(request.headers.cookie);
      const call = {
        ...checked(name, request),
        session,
        by: session?.who?.actor ?? system,
        role: session?.who?.role ?? null,
        request,
        reply,
      } as Call<RouteName>;
      const answer = await handler(call);
      if (answer === taken) return reply;
      return shapeOf(name).answer === undefined ? sendBytes(reply, answer as Bytes) : reply.send(answer);
    },
  });
}

function authorise(
  name: RouteName,
  session: Session | null,
  { headers }: FastifyRequest,
  { hosts }: AppContext,
): void {
  const route: Route = routes[name];
  const changes = route.method !== 'GET';
  if (changes) {
    requireSameOrigin(headers, hosts());
    requireContentType(route, headers['content-type'], headers['content-length']);
    // before signing in there may be no session, and so no token to know
    if (session !== null) requireToken(headers[tokenHeader], session.token);
    else if (name !== 'signIn') throw new ImmunogateError('E_SIGN_IN');
  }
  if (route.role === null) return;
  const role = session?.who?.role ?? null;
  if (role === null) throw new ImmunogateError('E_SIGN_IN');
  if (roleRank[role] < roleRank[route.role])
    throw new ImmunogateError('E_ROLE', `This needs the role ${route.role}; yours is ${role}.`);
}

/** A form of another page can send text and form data without asking; what is not expected here is refused like another origin. */
function requireContentType(
  { sends = 'json' }: Route,
  type: string | undefined,
  length: string | undefined,
): void {
  const [essence] = (type ?? '').toLowerCase().split(';');
  const wanted = {
    json: 'application/json',
    stream: 'application/octet-stream',
    multipart: 'multipart/form-data',
  };
  if (essence.trim() === wanted[sends]) return;
  if (type === undefined && sends === 'json' && (length === undefined || length === '0')) return;
  throw new ImmunogateError('E_ORIGIN', `The content must be ${wanted[sends]}.`);
}

interface Checks {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
}

function shapeOf(name: RouteName): Checks {
  return shapes[name];
}

/** Throws E_REQUEST with every complaint of the shape. */
function checked(
  name: RouteName,
  request: FastifyRequest,
): { params: unknown; query: unknown; body: unknown } {
  const shape = shapeOf(name);
  const issues: ReturnType<typeof issue>[] = [];
  const read = (part: 'params' | 'query' | 'body', value: unknown): unknown => {
    const schema = shape[part];
    if (schema === undefined) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues.slice(0, 20)) {
      const place = [part, ...path.map(String)].join('.');
      issues.push(issue('E_REQUEST', `${place}: ${message}`, place));
    }
    return undefined;
  };
  const parts = {
    params: read('params', request.params),
    query: read('query', request.query),
    body: read('body', request.body ?? {}),
  };
  if (issues.length > 0) throw new RequestError('E_REQUEST', issues[0].message, issues.slice(1));
  return parts;
}

function sendBytes(reply: FastifyReply, { bytes, type, name, policy }: Bytes): FastifyReply {
  if (name !== null) reply.header('content-disposition', attachment(name));
  if (policy !== undefined)
    reply.header('content-security-policy', policy).header('x-frame-options', 'SAMEORIGIN');
  return reply.header('content-type', type).send(typeof bytes === 'string' ? bytes : Buffer.from(bytes));
}
