// A server over a folder of its own and a browser's manners towards it: cookie, origin, header token. Every JSON answer is held to its shape.
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { z } from 'zod';
import {
  routes,
  tokenHeader,
  type AnswerOf,
  type BodyOf,
  type ParamsOf,
  type QueryOf,
  type RouteName,
  type Run,
} from '../../src/server/index.ts';
import { startServer, type RunningServer, type ServeOptions } from '../../src/server/node.ts';
import { shapes } from '../../src/server/schema.ts';

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'immunogate-server-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function serveFolder(folder: string, options: Partial<ServeOptions> = {}): Promise<RunningServer> {
  return startServer({
    folder,
    port: 0,
    software: 'immunogate test',
    version: '0.0.0',
    workers: 1,
    page: join(folder, 'no-page'),
    ...options,
  });
}

type Part<K extends string, T> = [T] extends [never]
  ? { readonly [P in K]?: undefined }
  : { readonly [P in K]: T };
type Input<R extends RouteName> = Part<'params', ParamsOf<R>> &
  Part<'body', BodyOf<R>> & { readonly query?: QueryOf<R> };

export interface Client {
  readonly origin: string;
  readonly cookie: string;
  readonly token: string;
  /** Status and body, whatever they are. */
  send(
    method: string,
    path: string,
    init?: { body?: string | Buffer; headers?: Record<string, string> },
  ): Promise<Response>;
  /** A JSON answer of status 200 to 299, held to the shape of its route. */
  call<R extends RouteName>(name: R, input: Input<R>): Promise<AnswerOf<R>>;
  /** Status and code of a refusal. */
  refusal<R extends RouteName>(name: R, input: Input<R>): Promise<[number, string]>;
  upload(study: string, name: string, bytes: Uint8Array, headers?: Record<string, string>): Promise<Response>;
}

/** Opens the printed address and learns the header token. */
export async function openClient(server: RunningServer, cookieOf?: string): Promise<Client> {
  const { origin } = new URL(server.address);
  let cookie = cookieOf ?? '';
  if (cookieOf === undefined) {
    const opened = await fetch(server.address, { redirect: 'manual' });
    expect(opened.status).toBe(303);
    [cookie] = (opened.headers.get('set-cookie') ?? '').split(';');
  }
  const session = (await (await fetch(`${origin}/api/session`, { headers: { cookie } })).json()) as {
    token: string;
  };
  const own = { cookie, origin, [tokenHeader]: session.token };
  const send: Client['send'] = (method, path, { body, headers = {} } = {}) =>
    fetch(`${origin}${path}`, {
      method,
      headers: { ...own, ...headers },
      ...(body === undefined ? {} : { body }),
    });
  const raw = (
    name: RouteName,
    input: { params?: unknown; query?: unknown; body?: unknown },
  ): Promise<Response> => {
    const { method, path } = routes[name];
    const params = (input.params ?? {}) as Record<string, string>;
    const address = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key]));
    const query = new URLSearchParams((input.query ?? {}) as Record<string, string>).toString();
    return send(method, `${address}${query === '' ? '' : `?${query}`}`, {
      ...(method === 'GET'
        ? {}
        : { body: JSON.stringify(input.body ?? {}), headers: { 'content-type': 'application/json' } }),
    });
  };
  return {
    origin,
    cookie,
    token: session.token,
    send,
    async call(name, input) {
      const response = await raw(name, input);
      const text = await response.text();
      if (!response.ok) throw new Error(`${name}: ${response.status} ${text}`);
      const shape = (shapes[name] as { answer?: z.ZodType }).answer;
      return strict(shape, JSON.parse(text)) as AnswerOf<typeof name>;
    },
    async refusal(name, input) {
      const response = await raw(name, input);
      const { error } = (await response.json()) as { error: { code: string } };
      return [response.status, error.code];
    },
    upload: (study, name, bytes, headers = {}) =>
      send('PUT', `/api/studies/${study}/files/${encodeURIComponent(name)}`, {
        body: Buffer.from(bytes),
        headers: { 'content-type': 'application/octet-stream', ...headers },
      }),
  };
}

/** The last state of a run. */
export async function ended(client: Client, study: string, run: string): Promise<Run> {
  const response = await client.send('GET', `/api/studies/${study}/runs/${run}/events`);
  const events = (await response.text()).split('\n\n').filter((event) => event.includes('event: run'));
  return JSON.parse(/^data: (.*)$/m.exec(events.at(-1) ?? '')?.[1] ?? 'null') as Run;
}

/** The answer as it came, after its shape has accepted it and found nothing that it does not know. */
function strict(shape: z.ZodType | undefined, answer: unknown): unknown {
  if (shape === undefined) throw new Error('this route does not answer JSON');
  expect(shape.parse(answer)).toEqual(answer);
  return answer;
}

/** The raw answer to raw bytes on a connection of their own; '' when the server says nothing. */
export function rawExchange(
  port: number,
  pieces: readonly (string | Buffer)[],
  wait = 1500,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const end = (): void => {
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, wait);
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
    for (const piece of pieces) socket.write(piece);
  });
}

/** Sends a request with exactly these headers, which fetch would not; answers status and text. */
export function plainRequest(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Promise<{
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { port, host: '127.0.0.1', method, path, headers, agent: false },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
