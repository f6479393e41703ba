// The template of NK function against tubes whose every event is labelled, and the difference between stimulated and unstimulated
// tubes against the responses that were simulated. Cuts of the unstimulated tube are handed over as a study would.
import { describe, expect, it } from 'vitest';
import { evaluateStrategy, fitPlan, surveyTube, type SharedCuts } from '../../src/gating/index.ts';
import { simulateTube, type SimulatedTube, type Stimulus } from '../../src/simulate/index.ts';
import { bindTemplate } from '../../src/template/index.ts';
import { templateOf } from './gate-file.ts';
import { atVoltages } from './other-voltages.ts';

const template = templateOf('p4-nkf');
const nk = ['NKdim57n', 'NKdim57p', 'NKbr', 'NKn'];

/** Least F1, cells, and the mark that a cell must carry (populations specification, section 5.8). */
const truth: Readonly<Record<string, readonly [number, readonly string[], string?]>> = {
  NKall: [0.97, nk],
  NKdim: [0.97, ['NKdim57n', 'NKdim57p']],
  NKbr: [0.93, ['NKbr']],
  NKn: [0.85, ['NKn']],
  NK57: [0.95, ['NKdim57p']],
  CD3p: [0.97, ['CD4like', 'CD8n', 'CD8e', 'NKTl']],
};

function tubeOf(stimulus: Stimulus): SimulatedTube {
  return simulateTube({ panel: 'P4', seed: `nk ${stimulus}`, drift: 'nk', stimulus, scale: 0.4 });
}

function planOf({ events, spillover }: SimulatedTube) {
  const { plan, issues } = bindTemplate(template, events.channels, { spillover });
  if (plan === null) throw new Error(issues.map(({ message }) => message).join('\n'));
  return plan;
}

/** Events of a population, of its truth, and of both. */
function sizes(tube: SimulatedTube, shared: SharedCuts) {
  const { events: table, spillover, labels } = tube;
  const { strategy } = fitPlan(planOf(tube), { table, spillover }, { seed: 'test', shared });
  const byPath = evaluateStrategy(strategy, table, spillover);
  return (id: string, cells: readonly string[], mark?: string) => {
    const isIt = labels.names.map((label) => {
      const [cell, ...marks] = label.split('+');
      return cells.includes(cell) && (mark === undefined || marks.includes(mark));
    });
    const path = strategy.populations.find((population) => population.id === id)?.path ?? id;
    const member = byPath.get(path) ?? new Uint8Array(table.count);
    let [gated, truly, both] = [0, 0, 0];
    labels.codes.forEach((code, e) => {
      gated += member[e];
      truly += Number(isIt[code]);
      both += isIt[code] ? member[e] : 0;
    });
    return { gated, truly, both };
  };
}

describe('p4-nkf', () => {
  const unstimulated = tubeOf('UNST');
  const { events: table, spillover } = unstimulated;
  const cuts = surveyTube(planOf(unstimulated), { table, spillover }, { names: ['UNST'], seed: 'test' });
  const files = [{ sample: 'UNST', sha256: '' }];
  const shared: SharedCuts = { tubes: { UNST: { kind: 'surveyed', files, cuts } }, pools: {} };
  const self: SharedCuts = { tubes: { UNST: { kind: 'self' } }, pools: {} };
  const responding = (size: ReturnType<typeof sizes>, id: string, mark: string) => {
    const [marked, all] = [size(id, nk, mark), size('NKall', nk)];
    return { gated: marked.gated / all.gated, truly: marked.truly / all.truly };
  };
  const background = sizes(unstimulated, self);

  it.each(['UNST', 'K562', 'PMA'] as const)('finds the labelled cells of the %s tube', (stimulus) => {
    const size = stimulus === 'UNST' ? background : sizes(tubeOf(stimulus), shared);
    const poor = Object.entries(truth).flatMap(([id, [least, cells, mark]]) => {
      const { gated, truly, both } = size(id, cells, mark);
      const f1 = (2 * both) / (gated + truly);
      return f1 >= least ? [] : [{ id, f1 }];
    });
    expect(poor).toEqual([]);
    if (stimulus === 'UNST') return;
    for (const [id, mark] of [
      ['NK107', 'CD107A'],
      ['NKIFN', 'IFNG'],
    ] as const) {
      const { gated, truly, both } = size(id, nk, mark);
      expect((2 * both) / (gated + truly)).toBeGreaterThan(0.9);
      const [stimulated, rest] = [responding(size, id, mark), responding(background, id, mark)];
      // percentage points of NK cells, within two
      expect(stimulated.gated - rest.gated - (stimulated.truly - rest.truly)).toBeGreaterThan(-0.02);
      expect(stimulated.gated - rest.gated - (stimulated.truly - rest.truly)).toBeLessThan(0.02);
    }
  });

  // scatter and colours as other laboratories set them; there is no unstimulated tube, so CD107a is cut in its own valley
  it.each([
    ['UNST', 0.6, 0],
    ['K562', 0.65, 1],
    ['PMA', 1.5, 0],
  ] as const)(
    '%s: forward scatter times %d, colours at half and twice the gain',
    (stimulus, scatter, odd) => {
      const tube = atVoltages(tubeOf(stimulus), (channel, colour) => {
        if (colour < 0) return channel.startsWith('FSC') ? scatter : 1;
        return colour % 2 === odd ? 0.5 : 2;
      });
      const size = sizes(tube, { tubes: {}, pools: {} });
      // what a stimulus leaves of CD16 is for the unstimulated tube to tell
      const asked = Object.entries(truth).filter(([id]) => stimulus !== 'PMA' || id !== 'NKn');
      const poor = [...asked, ['NK107', [0.85, nk, 'CD107A']] as const].flatMap(
        ([id, [least, cells, mark]]) => {
          const { gated, truly, both } = size(id, cells, mark);
          const f1 = (2 * both) / (gated + truly);
          return f1 >= least ? [] : [{ id, f1 }];
        },
      );
      expect(poor).toEqual([]);
    },
  );
});
