// `gate --template X.wsp` on the files of a workspace: the gates of each file by its name, counts as FlowJo's for rectangles.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFcs, floats } from '../fcs/build.ts';
import { sharedData } from '../shared-data.ts';
import { runCli } from './run-cli.ts';

const folder = sharedData('data') ?? '';

describe.skipIf(folder === '')('gate under a FlowJo workspace (skipped without ../shared)', () => {
  let out = '';
  beforeAll(() => {
    out = mkdtempSync(join(tmpdir(), 'immunogate-wsp-'));
  });
  afterAll(() => {
    rmSync(out, { recursive: true, force: true });
  });

  it('gates what the workspace knows and refuses the rest by name', async () => {
    const file = join(folder, 'flowjo/simple_diamond/test_data_diamond_01.fcs');
    const stranger = join(out, 'stranger.fcs');
    copyFileSync(file, stranger);
    const workspace = join(folder, 'flowjo/simple_diamond/simple_diamond_example_quad_gate.wsp');
    const { code } = await runCli('gate', '-t', workspace, '--out', join(out, 'run'), file, stranger);
    expect(code).toBe(1);
    const rows = readFileSync(join(out, 'run/populations.csv'), 'utf8');
    expect(
      [...rows.matchAll(/,"(Q\d): [^\n]*?",,(\d+),200000,/g)].map(([, id, count]) => [id, count]),
    ).toEqual([
      ['Q1', '49671'],
      ['Q2', '50596'],
      ['Q3', '50330'],
      ['Q4', '49403'],
    ]);
    expect(readFileSync(join(out, 'run/issues.csv'), 'utf8')).toContain('E_FLOWJO_SAMPLE');
  });
});

it('gates the data set that was chosen of a file of several', async () => {
  const out = mkdtempSync(join(tmpdir(), 'immunogate-wsp-'));
  try {
    const first = buildFcs({ set: { $NEXTDATA: '99999' } }).length;
    const second = buildFcs({
      data: floats([
        [1, 5, 0],
        [1, 6, 1],
        [1, 7, 2],
      ]),
    });
    const chain = [buildFcs({ set: { $NEXTDATA: String(first).padStart(5, '0') } }), second];
    writeFileSync(join(out, 'pair.fcs'), Buffer.concat(chain));
    writeFileSync(
      join(out, 'gates.wsp'),
      `<Workspace xmlns:gating="http://www.isac-net.org/std/Gating-ML/v2.0/gating"
         xmlns:data-type="http://www.isac-net.org/std/Gating-ML/v2.0/datatypes"><SampleList><Sample>
         <DataSet uri="file:/pair.fcs"/><Keywords><Keyword name="$P2N" value="PE-A"/></Keywords>
         <SampleNode name="pair.fcs"><Subpopulations><Population name="a"><Gate><gating:RectangleGate>
         <gating:dimension gating:min="5.5"><data-type:fcs-dimension data-type:name="PE-A"/></gating:dimension>
         </gating:RectangleGate></Gate></Population></Subpopulations></SampleNode></Sample></SampleList></Workspace>`,
    );
    const run = ['gate', '-t', join(out, 'gates.wsp'), '--out', join(out, 'run'), join(out, 'pair.fcs')];
    const { code } = await runCli(...run, '--dataset', '2');
    expect(code).toBe(0);
    expect(readFileSync(join(out, 'run/populations.csv'), 'utf8')).toContain('pair,a,a,,2,3,');
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
