// Keeps the benchmarks honest: the workload is what its tables say, no gate is empty, every kernel has a bench, and the committed
// documents are what the tree writes. Speed itself is never asserted.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { drawChunk } from '../bench/workload/blood.ts';
import { writeFcs } from '../bench/workload/fcs-file.ts';
import { panelOf, spilloverOf } from '../bench/workload/panel.ts';
import { gatingMl, tree, treeFor } from '../bench/workload/tree.ts';
import { readEvents, readFcs } from '../src/fcs/index.ts';
import { openFile } from '../src/fcs/node.ts';
import { countPopulations } from '../src/gating/index.ts';
import { readGatingML } from '../src/interop/index.ts';
import { parseModules, readTree } from './architecture/modules.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

describe('the tree of thirty gates', () => {
  it('has 12 rectangles, 10 polygons of 7 to 12 vertices, 4 ellipses and 4 booleans in 8 levels', () => {
    const kinds = tree.map(({ shape }) => shape.kind);
    const count = (kind: string): number => kinds.filter((k) => k === kind).length;
    expect([count('rectangle'), count('polygon'), count('ellipse'), count('boolean')]).toEqual([
      12, 10, 4, 4,
    ]);
    const corners = tree.flatMap(({ shape }) => (shape.kind === 'polygon' ? [shape.vertices.length] : []));
    expect([Math.min(...corners), Math.max(...corners)]).toEqual([7, 12]);
    const depth = new Map<string, number>();
    for (const { id, parent } of tree) depth.set(id, (parent === null ? 0 : (depth.get(parent) ?? NaN)) + 1);
    expect(Math.max(...depth.values())).toBe(8);
  });

  it('uses all sixteen colours', () => {
    const panel = panelOf(24);
    const used = new Set(tree.flatMap(({ dims }) => dims));
    expect(panel.stains.filter((stain) => stain !== '' && !used.has(stain))).toEqual([]);
  });

  it('is what the committed documents hold', () => {
    const committed = (name: string): string => readFileSync(join(root, 'bench', name), 'utf8');
    expect(committed('big-tree.xml')).toBe(gatingMl(treeFor(24)));
    expect(committed('batch-tree.xml')).toBe(gatingMl(treeFor(16)));
  });
});

describe('the files', () => {
  it.each([
    { parameters: 24, counted: 30 },
    { parameters: 16, counted: 18 },
  ])('of $parameters parameters leave no gate empty and none without effect', ({ parameters, counted }) => {
    const folder = mkdtempSync(join(tmpdir(), 'immunogate-bench-'));
    const path = join(folder, 'sample.fcs');
    writeFcs(path, { events: 20_000, parameters, seed: 5 });
    const source = openFile(path);
    const { strategy, issues } = readGatingML(gatingMl(treeFor(parameters)));
    expect(issues).toEqual([]);
    const file = readFcs(source);
    expect(file.findings.filter(({ level }) => level !== 'info')).toEqual([]);
    const counts = countPopulations(source, file, strategy!).counts;
    source.close();
    rmSync(folder, { recursive: true });
    expect(counts.length).toBe(counted);
    expect(Math.min(...counts.map(Number))).toBeGreaterThan(20);
    const byId = new Map(
      strategy!.populations.map(({ path: name, parent }, p) => [name, { parent, count: counts[p] }]),
    );
    const idle = [...byId].filter(
      ([, { parent, count }]) => count === (parent === null ? 20_000 : byId.get(parent)?.count),
    );
    expect(idle).toEqual([]);
  });

  it.each([8, 16, 19, 20, 24, 40])('of %i parameters are read as they were drawn', (parameters) => {
    const folder = mkdtempSync(join(tmpdir(), 'immunogate-bench-'));
    const path = join(folder, 'sample.fcs');
    writeFcs(path, { events: 300, parameters, seed: 9, repeats: 2 });
    const source = openFile(path);
    const file = readFcs(source);
    const { table } = readEvents(source, file, { scaling: 'raw' });
    source.close();
    rmSync(folder, { recursive: true });
    const panel = panelOf(parameters);
    const rows = drawChunk(panel, 9, 0, 300, (event) => 20 * event);
    expect(table.count).toBe(600);
    expect(table.channels.map(({ name }) => name)).toEqual(panel.names);
    expect([...(file.spillover?.matrix ?? [])]).toEqual([...spilloverOf(panel.colourCount)]);
    for (let p = 0; p < parameters; p++) {
      const drawn = Array.from({ length: 600 }, (_, event) => rows[(event % 300) * parameters + p]);
      expect([...table.columns[p]]).toEqual(drawn);
    }
  });

  it('draw the same events for the same seed and others for another', () => {
    const draw = (seed: number, chunk: number): Float32Array =>
      drawChunk(panelOf(12), seed, chunk, 50, () => 0);
    expect(draw(3, 1)).toEqual(draw(3, 1));
    expect(draw(3, 1)).not.toEqual(draw(4, 1));
    expect(draw(3, 1)).not.toEqual(draw(3, 2));
  });
});

describe('kernels', () => {
  it('each have a bench', () => {
    const kernels = [...readTree(join(root, 'src')).keys()].filter((path) => path.endsWith('.kernel.ts'));
    const benches = readdirSync(join(root, 'bench/kernels')).map(
      (name) => [`bench/kernels/${name}`, readFileSync(join(root, 'bench/kernels', name), 'utf8')] as const,
    );
    const benched = new Set(
      parseModules(new Map(benches)).flatMap(({ files }) => files.map((path) => path.replace(/^src\//, ''))),
    );
    expect(kernels.length).toBeGreaterThan(5);
    expect(kernels.filter((path) => !benched.has(path))).toEqual([]);
  });
});
