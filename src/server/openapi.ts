// The interface as an OpenAPI 3.1 document, from the same routes and shapes that check requests. Deterministic: same program, same bytes.
import { z } from 'zod';
import { routes, tokenHeader, type Route, type RouteName } from './routes.ts';
import { shapes } from './schema.ts';
import { failure } from './shapes/words.ts';

interface Checks {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
}

type Json = Readonly<Record<string, unknown>>;

export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const name of Object.keys(routes) as RouteName[]) {
    const route: Route = routes[name];
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = operationOf(name, route, shapes[name]);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'immunogate',
      version,
      description: 'Studies, uploads, runs, gates, tables and audit trail of immunogate, on this machine.',
    },
    paths,
    components: {
      securitySchemes: {
        cookie: { type: 'apiKey', in: 'cookie', name: 'immunogate_<port>' },
        token: { type: 'apiKey', in: 'header', name: tokenHeader },
      },
    },
  };
}

function operationOf(name: RouteName, route: Route, { params, query, body, answer }: Checks): Json {
  const changes = route.method !== 'GET';
  return {
    operationId: name,
    summary: route.summary,
    ...(route.role === null ? {} : { description: `Least role: ${route.role}.` }),
    security: route.role === null ? [] : [{ cookie: [], ...(changes ? { token: [] } : {}) }],
    parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query')],
    ...(changes ? bodyOf(route, body) : {}),
    responses: {
      '200': answered(route, answer),
      default: { description: 'What went wrong', content: json(failure, 'output') },
    },
  };
}

function parametersOf(shape: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (shape === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(shape, 'input') as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema,
  }));
}

function bodyOf({ sends = 'json' }: Route, body: z.ZodType | undefined): Json {
  switch (sends) {
    case 'json':
      return body === undefined ? {} : { requestBody: { required: true, content: json(body, 'input') } };
    case 'stream':
      return { requestBody: { required: true, content: { 'application/octet-stream': {} } } };
    case 'multipart':
      return { requestBody: { required: true, content: { 'multipart/form-data': {} } } };
  }
}

function answered({ answers = 'json' }: Route, answer: z.ZodType | undefined): Json {
  switch (answers) {
    case 'json':
      return answer === undefined
        ? { description: 'Done' }
        : { description: 'Done', content: json(answer, 'output') };
    case 'file':
      return { description: 'A file', content: { 'application/octet-stream': {} } };
    case 'events':
      return { description: 'Server-sent events', content: { 'text/event-stream': {} } };
  }
}

function json(shape: z.ZodType, io: 'input' | 'output'): Json {
  return { 'application/json': { schema: schemaOf(shape, io) } };
}

/** Every schema stands for itself: nothing is referred to across operations. */
function schemaOf(shape: z.ZodType, io: 'input' | 'output'): Json {
  const made = z.toJSONSchema(shape, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
    metadata: z.registry(),
  });
  return Object.fromEntries(Object.entries(made).filter(([key]) => key !== '$schema'));
}
