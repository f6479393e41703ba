// Which samples a list of files holds, and what is said when their names collide.
import { describe, expect, it } from 'vitest';
import { planSamples, sampleIdOf } from '../../src/engine/index.ts';

describe('sample ids', () => {
  it.each([
    ['a.fcs', 'a'],
    ['/data/visit 1/S01 pre.fcs', 'S01 pre'],
    ['tube.001', 'tube'],
    ['two.dots.lmd', 'two.dots'],
    ['plain', 'plain'],
    ['.fcs', '.fcs'],
    ['C:\\data\\b.FCS', 'b'],
    ['__proto__.fcs', '__proto__'],
  ])('%s is %s', (path, sample) => {
    expect(sampleIdOf(path)).toBe(sample);
  });
});

describe('plan', () => {
  it('is the same for any order of files, sorted by code units', () => {
    const files = ['x/b.fcs', 'x/a.fcs', 'y/Z.fcs', 'y/é.fcs', 'y/10.fcs', 'y/9.fcs'];
    const plan = planSamples(files);
    expect(plan.samples.map(({ sample }) => sample)).toEqual(['10', '9', 'Z', 'a', 'b', 'é']);
    expect(planSamples([...files].reverse())).toEqual(plan);
    expect(plan.refused).toEqual([]);
  });

  it('takes the same file twice as one sample', () => {
    expect(planSamples(['a.fcs', 'a.fcs']).samples).toEqual([{ sample: 'a', path: 'a.fcs' }]);
  });

  it('refuses every file of a name that occurs twice, and keeps the others', () => {
    const plan = planSamples(['x/a.fcs', 'b.fcs', 'y/a.lmd']);
    expect(plan.samples).toEqual([{ sample: 'b', path: 'b.fcs' }]);
    expect(plan.refused).toMatchObject([
      { sample: 'a', issues: [{ code: 'E_DUPLICATE_SAMPLE', level: 'error' }] },
    ]);
  });

  it('of nothing is empty', () => {
    expect(planSamples([])).toEqual({ samples: [], refused: [] });
  });
});
