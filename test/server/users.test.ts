// Optional users (reliability S-12): from the first user on everybody signs in, roles hold, wrong passwords are counted and recorded, and whoever
// edited does not approve.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/results/index.ts';
import type { RunningServer } from '../../src/server/node.ts';
import { createSessions } from '../../src/server/sessions.ts';
import { openUsers } from '../../src/server/users.ts';
import { testContext } from '../results/conformance-context.ts';
import { openClient, plainRequest, serveFolder, temporaryFolder, type Client } from './client.ts';

const folder = temporaryFolder();
const secret = 'correct horse battery';
let server: RunningServer;
let first: Client;
beforeAll(async () => {
  server = await serveFolder(folder.path);
  first = await openClient(server);
}, 60_000);
afterAll(async () => {
  await server.close();
  folder.remove();
});

async function signedIn(name: string, password: string): Promise<Client | number> {
  const answer = await plainRequest(
    server.port,
    'POST',
    '/api/session',
    { host: `127.0.0.1:${server.port}`, origin: first.origin, 'content-type': 'application/json' },
    JSON.stringify({ name, password }),
  );
  if (answer.status !== 200) return answer.status;
  const [cookie] = String(answer.headers['set-cookie']).split(';');
  expect(String(answer.headers['set-cookie'])).toMatch(/; HttpOnly; SameSite=Strict$/);
  return await openClient(server, cookie);
}

describe.sequential('users of a server', () => {
  it('are not needed: whoever has the address may state a name, and records say so', async () => {
    const stated = await first.call('signIn', { body: { name: 'Dr Example' } });
    expect([stated.person, stated.role, stated.users]).toEqual([
      { name: 'Dr Example', knownBy: 'stated' },
      'approver',
      false,
    ]);
  });

  it('begin with an approver', async () => {
    const client = await openClient(server);
    const body = { role: 'analyst', password: secret, reason: 'first' } as const;
    expect(await client.refusal('putUser', { params: { user: 'ann' }, body })).toEqual([409, 'E_CONFLICT']);
    expect(
      await client.refusal('putUser', {
        params: { user: 'boss' },
        body: { ...body, role: 'approver', password: 'short' },
      }),
    ).toEqual([400, 'E_REQUEST']);
    await client.call('putUser', { params: { user: 'boss' }, body: { ...body, role: 'approver' } });
    // the session without a user has ended, and the printed address opens none
    expect(await client.refusal('studies', {})).toEqual([401, 'E_SIGN_IN']);
    expect(await (await openClient(server)).refusal('studies', {})).toEqual([401, 'E_SIGN_IN']);
  });

  it('may do what their role allows', async () => {
    const boss = (await signedIn('boss', secret)) as Client;
    for (const [user, role] of [
      ['ann', 'analyst'],
      ['vic', 'viewer'],
    ] as const)
      await boss.call('putUser', {
        params: { user },
        body: { role, password: `${secret} ${user}`, reason: 'joined' },
      });
    const study = { study: 'one', title: 'One' };
    const vic = (await signedIn('vic', `${secret} vic`)) as Client;
    expect(await vic.call('studies', {})).toEqual([]);
    expect(await vic.refusal('createStudy', { body: study })).toEqual([403, 'E_ROLE']);
    const ann = (await signedIn('ann', `${secret} ann`)) as Client;
    await ann.call('createStudy', { body: study });
    expect(await ann.refusal('users', {})).toEqual([403, 'E_ROLE']);
    expect(
      await ann.refusal('changeStudy', { params: { study: 'one' }, body: { locked: true, reason: 'done' } }),
    ).toEqual([403, 'E_ROLE']);
    const locked = await boss.call('changeStudy', {
      params: { study: 'one' },
      body: { locked: true, reason: 'done' },
    });
    expect(locked.locked).toMatchObject({ name: 'boss', knownBy: 'signed-in', reason: 'done' });
    // a changed user signs in anew
    await boss.call('putUser', {
      params: { user: 'ann' },
      body: { role: 'viewer', disabled: true, reason: 'left' },
    });
    expect(await ann.refusal('studies', {})).toEqual([401, 'E_SIGN_IN']);
    expect(await signedIn('ann', `${secret} ann`)).toBe(401);
  }, 30_000);

  it('get the same answer for a wrong name and a wrong password, and are locked out after five', async () => {
    expect(await signedIn('nobody', secret)).toBe(401);
    for (let n = 0; n < 5; n++) expect(await signedIn('vic', 'wrong')).toBe(401);
    expect(await signedIn('vic', `${secret} vic`)).toBe(429);
    expect(await signedIn('boss', secret)).not.toBe(429);
  }, 30_000);
});

describe('sessions', () => {
  it('end after a quarter of an hour of idleness, and not before', () => {
    let now = 0;
    const sessions = createSessions({ port: () => 1, idleMilliseconds: () => 900_000, now: () => now });
    const cookie = sessions.setCookie(sessions.open(null).cookie).split(';')[0];
    now = 899_999;
    expect(sessions.find(cookie)).not.toBeNull();
    now += 900_000;
    expect(sessions.find(cookie)).not.toBeNull();
    now += 900_001;
    expect(sessions.find(cookie)).toBeNull();
    expect(sessions.find(undefined)).toBeNull();
    expect(sessions.find('immunogate_1=forged')).toBeNull();
  });
});

describe('passwords', () => {
  it('cannot be tried faster side by side than one after another', async () => {
    const store = memoryStore(testContext());
    const by = testContext().actor;
    const users = openUsers(store, () => 0);
    await users.put('ann', { role: 'analyst', disabled: false, password: secret }, by, 'joined');
    const tries = Array.from({ length: 12 }, (_, i) =>
      users.signIn('ann', `guess ${i}`, by).catch((error: { code: string }) => error.code),
    );
    const codes = await Promise.all(tries);
    expect(codes.filter((code) => code === 'E_SIGN_IN_FAILED')).toHaveLength(5);
    expect(codes.filter((code) => code === 'E_TOO_MANY_REQUESTS')).toHaveLength(7);
  });

  it('are kept as salted hashes only, and survive a restart', async () => {
    const store = memoryStore(testContext());
    const by = testContext().actor;
    await openUsers(store, () => 0).put(
      'ann',
      { role: 'analyst', disabled: false, password: secret },
      by,
      'joined',
    );
    const kept = JSON.stringify(store.audit().map(({ afterSha256 }) => store.payload(`${afterSha256}`)));
    expect(kept).not.toContain(secret);
    const again = openUsers(store, () => 0);
    expect(again.list()).toEqual([{ user: 'ann', role: 'analyst', disabled: false }]);
    expect(await again.signIn('ann', secret, by)).toMatchObject({ user: 'ann', role: 'analyst' });
    await expect(again.signIn('ann', `${secret}!`, by)).rejects.toThrow('not right');
    expect(store.audit().map(({ action }) => action)).toEqual([
      'user changed',
      'signed in',
      'sign-in failed',
    ]);
  });
});
