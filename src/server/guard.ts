// Who may speak to the server at all (reliability S-1 to S-3): the Host that is asked for, where a change comes from, what may be sent,
// and the headers of every answer. Pure decisions over headers; app.ts applies them before anything else.
import { timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';
import { ImmunogateError } from '../errors.ts';

/** `host:port` names under which the server is reached. */
export type Hosts = ReadonlySet<string>;

/**
 * The names of a server that listens at an address. Throws E_REQUEST for "every address": a page must not reach the server under a name that
 * nobody chose (reliability S-1).
 */
export function hostsOf(listen: string, port: number): Hosts {
  if (isIP(listen) === 0 && listen !== 'localhost')
    throw new ImmunogateError('E_REQUEST', `--listen needs an IP address of this machine, not ${listen}.`);
  if (/^[0:.]+$/.test(listen))
    throw new ImmunogateError(
      'E_REQUEST',
      `--listen ${listen} is every address; name the one under which the server is to be reached.`,
    );
  return new Set([`${listen.includes(':') ? `[${listen}]` : listen}:${port}`]);
}

/** Whether a request names this server, once and exactly: another name is a page of somebody else that was pointed here. */
export function isOwnHost(rawHeaders: readonly string[], hosts: Hosts): boolean {
  const named = rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1].toLowerCase() === 'host');
  return named.length === 1 && hosts.has(named[0].toLowerCase());
}

/** Throws E_ORIGIN unless a browser says that the request comes from a page of this server. */
export function requireSameOrigin(headers: IncomingHttpHeaders, hosts: Hosts, scheme = 'http'): void {
  const site = headers['sec-fetch-site'];
  const { origin } = headers;
  const ownOrigin = origin === undefined ? null : [...hosts].some((host) => origin === `${scheme}://${host}`);
  const ownSite = site === undefined ? null : site === 'same-origin' || site === 'none';
  if (ownOrigin === false || ownSite === false || (ownOrigin === null && ownSite === null))
    throw new ImmunogateError('E_ORIGIN');
}

/** Throws E_ORIGIN unless the header token is the session's. */
export function requireToken(given: string | readonly string[] | undefined, token: string): void {
  if (typeof given !== 'string' || !isSameSecret(given, token))
    throw new ImmunogateError('E_ORIGIN', 'The request lacks the token of its session; reload the page.');
}

/** Equal texts, compared in a time that does not tell how much is equal. */
export function isSameSecret(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer. */
export const answerHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cache-control': 'no-store',
};

/** Policy of a report that is shown in a frame of the page: it may draw itself, and nothing else. */
export const reportPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";

/** `attachment` with a name in both forms of RFC 6266; quotes, controls and what is not ASCII are replaced in the plain one. */
export function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
