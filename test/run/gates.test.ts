// Which gates a report draws, and that they are drawn on the file that was gated or not at all.
import { createHash } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { GatedSample } from '../../src/analysis/index.ts';
import { densitiesOfFile } from '../../src/engine/node.ts';
import { samplesToDraw } from '../../src/run/gates/node.ts';
import { bloodFile, bloodStrategy } from '../engine/blood.ts';
import { temporaryFolder } from './study-folder.ts';

const tube = (subject: string, visitNumber: number, more: { panel?: string; failed?: boolean } = {}) =>
  ({
    sample: {
      ...{ sample: `${subject}_V${visitNumber}_${more.panel ?? 'P1'}`, subject, visit: `V${visitNumber}` },
      ...{ visitNumber, panel: more.panel ?? 'P1', role: 'stained' },
    },
    state: 'gated',
    quality: more.failed === true ? [{ verdict: 'fail' }] : [],
  }) as unknown as GatedSample;

describe('samples to draw', () => {
  const samples = [tube('A', 2), tube('B', 2, { failed: true }), tube('B', 1), tube('C', 1), tube('C', 2)];
  const names = (drawn: readonly GatedSample[]) => drawn.map(({ sample }) => sample.sample);

  it('are those of the subject with most visits and fewest failed checks, in order of the visits', () => {
    expect(names(samplesToDraw(samples))).toEqual(['C_V1_P1', 'C_V2_P1']);
  });

  it('are those of the subject that the study names, in each panel that has one of it', () => {
    const panels = [...samples, tube('B', 1, { panel: 'P2' }), tube('A', 1, { panel: 'P3' })];
    expect(names(samplesToDraw(panels, 'B'))).toEqual(['B_V1_P1', 'B_V2_P1', 'B_V1_P2', 'A_V1_P3']);
    expect(names(samplesToDraw(samples, 'nobody'))).toEqual(['C_V1_P1', 'C_V2_P1']);
  });
});

describe('densities of a file', () => {
  const folder = temporaryFolder('gates');
  afterAll(() => folder.remove());

  it('are refused when its bytes are not those that were gated', () => {
    const path = join(folder.path, 'a.fcs');
    const bytes = bloodFile(3, 500);
    writeFileSync(path, bytes);
    const options = { bins: 16, mostDots: 0, sha256: createHash('sha256').update(bytes).digest('hex') };
    const { plots } = densitiesOfFile('a', path, bloodStrategy, options);
    expect(plots.length).toBeGreaterThan(0);
    appendFileSync(path, 'x');
    expect(() => densitiesOfFile('a', path, bloodStrategy, options)).toThrow(
      expect.objectContaining({ code: 'E_FILE_CHANGED' }),
    );
  });
});
