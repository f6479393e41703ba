// The curve against R's survival package: step heights, times, subjects at risk.
import { describe, expect, it } from 'vitest';
import { tteTable, type AdtteRow } from '../../../src/clinical/index.ts';
import { kaplanMeierFigure } from '../../../src/report/index.ts';
import { truthPresent } from '../../stats/truth.ts';
import { expectedJson, trials } from '../../stats/trials.ts';
import { elements, pointsOf, textsOf } from '../drawing.ts';
import { clinicalOf, trialReport } from '../trial-report.ts';

interface Truth {
  readonly params: Readonly<
    Record<
      string,
      {
        readonly n: number;
        readonly table: { readonly time: number[]; readonly surv: number[]; readonly nRisk: number[] };
      }
    >
  >;
}

/** The step curve is the only path without a fill and without dashes. */
function curveOf(figure: ReturnType<typeof kaplanMeierFigure>) {
  const path = elements(figure.marks).find(
    ({ tag, attributes }) =>
      tag === 'path' && attributes['fill'] === 'none' && attributes['stroke-dasharray'] === undefined,
  );
  return pointsOf(path?.attributes['d']);
}

for (const trial of trials) {
  describe.skipIf(!truthPresent)(`${trial} (needs ../shared)`, () => {
    const tables = truthPresent ? clinicalOf(trialReport(trial)).timeToEvent : [];
    it.each(tables.map((table) => table.PARAMCD))('%s has the steps of R', (code) => {
      const truth = expectedJson<Truth>(trial, 'km.json').params[code].table;
      const figure = kaplanMeierFigure(
        tables.find((table) => table.PARAMCD === code)!,
        code,
      );
      const points = curveOf(figure);
      // pixels: y of 1 and 0 from the first point and the axis; x of the last time from the last point
      const [top, bottom] = [points[0].y, 268];
      const levels = [...new Set(points.map(({ y }) => y))].map((y) => (bottom - y) / (bottom - top));
      const wanted = [...new Set([1, ...truth.surv])];
      expect(levels).toHaveLength(wanted.length);
      levels.forEach((level, i) => expect(level).toBeCloseTo(wanted[i], 3));
      const perDay = (points.at(-1)!.x - points[0].x) / truth.time.at(-1)!;
      const drops = points
        .filter(({ x }, i) => i > 0 && x === points[i - 1].x)
        .map(({ x }) => (x - points[0].x) / perDay);
      const falls = truth.time.filter((_, i) => truth.surv[i] < (truth.surv[i - 1] ?? 1));
      expect(drops).toHaveLength(falls.length);
      drops.forEach((day, i) => expect(Math.abs(day - falls[i])).toBeLessThan(0.05 / perDay + 0.5));
    });

    it.each(tables.map((table) => table.PARAMCD))('%s exports the table of R', (code) => {
      const truth = expectedJson<Truth>(trial, 'km.json').params[code].table;
      const { data } = kaplanMeierFigure(
        tables.find((table) => table.PARAMCD === code)!,
        code,
      );
      expect(data.rows.map((row) => row[0])).toEqual(truth.time);
      expect(data.rows.map((row) => row[1])).toEqual(truth.nRisk);
      data.rows.forEach((row, i) => expect(row[4]).toBeCloseTo(truth.surv[i], 12));
    });
  });
}

describe('by hand', () => {
  // 4 subjects: event at 61 days, censored at 92, event at 122, censored at 183; S = 1, 3/4, 3/4, 3/8, 3/8
  const row = (AVALDAY: number, CNSR: 0 | 1): AdtteRow => ({
    STUDYID: 'S',
    USUBJID: `S-${AVALDAY}`,
    LESID: '',
    PARAMCD: 'PFS',
    PARAM: '',
    STARTDT: '2024-01-01',
    ADT: '2024-02-01',
    AVALDAY,
    AVAL: AVALDAY / 30.4375,
    AVALU: 'MONTHS',
    CNSR,
    EVNTDESC: '',
    CNSDTDSC: '',
    SRCDOM: 'ADSL',
  });
  const figure = kaplanMeierFigure(
    tteTable([row(61, 0), row(92, 1), row(122, 0), row(183, 1)], 'PFS'),
    'Progression-Free Survival (months)',
  );

  it('falls to 3/4 and 3/8', () => {
    const points = curveOf(figure);
    const levels = [...new Set(points.map(({ y }) => (268 - y) / (268 - points[0].y)))];
    expect(levels.map((level) => Math.round(level * 1000) / 1000)).toEqual([1, 0.75, 0.375]);
  });

  it('counts those at risk at 0, 3, 6 and 9 months', () => {
    // 91.3 days: three left (92, 122, 183); 182.6 days: one (183); 273.9 days: none
    const texts = textsOf(figure.marks);
    expect(texts.slice(texts.indexOf('Subjects at risk (n)') + 1)).toEqual(['4', '3', '1', '0']);
  });

  it('counts lesions where its records are those of lesions', () => {
    const lesions = kaplanMeierFigure(
      tteTable([{ ...row(61, 0), PARAMCD: 'LTPL', LESID: 'T1' }], 'LTPL'),
      'Per-Lesion Local Progression-Free Survival (months)',
    );
    const said = [...textsOf(lesions.marks), lesions.help].join(' ');
    expect(said).toContain('Lesions at risk (n)');
    expect(said).toContain('Lesions without an event (%)');
    expect(said).not.toMatch(/subject/i);
  });

  it('marks each censored subject once', () => {
    const strokes = elements(figure.marks).filter(
      ({ tag, attributes }) => tag === 'line' && attributes['stroke-width'] === 1.4,
    );
    expect(strokes).toHaveLength(2);
  });

  it('says so when the median is not reached, and stands no events', () => {
    const censored = kaplanMeierFigure(tteTable([row(61, 1), row(92, 1)], 'PFS'), 'PFS');
    expect(textsOf(censored.marks)).toContain('median not reached');
    expect(kaplanMeierFigure(tteTable([], 'PFS'), 'PFS').n).toBe('n = 0, events = 0, censored = 0');
  });
});
