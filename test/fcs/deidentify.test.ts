// De-identification on files with planted identifiers in every place that FCS has, and on real files: measured values are the same
// bytes, only keywords of the list are left, and what cannot be dropped is refused (reliability P-2 to P-4).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ImmunogateError } from '../../src/errors.ts';
import { memorySource, readEvents, readFcs, writeDeidentified } from '../../src/fcs/index.ts';
import { sharedData } from '../shared-data.ts';
import { buildFcs, defaultRows, floats } from './build.ts';

function deidentified(bytes: Uint8Array): { output: Uint8Array; dropped: readonly string[] } {
  const source = memorySource(bytes);
  const chunks: Uint8Array[] = [];
  const { dropped } = writeDeidentified(source, readFcs(source), (chunk) => chunks.push(chunk.slice()));
  return { output: new Uint8Array(Buffer.concat(chunks)), dropped };
}

function refusal(bytes: Uint8Array): string {
  try {
    deidentified(bytes);
    return 'written';
  } catch (error) {
    return error instanceof ImmunogateError ? error.code : String(error);
  }
}

const secrets = ['MEIER-ANNA', 'PAT0012345', 'anna.meier@clinic.example', '07-MAR-1957'];

describe('a de-identified file', () => {
  it('has none of what was planted in TEXT, gaps and the tail, and says by name what went', () => {
    const original = buildFcs({
      gap: 200,
      tail: `00000000 ${secrets.join(' ')}`,
      set: {
        $SMNO: secrets[0],
        'PATIENT ID': secrets[1],
        $COM: secrets[2],
        $DATE: '07-MAR-2023',
        $CYT: 'LSRFortessa',
      },
    });
    const gap = Buffer.from(original).indexOf(Buffer.alloc(200, 0x20));
    original.set(Buffer.from(secrets.join(' ')), gap + 4);
    const { output, dropped } = deidentified(original);
    const text = Buffer.from(output).toString('latin1');
    for (const secret of [...secrets, 'MAR-2023']) expect(text).not.toContain(secret);
    expect(dropped).toEqual(['$COM', '$DATE', '$SMNO', 'PATIENT ID']);
  });

  it('keeps the values as the same bytes, the channels, the spillover, the instrument and the year', () => {
    const source = memorySource(
      deidentified(
        buildFcs({
          set: {
            $DATE: '07-MAR-2023',
            $CYT: 'LSRFortessa',
            $TIMESTEP: '0.01',
            $SPILLOVER: '2,FSC-A,PE-A,1,0.1,0,1',
            $P2S: 'CD3',
          },
        }),
      ).output,
    );
    const file = readFcs(source);
    const { begin, eventCount, eventBytes } = file.data;
    const data = new Uint8Array(eventCount * eventBytes);
    source.read(begin, begin + data.length, data);
    expect(data).toEqual(floats(defaultRows));
    expect(file.findings).toEqual([]);
    expect(file.parameters.map(({ name, stain }) => [name, stain])).toEqual([
      ['FSC-A', null],
      ['PE-A', 'CD3'],
      ['Time', null],
    ]);
    expect(file.spillover?.detectors).toEqual(['FSC-A', 'PE-A']);
    expect([...file.keywords].filter(([name]) => /CYT|STEP|YEAR|DATE$/.test(name))).toEqual([
      ['$CYT', 'LSRFortessa'],
      ['$TIMESTEP', '0.01'],
      ['ACQUISITION YEAR', '2023'],
    ]);
  });

  it.each([
    ['a dropped value in the name of a stain', { 'PATIENT ID': 'MEIER', $P2S: 'CD3 meier' }],
    ['an e-mail address in a stain', { $P2S: 'a.b@clinic.example' }],
    ['a serial number in the name of the instrument', { $CYT: 'Fortessa 5678901' }],
    ['a date in a stain', { $P2S: 'CD3 07-MAR-1957' }],
  ])('is refused for %s', (_, set) => {
    expect(refusal(buildFcs({ set }))).toBe('E_IDENTITY_FOUND');
  });

  it.each(['latin1', 'utf8', 'utf16le'] as const)(
    'is refused for a dropped value among the events, in %s',
    (encoding) => {
      const data = floats([...defaultRows, ...Array.from({ length: 20 }, () => [0, 0, 0])]);
      data.set(Buffer.from('Müller-Anna', encoding), 40);
      expect(refusal(buildFcs({ data, set: { $TOT: '23', $SMNO: 'Müller-Anna' } }))).toBe('E_IDENTITY_FOUND');
    },
  );

  // FC500: 10-bit integers in two bytes each, whose width $BYTEORD alone says; the copy must still say it
  it('keeps integers whose width $BYTEORD gives', () => {
    const set: Record<string, string> = { $DATATYPE: 'I', $BYTEORD: '2,1', $TOT: '2' };
    for (const n of [1, 2, 3]) Object.assign(set, { [`$P${n}B`]: '10', [`$P${n}R`]: '1024' });
    const data = Uint8Array.of(0, 1, 3, 255, 2, 0, 0, 7, 1, 2, 0, 0);
    const { output } = deidentified(buildFcs({ version: '2.0', set, data }));
    const source = memorySource(output);
    const { columns } = readEvents(source, readFcs(source), { scaling: 'raw' }).table;
    expect(columns.map((column) => [...column])).toEqual([
      [1, 7],
      [1023, 258],
      [512, 0],
    ]);
  });

  it('is written where a vendor repeats the name of a channel, and where versions look like dates', () => {
    expect(refusal(buildFcs({ set: { '@P2Q': 'PE-A', $CYT: 'DVSSCIENCES-CYTOF-6.0.626' } }))).toBe('written');
  });

  const folder = sharedData('data', 'fcs');
  it.skipIf(folder === null)('keeps every value of the real files (skipped without ../shared)', () => {
    let compared = 0;
    for (const name of readdirSync(folder!)) {
      const bytes = readFileSync(join(folder!, name));
      let output: Uint8Array;
      try {
        ({ output } = deidentified(bytes));
      } catch (error) {
        if (error instanceof ImmunogateError) continue;
        throw error;
      }
      const before = readFcs(memorySource(bytes));
      const after = readFcs(memorySource(output));
      const columns = (source: Uint8Array, file: typeof before) =>
        readEvents(memorySource(source), file, { scaling: 'scaled' }).table.columns.map(({ buffer }) =>
          Buffer.from(buffer).toString('base64'),
        );
      expect(columns(output, after).join() === columns(bytes, before).join(), name).toBe(true);
      expect(
        [...after.keywords.keys()].filter((k) =>
          /^\$(FIL|SRC|SMNO|COM|OP|EXP|PROJ|INST|DATE|BTIM|ETIM|CYTSN|CELLS)$/.test(k),
        ),
        name,
      ).toEqual([]);
      compared++;
    }
    expect(compared).toBeGreaterThan(30);
  });
});
