// Who may speak to the server (reliability S-1 to S-3, S-11 to S-13): raw sockets and forged headers against a running server.
import { connect, type Socket } from 'node:net';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes, tokenHeader, type Route } from '../../src/server/index.ts';
import { createLog } from '../../src/server/log.ts';
import { createRate } from '../../src/server/rate.ts';
import { attachment, hostsOf } from '../../src/server/guard.ts';
import type { RunningServer } from '../../src/server/node.ts';
import { openApiDocument } from '../../src/server/openapi.ts';
import {
  openClient,
  plainRequest,
  rawExchange,
  serveFolder,
  temporaryFolder,
  type Client,
} from './client.ts';
import { writeStudyFolder } from './study-folder.ts';

const folder = temporaryFolder();
let server: RunningServer;
let client: Client;
beforeAll(async () => {
  writeStudyFolder(join(folder.path, 'two'));
  server = await serveFolder(folder.path, { headersMilliseconds: 1500 });
  client = await openClient(server);
}, 60_000);
afterAll(async () => {
  await server.close();
  folder.remove();
});

const newStudy = JSON.stringify({ study: 'forged', title: 'Forged' });

describe('the Host of a request (S-1)', () => {
  const head = (method: string, host: string, path = '/api/studies') =>
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${client.cookie}\r\nConnection: close\r\n`;
  it.each(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])('is checked first for %s', async (method) => {
    const rest = `Origin: ${client.origin}\r\n${tokenHeader}: ${client.token}\r\nContent-Type: application/json\r\nContent-Length: ${newStudy.length}\r\n\r\n${newStudy}`;
    for (const host of [
      `evil.example:${server.port}`,
      'evil.example',
      `localhost:${server.port}`,
      '127.0.0.1',
      '',
    ])
      expect(await rawExchange(server.port, [head(method, host) + rest])).toMatch(/^HTTP\/1\.1 4(21|00) /);
    expect(existsSync(join(folder.path, 'forged'))).toBe(false);
  });
  it('is refused where it is missing, doubled, or where the target is another machine', async () => {
    const own = `127.0.0.1:${server.port}`;
    expect(await rawExchange(server.port, ['GET /api/health HTTP/1.0\r\n\r\n'])).toMatch(
      /^HTTP\/1\.1 4(21|00) /,
    );
    expect(
      await rawExchange(server.port, [
        `GET /api/health HTTP/1.1\r\nHost: ${own}\r\nHost: evil.example\r\n\r\n`,
      ]),
    ).toMatch(/ 4(21|00) /);
    expect(
      await rawExchange(server.port, [`GET http://evil.example/api/health HTTP/1.1\r\nHost: ${own}\r\n\r\n`]),
    ).toMatch(/ 421 /);
    expect(
      await rawExchange(server.port, [
        `GET /api/health HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`,
      ]),
    ).toMatch(/ 200 /);
  });
});

describe('another address than 127.0.0.1 (S-1)', () => {
  it('is listened on when it is asked for by name, and needs the token like any other', async () => {
    const own = temporaryFolder();
    const listening = await serveFolder(own.path, { listen: '127.0.0.2' });
    try {
      const host = `127.0.0.2:${listening.port}`;
      expect(listening.address).toMatch(new RegExp(`^http://${host}/\\?token=`));
      expect((await fetch(`http://${host}/api/studies`)).status).toBe(401);
      expect((await fetch(`http://${host}/?token=${'x'.repeat(43)}`)).status).toBe(403);
      const person = await openClient(listening);
      expect(await person.call('studies', {})).toEqual([]);
      // a name that only leads there is not its name
      const answer = await new Promise<string>((resolve) => {
        const socket = connect(listening.port, '127.0.0.2', () =>
          socket.write(`GET /api/health HTTP/1.1\r\nHost: localhost:${listening.port}\r\n\r\n`),
        );
        socket.once('data', (chunk) => {
          resolve(chunk.toString());
          socket.destroy();
        });
      });
      expect(answer).toMatch(/ 421 /);
      // nobody listens where nobody asked for it
      await expect(fetch(`http://127.0.0.1:${listening.port}/api/health`)).rejects.toThrow();
    } finally {
      await listening.close();
      own.remove();
    }
  }, 30_000);
  it.each(['0.0.0.0', '::', 'evil.example', '127.0.0.1 '])('is not %j, which names none', (listen) => {
    expect(() => hostsOf(listen, 80)).toThrow('--listen');
  });
  it('may be of IPv6', () => expect([...hostsOf('::1', 80)]).toEqual(['[::1]:80']));
});

