// FlowJo workspaces against the counts that FlowJo itself stored, and FlowKit's counts of the same gates. FlowJo tests polygons and
// ellipses on 256 display bins, so an exact implementation may differ on their edges (expected/flowjo.json: max(10, 1 %)).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memorySource, readFcs } from '../../src/fcs/index.ts';
import { countPopulations } from '../../src/gating/index.ts';
import { bindFlowJo, readFlowJo } from '../../src/interop/index.ts';
import { sharedData } from '../shared-data.ts';

interface PopulationTruth {
  readonly path: readonly string[];
  readonly kind: string;
  readonly count: number | null;
  readonly flowkit?: number;
}
interface WorkspaceTruth {
  readonly counts_are_truth?: boolean;
  readonly samples?: readonly {
    readonly sample: string;
    readonly fcs?: string | null;
    readonly total: number;
    readonly populations: readonly PopulationTruth[];
  }[];
}

const folder = sharedData('data') ?? '';
const workspaces =
  folder === ''
    ? {}
    : (
        JSON.parse(readFileSync(join(folder, 'expected/flowjo.json'), 'utf8')) as {
          workspaces: Readonly<Record<string, WorkspaceTruth>>;
        }
      ).workspaces;

const idOf = (path: readonly string[]): string => path.map((name) => name.replaceAll('/', '_')).join('/');
let compared = 0;

describe.skipIf(folder === '')('FlowJo workspaces (skipped without ../shared)', () => {
  for (const [name, truth] of Object.entries(workspaces)) {
    if (truth.samples === undefined || !name.endsWith('.wsp')) continue;
    describe(name, () => {
      const workspace = readFlowJo(readFileSync(join(folder, name), 'utf8'));
      for (const sample of truth.samples ?? []) {
        const read = workspace.samples.find((one) => one.name === sample.sample);
        it(`${sample.sample}: has the populations and stored counts`, () => {
          expect(workspace.issues).toEqual([]);
          expect(read?.issues.filter(({ level }) => level === 'error')).toEqual([]);
          const paths = read?.strategy?.populations.map(({ path }) => path) ?? [];
          for (const population of sample.populations) {
            expect(paths).toContain(idOf(population.path));
            const stored = population.count === null || population.count < 0 ? undefined : population.count;
            expect(read?.counts.get(idOf(population.path))).toBe(stored);
          }
        });
        const { fcs } = sample;
        if (fcs === undefined || fcs === null) continue;
        it(`${sample.sample}: counts as FlowJo did`, () => {
          const strategy = read?.strategy ?? null;
          if (strategy === null) throw new Error('no strategy');
          const source = memorySource(readFileSync(join(folder, fcs)));
          const file = readFcs(source);
          const bound = bindFlowJo(
            strategy,
            file.parameters.map(({ name }) => name),
          );
          const { counts } = countPopulations(source, file, bound);
          const countOf = new Map(strategy.populations.map(({ path }, p) => [path, counts[p] ?? -1]));
          const kindOf = new Map(sample.populations.map(({ path, kind }) => [idOf(path), kind]));
          for (const { path, count, flowkit } of sample.populations) {
            const ours = countOf.get(idOf(path)) ?? -1;
            const isExact = path.every((_, k) => kindOf.get(idOf(path.slice(0, k + 1))) === 'RectangleGate');
            if (truth.counts_are_truth !== false && count !== null && count >= 0) {
              expect
                .soft(Math.abs(ours - count), `${idOf(path)}: ${ours} for ${count}`)
                .toBeLessThanOrEqual(isExact ? 0 : Math.max(10, 0.01 * count));
            }
            if (flowkit !== undefined)
              expect
                .soft(Math.abs(ours - flowkit), `${idOf(path)}: ${ours} for FlowKit's ${flowkit}`)
                .toBeLessThanOrEqual(0);
            compared++;
          }
        });
      }
    });
  }
  it('compared every population that has events here', () => {
    expect(compared).toBeGreaterThan(75);
  });
});
