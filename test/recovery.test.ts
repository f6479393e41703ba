// The templates against labelled cells through the bench's harness: a few tubes of each panel with all artefacts and a wrong
// matrix. Limits are a little below the goals, which bench/RESULTS-recovery.md shows for sixty tubes.
import { describe, expect, it } from 'vitest';
import { controlCuts } from '../bench/recovery/controls.ts';
import { readTemplate, runRecovery } from '../bench/recovery/run.ts';
import { f1Of, enoughEvents } from '../bench/recovery/summary.ts';
import { recoveryTubes } from '../bench/recovery/tubes.ts';

/** Least F1 of each tube with at least 50 true events. */
const limits = {
  P1: {
    ...{
      T: 0.97,
      CD4T: 0.97,
      CD8T: 0.97,
      B: 0.96,
      NK: 0.96,
      Gran1: 0.97,
      Mono1: 0.93,
      Lymph: 0.95,
      leuk: 0.96,
    },
    ...{ DNT: 0.93, NKTl: 0.8, beads: 0.99 },
  },
  P2: {
    ...{ T: 0.97, CD4T: 0.97, CD8T: 0.97, CD4N: 0.97, CD4CM: 0.93, CD4EM: 0.93, CD4TEMRA: 0.93 },
    ...{ CD8N: 0.97, CD8CM: 0.9, CD8EM: 0.93, CD8TEMRA: 0.93, Treg: 0.88, CD4ACT: 0.88, CD8ACT: 0.9 },
  },
  P3: {
    ...{ B: 0.97, B20p: 0.97, Bn: 0.97, Bum: 0.95, Bsm: 0.95, Bdn: 0.93, Btr: 0.85, B21lo: 0.82, PB: 0.85 },
  },
} as const;

describe.each([
  { panel: 'P1', files: 4 },
  { panel: 'P2', files: 3 },
  { panel: 'P3', files: 3 },
] as const)('$panel', ({ panel, files }) => {
  it('finds the labelled cells in every tube', () => {
    const run = { panel, files, seed: 'test', variant: 'normal' } as const;
    const scores = runRecovery(run, readTemplate(panel)).flatMap(({ sample, scores }) =>
      scores.map((score) => ({ sample, ...score, f1: f1Of(score) })),
    );
    const wanted = Object.entries<number>(limits[panel]);
    const poor = wanted.flatMap(([population, least]) =>
      scores.filter((s) => s.population === population && s.truth >= enoughEvents && !(s.f1 >= least)),
    );
    expect(poor).toEqual([]);
    // nothing is asked of a population that no tube has
    expect(wanted.filter(([id]) => !scores.some(({ population }) => population === id))).toEqual([]);
  });
});

describe('the tubes of a run', () => {
  it('are as many as asked for, of several makers and visits, each with its own seed', () => {
    const tubes = recoveryTubes({ panel: 'P2', files: 7, seed: 's', variant: 'normal' });
    expect(new Set(tubes.map(({ planned }) => planned.tube.seed)).size).toBe(7);
    expect(new Set(tubes.map(({ planned }) => planned.tube.vendor)).size).toBe(3);
    expect(new Set(tubes.map(({ planned }) => planned.visit)).size).toBeGreaterThan(2);
    expect(tubes.every(({ planned, study }) => study.includes(planned))).toBe(true);
  });
});

describe('the controls of a tube', () => {
  it('are those of its study: a stimulated tube looks at its unstimulated sister, which looks at itself', () => {
    const tubes = recoveryTubes({ panel: 'P4', files: 3, seed: 's', variant: 'normal' });
    const template = readTemplate('P4');
    const stimulated = tubes.find(({ planned }) => planned.role === 'stimulated');
    const sister = stimulated?.study.find(
      ({ role, subject, visit }) =>
        role === 'stained' && subject === stimulated.planned.subject && visit === stimulated.planned.visit,
    );
    if (stimulated === undefined || sister === undefined) throw new Error('no such tubes');
    const found = controlCuts(template, stimulated)?.tubes['UNST'];
    expect(found).toMatchObject({ kind: 'surveyed', files: [{ sample: sister.sample }] });
    expect(found?.kind === 'surveyed' && found.cuts.length).toBeGreaterThan(0);
    expect(controlCuts(template, { ...stimulated, planned: sister })?.tubes['UNST']).toEqual({
      kind: 'self',
    });
    expect(controlCuts(readTemplate('P6w'), tubes[0])).toBeNull();
  });
});

describe('scores of a count by hand', () => {
  it('F1 is twice the events that are both over the sum of the two', () => {
    const score = { population: 'X', fallback: false, count: null };
    expect(f1Of({ ...score, truth: 60, gated: 100, both: 50 })).toBe(100 / 160);
    expect(f1Of({ ...score, truth: 60, gated: null, both: 0 })).toBe(0);
  });
});
