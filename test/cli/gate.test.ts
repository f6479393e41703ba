// immunogate gate from outside: the official GatingML truth event by event, refusals, the same bytes under any number of workers, after
// kill -9, after a signal; locks, reuse, review of strategies.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strategyText } from '../../src/results/index.ts';
import { bloodStrategy, bloodTemplate, writeBlood } from '../engine/blood.ts';
import { sharedData } from '../shared-data.ts';
import { runCli, startCli, type Finished } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'immunogate-gate-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);
const template = at('blood.yaml');
const strategy = at('blood.json');
const few = ['S1', 'S2', 'S3'].map((name) => at(`${name}.fcs`));
/** Enough files and bytes for a pool of threads. */
const many = Array.from({ length: 30 }, (_, i) => at('many', `M${String(i).padStart(2, '0')}.fcs`));

beforeAll(() => {
  mkdirSync(at('many'));
  few.forEach((path, i) => writeBlood(path, i + 1, 2000));
  many.forEach((path, i) => writeBlood(path, i + 10, 15_000 + 100 * i));
  writeFileSync(template, bloodTemplate);
  writeFileSync(strategy, strategyText(bloodStrategy));
});

/** Every table and strategy of an output folder; provenance holds times and is left out. */
function tablesOf(out: string): Record<string, string> {
  const names = [
    'populations.csv',
    'statistics.csv',
    'issues.csv',
    ...list(out, 'strategies'),
    ...list(out, 'membership'),
  ];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(out, name)).toString('latin1')]));
}
function list(out: string, name: string): string[] {
  return existsSync(join(out, name)) ? readdirSync(join(out, name)).map((file) => join(name, file)) : [];
}
function rowsOf(out: string, name = 'populations.csv'): Record<string, string>[] {
  const [head, ...lines] = readFileSync(join(out, name), 'utf8').trimEnd().split('\n');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((cell, c) => [head.split(',')[c], cell])),
  );
}
function errorsOf(out: string): Record<string, string>[] {
  return rowsOf(out, 'issues.csv').filter((row) => row['level'] === 'error');
}
async function done(...args: string[]): Promise<Finished> {
  const finished = await runCli('gate', ...args);
  if (finished.code !== 0) throw new Error(`exit ${finished.code}\n${finished.stdout}\n${finished.stderr}`);
  return finished;
}

describe('GatingML truth, event by event', () => {
  interface Truth {
    readonly gating_ml: string;
    readonly fcs: string;
    readonly events: number;
    readonly gates: Readonly<Record<string, { readonly count: number; readonly truth: string }>>;
  }
  const shared = sharedData('data');
  const truth =
    shared === null
      ? {}
      : (
          JSON.parse(readFileSync(join(shared, 'expected', 'gatingml.json'), 'utf8')) as {
            documents: Record<string, Truth>;
          }
        ).documents;
  /** ParQuadRect: the truth is another gate's (known doubt). Ellipsoid3D: in a document of its own, not in that of all gates. */
  const doubtful = new Set(['ParQuadRect', 'Ellipsoid3D']);

  it.skipIf(shared === null).each(['official_per_gate', 'set_1', 'set_2'])('%s', async (name) => {
    const { gating_ml, fcs, events, gates } = truth[name];
    const out = at(`truth-${name}`);
    await done(
      '--template',
      join(shared ?? '', gating_ml),
      join(shared ?? '', fcs),
      '--out',
      out,
      '--membership',
      'csv',
      '--no-statistics',
    );
    const rows = rowsOf(out);
    const sample = rows[0]['sample'];
    const [head, ...lines] = readFileSync(join(out, 'membership', `${sample}.csv`), 'utf8')
      .trimEnd()
      .split('\n');
    expect(head.split(',')).toEqual(rows.map((row) => row['population']));
    expect(lines).toHaveLength(events);
    let compared = 0;
    for (const [id, { count, truth: file }] of Object.entries(gates)) {
      if (doubtful.has(id)) continue;
      const column = rows.findIndex((row) => row['population'] === id);
      expect([id, rows[column]?.['count']]).toEqual([id, String(count)]);
      const wanted = readFileSync(join(shared ?? '', file), 'utf8')
        .trim()
        .split(/\s+/);
      const got = lines.map((line) => line.split(',')[column]);
      const wrong = got.findIndex((cell, e) => cell !== wanted[e]);
      expect([id, wrong]).toEqual([id, -1]);
      compared++;
    }
    expect(compared).toBeGreaterThanOrEqual(name === 'set_2' ? 25 : 40);
  });
});

