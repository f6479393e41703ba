// Tables whose cells are right one by one and make no sense together: dates in any order, lesions that come and go, values of all kinds.
// Whatever they say, a study is analysed, written in every format and reported; what is wrong is said and ends nothing.
import { expect, it } from 'vitest';
import { analyseStudy } from '../../src/analysis/index.ts';
import { studyDatasets, writeDataset, xlsxBytes } from '../../src/datasets/index.ts';
import { createRandom } from '../../src/math/index.ts';
import { buildReport } from '../../src/report/index.ts';
import { reportInput } from '../../src/run/report-input.ts';
import { buildStudy, parseDefinition, type TableTexts } from '../../src/study/index.ts';

const { definition } = parseDefinition(`
id: T
visits: [V0, V1, V2]
windows:
  - { n: 0, label: Baseline, phase: PRE, target: -1, lo: -400 }
  - { n: 1, label: Week 1, phase: DURING, target: 7, lo: 1, hi: 100 }
  - { n: 2, label: Month 4, phase: POST, target: 130, lo: 101, hi: 400 }
landmarkDay: 400
`);

function tablesOf(seed: string): TableTexts {
  const random = createRandom(seed);
  const upTo = (most: number): number => random.integer(most + 1);
  const pick = (...from: readonly string[]): string => from[random.integer(from.length)];
  const two = (n: number): string => String(n).padStart(2, '0');
  const date = (missing = 0): string =>
    random.next() < missing ? '' : `202${3 + upTo(2)}-${two(1 + upTo(11))}-${two(1 + upTo(27))}`;
  const times = <T>(most: number, make: (i: number) => T): T[] =>
    Array.from({ length: upTo(most) }, (_, i) => make(i));
  const table = (head: string, rows: readonly (readonly (string | number)[])[]): string =>
    [head, ...rows.map((row) => row.join(','))].map((line) => `${line}\n`).join('');
  const ids = ['P-0', ...times(6, (i) => `P-${i + 1}`)];
  const each = <T>(make: (id: string) => T[]): T[] => ids.flatMap(make);
  return {
    adsl: table(
      'USUBJID,AGE,SEX,FASFL,SAFFL,TRTSDT,TRTEDT,ABLDT,DTHDT,LSTALVDT,NACTDT,DCUTDT',
      ids.map((id) => [
        ...[id, pick('', '50', '70'), pick('M', 'F', ''), pick('Y', 'N', ''), pick('Y', 'N', '')],
        ...[0.1, 0.3, 0.1, 0.6, 0.3, 0.7, 0.3].map(date),
      ]),
    ),
    tumour: table(
      'USUBJID,LESID,LESTYPE,NODE,VISITNUM,VISIT,ADT,DIAM,STATE',
      each((id) =>
        times(6, (v) => {
          const day = date();
          return times(3, (l) => [
            ...[id, `T${l}`, pick('TARGET', 'NONTARGET'), pick('Y', 'N'), v, `W${v}`, day],
            ...[pick('', '0', '3.5', '12', '55'), pick('PRESENT', 'ABSENT', 'NE', 'TSTM', 'UNEQPD', '')],
          ]);
        }).flat(),
      ),
    ),
    local: table(
      'USUBJID,LESID,VISITNUM,ADT,LOCSTAT',
      each((id) => times(4, (v) => [id, `L${upTo(1)}`, v, date(), pick('CA', 'RES', 'LTP', 'NE')])),
    ),
    ae: table(
      'USUBJID,AESEQ,AEBODSYS,AEDECOD,AETOXGR,AESER,AEREL,AESTDTC,AEENDTC',
      each((id) =>
        times(4, (v) => [
          ...[id, v + 1, pick('GI', 'Skin'), pick('Pain', '=1+1'), pick('', '1', '5'), pick('Y', 'N')],
          ...[pick('Y', 'N'), pick(date(), '2024-05', '2024', ''), date(0.5)],
        ]),
      ),
    ),
    params: 'PARAMCD,PARAM,dec\nCD4,CD4 (cells/uL),1\nCD8,CD8 (cells/uL),1\n',
    immune: table(
      'USUBJID,SPECID,VISIT,VISITNUM,ADT,ATPT,PARAMCD,AVALC,LLOQ,ULOQ,QCFL',
      each((id) =>
        times(6, (v) =>
          ['CD4', 'CD8'].map((code) => [
            ...[id, `${id}_${v}`, `V${v % 3}`, v, date(), pick('PRE', 'POST', 'INTRA', ''), code],
            ...[pick('0', '<2', '>900', '12.5', '250', '', '-3', 'abc', '1e3'), pick('', '2')],
            ...[pick('', '800'), pick('Y', 'N')],
          ]),
        ).flat(),
      ),
    ),
  };
}

it.each(Array.from({ length: 40 }, (_, i) => `tables ${i}`))(
  'are analysed, written and reported: %s',
  (seed) => {
    if (definition === null) throw new Error('the definition is not one');
    const { study } = buildStudy(definition, tablesOf(seed));
    if (study === null) throw new Error('the study is not one');
    const results = analyseStudy(study, []);
    const tables = studyDatasets(results);
    for (const { dataset } of tables)
      for (const format of ['csv', 'xpt', 'dataset-json', 'parquet'] as const)
        expect(writeDataset(dataset, format).length).toBeGreaterThan(0);
    expect(xlsxBytes(tables.map(({ dataset }) => dataset)).length).toBeGreaterThan(0);
    const { html } = buildReport(reportInput(results, 'test', { gates: [], overviews: [] }));
    expect(/.{0,60}(NaN|undefined|Infinity).{0,20}/.exec(html)?.[0] ?? null).toBeNull();
    for (const row of results.clinical.adtte) expect(row.AVALDAY).toBeGreaterThanOrEqual(1);
  },
);
