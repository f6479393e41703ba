// Every real file against what five to six other readers made of it (expected/fcs.json): names, counts, and of each column
// sum, minimum, maximum, first three and last; raw and scaled. Refused or warned files against expected/noncompliant.json.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readEvents, readFcs, type ReadOptions } from '../../src/fcs/index.ts';
import { openFile } from '../../src/fcs/node.ts';
import { sharedData } from '../shared-data.ts';

interface ColumnTruth {
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly first: readonly number[];
  readonly last: number;
}
interface DatasetTruth {
  readonly version: string;
  readonly event_count: number;
  readonly parameter_count: number;
  readonly columns: readonly (ColumnTruth & { readonly pnn: string; readonly pns: string | null })[];
  readonly scaled?: Readonly<
    Record<string, readonly (ColumnTruth & { readonly readers: readonly string[] })[]>
  >;
  readonly scaled_readers: readonly string[];
}
type Truth = Readonly<Record<string, { readonly datasets: readonly DatasetTruth[] }>>;

const folder = sharedData('data');
const load = (name: string): Truth =>
  folder === null
    ? {}
    : (JSON.parse(readFileSync(`${folder}/expected/${name}`, 'utf8')) as { files: Truth }).files;

/** Files that need a choice of a person to be read, and why. */
const choices: Readonly<Record<string, ReadOptions>> = {
  // HEADER and TEXT differ by 46 bytes and both fit $TOT: refused unless chosen. The truth readers took HEADER.
  'fcs/beckman_cyan_fcs30_offset_mismatch.fcs': { offsets: 'header' },
};

function expectColumn(values: ArrayLike<number>, truth: ColumnTruth, tolerance: number): void {
  const sumTolerance = Math.max(1e-9, tolerance);
  const near = (value: number, expected: number): void => {
    if (tolerance === 0) expect(value).toBe(expected);
    else expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));
  };
  let sum = 0;
  let carry = 0;
  let min = Infinity;
  let max = -Infinity;
  let magnitude = 0;
  for (let i = 0; i < values.length; i++) {
    const y = values[i] - carry;
    const t = sum + y;
    carry = t - sum - y;
    sum = t;
    min = Math.min(min, values[i]);
    max = Math.max(max, values[i]);
    magnitude += Math.abs(values[i]);
  }
  expect(Math.abs(sum - truth.sum)).toBeLessThanOrEqual(
    sumTolerance * Math.max(Math.abs(truth.sum), 1e-6 * magnitude),
  );
  near(min, truth.min);
  near(max, truth.max);
  truth.first.forEach((value, i) => near(values[i], value));
  near(values[values.length - 1], truth.last);
}

describe.skipIf(folder === null)('real files', () => {
  let columnsCompared = 0;
  let scaledCompared = 0;
  for (const [name, { datasets }] of Object.entries(load('fcs.json'))) {
    datasets.forEach((truth, d) => {
      it(`${name} data set ${d + 1}`, () => {
        const source = openFile(`${folder}/${name}`);
        const dataset = datasets.length > 1 ? { dataset: d + 1 } : {};
        const file = readFcs(source, { ...choices[name], ...dataset });
        expect(`FCS${file.version}`).toBe(truth.version);
        expect(file.datasets).toHaveLength(datasets.length);
        const raw = readEvents(source, file, { scaling: 'raw' }).table;
        const scaled = readEvents(source, file, { scaling: 'scaled' }).table;
        expect(raw.count).toBe(truth.event_count);
        expect(raw.columns).toHaveLength(truth.parameter_count);
        truth.columns.forEach((column, c) => {
          const name = file.keywords.get(`$P${c + 1}N`) ?? '';
          expect(name.trim()).toBe(column.pnn.trim());
          expect((raw.channels[c].stain ?? '').trim()).toBe((column.pns ?? '').trim());
          expectColumn(raw.columns[c], column, 0);
          columnsCompared++;
          if (/^time$/i.test(raw.channels[c].name)) {
            expectColumn(scaled.columns[c], column, 0);
          } else if (truth.scaled_readers.includes('flowcore_linearize_png')) {
            const entry = truth.scaled?.[c]?.find(({ readers }) =>
              readers.includes('flowcore_linearize_png'),
            );
            expectColumn(scaled.columns[c], entry ?? column, 1e-9);
            scaledCompared++;
          }
        });
        source.close();
      });
    });
  }
  it('compared as many columns as the truth holds', () => {
    const sets = Object.values(load('fcs.json')).flatMap(({ datasets }) => datasets);
    expect(columnsCompared).toBe(sets.reduce((sum, { parameter_count: n }) => sum + n, 0));
    expect(scaledCompared).toBeGreaterThan(0.8 * columnsCompared);
  });
});

/** Broken files: refused with this code, or read with these warnings and, where peers agree, their values. */
const broken: Readonly<Record<string, string | readonly string[]>> = {
  'noncompliant/aria_truncated_data.fcs': 'E_FCS_TRUNCATED',
  'noncompliant/ascii_missing_parameter_names.fcs': ['W_PNN_MISSING'],
  'noncompliant/aurora_header_and_text_only.fcs': 'E_FCS_TRUNCATED',
  'noncompliant/corrupted_10_bytes.fcs': 'E_FCS_NOT_FCS',
  'noncompliant/data_start_offset_discrepancy_example.fcs': [
    'W_OFFSET_DISCREPANCY',
    'W_SPILL_CHANNEL_MISSING',
    'W_TIMESTEP_INVALID',
  ],
  'noncompliant/data_stop_offset_discrepancy_example.fcs': [
    'W_OFFSET_DISCREPANCY',
    'W_SPILL_CHANNEL_MISSING',
    'W_TIMESTEP_INVALID',
  ],
  'noncompliant/double_5ev_begindata_mismatch.fcs': ['W_OFFSET_DISCREPANCY'],
  'noncompliant/duplicate_parameter_name.fcs': ['W_DUPLICATE_PARAMETER_NAME'],
  'noncompliant/html_error_page_named_fcs.fcs': 'E_FCS_NOT_FCS',
  'noncompliant/int_8_parameters_begindata_mismatch.fcs': ['W_OFFSET_DISCREPANCY'],
  'noncompliant/mode_U_histogram.fcs': 'E_FCS_UNSUPPORTED',
  'noncompliant/no_crc.fcs': ['W_PNN_MISSING'],
  'noncompliant/text_end_equals_data_begin.fcs': ['W_TEXT_END_OVERLAP', 'W_DATA_END_OFF_BY_ONE'],
};

describe.skipIf(folder === null)('noncompliant files', () => {
  it.each(Object.entries(load('noncompliant.json')))('%s', (name, { datasets }) => {
    const expected = broken[name];
    const source = openFile(`${folder}/${name}`);
    if (typeof expected === 'string') {
      expect(() => readFcs(source)).toThrow(expect.objectContaining({ code: expected }) as Error);
      source.close();
      return;
    }
    const file = readFcs(source);
    const { table, findings } = readEvents(source, file, { scaling: 'raw' });
    source.close();
    const warnings = [...file.findings, ...findings]
      .filter(({ level }) => level === 'warning')
      .map(({ code }) => code);
    expect([...new Set(warnings)]).toEqual(expected);
    for (const truth of datasets) {
      expect(table.count).toBe(truth.event_count);
      // The truth of the double file is rounded to float32 (architecture.md, known doubts).
      const tolerance = name.includes('double_5ev') ? 1e-7 : 0;
      truth.columns.forEach((column, c) => expectColumn(table.columns[c], column, tolerance));
    }
  });
});
