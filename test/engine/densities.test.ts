// Plots of all gates of a sample: which gates share one, and that the file on disk says what memory says.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { densitiesText, type SampleDensities } from '../../src/engine/index.ts';
import { densitiesOfFile, writeDensities } from '../../src/engine/node.ts';
import type { GatingStrategy } from '../../src/gating/index.ts';
import { bloodStrategy, writeBlood } from './blood.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'immunogate-densities-'));
  writeBlood(join(folder, 'S1.fcs'), 5, 4_000);
});
afterAll(() => rmSync(folder, { recursive: true }));

const [scatter, cd3, cd4] = bloodStrategy.populations;

describe('the densities of a sample', () => {
  it('have one plot for each parent and axes, with all gates drawn on it, and none for logic', () => {
    const bright = { ...cd3, id: 'Bright', path: `${scatter.path}/Bright` };
    const strategy: GatingStrategy = {
      ...bloodStrategy,
      populations: [...bloodStrategy.populations, bright],
    };
    const { plots, template } = densitiesOfFile('S1', join(folder, 'S1.fcs'), strategy, { bins: 32 });
    expect(template).toEqual(bloodStrategy.template);
    expect(plots.map(({ gates }) => gates)).toEqual([[scatter.path], [cd3.path, bright.path], [cd4.path]]);
    expect(plots.map(({ density }) => density.population)).toEqual([null, scatter.path, cd3.path]);
    expect(plots[0].density.events).toBe(4_000);
  });

  it('are written whole beside the other outputs', () => {
    const densities = densitiesOfFile('S1', join(folder, 'S1.fcs'), bloodStrategy);
    writeDensities(folder, densities);
    const text = readFileSync(join(folder, 'densities', 'S1.json'), 'utf8');
    expect(text).toBe(densitiesText(densities));
    expect(JSON.parse(text) as SampleDensities).toEqual(densities);
  });
});