describe('outputs', () => {
  it.skipIf(sharedData('data') === null)('of a template that ships, by its name', async () => {
    const tube = join(sharedData('data') ?? '', 'fcs', 'bd_facscanto2_tbnk_6color.fcs');
    await done('--template', 'p1-tbnk', tube, '--out', at('by-name'));
    await done('--template', 'gating-templates/p1-tbnk.yaml', tube, '--out', at('by-path'));
    expect(tablesOf(at('by-name'))).toEqual(tablesOf(at('by-path')));
    expect(rowsOf(at('by-name')).length).toBeGreaterThan(10);
  });

  it('of a template: tables, strategies, provenance and a table for people', async () => {
    const out = at('by-template');
    const { stdout } = await done('--template', template, ...few, '--out', out);
    expect(Object.keys(tablesOf(out)).sort()).toEqual([
      'issues.csv',
      'populations.csv',
      'statistics.csv',
      'strategies/S1.json',
      'strategies/S2.json',
      'strategies/S3.json',
    ]);
    const rows = rowsOf(out);
    expect(rows.map((row) => `${row['sample']} ${row['path']}`)).toEqual(
      ['S1', 'S2', 'S3'].flatMap((s) => [
        `${s} Cells`,
        `${s} Cells/T`,
        `${s} Cells/T/CD4T`,
        `${s} Cells/T/DN`,
      ]),
    );
    for (const row of rows) {
      expect(row['status']).toBe('ok');
      expect(Number(row['fractionOfParent'])).toBe(Number(row['count']) / Number(row['parentCount']));
    }
    // a complement under one parent: the two counts make up the parent's
    const count = (path: string) =>
      Number(rows.find((row) => row['sample'] === 'S2' && row['path'] === path)?.['count']);
    expect(count('Cells/T/CD4T') + count('Cells/T/DN')).toBe(count('Cells/T'));
    expect(rows[1]['method']).toBe('valley');
    expect(stdout).toMatch(/S1 +S2 +S3/);
    expect(stdout).toMatch(/CD4T +[\d,]+ +\d+\.\d\d %/);
    expect(stdout).toContain('3 samples done, 0 refused');
    const provenance = JSON.parse(readFileSync(join(out, 'provenance.json'), 'utf8')) as {
      samples: {
        sample: string;
        file: { sha256: string; dataSha256: string; events: number };
        protocol: { id: string };
        transforms: { source: { channel: string } }[];
        counts: Record<string, number>;
      }[];
    };
    expect(
      provenance.samples.map(({ sample, file, protocol }) => [sample, file.events, protocol.id]),
    ).toEqual(['S1', 'S2', 'S3'].map((sample) => [sample, 2000, 'blood']));
    const [first] = provenance.samples;
    const inspected = await runCli('inspect', '--json', few[0]);
    expect(JSON.parse(inspected.stdout)).toMatchObject({ dataSha256: first.file.dataSha256 });
    expect(first.counts['Cells/T/CD4T']).toBe(Number(rows[2]['count']));
    expect(first.transforms.map(({ source }) => source.channel)).toEqual([
      'FSC-A',
      'SSC-A',
      'FITC-A',
      'PE-A',
    ]);
  });

  it('are readable by their owner alone', () => {
    expect(statSync(at('by-template', 'populations.csv')).mode & 0o777).toBe(0o600);
    expect(statSync(at('by-template')).mode & 0o777).toBe(0o700);
  });

  it('as JSON: one document with every sample', async () => {
    const { stdout } = await done('--strategy', strategy, ...few, '--out', at('json'), '--json');
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).toMatchObject({ done: 3, refused: 0, reused: 0, recovered: 0 });
    expect(report['samples']).toHaveLength(3);
  });

  it('of membership in Parquet say the same as in CSV', async () => {
    for (const format of ['csv', 'parquet'])
      await done('--strategy', strategy, few[0], '--out', at(`member-${format}`), '--membership', format);
    const [head, ...lines] = readFileSync(at('member-csv', 'membership', 'S1.csv'), 'utf8')
      .trimEnd()
      .split('\n');
    const bytes = readFileSync(at('member-parquet', 'membership', 'S1.parquet'));
    const objects = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    });
    expect(lines).toHaveLength(2000);
    expect(
      objects.map((row) =>
        head
          .split(',')
          .map((id) => Number(row[id]))
          .join(','),
      ),
    ).toEqual(lines);
  });

  it('after review: gates placed, stored, counted as they are, give what a direct run gives', async () => {
    await done('--template', template, ...few, '--out', at('fit'), '--fit-only');
    expect(existsSync(at('fit', 'populations.csv'))).toBe(false);
    await done('--strategy', at('fit', 'strategies'), ...few, '--out', at('counted'));
    expect(tablesOf(at('counted'))).toEqual(tablesOf(at('by-template')));
    const moved = JSON.parse(readFileSync(at('fit', 'strategies', 'S2.json'), 'utf8')) as {
      populations: { gate: { min: number[] } }[];
    };
    moved.populations[1].gate.min[0] += 3;
    writeFileSync(at('fit', 'strategies', 'S2.json'), JSON.stringify(moved));
    await done('--strategy', at('fit', 'strategies'), ...few, '--out', at('moved'));
    const differing = rowsOf(at('moved')).filter(
      (row, i) => row['count'] !== rowsOf(at('counted'))[i]['count'],
    );
    expect(new Set(differing.map((row) => row['sample']))).toEqual(new Set(['S2']));
  });
});

