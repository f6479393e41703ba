// What events say about a sample's quality, from FCS bytes to rows: simulated tubes with a right and a wrong matrix, with and without
// beads; the same numbers whether gates are placed or handed in.
import { describe, expect, it } from 'vitest';
import { placeGates } from '../../src/engine/steps.ts';
import { memorySource, readFcs } from '../../src/fcs/index.ts';
import { simulateTube, tubeBytes, type TubeOptions } from '../../src/simulate/index.ts';
import { templateOf } from '../template/gate-file.ts';

const template = templateOf('p1-tbnk');

function placed(options: Omit<TubeOptions, 'panel'>) {
  const source = memorySource(tubeBytes(simulateTube({ panel: 'P1', ...options })));
  const file = readFcs(source);
  const options_ = { seed: 'quality', shared: null };
  const gates = placeGates({ kind: 'template', template }, source, file, options_);
  const again = () => placeGates({ kind: 'strategy', strategy: gates.strategy }, source, file, options_);
  const valueOf = (check: string) => gates.quality.measured.find((one) => one.check === check);
  const hints = gates.issues.filter(({ code }) => code.startsWith('W_COMP'));
  return { gates, again, valueOf, hints };
}

describe('what events say about quality', () => {
  it('a good tube: a fitting compensation, beads evenly spread, no drift', () => {
    const { gates, again, valueOf, hints } = placed({
      seed: 'good',
      scale: 0.6,
      artefacts: { clogProbability: 0 },
    });
    expect(hints).toEqual([]);
    expect(valueOf('compensation')?.value).toBeLessThan(0.02);
    expect(valueOf('beadEvenness')?.value).toBeLessThan(0.1);
    expect(valueOf('drift')?.value).toBeLessThan(0.05);
    const { strategy, issues, quality } = again();
    expect(strategy).toBe(gates.strategy);
    expect(issues).toEqual([]);
    expect(quality.measured.map(({ check }) => check)).toEqual(['compensation', 'beadEvenness', 'drift']);
    expect(quality.measured[2]).toEqual(valueOf('drift'));
  });

  it('a tube with a wrong matrix: hints with the colours named', () => {
    // of the seeds tried, this one draws FITC to PE and PerCP-Cy5.5 to PE-Cy7 off by more than 0.02
    const { hints, valueOf } = placed({ seed: 'comp 0', scale: 0.3, misset: true });
    expect(hints.map(({ code, place }) => [code, place])).toContainEqual(['W_COMP_UNDER', 'PE-A']);
    expect(valueOf('compensation')?.value).toBeGreaterThan(0.02);
  });

  it('a tube without beads: evenness is not evaluable, with the reason', () => {
    const { valueOf } = placed({ seed: 'bare', scale: 0.1, failure: { kind: 'beadsMissing' } });
    expect(valueOf('beadEvenness')).toEqual({
      check: 'beadEvenness',
      value: null,
      reason: 'there are no beads',
    });
  });
});
