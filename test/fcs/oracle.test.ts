// The npm package `fcs` as a second witness, for what it reads rightly: floats and integers of one width without a mask
// (ecosystem.md section 4). Its keywords and values must be ours.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memorySource, readEvents, readFcs } from '../../src/fcs/index.ts';
import { sharedData } from '../shared-data.ts';

interface Witness {
  readonly text: Readonly<Record<string, string>>;
  readonly dataAsNumbers: readonly (readonly number[])[];
}
const Fcs = createRequire(import.meta.url)('fcs') as new (options: object, bytes: Buffer) => Witness;

const files = [
  'fcs/attune_nxt_fcs31_float_le.fcs',
  'fcs/bd_facsaria_index_sort.fcs',
  'fcs/bd_facscanto2_tbnk_6color.fcs',
  'fcs/bd_lsrii_qc_peacoqc111.fcs',
  'fcs/cytof_pbmc_cytonorm.fcs',
  'fcs/gvhd_blood_flowcap_001.fcs',
  'fcs/isac_double_negative_1ev.fcs',
  'fcs/bd_accuri_c6plus_fcs31_int32.fcs',
  'fcs/icyt_eclipse_int32.fcs',
  'flowjo/omip021/Donor1.fcs',
  'flowjo/aurora_pbmc/CellCounts4L-NY071-1.fcs',
  'gatingml/data2.fcs',
];

describe.skipIf(sharedData('data') === null)('npm fcs agrees', () => {
  it.each(files)('%s', (name) => {
    const bytes = readFileSync(`${sharedData('data')}/${name}`);
    const witness = new Fcs({ dataFormat: 'asNumber', eventsToRead: -1 }, bytes);
    const source = memorySource(bytes);
    const file = readFcs(source);
    const { table } = readEvents(source, file, { scaling: 'raw' });
    expect(witness.dataAsNumbers).toHaveLength(table.count);
    let different = 0;
    witness.dataAsNumbers.forEach((event, e) => {
      table.columns.forEach((column, c) => {
        if (column[e] !== event[c]) different++;
      });
    });
    expect(different).toBe(0);
    for (const name of ['$PAR', '$TOT', '$P1N', '$BYTEORD'])
      expect(file.keywords.get(name)).toBe(witness.text[name]);
  });
});
