// immunogate events from outside: values against six other readers, compensation against flowCore, scales by hand, three formats alike.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';
import { sharedData } from '../shared-data.ts';
import { writeBlood } from '../engine/blood.ts';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'immunogate-events-'));
afterAll(() => rmSync(folder, { recursive: true }));
const blood = join(folder, 'blood.fcs');
writeBlood(blood, 1, 300);

async function csvOf(input: string, ...options: string[]): Promise<{ names: string[]; columns: number[][] }> {
  const out = join(folder, 'out.csv');
  const { code, stderr } = await runCli('events', input, ...options, '-o', out);
  if (code !== 0) throw new Error(stderr);
  const [head, ...lines] = readFileSync(out, 'utf8').trimEnd().split('\n');
  const names = head.split(',');
  const rows = lines.map((line) => line.split(',').map(Number));
  return { names, columns: names.map((_, c) => rows.map((row) => row[c])) };
}
const close = (a: number, b: number, relative: number) =>
  Math.abs(a - b) <= relative * Math.max(Math.abs(a), Math.abs(b), 1e-300);

interface Column {
  readonly pnn: string;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly first: readonly number[];
  readonly last: number;
}
const shared = sharedData('data');
const expected = (name: string): unknown =>
  JSON.parse(readFileSync(join(shared ?? '', 'expected', name), 'utf8'));

describe.skipIf(shared === null)('values', () => {
  const truth = (shared === null ? { files: {} } : expected('fcs.json')) as {
    files: Readonly<Record<string, { datasets: { event_count: number; columns: Column[] }[] }>>;
  };
  const chosen = [
    'fcs/attune_nxt_fcs31_float_le.fcs',
    'fcs/bd_facscalibur_fcs20_int16_log.fcs',
    'fcs/cytek_xp5_int24.fcs',
    'fcs/stratedigm_s1400_mixed_bits_log_gain.fcs',
  ];

  it.each(chosen)('of %s are those of the other readers', async (name) => {
    const { columns } = await csvOf(join(shared ?? '', name));
    const [{ columns: wanted, event_count: count }] = truth.files[name].datasets;
    wanted.forEach((column, c) => {
      expect(columns[c]).toHaveLength(count);
      expect(columns[c].slice(0, 3)).toEqual(column.first);
      expect(columns[c].at(-1)).toBe(column.last);
      expect([Math.min(...columns[c]), Math.max(...columns[c])]).toEqual([column.min, column.max]);
      expect(
        close(
          columns[c].reduce((a, b) => a + b, 0),
          column.sum,
          1e-9,
        ),
      ).toBe(true);
    });
  });

  it('of a chosen data set; without the choice the file is refused and nothing written', async () => {
    const name = 'fcs/isac_int_4_datasets.fcs';
    const wanted = truth.files[name].datasets[2].columns.map(({ first, last }) => [first[0], last]);
    const { columns } = await csvOf(join(shared ?? '', name), '--dataset', '3');
    expect(columns.map((column) => [column[0], column.at(-1)])).toEqual(wanted);
    const out = join(folder, 'never.csv');
    const { code, stderr } = await runCli('events', join(shared ?? '', name), '-o', out);
    expect([code, existsSync(out)]).toEqual([1, false]);
    expect(stderr).toContain('E_FCS_MULTIPLE_DATASETS');
  });

  it('of duplicate names have both columns', async () => {
    const { names } = await csvOf(join(shared ?? '', 'noncompliant/duplicate_parameter_name.fcs'));
    expect(names).toEqual(['FCS', 'FCS#2']);
  });
});

describe.skipIf(shared === null)('--compensate', () => {
  const truth = (shared === null ? { files: {} } : expected('compensation.json')) as {
    files: Readonly<Record<string, { channels: string[]; compensated?: Readonly<Record<string, Column>> }>>;
  };

  it.each([
    'fcs/bd_accuri_c6plus_fcs31_int32.fcs',
    'fcs/bd_facscanto2_tbnk_6color.fcs',
    'fcs/bd_fortessa_x20_compensation_5ev.fcs',
  ])('of %s is flowCore compensate()', async (name) => {
    const { names, columns } = await csvOf(join(shared ?? '', name), '--compensate');
    const wanted = Object.entries(truth.files[name].compensated ?? {});
    expect(wanted.length).toBeGreaterThan(5);
    for (const [channel, { sum, min, max, first, last }] of wanted) {
      const column = columns[names.indexOf(channel)];
      const scale = Math.max(Math.abs(min), Math.abs(max));
      const pairs = [
        ...first.map((value, e) => [column[e], value]),
        [column.at(-1), last],
        [Math.min(...column), min],
        [Math.max(...column), max],
      ];
      for (const [got, want] of pairs)
        expect(Math.abs(Number(got) - Number(want))).toBeLessThanOrEqual(1e-9 * scale);
      expect(
        close(
          column.reduce((a, b) => a + b, 0),
          sum,
          1e-9,
        ),
      ).toBe(true);
    }
  });

  it('of a file without a matrix is refused', async () => {
    const { code, stderr } = await runCli(
      'events',
      join(shared ?? '', 'fcs/cytek_xp5_int24.fcs'),
      '--compensate',
      '-o',
      join(folder, 'c.csv'),
    );
    expect(code).toBe(1);
    expect(stderr).toContain('E_COMP_MISSING');
  });
});

