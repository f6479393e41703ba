// The cut beyond a background: hand-calculated on double exponentials, whose upper side is what the method continues, and carried from an
// unstimulated tube to a stimulated one whose negative peak lies elsewhere.
import { describe, expect, it } from 'vitest';
import { labelChannels, type EventTable } from '../../../src/events/index.ts';
import { fitPlan, surveyTube, type SharedCuts } from '../../../src/gating/index.ts';
import { bindTemplate, parseTemplate } from '../../../src/template/index.ts';

/** Events of a double exponential around `peak` that falls by e every `fall`, at even ranks: half of it lies beyond the peak. */
function negatives(count: number, peak: number, fall: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const rank = (i + 0.5) / count;
    return rank < 0.5 ? peak + fall * Math.log(2 * rank) : peak - fall * Math.log(2 * (1 - rank));
  });
}

function tableOf(values: readonly number[]): EventTable {
  const channels = labelChannels([{ name: 'A-A', stain: 'CD107A', range: 262144 }]);
  return { count: values.length, channels, columns: [Float64Array.from(values)] };
}

function planOf(rule: string, { channels }: EventTable) {
  const head = 'immunogate: 1\nid: t\nversion: 1.0.0\ntitle: T\ncompensation: none\npopulations:\n';
  const on = '{ marker: CD107A, scale: linear }';
  const { template, issues } = parseTemplate(
    `${head}  - { id: x, parent: root, on: ${on}, place: ${rule} }\n`,
  );
  if (template === null) throw new Error(JSON.stringify(issues));
  const { plan, issues: more } = bindTemplate(template, channels, { spillover: null });
  if (plan === null) throw new Error(JSON.stringify(more));
  return plan;
}

function placed(rule: string, values: readonly number[], shared: SharedCuts = { tubes: {}, pools: {} }) {
  const table = tableOf(values);
  const sample = { table, spillover: null };
  const [{ fit }] = fitPlan(planOf(rule, table), sample, { seed: 's', shared }).strategy.populations;
  return fit;
}

function surveyed(rule: string, values: readonly number[]): SharedCuts {
  const table = tableOf(values);
  const cuts = surveyTube(planOf(rule, table), { table, spillover: null }, { names: ['UNST'], seed: 's' });
  return { tubes: { UNST: { kind: 'surveyed', files: [{ sample: 'U', sha256: '' }], cuts } }, pools: {} };
}

describe('background', () => {
  // half of the events lie beyond the peak, and e times fewer every 50: the part p is left at 100 + 50 ln(0.5 / p)
  it.each([0.004, 0.001, 0.02])('leaves the part %d of a tail that falls by e every 50', (beyond) => {
    const fit = placed(`{ background: { beyond: ${beyond}, to: 400 } }`, negatives(4000, 100, 50));
    const { cut } = 'evidence' in fit ? fit.evidence : {};
    expect(fit.status).toBe('fitted');
    expect(Math.abs(Number(cut) - (100 + 50 * Math.log(0.5 / beyond)))).toBeLessThan(1);
  });

  it('is cut farther off where the tail is longer, though the other side of the peak is the same', () => {
    const short = negatives(4000, 100, 50);
    const long = short.map((x) => (x > 100 ? 100 + 2 * (x - 100) : x));
    const cuts = [short, long].map((values) => {
      const fit = placed('{ background: { beyond: 0.004, to: 400 } }', values);
      return 'evidence' in fit ? Number(fit.evidence['cut']) : NaN;
    });
    expect((cuts[1] - 100) / (cuts[0] - 100)).toBeCloseTo(2, 1);
  });

  const rule = '[{ background: { tube: UNST, beyond: 0.004, to: 400 } }, { fixed: 9 }]';
  it('lies as far above the peak of a stimulated tube as above that of the unstimulated one', () => {
    const shared = surveyed(rule, negatives(4000, 100, 50));
    const responders = Array.from({ length: 1500 }, (_, i) => 3000 + i);
    const fit = placed(rule, [...negatives(3500, -20, 50), ...responders], shared);
    if (!('evidence' in fit)) throw new Error(fit.status);
    const distance = 50 * Math.log(0.5 / 0.004);
    expect(fit.status).toBe('fitted');
    expect(Math.abs(Number(fit.evidence['cut']) - (distance - 20))).toBeLessThan(3);
    expect(fit.evidence).toMatchObject({
      tube: 'UNST',
      tubeSample: 'U',
      eventsAbove: expect.any(Number) as number,
    });
    expect(Number(fit.evidence['eventsAbove'])).toBeGreaterThanOrEqual(1500);
    expect(Number(fit.evidence['eventsAbove'])).toBeLessThan(1520);
    const [alone] = shared.tubes['UNST'].kind === 'surveyed' ? shared.tubes['UNST'].cuts : [];
    // the error of both tubes' peaks
    expect(Number(fit.evidence['cutSe'])).toBeGreaterThan(Number(alone.outcome.fit?.evidence['cutSe']));
  });

  it.each([
    ['too few events show the background', negatives(60, 100, 50), negatives(500, 100, 50), /has 60 events/],
    [
      // 360 of 4,000 are brighter by far: 7 in 100 lie beyond 3,000, and an exponential through there would end near 9,000
      'positive cells are more than the tail that is looked at',
      [...negatives(3640, 100, 50), ...Array.from({ length: 360 }, (_, i) => 3000 + i)],
      negatives(500, 100, 50),
      /positive cells/,
    ],
    [
      'the tube has no negative peak',
      negatives(500, 100, 50),
      Array(300).fill(900) as number[],
      /negative peak/,
    ],
  ])('gives way where %s', (_, control, own, reason) => {
    expect(placed(rule, own, surveyed(rule, control))).toMatchObject({
      status: 'fallback',
      method: 'fixed',
      reason: expect.stringMatching(reason) as string,
    });
  });
});
