// Sessions: who sits before which browser. The address that was printed at the start, or a password, is exchanged for a cookie that no script
// can read; every change also needs the session's header token. Sessions live in memory: after a restart people sign in again.
// Invariant: only hashes of cookies are kept.
import { createHash, randomBytes } from 'node:crypto';
import type { Actor } from '../results/index.ts';
import type { Role } from './routes.ts';

export interface Session {
  readonly token: string;
  /** null: may look at the sign-in page only. */
  readonly who: { readonly actor: Actor; readonly role: Role } | null;
}

export interface Sessions {
  /** A new session and the value of its cookie. */
  open(who: Session['who']): { readonly cookie: string; readonly session: Session };
  /** The session of a Cookie header; null when there is none, or when it was idle for too long. Counts as activity. */
  find(cookieHeader: string | undefined): Session | null;
  close(cookieHeader: string | undefined): void;
  /** Ends the sessions of everybody of whom it holds. */
  closeWhere(holds: (who: NonNullable<Session['who']>) => boolean): void;
  setCookie(cookie: string): string;
  clearCookie(): string;
}

export interface SessionOptions {
  /** Cookies are shared by all ports of a host, so the name holds the port. */
  readonly port: () => number;
  /** How long a session may be idle now; null: for ever. */
  readonly idleMilliseconds: () => number | null;
  /** Monotonic. */
  readonly now: () => number;
}

export function createSessions({ port, idleMilliseconds, now }: SessionOptions): Sessions {
  const open = new Map<string, { session: Session; seen: number }>();
  const nameOf = () => `immunogate_${port()}`;
  const keyOf = (header: string | undefined): string | null => {
    const prefix = `${nameOf()}=`;
    const found = (header ?? '')
      .split(';')
      .map((part) => part.trim())
      .find((part) => part.startsWith(prefix));
    return found === undefined ? null : hashed(found.slice(prefix.length));
  };
  const isIdle = (seen: number): boolean => {
    const most = idleMilliseconds();
    return most !== null && now() - seen > most;
  };
  const attributes = 'Path=/; HttpOnly; SameSite=Strict';
  return {
    open(who) {
      for (const [key, { seen }] of open) if (isIdle(seen)) open.delete(key);
      const cookie = randomBytes(32).toString('base64url');
      const session = { token: randomBytes(32).toString('base64url'), who };
      open.set(hashed(cookie), { session, seen: now() });
      return { cookie, session };
    },
    find(header) {
      const key = keyOf(header);
      const entry = key === null ? undefined : open.get(key);
      if (key === null || entry === undefined) return null;
      if (isIdle(entry.seen)) {
        open.delete(key);
        return null;
      }
      entry.seen = now();
      return entry.session;
    },
    close(header) {
      const key = keyOf(header);
      if (key !== null) open.delete(key);
    },
    closeWhere(holds) {
      for (const [key, { session }] of open) if (session.who !== null && holds(session.who)) open.delete(key);
    },
    setCookie: (cookie) => `${nameOf()}=${cookie}; ${attributes}`,
    clearCookie: () => `${nameOf()}=; Max-Age=0; ${attributes}`,
  };
}

function hashed(cookie: string): string {
  return createHash('sha256').update(cookie).digest('hex');
}