describe('a change (S-2)', () => {
  const good = () => ({
    cookie: client.cookie,
    origin: client.origin,
    [tokenHeader]: client.token,
    'content-type': 'application/json',
  });
  const without = (name: string) =>
    Object.fromEntries(Object.entries(good()).filter(([key]) => key !== name));
  it.each([
    ['without Origin', () => without('origin')],
    ['with Origin null', () => ({ ...good(), origin: 'null' })],
    ['from another site', () => ({ ...good(), origin: 'http://evil.example' })],
    ['from another port', () => ({ ...good(), origin: 'http://127.0.0.1:1' })],
    ['that a browser calls cross-site', () => ({ ...good(), 'sec-fetch-site': 'cross-site' })],
    ['that a browser calls same-site', () => ({ ...good(), 'sec-fetch-site': 'same-site' })],
    ['without the header token', () => without(tokenHeader)],
    ['with another token', () => ({ ...good(), [tokenHeader]: 'x'.repeat(43) })],
    ['as text', () => ({ ...good(), 'content-type': 'text/plain' })],
    ['as a form', () => ({ ...good(), 'content-type': 'application/x-www-form-urlencoded' })],
    [
      'as a multipart form where JSON is wanted',
      () => ({ ...good(), 'content-type': 'multipart/form-data; boundary=x' }),
    ],
    ['without a type', () => without('content-type')],
  ])('%s is refused and changes nothing', async (_, headers) => {
    const { status } = await plainRequest(
      server.port,
      'POST',
      '/api/studies',
      { ...headers(), 'content-length': String(newStudy.length), host: `127.0.0.1:${server.port}` },
      newStudy,
    );
    expect(status).toBe(403);
    expect(existsSync(join(folder.path, 'forged'))).toBe(false);
  });
  it('without a session is refused', async () => {
    const { status } = await plainRequest(
      server.port,
      'POST',
      '/api/studies',
      { ...without('cookie'), host: `127.0.0.1:${server.port}`, 'content-length': String(newStudy.length) },
      newStudy,
    );
    expect(status).toBe(401);
  });
  it('with all of them is made', async () => {
    const made = await client.send('POST', '/api/studies', {
      body: newStudy.replace('forged', 'genuine'),
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    });
    expect(made.status).toBe(201);
    expect(existsSync(join(folder.path, 'genuine', 'study.yaml'))).toBe(true);
  });
});

