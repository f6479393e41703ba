// The two reference trials through the main job: every expected table, cell by cell, as CSV and in every other format.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvText, tableFormats, type TableFormat } from '../../src/datasets/index.ts';
import { comparisonRows, type VisitComparison } from '../../src/endpoints/index.ts';
import { exportTables, readDatabase, runStudy, type RunReport } from '../../src/run/node.ts';
import { readBack } from '../datasets/read-back.ts';
import { sharedData } from '../shared-data.ts';
import { compareTable, expectedJson, expectedRows, trials } from '../stats/trials.ts';
import { truthPresent } from '../stats/truth.ts';
import { asNumbers, readRows, temporaryFolder } from './study-folder.ts';

const endings: Readonly<Record<TableFormat, string>> = {
  csv: '.csv',
  xpt: '.xpt',
  'dataset-json': '.json',
  parquet: '.parquet',
  xlsx: '.xlsx',
};

for (const trial of trials) {
  describe.skipIf(!truthPresent)(`${trial} through run (needs ../shared)`, () => {
    const folder = temporaryFolder(trial);
    let report: RunReport;
    beforeAll(async () => {
      const study = sharedData('reference', 'stats', trial, 'input') ?? '';
      report = await runStudy({ study, out: folder.path, software: 'immunogate test' });
    }, 600_000);
    afterAll(() => folder.remove());

    const rows = (file: string) => asNumbers(readRows(folder.path, file));
    const same = (expected: readonly Record<string, string>[], found: readonly object[], atLeast: number) => {
      const { misses, compared } = compareTable(expected, found);
      expect(misses.slice(0, 10)).toEqual([]);
      expect(compared).toBeGreaterThan(atLeast);
    };

    it('is a study without files and without errors', () => {
      expect(report.gated + report.refused + report.notGated).toBe(0);
      expect(report.results.findings.filter(({ level }) => level === 'error')).toEqual([]);
    });

    it('adim.csv', () => same(expectedRows(trial, 'adim.csv'), rows('adim.csv'), 36_000));
    it('adae.csv', () => same(expectedRows(trial, 'adae.csv'), rows('adae.csv'), 900));
    it('adtte.csv', () => same(expectedRows(trial, 'adtte.csv'), rows('adtte.csv'), 900));

    it('adrs.csv: assessments and best responses', () => {
      const found = rows('adrs.csv');
      const assessments = found
        .filter(({ PARAMCD }) => PARAMCD === 'OVRLRESP')
        .map((row) => ({ ...row, OVRLRESP: row['AVALC'] }));
      same(expectedRows(trial, 'adrs_timepoint.csv'), assessments, 1_000);
      const of = (subject: string, code: string, column: 'AVALC' | 'ADT') =>
        found.find((row) => row['USUBJID'] === subject && row['PARAMCD'] === code)?.[column];
      const wanted = expectedRows(trial, 'adrs_bor.csv');
      const best = wanted.map(({ USUBJID }) => ({
        USUBJID,
        ...Object.fromEntries(
          ['BOR', 'CBOR', 'OBJRESP', 'COBJRESP', 'DISCTRL'].map((code) => [code, of(USUBJID, code, 'AVALC')]),
        ),
        BORDT: of(USUBJID, 'BOR', 'ADT'),
        CBORDT: of(USUBJID, 'CBOR', 'ADT'),
      }));
      same(wanted, best, 150);
    });

    it('missingness, waterfall and adverse events by term', () => {
      same(expectedRows(trial, 'immune_missingness.csv'), rows('missingness.csv'), 450);
      same(expectedRows(trial, 'plot_waterfall.csv'), rows('waterfall.csv'), 50);
      same(expectedRows(trial, 'ae_soc_pt.csv'), rows('ae_by_term.csv'), 200);
    });

    it('by_visit.csv: every statistic (quartiles of type 2)', () => {
      const expected = expectedRows(trial, 'immune_descriptive.csv').map((row) =>
        Object.fromEntries(Object.entries(row).filter(([name]) => !/Type[67]$/.test(name))),
      );
      same(expected, rows('by_visit.csv'), 3_000);
    });

    it('comparisons.csv', () => {
      const { rows: wanted } = expectedJson<{ rows: VisitComparison[] }>(trial, 'immune_paired.json');
      // medians and warnings are not in the truth
      const untold = ['warnings', 'medianBase', 'medianPost'];
      const expected = comparisonRows(wanted.map((row) => ({ ...row, warnings: [] }))).map((row) =>
        Object.fromEntries(
          Object.entries(row)
            .filter(([name]) => !untold.includes(name))
            .map(([name, value]) => [name, String(value ?? '')]),
        ),
      );
      same(expected, rows('comparisons.csv'), 500);
    });

    it('response.csv and time_to_event.csv', () => {
      const response = new Map(rows('response.csv').map((row) => [row['measure'], row]));
      type Rate = { n: number; N: number; pct: number; ciLow: number; ciHigh: number };
      const truth = expectedJson<Record<'orr' | 'orrConfirmed' | 'dcr', Rate>>(trial, 'response_table.json');
      for (const [name, measure] of [
        ['orr', 'ORR'],
        ['orrConfirmed', 'ORR confirmed'],
        ['dcr', 'DCR'],
      ] as const) {
        const { n, N, pct, ciLow, ciHigh } = truth[name];
        const found = response.get(measure);
        expect(found).toMatchObject({ n, N });
        expect(found?.['pct']).toBeCloseTo(pct, 8);
        expect(found?.['low']).toBeCloseTo(ciLow, 7);
        expect(found?.['high']).toBeCloseTo(ciHigh, 7);
      }
      expect(rows('time_to_event.csv').map((row) => row['PARAMCD'])).toEqual(['PFS', 'LPFS', 'OS', 'LTPL']);
    });

    it('every table in every format, read back without loss', async () => {
      const tables = readDatabase(join(folder.path, 'study.sqlite'));
      expect(tables.length).toBeGreaterThan(20);
      for (const { file, dataset } of tables)
        expect(csvText(dataset)).toBe(readFileSync(join(folder.path, `${file}.csv`), 'utf8'));
      for (const format of tableFormats) {
        const { files, issues } = exportTables(folder.path, tables, format);
        expect(issues).toEqual([]);
        expect(files).toHaveLength(format === 'xlsx' ? 1 : tables.length + 1);
        if (format === 'xlsx') continue;
        for (const { file, dataset } of tables) {
          if (dataset.rows.length === 0) continue;
          const bytes = new Uint8Array(
            readFileSync(join(folder.path, 'tables', `${file}${endings[format]}`)),
          );
          expect(await readBack(bytes, format, dataset), `${file} ${format}`).toEqual(dataset.rows);
        }
      }
    }, 60_000);
  });
}
