// --compensation TABLE, from outside: two colours and a matrix whose effect is worked out by hand.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildFcs, floats } from '../fcs/build.ts';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'immunogate-compensation-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** The file says that nothing spills; of PE-A as it was measured, 60, 60 and 40 are above 50 or not. */
const tube = write(
  'tube.fcs',
  buildFcs({
    set: { $P1N: 'FITC/A', $P2N: 'PE-A', $P2S: 'CD4', $SPILLOVER: '2,FITC/A,PE-A,1,0,0,1' },
    data: floats([
      [100, 60, 0],
      [0, 60, 1],
      [-40, 40, 2],
    ]),
  }),
);
/** Half of FITC spills into PE: true PE is PE - FITC / 2, so 10, 60 and 60. Lines in another order, FlowJo's names. */
const table = write('half.csv', ',Comp-FITC_A,Comp-PE-A\nPE-A,0,1\nFITC_A,1,0.5\n');
const stranger = write('stranger.csv', 'PE-A,APC-A\n1,0.1\n0,1\n');

const gatingML = (compensation: string): string =>
  write(
    `${compensation}.xml`,
    `<gating:Gating-ML xmlns:gating="http://www.isac-net.org/std/Gating-ML/v2.0/gating"
      xmlns:data-type="http://www.isac-net.org/std/Gating-ML/v2.0/datatypes"><gating:RectangleGate gating:id="bright">
      <gating:dimension gating:compensation-ref="${compensation}" gating:min="50"><data-type:fcs-dimension data-type:name="PE-A"/>
      </gating:dimension></gating:RectangleGate></gating:Gating-ML>`,
  );
const template = (compensation: string): string =>
  write(
    `${compensation}.yaml`,
    `immunogate: 1\nid: t\nversion: 1.0.0\ntitle: T\ncompensation: ${compensation}\npopulations:
  - { id: bright, parent: root, on: { marker: CD4, scale: linear }, gate: { range: [50, ~] } }\n`,
  );

async function membership(document: string, ...options: string[]): Promise<string> {
  const out = mkdtempSync(join(folder, 'out-'));
  const { code, stdout, stderr } = await runCli(
    ...['gate', '-t', document, '--out', out, '--membership', 'csv', ...options, tube],
  );
  if (code !== 0) return `${code}: ${stdout}${stderr}`;
  return readFileSync(join(out, 'membership', 'tube.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .join('');
}

describe('gate --compensation', () => {
  it.each([
    ['a template', template('file')],
    ['Gating-ML', gatingML('FCS')],
  ])('counts instead of the matrix of the file, under %s', async (_, document) => {
    expect(await membership(document)).toBe('110');
    expect(await membership(document, '--compensation', table)).toBe('011');
  });

  it('is what statistics are made under, by the names of the file', async () => {
    const out = join(folder, 'statistics');
    await runCli('gate', '-t', gatingML('FCS'), '--compensation', table, '--out', out, tube);
    const rows = readFileSync(join(out, 'statistics.csv'), 'utf8').split('\n').slice(1);
    const medians = rows.filter((row) => row !== '').map((row) => row.split(',').slice(3, 6).join());
    // of the two events inside, 0 and 60, -40 and 60
    expect(medians).toEqual(['FITC/A,,-20', 'PE-A,CD4,60']);
  });

  it('is another result in the same folder, and its matrix is kept with the gates', async () => {
    const out = join(folder, 'twice');
    const run = ['gate', '-t', template('file'), '--out', out, tube];
    await runCli(...run);
    const { code } = await runCli(...run, '--compensation', table);
    expect(code).toBe(0);
    const { matrices } = JSON.parse(readFileSync(join(out, 'strategies', 'tube.json'), 'utf8')) as {
      matrices: Record<string, { spill: number[] }>;
    };
    expect(matrices['given'].spill).toEqual([1, 0.5, 0, 1]);
    expect(readFileSync(join(out, 'populations.csv'), 'utf8')).toContain(',bright,bright,,2,3,');
  });

  it.each([
    [
      'gates that use no compensation',
      gatingML('uncompensated'),
      table,
      /^2: [^]*do not use the compensation/,
    ],
    ['a template without compensation', template('none'), table, /^2: [^]*do not use the compensation/],
    ['a detector that the file lacks', template('file'), stranger, /^1: [^]*E_COMP_CHANNEL_MISSING[^]*APC-A/],
    ['a table that is none', template('file'), tube, /^2: [^]*E_PROTOCOL_INVALID/],
  ])('is refused for %s', async (_, document, matrix, why) => {
    expect(await membership(document, '--compensation', matrix)).toMatch(why);
  });
});

describe('events --compensation', () => {
  it('writes the values under the table', async () => {
    const out = join(folder, 'events.csv');
    const { code } = await runCli('events', tube, '--compensation', table, '-o', out);
    expect(code).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe('FITC/A,PE-A,Time\n100,10,0\n0,60,1\n-40,60,2\n');
  });
});