describe('every answer (S-3)', () => {
  const all = Object.values(routes).map((route: Route) => ({
    method: route.method,
    path: route.path.replace(/:\w+/g, 'two'),
  }));
  it.each([...all, { method: 'GET', path: '/' }, { method: 'GET', path: '/nothing' }])(
    'of $method $path has the headers',
    async ({ method, path }) => {
      // of its own: one of the routes ends the session
      const own = await openClient(server);
      const response = await own.send(method, path, {
        ...(method === 'GET' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } }),
      });
      await response.text();
      const { headers } = response;
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
      expect(headers.get('content-security-policy')).toMatch(/frame-ancestors '(none|self)'/);
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers.get('server') ?? headers.get('x-powered-by')).toBeNull();
    },
  );
  it('needs a session, but for health and the session itself', async () => {
    const open = Object.values(routes).filter((route: Route) => route.method === 'GET');
    for (const route of open as Route[]) {
      const { status } = await plainRequest(server.port, 'GET', route.path.replace(/:\w+/g, 'two'), {
        host: `127.0.0.1:${server.port}`,
      });
      expect([route.path, status]).toEqual([route.path, route.role === null ? 200 : 401]);
    }
  });
  it('names downloads in both forms of RFC 6266', () => {
    expect(attachment('adim.csv')).toBe(`attachment; filename="adim.csv"; filename*=UTF-8''adim.csv`);
    expect(attachment('a"b\r\nX: µ%.csv')).toBe(
      `attachment; filename="a_b__X: ___.csv"; filename*=UTF-8''a%22b%0D%0AX%3A%20%C2%B5%25.csv`.replace(
        '___',
        '__',
      ),
    );
  });
  it('is the same twice: reading changes nothing', async () => {
    const before = readdirSync(folder.path, { recursive: true })
      .filter((name) => !String(name).includes('.immunogate'))
      .sort();
    for (const route of Object.values(routes) as Route[])
      if (route.method === 'GET') await (await client.send('GET', route.path.replace(/:\w+/g, 'two'))).text();
    const after = readdirSync(folder.path, { recursive: true })
      .filter((name) => !String(name).includes('.immunogate'))
      .sort();
    expect(after).toEqual(before);
  });
});

describe('names and JSON from outside (S-5, S-9)', () => {
  it.each([
    '..',
    '%2e%2e',
    '..%2f..%2fetc',
    '%00',
    'C:%5C',
    '%5C%5Chost%5Cshare',
    '__proto__',
    'constructor',
    '.immunogate',
  ])('find no study called %s', async (name) => {
    const response = await client.send('GET', `/api/studies/${name}`);
    expect([400, 404]).toContain(response.status);
  });
  it.each([
    '{"study":"x","title":"t","__proto__":{"polluted":1}}',
    '{"study":"x","title":"t","constructor":{"prototype":{"polluted":1}}}',
    '{"study":"x","title":"t","more":1}',
    '{"study":"../x","title":"t"}',
    '{"study":"x"',
    '[]',
    'null',
    '',
  ])('refuse the body %s', async (body) => {
    const response = await client.send('POST', '/api/studies', {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(400);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(existsSync(join(folder.path, 'x'))).toBe(false);
  });
});

describe('load (S-11)', () => {
  it('of 200 connections that say nothing leaves the server answering, and they are ended', async () => {
    const sockets: Socket[] = [];
    for (let n = 0; n < 200; n++)
      sockets.push(connect(server.port, '127.0.0.1').on('error', () => undefined));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await client.send('GET', '/api/health')).status).toBe(200);
    const ended = sockets.map((socket) => new Promise((resolve) => socket.resume().on('close', resolve)));
    await Promise.all(ended);
    expect((await client.send('GET', '/api/health')).status).toBe(200);
  }, 30_000);
  it('from one address is bounded and recovers', () => {
    let now = 0;
    const allow = createRate({ burst: 3, perSecond: 2, now: () => now });
    expect([1, 2, 3, 4].map(() => allow('a'))).toEqual([true, true, true, false]);
    expect(allow('b')).toBe(true);
    now = 1000;
    expect([1, 2, 3].map(() => allow('a'))).toEqual([true, true, false]);
  });
});

describe('the log (S-13)', () => {
  it('is one JSON line whatever a text holds', () => {
    const lines: string[] = [];
    const log = createLog((text) => lines.push(text));
    const hostile = 'a\r\n{"level":"info"}\u001b[2J\u009b31m\u2028b\u0000\u202e';
    log({ level: 'error', message: hostile });
    expect(lines[0].slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
    expect((JSON.parse(lines[0]) as { message: string }).message).toBe(hostile);
  });
});

describe('the OpenAPI document', () => {
  it('describes every route once, is the same twice, and holds no reference that leads nowhere', () => {
    const text = JSON.stringify(openApiDocument('1.0.0'));
    expect(JSON.stringify(openApiDocument('1.0.0'))).toBe(text);
    const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, { operationId: string }>> };
    const operations = Object.values(paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(operations.sort()).toEqual(Object.keys(routes).sort());
    expect(text).not.toContain('$ref');
  });
});
