// Optional users (reliability S-12): names, roles, passwords as scrypt hashes, lock-out after failed attempts. Kept as entries of the server's
// own audit chain; the newest entry of a user counts.
// Invariant: a wrong name and a wrong password cost the same time and get the same answer.
import { randomBytes, scrypt } from 'node:crypto';
import { ImmunogateError } from '../errors.ts';
import type { Actor, ResultsStore } from '../results/index.ts';
import { isSameSecret } from './guard.ts';
import type { Role } from './routes.ts';

interface UserRecord {
  readonly user: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly salt: string;
  readonly hash: string;
}

export interface UserChange {
  readonly role: Role;
  readonly disabled: boolean;
  /** Absent: as it was; a new user needs one. */
  readonly password?: string | undefined;
}

export type User = Pick<UserRecord, 'user' | 'role' | 'disabled'>;

export interface Users {
  list(): readonly User[];
  put(user: string, change: UserChange, by: Actor, reason: string): Promise<User>;
  /** Throws E_SIGN_IN_FAILED, and E_TOO_MANY_REQUESTS while the name is locked out; both are recorded. */
  signIn(user: string, password: string, by: Actor): Promise<User>;
}

const action = 'user changed';
const mostFailures = 5;
const lockOutMilliseconds = 5 * 60 * 1000;

export function openUsers(store: ResultsStore, now: () => number): Users {
  const users = new Map<string, UserRecord>();
  for (const entry of store.audit()) {
    if (entry.action !== action || entry.afterSha256 === null) continue;
    const record = store.payload(entry.afterSha256) as UserRecord | null;
    if (record !== null) users.set(record.user, record);
  }
  const failures = new Map<string, { count: number; since: number }>();
  const nobody = { salt: randomBytes(16).toString('hex'), hash: '' };

  function remember(user: string, count: number): void {
    failures.delete(user);
    failures.set(user, { count, since: now() });
    // whoever invents names must neither fill the memory nor free all others at once
    const [oldest] = failures.keys();
    if (failures.size > 1000) failures.delete(oldest);
  }

  return {
    list: () =>
      [...users.values()]
        .map(({ user, role, disabled }) => ({ user, role, disabled }))
        .sort((a, b) => (a.user < b.user ? -1 : 1)),
    async put(user, { role, disabled, password }, by, reason) {
      const known = users.get(user);
      if (known === undefined && password === undefined)
        throw new ImmunogateError('E_REQUEST', 'A new user needs a password of at least 12 characters.');
      const salt = password === undefined ? (known?.salt ?? '') : randomBytes(16).toString('hex');
      const hash = password === undefined ? (known?.hash ?? '') : await derived(password, salt);
      const record: UserRecord = { user, role, disabled, salt, hash };
      store.record({ action, object: user, before: known ?? null, after: record, reason, actor: by });
      users.set(user, record);
      return { user, role, disabled };
    },
    async signIn(user, password, by) {
      const failed = failures.get(user);
      const isLockedOut =
        failed !== undefined && failed.count >= mostFailures && now() - failed.since < lockOutMilliseconds;
      const known = users.get(user);
      const { salt, hash } = known ?? nobody;
      // counted before the wait, so that attempts side by side count like those one after another
      if (!isLockedOut) remember(user, (failed?.count ?? 0) + 1);
      const right = isSameSecret(await derived(password, salt), hash);
      if (isLockedOut) {
        store.record({
          action: 'sign-in refused',
          object: user.slice(0, 64),
          reason: 'locked out',
          actor: by,
        });
        throw new ImmunogateError(
          'E_TOO_MANY_REQUESTS',
          'Too many failed attempts for this name; try again in five minutes.',
        );
      }
      if (known === undefined || known.disabled || !right) {
        store.record({ action: 'sign-in failed', object: user.slice(0, 64), actor: by });
        throw new ImmunogateError('E_SIGN_IN_FAILED');
      }
      failures.delete(user);
      store.record({
        action: 'signed in',
        object: user,
        actor: { ...by, stated: user, knownBy: 'signed-in' },
      });
      return known;
    },
  };
}

function derived(password: string, salt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(
      password.normalize('NFC'),
      salt,
      32,
      { N: 32768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 },
      (error, key) => (error === null ? resolve(key.toString('hex')) : reject(error)),
    );
  });
}
