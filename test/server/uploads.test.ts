// Uploads that are honest, broken and hostile (reliability C-8, S-4, S-5): every good file is stored once under the right hash, of the others nothing is
// left, and the server lives. All on loopback, all bounded.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shownName } from '../../src/server/files/receive.ts';
import { tokenHeader } from '../../src/server/index.ts';
import type { RunningServer } from '../../src/server/node.ts';
import { bloodFile } from '../engine/blood.ts';
import { openClient, rawExchange, serveFolder, temporaryFolder, type Client } from './client.ts';
import { writeStudyFolder } from './study-folder.ts';

const folder = temporaryFolder();
const study = join(folder.path, 'two');
const limits = { fileBytes: 300_000, stallMilliseconds: 400 };
let server: RunningServer;
let client: Client;
beforeAll(async () => {
  writeStudyFolder(study);
  server = await serveFolder(folder.path, { limits });
  client = await openClient(server);
}, 60_000);
afterAll(async () => {
  await server.close();
  folder.remove();
});

const hashOf = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
const namesIn = (name: string) =>
  existsSync(join(study, name)) ? readdirSync(join(study, name)).sort() : [];
const head = (method: string, path: string, more: Readonly<Record<string, string>>): string =>
  `${method} ${path} HTTP/1.1\r\n${Object.entries({
    Host: `127.0.0.1:${server.port}`,
    Cookie: client.cookie,
    Origin: client.origin,
    [tokenHeader]: client.token,
    Connection: 'close',
    ...more,
  })
    .map(([key, value]) => `${key}: ${value}\r\n`)
    .join('')}\r\n`;
const putHead = (name: string, length: number) =>
  head('PUT', `/api/studies/two/files/${name}`, {
    'Content-Type': 'application/octet-stream',
    'Content-Length': String(length),
  });

/** Sends what it is given and cuts the line. */
function cutOff(pieces: readonly (string | Buffer)[], after = 30): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      for (const piece of pieces) socket.write(piece);
      setTimeout(() => {
        socket.resetAndDestroy();
        resolve();
      }, after);
    });
    socket.on('error', () => undefined);
  });
}