describe('one bad file', () => {
  it('stops nothing: it has its row, the others their counts, and the exit code is 1', async () => {
    const place = at('mixed');
    mkdirSync(join(place, 'twice'), { recursive: true });
    copyFileSync(few[0], join(place, 'good.fcs'));
    copyFileSync(few[0], join(place, 'twin.fcs'));
    copyFileSync(few[0], join(place, 'twice', 'twin.fcs'));
    writeFileSync(join(place, 'cut.fcs'), readFileSync(few[1]).subarray(0, 5000));
    writeFileSync(join(place, 'page.fcs'), '<html>404</html>');
    const files = ['good.fcs', 'twin.fcs', 'twice/twin.fcs', 'cut.fcs', 'page.fcs', 'absent.fcs', 'twice'];
    const { code, stdout } = await runCli(
      'gate',
      '--strategy',
      strategy,
      ...files.map((f) => join(place, f)),
      '--out',
      at('mixed-out'),
    );
    expect(code).toBe(1);
    expect(errorsOf(at('mixed-out')).map((row) => `${row['sample']} ${row['level']} ${row['code']}`)).toEqual(
      [
        'absent error E_FILE_UNREADABLE',
        'cut error E_FCS_TRUNCATED',
        'page error E_FCS_NOT_FCS',
        'twice error E_FILE_UNREADABLE',
        'twin error E_DUPLICATE_SAMPLE',
      ],
    );
    expect(new Set(rowsOf(at('mixed-out')).map((row) => row['sample']))).toEqual(new Set(['good']));
    expect(stdout).toContain('1 sample done, 5 refused');
    expect(stdout).toContain('refused cut: E_FCS_TRUNCATED');
  });

  it('or a protocol that does not fit refuses that sample', async () => {
    const text = bloodTemplate.replaceAll('CD3', 'CD19');
    writeFileSync(at('cd19.yaml'), text);
    const { code, stdout } = await runCli(
      ...['gate', '--template', at('cd19.yaml'), ...few.slice(0, 2), '--out', at('no-channel')],
    );
    expect(code).toBe(1);
    // what is missing and what there is, once for both files
    expect(stdout.match(/no marker CD19/g)).toHaveLength(1);
    expect(stdout.match(/The file has: /g)).toHaveLength(1);
    expect(stdout).toContain('refused S1, S2: E_CHANNEL_MISSING: The template');
    expect(readFileSync(at('no-channel', 'issues.csv'), 'utf8')).toContain('S1,error,E_CHANNEL_MISSING');
  });

  it('by strict reading is one with any warning, also about its values', async () => {
    const bytes = readFileSync(few[0]);
    // the last two events become zeros, as an instrument leaves them that stopped early; eight bytes of CRC follow
    writeFileSync(at('tail.fcs'), bytes.fill(0, bytes.length - 8 - 2 * 5 * 4, bytes.length - 8));
    const args = ['--strategy', strategy, at('tail.fcs')];
    const warned = await done(...args, '--out', at('tail'));
    expect(warned.stdout).toContain('1 sample done');
    expect(readFileSync(at('tail', 'issues.csv'), 'utf8')).toContain('tail,warning,W_ZERO_FILLED_TAIL');
    expect((await runCli('gate', ...args, '--strict', '--out', at('strict'))).code).toBe(1);
    expect(errorsOf(at('strict'))).toMatchObject([{ sample: 'tail', code: 'E_STRICT' }]);
  });

  it('without a strategy in a folder of strategies is refused', async () => {
    mkdirSync(at('partly'));
    copyFileSync(strategy, at('partly', 'S1.json'));
    const { code } = await runCli(
      'gate',
      '--strategy',
      at('partly'),
      few[0],
      few[1],
      '--out',
      at('partly-out'),
    );
    expect(code).toBe(1);
    expect(errorsOf(at('partly-out'))).toMatchObject([{ sample: 'S2', code: 'E_PROTOCOL_INVALID' }]);
  });
});

