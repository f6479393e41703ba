// The template of T-cell subsets on blood before the drug and the same blood under it: PD-1 has not changed, only what detects it. Cells
// with PD-1 are known by their labels and the levels of section 5.6 of the populations specification; cuts of control tubes are handed
// over as a study would.
import { describe, expect, it } from 'vitest';
import { evaluateStrategy, fitPlan, surveyTube, type SharedCuts } from '../../src/gating/index.ts';
import { simulateTube, type SimulatedTube, type TubeOptions } from '../../src/simulate/index.ts';
import { bindTemplate } from '../../src/template/index.ts';
import { templateOf } from './gate-file.ts';

const template = templateOf('p2-tex');

/** Part of each cell type whose PD-1 lies above 1.5, from where on a level counts as stained: normal tails of mean/SD of the table. */
const withPd1: Readonly<Record<string, number>> = {
  ...{ CD8N: 0.0228, CD8CM: 0.5662, CD8EM: 0.8413, CD8TEMRA: 0.3341, CD8ACT: 1 },
};

type Levels = 'normal' | 'heavy';

function tubeOf(
  levels: Levels,
  name: string,
  occupancy: number,
  rest: Pick<TubeOptions, 'omitted' | 'misset'> = {},
): SimulatedTube {
  return simulateTube({
    ...{ panel: 'P2', seed: `tex ${levels} ${name}`, drift: 'tex', scale: 0.4, levels, occupancy, ...rest },
    // the table's levels, and tubes of equal gains
    artefacts: { gainSd: 0, levelShiftSd: 0, levelSpreadSd: 0, clogProbability: 0 },
  });
}

function planOf({ events, spillover }: SimulatedTube) {
  const { plan, issues } = bindTemplate(template, events.channels, { spillover });
  if (plan === null) throw new Error(issues.map(({ message }) => message).join('\n'));
  return plan;
}

function surveyed(tube: SimulatedTube, name: string): SharedCuts['tubes'][string] {
  const { events: table, spillover } = tube;
  const cuts = surveyTube(planOf(tube), { table, spillover }, { names: [name], seed: 'test' });
  return { kind: 'surveyed', files: [{ sample: name, sha256: '' }], cuts };
}

/** Of the cells gated as CD8T: the share that is in a population below it, of all and of one labelled type; and the true share. */
function sharesOf(tube: SimulatedTube, shared: SharedCuts) {
  const { events: table, spillover, labels } = tube;
  const { strategy } = fitPlan(planOf(tube), { table, spillover }, { seed: 'test', shared });
  const byPath = evaluateStrategy(strategy, table, spillover);
  const member = (end: string) => {
    const path = strategy.populations.find((population) => population.path.endsWith(end))?.path ?? end;
    return byPath.get(path) ?? new Uint8Array(table.count);
  };
  const cells = member('/CD8T');
  const typeOf = labels.names.map((label) => label.split('~')[0]);
  const inside = (e: number, type: string | null) =>
    cells[e] === 1 && (type === null || typeOf[labels.codes[e]] === type);
  const mean = (of: (e: number) => number | undefined, type: string | null) => {
    const values = Array.from(labels.codes, (_, e) => (inside(e, type) ? of(e) : undefined)).filter(
      (value) => value !== undefined,
    );
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    share: (id: string, type: string | null = null) => {
      const own = member(`/CD8T/${id}`);
      return mean((e) => own[e], type);
    },
    truth: mean((e) => withPd1[typeOf[labels.codes[e]]], null),
  };
}

describe.each(['normal', 'heavy'] as const)(
  'PD-1 of the same blood before the drug and under it, %s levels',
  (levels) => {
    const before = tubeOf(levels, 'before', 0);
    const fmo = surveyed(tubeOf(levels, 'FMO', 0, { omitted: ['PD1'] }), 'FMO:PD1');
    const own: SharedCuts = { tubes: { 'FMO:PD1': fmo, BASELINE: { kind: 'self' } }, pools: {} };
    const later: SharedCuts = {
      tubes: { 'FMO:PD1': fmo, BASELINE: surveyed(before, 'BASELINE') },
      pools: {},
    };
    const drawnBefore = sharesOf(before, own);
    const drawnUnder = sharesOf(tubeOf(levels, 'under', 0.95), later);
    const filledBefore = sharesOf(tubeOf(levels, 'filled before', 0.98), later);
    const filledUnder = sharesOf(tubeOf(levels, 'filled under', 0.98), later);

    it('finds as many in the saturated tube of both visits, those that bear it and few others', () => {
      expect(Math.abs(filledUnder.share('IGG4b') - filledBefore.share('IGG4b'))).toBeLessThan(0.03);
      for (const filled of [filledBefore, filledUnder]) {
        expect(Math.abs(filled.share('IGG4b') - filled.truth)).toBeLessThan(0.08);
        // of heavy levels 4 % slide towards the background
        expect(filled.share('IGG4b', 'CD8ACT')).toBeGreaterThan(0.95);
        expect(filled.share('IGG4b', 'CD8N')).toBeLessThan(0.15);
      }
    });

    it('finds no drug before the drug, and no free PD-1 under it', () => {
      expect(drawnBefore.share('IGG4b')).toBeLessThan(0.01);
      expect(drawnBefore.share('PD1f', 'CD8ACT')).toBeGreaterThan(0.95);
      expect(drawnUnder.share('PD1f')).toBeLessThan(0.05);
    });

    // why no endpoint is made of PD1any: before the drug it is read by the PD-1 clone, under it by anti-IgG4
    it('has more PD1any under the drug, though no cell has more PD-1', () => {
      expect(Math.abs(drawnUnder.truth - drawnBefore.truth)).toBeLessThan(0.03);
      expect(drawnUnder.share('PD1any') - drawnBefore.share('PD1any')).toBeGreaterThan(0.06);
    });
  },
);

// CD45RA spills into PD-1: a tenth of that is as much light as the PD-1 of many cells, and naive cells have most of it
it.each(['a', 'b', 'c'])(
  'leaves naive cells out of free PD-1 where the matrices are off, tubes %s',
  (name) => {
    const fmo = tubeOf('normal', `FMO ${name}`, 0, { omitted: ['PD1'], misset: 0.1 });
    const stained = tubeOf('normal', name, 0, { misset: 0.1 });
    const { share, truth } = sharesOf(stained, { tubes: { 'FMO:PD1': surveyed(fmo, 'FMO:PD1') }, pools: {} });
    expect(share('PD1f', 'CD8N')).toBeLessThan(0.03);
    expect(share('PD1f', 'CD8ACT')).toBeGreaterThan(0.98);
    expect(Math.abs(share('PD1f') - truth)).toBeLessThan(0.15);
  },
);