async function settled(): Promise<void> {
  for (let n = 0; n < 100 && namesIn('incoming').length > 0; n++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(namesIn('incoming')).toEqual([]);
  expect((await client.send('GET', '/api/health')).status).toBe(200);
}

describe.sequential('uploads', () => {
  it('100 at once with 50 that are aborted, cut, too long or false: each good file once, nothing of the others', async () => {
    const good = Array.from({ length: 100 }, (_, n) => bloodFile(1000 + (n % 80), 150));
    const bad = Array.from({ length: 50 }, (_, n) => {
      const bytes = Buffer.from(bloodFile(5000 + n, 200));
      switch (n % 5) {
        case 0:
          return cutOff([putHead(`cut${n}.fcs`, bytes.length), bytes.subarray(0, bytes.length / 2)]);
        case 1:
          return rawExchange(server.port, [putHead(`long${n}.fcs`, 10_000_000), bytes]);
        case 2:
          return client.upload('two', `false${n}.fcs`, bytes, { 'x-content-sha256': 'f'.repeat(64) });
        case 3:
          return client.upload('nowhere', `lost${n}.fcs`, bytes);
        default:
          return client.send('PUT', `/api/studies/two/files/foreign${n}.fcs`, {
            body: bytes,
            headers: { 'content-type': 'application/octet-stream', origin: 'http://evil.example' },
          });
      }
    });
    const answers = await Promise.all(good.map((bytes, n) => client.upload('two', `good ${n}.fcs`, bytes)));
    await Promise.all(bad);
    expect(answers.map(({ status }) => status)).toEqual(good.map(() => 200));
    const said = (await Promise.all(answers.map((answer) => answer.json()))) as { sha256: string }[];
    expect(said.map(({ sha256 }) => sha256)).toEqual(good.map(hashOf));
    await settled();
    expect(namesIn('blobs')).toEqual([...new Set(good.map(hashOf))].sort());
    for (const name of namesIn('blobs')) expect(hashOf(readFileSync(join(study, 'blobs', name)))).toBe(name);
    expect(await client.call('files', { params: { study: 'two' } })).toHaveLength(100);
  }, 120_000);

  it('that stand still or crawl are ended', async () => {
    const before = namesIn('blobs');
    const started = performance.now();
    const answer = await rawExchange(server.port, [putHead('slow.fcs', 1000), 'FCS3.1'], 10_000);
    expect(answer).toMatch(/^(HTTP\/1\.1 400 .*E_UPLOAD_BROKEN.*)?$/s);
    expect(performance.now() - started).toBeLessThan(8000);
    await settled();
    expect(namesIn('blobs')).toEqual(before);
  }, 30_000);

  it('longer than allowed are refused, announced or not', async () => {
    const announced = await client.upload('two', 'big.fcs', Buffer.alloc(limits.fileBytes + 1));
    expect([announced.status, ((await announced.json()) as { error: { code: string } }).error.code]).toEqual([
      413,
      'E_INPUT_LIMIT',
    ]);
    const chunk = Buffer.alloc(60_000);
    const pieces = Array.from({ length: 6 }, () => [
      `${chunk.length.toString(16)}\r\n`,
      chunk,
      '\r\n',
    ]).flat();
    const chunked = head('PUT', '/api/studies/two/files/big.fcs', {
      'Content-Type': 'application/octet-stream',
      'Transfer-Encoding': 'chunked',
    });
    expect(await rawExchange(server.port, [chunked, ...pieces, '0\r\n\r\n'], 5000)).toMatch(/ 413 |^$/);
    await settled();
  }, 30_000);

  it('of bytes that are no FCS file are kept, and said to be unreadable', async () => {
    const answer = (await (
      await client.upload('two', 'notes.txt', Buffer.from('<script>alert(1)</script>'))
    ).json()) as Record<string, unknown>;
    expect(answer['inspection']).toMatchObject({ result: 'error' });
    await client
      .upload('two', 'empty.fcs', Buffer.alloc(0))
      .then(async (empty) =>
        expect(await empty.json()).toMatchObject({ inspection: { result: 'error', code: 'E_FCS_EMPTY' } }),
      );
  });
});

describe.sequential('a store with a quota (S-11)', () => {
  it('takes files up to it and no further, announced or not', async () => {
    const own = temporaryFolder();
    const bytes = bloodFile(1, 100);
    writeStudyFolder(join(own.path, 'two'));
    const small = await serveFolder(own.path, { limits: { storeBytes: bytes.length + 100 } });
    try {
      const person = await openClient(small);
      expect((await person.upload('two', 'one.fcs', bytes)).status).toBe(200);
      const more = await person.upload('two', 'two.fcs', bloodFile(2, 100));
      expect([more.status, await more.text()]).toEqual([413, expect.stringContaining('E_INPUT_LIMIT')]);
      const form = new FormData();
      form.append('f', new Blob([Buffer.from(bloodFile(3, 100))]), 'three.fcs');
      const sent = await fetch(`${person.origin}/api/studies/two/files`, {
        method: 'POST',
        body: form,
        headers: { cookie: person.cookie, origin: person.origin, [tokenHeader]: person.token },
      });
      expect(await sent.json()).toMatchObject({ files: [], refused: [{ error: { code: 'E_INPUT_LIMIT' } }] });
      expect(readdirSync(join(own.path, 'two', 'blobs'))).toEqual([hashOf(bytes)]);
      expect(readdirSync(join(own.path, 'two', 'incoming'))).toEqual([]);
    } finally {
      await small.close();
      own.remove();
    }
  }, 60_000);
});

describe.sequential('a purged file (P-5, A-3)', () => {
  it('is gone with its bytes; who, when and why stay, and it can come again', async () => {
    const bytes = bloodFile(31337, 30);
    const sha256 = hashOf(bytes);
    const params = { study: 'two' };
    await client.upload('two', 'S01-V0-P1.fcs', bytes);
    expect(namesIn('blobs')).toContain(sha256);
    const reason = 'consent was withdrawn';
    expect(await client.refusal('purgeFile', { params, body: { sha256: '0'.repeat(64), reason } })).toEqual([
      404,
      'E_NOT_FOUND',
    ]);
    expect(await client.call('purgeFile', { params, body: { sha256, reason } })).toEqual({
      sha256,
      purged: true,
    });
    expect(namesIn('blobs')).not.toContain(sha256);
    expect(await client.call('purgeFile', { params, body: { sha256, reason } })).toEqual({
      sha256,
      purged: false,
    });
    const { cells } = await client.call('manifest', { params });
    const cell = cells.find(({ row }) => row.sample === 'S01-V0-P1');
    expect([cell?.state, cell?.match.reason]).toEqual(['missing', expect.stringContaining(reason)]);
    const { entries, issues } = await client.call('audit', { params, query: { limit: 5000 } });
    expect(issues).toEqual([]);
    expect(entries.find(({ action }) => action === 'file purged')).toMatchObject({
      object: `file ${sha256.slice(0, 12)}`,
      reason,
    });
    await client.upload('two', 'S01-V0-P1.fcs', bytes);
    const again = (await client.call('manifest', { params })).cells.find(
      ({ row }) => row.sample === 'S01-V0-P1',
    );
    expect(again?.state).toBe('matched');
  }, 60_000);
});

describe.sequential('a name that was entered by mistake (A-4, A-3)', () => {
  it('is taken out of what was recorded, for good, and the trail stays whole', async () => {
    const params = { study: 'two' };
    const bytes = bloodFile(4711, 20);
    await client.upload('two', 'Jane Doe 1970.fcs', bytes);
    const body = { text: 'Jane Doe', reason: 'a name of a patient' };
    expect(
      await client.refusal('redact', { params, body: { ...body, reason: 'the name Jane Doe' } }),
    ).toEqual([400, 'E_REQUEST']);
    expect((await client.call('redact', { params, body })).contents).toBe(1);
    const files = await client.call('files', { params });
    expect(files.find(({ sha256 }) => sha256 === hashOf(bytes))?.name).toBe('[redacted] 1970.fcs');
    const audit = await client.call('audit', { params, query: { limit: 5000 } });
    expect(audit.issues).toEqual([]);
    expect(audit.entries.find(({ action }) => action === 'text redacted')).toMatchObject({
      reason: body.reason,
    });
    expect(JSON.stringify(audit)).not.toContain('Jane Doe');
    await server.close();
    const kept = readdirSync(join(study, '.immunogate')).map((name) =>
      readFileSync(join(study, '.immunogate', name)),
    );
    expect(kept.some((content) => content.includes('Jane Doe'))).toBe(false);
    server = await serveFolder(folder.path, { limits });
    client = await openClient(server);
    expect((await client.call('files', { params })).map(({ name }) => name)).toContain('[redacted] 1970.fcs');
  }, 60_000);
});

describe('names of files (S-5)', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['C:\\data\\S1.fcs', 'S1.fcs'],
    ['/abs/S1.fcs', 'S1.fcs'],
    ['a\u0000b\r\n.fcs', 'ab.fcs'],
    ['\u202egnp.fcs', 'gnp.fcs'],
    ['x'.repeat(100_000), 'x'.repeat(255)],
    ['é'.normalize('NFD'), 'é'.normalize('NFC')],
  ])('%j is shown as %j', (name, shown) => expect(shownName(name)).toBe(shown));
  it.each(['', '.', '..', '/', '\u0000', ' '])('%j is refused', (name) =>
    expect(() => shownName(name)).toThrow('no usable name'),
  );

  it('never become paths', async () => {
    const bytes = bloodFile(77, 20);
    for (const name of [
      '..%2F..%2Fescaped',
      '%2Fetc%2Fescaped',
      '..%5C..%5Cescaped',
      '__proto__',
      'study.yaml',
      '.immunogate',
    ]) {
      const answer = await client.send('PUT', `/api/studies/two/files/${name}`, {
        body: Buffer.from(bytes),
        headers: { 'content-type': 'application/octet-stream' },
      });
      expect(answer.status).toBe(200);
    }
    expect(readdirSync(folder.path).sort()).toEqual(['.immunogate', 'two']);
    expect(readFileSync(join(study, 'study.yaml'), 'utf8')).toContain('# two colours');
    expect(readdirSync(study).filter((name) => name.includes('escaped'))).toEqual([]);
    expect(readFileSync(join(study, 'blobs', hashOf(bytes)))).toEqual(Buffer.from(bytes));
  });
});

