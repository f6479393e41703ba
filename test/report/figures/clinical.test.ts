// Waterfall, swimmer, spider and adverse events against the expected tables of the trials and hand counts.
import { describe, expect, it } from 'vitest';
import {
  adverseEventFigure,
  spiderFigure,
  swimmerFigure,
  waterfallFigure,
} from '../../../src/report/index.ts';
import { truthPresent } from '../../stats/truth.ts';
import { expectedRows, trials, trialTable } from '../../stats/trials.ts';
import { elements } from '../drawing.ts';
import { clinicalOf, trialReport } from '../trial-report.ts';

for (const trial of trials) {
  describe.skipIf(!truthPresent)(`${trial} (needs ../shared)`, () => {
    const clinical = truthPresent ? clinicalOf(trialReport(trial)) : null;

    it('draws the waterfall of the reference: order, and heights in proportion', () => {
      const wanted = expectedRows(trial, 'plot_waterfall.csv');
      const { data, marks } = waterfallFigure(clinical!.waterfall, clinical!.responses.subjects);
      expect(data.rows.map(([order, subject, , response]) => [String(order), subject, response])).toEqual(
        wanted.map((row) => [row['ORDER'], row['USUBJID'], row['CBOR']]),
      );
      const bars = elements(marks)
        .filter(({ tag }) => tag === 'a')
        .map((link) => elements(link.children).find(({ tag }) => tag === 'rect')!.attributes);
      expect(bars).toHaveLength(wanted.length);
      const changes = wanted.map((row) => Math.abs(Number(row['BESTPCHG'])));
      const largest = changes.indexOf(Math.max(...changes));
      const perPercent = Number(bars[largest]['height']) / changes[largest];
      bars.forEach((bar, i) =>
        expect(Number(bar['height'])).toBeCloseTo(Math.max(1.5, changes[i] * perPercent), 6),
      );
    });

    it('gives each subject with a survival time one swimmer of that length or longer', () => {
      const survival = expectedRows(trial, 'adtte.csv').filter((row) => row['PARAMCD'] === 'OS');
      const { data } = swimmerFigure(clinical!);
      expect(data.rows.map(([subject]) => subject).sort()).toEqual(
        survival.map((row) => row['USUBJID']).sort(),
      );
      const lengths = data.rows.map((row) => Number(row[1]));
      expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
      for (const row of survival) {
        const swimmer = data.rows.find(([subject]) => subject === row['USUBJID'])!;
        expect(Number(swimmer[1])).toBeGreaterThanOrEqual(Number(row['AVAL']) - 1e-9);
        expect(swimmer[3]).toBe(row['CNSR'] === '0' ? 'N' : 'Y');
      }
    });

    it('follows every complete sum of the reference in the spider', () => {
      const sums = expectedRows(trial, 'adrs_timepoint.csv').filter((row) => row['PCHGBASE'] !== '');
      const { data } = spiderFigure(clinical!);
      const drawn = data.rows.filter(([, , months]) => months !== 0);
      expect(drawn).toHaveLength(sums.length);
      sums.forEach((row) =>
        expect(
          drawn.some(
            ([subject, , , change]) =>
              subject === row['USUBJID'] && Math.abs(Number(change) - Number(row['PCHGBASE'])) < 1e-9,
          ),
        ).toBe(true),
      );
    });

    it('counts subjects by worst grade as the reference does', () => {
      const terms = expectedRows(trial, 'ae_soc_pt.csv').filter((row) => row['level'] === 'PT');
      const { data } = adverseEventFigure(clinical!.aeByTerm, clinical!.aeOverview.anyAe.N);
      expect(data.rows.map((row) => [row[1], ...row.slice(5, 10)].map(String))).toEqual(
        terms.map((row) => [row['AEDECOD'], row['g1'], row['g2'], row['g3'], row['g4'], row['g5']]),
      );
      expect(clinical!.aeOverview.anyAe.N).toBe(
        trialTable(trial, 'adsl').filter(({ SAFFL }) => SAFFL === 'Y').length,
      );
    });
  });
}
