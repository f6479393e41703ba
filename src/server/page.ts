// The browser's side as files: those that were built are listed once, and nothing else can be asked for. The printed address exchanges its
// token for a cookie here.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { isSameSecret } from './guard.ts';
import { failure } from './http-status.ts';
import type { Sessions } from './sessions.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

export interface PageOptions {
  readonly sessions: Sessions;
  /** The token of the printed address; opens a session for `who`. */
  readonly startToken: string;
  readonly openSession: () => { readonly cookie: string };
  /** Folder of the built page; default the one that ships. */
  readonly folder?: string;
}

export function addPage(
  app: FastifyInstance,
  { sessions, startToken, openSession, folder }: PageOptions,
): void {
  const files = listed(folder ?? shippedPage());
  app.get('/', (request, reply) => {
    const { token } = request.query as { readonly token?: unknown };
    if (token !== undefined) {
      if (typeof token !== 'string' || !isSameSecret(token, startToken))
        return reply
          .status(403)
          .send(
            failure(
              'E_SIGN_IN_FAILED',
              'This address is of another start of the server; use the newest one.',
            ),
          );
      return reply.header('set-cookie', sessions.setCookie(openSession().cookie)).redirect('/', 303);
    }
    return send('/index.html');
    function send(name: string) {
      const file = files.get(name);
      return file === undefined
        ? reply.status(404).send(failure('E_NOT_FOUND', 'The page was not built; the interface is at /api.'))
        : reply.type(types[extname(name)]).send(readFileSync(file));
    }
  });
  for (const [name, file] of files) {
    app.get(name, (_request, reply) => reply.type(types[extname(name)]).send(readFileSync(file)));
  }
}

/** src/server and dist/server are equally deep; the built page is dist/web. */
function shippedPage(): string {
  return fileURLToPath(new URL('../../dist/web/', import.meta.url));
}

/** Files of known types by their address. */
function listed(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && Object.hasOwn(types, extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    found.map((file) => [`/${file.slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, '')}`, file]),
  );
}