describe.sequential('multipart forms (S-4)', () => {
  const boundary = 'x-boundary-x';
  const file = Buffer.from(bloodFile(4242, 30));
  const part = (disposition: string, content: Buffer | string = file) =>
    Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: ${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`,
      ),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]);
  const close = Buffer.from(`--${boundary}--\r\n`);
  const post = (body: Buffer, type = `multipart/form-data; boundary=${boundary}`) =>
    client.send('POST', '/api/studies/two/files', { body, headers: { 'content-type': type } });
  const named = (name: string) => `form-data; name="f"; filename="${name}"`;

  it('store each file of a form, and say which were refused', async () => {
    const before = namesIn('blobs').length;
    const answer = await post(
      Buffer.concat([
        part(named('one.fcs')),
        part(named('two.fcs'), 'no events'),
        part(named('big.fcs'), Buffer.alloc(limits.fileBytes + 10)),
        close,
      ]),
    );
    const { files, refused } = (await answer.json()) as {
      files: { name: string; sha256: string }[];
      refused: { name: string; error: { code: string } }[];
    };
    expect(files.map(({ name, sha256 }) => [name, sha256])).toEqual([
      ['one.fcs', hashOf(file)],
      ['two.fcs', hashOf('no events')],
    ]);
    expect(refused.map(({ name, error }) => [name, error.code])).toEqual([['big.fcs', 'E_INPUT_LIMIT']]);
    expect(namesIn('blobs')).toHaveLength(before + 2);
    await settled();
  }, 30_000);

  it.each([
    ['no closing boundary', () => Buffer.concat([part(named('cut.fcs'), 'cut short')])],
    ['a part cut in its header', () => Buffer.from(`--${boundary}\r\nContent-Disposition: form-da`)],
    ['no part', () => close],
    ['an empty body', () => Buffer.alloc(0)],
    ['an empty name', () => Buffer.concat([part(named(''), 'empty name'), close])],
    [
      'quotes that are not closed',
      () => Buffer.concat([part('form-data; name="f"; filename="a', 'quotes'), close]),
    ],
    [
      'a field called __proto__',
      () => Buffer.concat([part('form-data; name="__proto__"; filename="p.fcs"', 'proto'), close]),
    ],
    ['a header of 100 kB', () => Buffer.concat([part(named('h'.repeat(100_000)), 'header'), close])],
    [
      '10,000 parts',
      () => Buffer.concat([...Array.from({ length: 10_000 }, () => part('form-data; name="a"', '1')), close]),
    ],
    [
      'another boundary',
      () => Buffer.concat([part(named('b.fcs'), 'other boundary'), Buffer.from('--y--\r\n')]),
    ],
  ])(
    'with %s end that request only',
    async (_, body) => {
      const answer = await post(body()).catch(() => null);
      expect([null, 200, 400, 413]).toContain(answer?.status ?? null);
      const kept =
        answer?.status === 200 ? ((await answer.json()) as { files: { sha256: string }[] }).files : [];
      for (const { sha256 } of kept) expect(namesIn('blobs')).toContain(sha256);
      // what was cut is never kept as if it were whole
      expect(namesIn('blobs')).not.toContain(hashOf('cut short'));
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      await settled();
    },
    30_000,
  );

  it('whose boundary is split at any byte mean the same', async () => {
    const body = Buffer.concat([part(named('split.fcs')), close]);
    const from = body.length - close.length - 4;
    for (let at = from; at < body.length; at += 3) {
      const answer = await rawExchange(
        server.port,
        [
          head('POST', '/api/studies/two/files', {
            'Content-Type': `multipart/form-data; boundary=${boundary}`,
            'Content-Length': String(body.length),
          }),
          body.subarray(0, at),
          body.subarray(at),
        ],
        8000,
      );
      expect(answer).toContain(hashOf(file));
    }
  }, 60_000);

  it('with names that are paths, encoded or not, stay inside', async () => {
    const names = ['../../x.fcs', '..\\..\\x.fcs', '/etc/x.fcs'].map(named);
    const answer = await post(
      Buffer.concat([
        ...names.map((name) => part(name)),
        part(`form-data; name="f"; filename*=UTF-8''%2e%2e%2fx.fcs`),
        close,
      ]),
    );
    expect(answer.status).toBe(200);
    const { files } = (await answer.json()) as { files: { name: string }[] };
    expect(new Set(files.map(({ name }) => name))).toEqual(new Set(['x.fcs']));
    expect(readdirSync(folder.path).sort()).toEqual(['.immunogate', 'two']);
  }, 30_000);

  it('that are reset half-way leave nothing', async () => {
    const before = namesIn('blobs');
    const body = Buffer.concat([part(named('reset.fcs'), Buffer.alloc(100_000, 7)), close]);
    await cutOff(
      [
        head('POST', '/api/studies/two/files', {
          'Content-Type': `multipart/form-data; boundary=${boundary}`,
          'Content-Length': String(body.length),
        }),
        body.subarray(0, 50_000),
      ],
      100,
    );
    await settled();
    expect(namesIn('blobs')).toEqual(before);
  }, 30_000);
});