describe('--transform', () => {
  it('applies to all colours, or to named channels, and to nothing else', async () => {
    const plain = await csvOf(blood);
    const { columns } = await csvOf(
      blood,
      '--transform',
      'asinh:cofactor=150',
      '--transform',
      'FSC-A=linear:T=262144',
    );
    const ends = (column: readonly number[]) => [column[0], column[299]];
    const through = (f: (x: number) => number, c: number) => ends(plain.columns[c]).map(f);
    columns.forEach((column, c) => {
      const wanted = [
        through((x) => x / 262144, 0),
        ends(plain.columns[1]),
        through((x) => Math.asinh(x / 150), 2),
        through((x) => Math.asinh(x / 150), 3),
        ends(plain.columns[4]),
      ][c];
      ends(column).forEach((value, i) => expect(close(value, wanted[i], 1e-14)).toBe(true));
    });
  });

  it('logicle is 1 at the top of scale and W + A over M + A at 0 (Gating-ML 6.4)', async () => {
    const { columns } = await csvOf(blood, '--transform', 'Time=logicle:T=299,W=1,M=4,A=1');
    expect(columns[4][0]).toBeCloseTo(2 / 5, 12);
    expect(columns[4][299]).toBeCloseTo(1, 12);
  });

  it.each([
    ['logicle', /expected KIND/],
    ['logicle:T=1', /needs W/],
    ['logicle:T=1,W=0.5,M=4.5,Q=2', /has no Q/],
    ['cubic:T=1', /unknown scale/],
    ['asinh:T=0x10,M=4', /not LETTER=NUMBER/],
  ])('%s is a wrong call', async (spec, said) => {
    const { code, stderr } = await runCli('events', blood, '--transform', spec, '-o', join(folder, 'x.csv'));
    expect(code).toBe(2);
    expect(stderr).toMatch(said);
  });

  it('of a channel that is not there is refused', async () => {
    const { code, stderr } = await runCli(
      'events',
      blood,
      '--transform',
      'APC-A=asinh:cofactor=5',
      '-o',
      join(folder, 'x.csv'),
    );
    expect(code).toBe(1);
    expect(stderr).toContain('E_CHANNEL_MISSING');
  });
});

describe('formats', () => {
  it.each([[[]], [['--compensate']], [['--compensate', '--transform', 'asinh:cofactor=150']]])(
    'say the same with %j',
    async (options) => {
      const { names, columns } = await csvOf(blood, ...options);
      const parquet = join(folder, 'e.parquet');
      expect((await runCli('events', blood, ...options, '-o', parquet)).code).toBe(0);
      const bytes = readFileSync(parquet);
      const rows = await parquetReadObjects({
        file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
      });
      expect(names.map((name) => rows.map((row) => Number(row[name])))).toEqual(columns);
      const fcs = join(folder, 'e.fcs');
      expect((await runCli('events', blood, ...options, '-o', fcs)).code).toBe(0);
      expect(await csvOf(fcs)).toEqual({ names, columns });
    },
  );

  it('must be one of three', async () => {
    const { code, stderr } = await runCli('events', blood, '-o', join(folder, 'e.xlsx'));
    expect(code).toBe(2);
    expect(stderr).toContain('.parquet');
  });

  it('never overwrite the input', async () => {
    const before = readFileSync(blood);
    expect((await runCli('events', blood, '--scale', '-o', blood)).code).toBe(2);
    expect(readFileSync(blood)).toEqual(before);
  });

  it('that cannot be written end with 74', async () => {
    expect((await runCli('events', blood, '-o', join(folder, 'absent', 'e.csv'))).code).toBe(74);
  });
});