describe('a call that is wrong', () => {
  it.each([
    ['no protocol', [few[0], '--out', at('x')], /--template or --strategy/],
    ['two protocols', ['--template', template, '--strategy', strategy, few[0], '--out', at('x')], /either/],
    ['no output', ['--template', template, few[0]], /--out/],
    ['no files', ['--template', template, '--out', at('x')], /missing required argument/],
    [
      'a number that is none',
      ['--template', template, few[0], '--out', at('x'), '--workers', 'two'],
      /whole number/,
    ],
    [
      'an unknown format',
      ['--template', template, few[0], '--out', at('x'), '--membership', 'xlsx'],
      /csv, parquet/,
    ],
    ['an unknown option', ['--template', template, few[0], '--out', at('x'), '--fast'], /unknown option/],
    ['a template that is not there', ['--template', at('none.yaml'), few[0], '--out', at('x')], /ENOENT/],
    ['a template of an unknown kind', ['--template', few[0], few[0], '--out', at('x')], /\.yaml/],
    ['a template with mistakes', ['--template', at('broken.yaml'), few[0], '--out', at('x')], /line 7/],
    ['a strategy with mistakes', ['--strategy', at('broken.json'), few[0], '--out', at('x')], /populations/],
  ])('with %s ends with 2 and says so, before anything is written', async (_, args, said) => {
    writeFileSync(at('broken.yaml'), bloodTemplate.replace('keep: above', 'keep: over'));
    writeFileSync(
      at('broken.json'),
      JSON.stringify({ template: { id: 'a', version: '1' }, matrices: {}, populations: [] }),
    );
    const { code, stderr, stdout } = await runCli('gate', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
    expect(existsSync(at('x'))).toBe(false);
  });

  it('is not asking for help', async () => {
    const { code, stdout } = await runCli('gate', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--membership');
  });

  it('of an output that cannot be written ends with 74', async () => {
    const { code, stderr } = await runCli(
      'gate',
      '--strategy',
      strategy,
      few[0],
      '--out',
      join(few[1], 'below-a-file'),
    );
    expect(code).toBe(74);
    expect(stderr).toContain('E_OUTPUT_UNWRITABLE');
  });
});

describe('the same bytes', () => {
  let wanted: Record<string, string>;
  const out = (name: string) => at(`same-${name}`);
  const gateMany = (name: string, files: readonly string[], ...more: string[]) => [
    'gate',
    '--template',
    template,
    ...files,
    '--out',
    out(name),
    '--membership',
    'csv',
    ...more,
  ];

  beforeAll(async () => {
    const finished = await runCli(...gateMany('one', many, '--workers', '1'));
    expect(finished.code).toBe(0);
    wanted = tablesOf(out('one'));
    expect(Object.keys(wanted)).toHaveLength(3 + 2 * many.length);
  });

  it('under 2 and 4 workers, and for any order of files', async () => {
    const shuffled = [...many].sort((a, b) => (a.slice(-5) < b.slice(-5) ? 1 : -1));
    for (const [workers, files] of [
      ['2', many],
      ['4', shuffled],
    ] as const) {
      expect((await runCli(...gateMany(`w${workers}`, files, '--workers', workers))).code).toBe(0);
      expect(tablesOf(out(`w${workers}`))).toEqual(wanted);
    }
  });

  it('after kill -9 in the middle and the same command again', async () => {
    const args = gateMany('killed', many, '--workers', '2');
    const { child, finished } = startCli(args);
    await itemsDone(out('killed'), 3);
    child.kill('SIGKILL');
    await finished;
    expect(existsSync(join(out('killed'), 'populations.csv'))).toBe(false);
    const again = await runCli(...args, '--json');
    expect(again.code).toBe(0);
    const report = JSON.parse(again.stdout) as { done: number; reused: number };
    expect(report.done).toBe(many.length);
    expect(report.reused).toBeGreaterThanOrEqual(3);
    expect(tablesOf(out('killed'))).toEqual(wanted);
    const left = ['', 'strategies', 'membership'].flatMap((name) => readdirSync(join(out('killed'), name)));
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'after %s: it stops within 5 s with %i, finished work stored, and the same command ends it',
    async (signal, exit) => {
      const args = gateMany(signal, many, '--workers', '2');
      const { child, finished } = startCli(args);
      await itemsDone(out(signal), 2);
      const started = performance.now();
      child.kill(signal);
      const { code, stderr } = await finished;
      expect(performance.now() - started).toBeLessThan(5000);
      expect(code).toBe(exit);
      expect(stderr).toContain('E_CANCELLED');
      const again = await runCli(...args, '--json');
      expect((JSON.parse(again.stdout) as { reused: number }).reused).toBeGreaterThanOrEqual(2);
      expect(tablesOf(out(signal))).toEqual(wanted);
    },
  );

  it('with a second run on the same folder refused with 75 while the first is at work', async () => {
    const args = gateMany('locked', many, '--workers', '1');
    const { finished } = startCli(args);
    await itemsDone(out('locked'), 1);
    const second = await runCli(...args);
    expect(second.code).toBe(75);
    expect(second.stderr).toContain('E_STORE_LOCKED');
    expect((await finished).code).toBe(0);
    expect(tablesOf(out('locked'))).toEqual(wanted);
  });

  it('again from the store, and computed again when a file beside it is lost or it is asked for', async () => {
    const again = async (...more: string[]) =>
      JSON.parse((await runCli(...gateMany('one', many, '--json', ...more))).stdout) as Record<
        string,
        unknown
      >;
    expect(await again()).toMatchObject({ done: many.length, reused: many.length });
    rmSync(join(out('one'), 'membership', 'M03.csv'));
    writeFileSync(join(out('one'), 'membership', 'M04.csv'), 'altered');
    expect(await again()).toMatchObject({ done: many.length, reused: many.length - 2 });
    expect(tablesOf(out('one'))).toEqual(wanted);
    expect(await again('--recompute')).toMatchObject({ done: many.length, reused: 0, refused: 0 });
    expect(tablesOf(out('one'))).toEqual(wanted);
  });

  it('or a loud refusal: a stored result that does not come out again', async () => {
    const place = at('forged');
    await done('--strategy', strategy, few[0], '--out', place);
    const db = new Database(join(place, '.immunogate', 'run.sqlite'));
    db.exec(
      `DROP TRIGGER results_no_update; UPDATE results SET body = replace(body, '"count":', '"count":1')`,
    );
    db.close();
    const { code } = await runCli('gate', '--strategy', strategy, few[0], '--out', place, '--recompute');
    expect(code).toBe(1);
    expect(errorsOf(place)).toMatchObject([{ sample: 'S1', code: 'E_NONDETERMINISTIC' }]);
  });
});

/** Waits until the store of a run at work says that so many items are done. Readers are never blocked. */
async function itemsDone(out: string, count: number): Promise<void> {
  const path = join(out, '.immunogate', 'run.sqlite');
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    try {
      const db = new Database(path, { readonly: true, fileMustExist: true });
      const row = db.prepare("SELECT count(*) AS n FROM items WHERE state = 'done'").get() as { n: number };
      db.close();
      if (row.n >= count) return;
    } catch {
      // the store is not there yet
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no ${count} items were done within a minute`);
}
