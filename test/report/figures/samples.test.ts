// Tubes, quality and patients against hand counts.
import { describe, expect, it } from 'vitest';
import {
  immuneView,
  parametersWithValues,
  patientsFigure,
  qualityFigure,
  samplesFigure,
  trajectoriesFigure,
  type SampleLine,
} from '../../../src/report/index.ts';
import type { QualityRow } from '../../../src/qc/index.ts';
import { truthPresent } from '../../stats/truth.ts';
import { elements } from '../drawing.ts';
import { immuneOf, trialReport } from '../trial-report.ts';

const row = (check: string, verdict: QualityRow['verdict'], value: number | null = 0.5): QualityRow => ({
  check,
  value,
  unit: 'fraction',
  low: 0.9,
  high: null,
  verdict,
  reason: verdict === 'ok' ? null : `${check} is off`,
});

const tube = (sample: string, more: Partial<SampleLine> = {}): SampleLine => ({
  sample,
  subject: 'A',
  visit: 'V0',
  panel: 'P1',
  role: 'stained',
  state: 'gated',
  reason: null,
  failed: false,
  events: 1000,
  fileSha256: null,
  strategySha256: null,
  resultId: null,
  quality: [row('time', 'ok')],
  ...more,
});

const samples: readonly SampleLine[] = [
  tube('a0'),
  tube('a0-again', { failed: true }),
  tube('a1', { visit: 'V1', failed: true, quality: [row('time', 'fail'), row('beads:/x', 'warn')] }),
  tube('b0', { subject: 'B', state: 'refused', reason: 'truncated', events: null, quality: [] }),
  tube('b0-fmo', { subject: 'B', role: 'fmo' }),
  tube('b0-p2', {
    subject: 'B',
    panel: 'P2',
    state: 'notGated',
    quality: [row('time', 'notEvaluable', null)],
  }),
];

describe('tubes', () => {
  it('say of each subject, visit and panel what there is', () => {
    const { data, n } = samplesFigure(samples, ['V0', 'V1']);
    const states = Object.fromEntries(
      data.rows.map(([subject, visit, panel, state]) => [`${subject} ${visit} ${panel}`, state]),
    );
    expect(states).toEqual({
      // a good tube stands for the failed one beside it
      'A V0 P1': 'used',
      'A V0 P2': 'missing',
      'A V1 P1': 'failed',
      'A V1 P2': 'missing',
      'B V0 P1': 'refused',
      'B V0 P2': 'not gated',
      'B V1 P1': 'missing',
      'B V1 P2': 'missing',
    });
    expect(n).toBe('6 tubes, 1 of them controls; 2 subjects, 2 visits, 2 panels; 4 missing');
  });
});

describe('quality', () => {
  it('begins with the worst sample and keeps what could not be checked apart', () => {
    const { data, n, marks } = qualityFigure(samples);
    expect(n).toBe('5 of 5 samples with checks shown, 1 with a failure');
    const order = [...new Set(data.rows.map(([sample]) => sample))];
    expect(order).toEqual(['a1', 'b0-p2', 'a0', 'a0-again', 'b0-fmo']);
    const reds = elements(marks).filter(
      ({ tag, attributes }) =>
        tag === 'rect' && attributes['fill'] === 'var(--red)' && attributes['fill-opacity'] === 0.6,
    );
    expect(reds).toHaveLength(1);
  });
});

describe.skipIf(!truthPresent)('patients (needs ../shared)', () => {
  it('have a figure only where counting gives intervals, and each value its own bar', () => {
    const immune = immuneOf(trialReport('trial-a'));
    const [parameter] = parametersWithValues(immune);
    expect(patientsFigure(immune, parameter)).toBeNull();
    const values = immune.adim.filter(
      (one) => one.PARAMCD === parameter.PARAMCD && one.ANL01FL === 'Y' && one.AVAL !== null,
    );
    const origins = values.map(({ SPECID, PARAMCD, AVAL }) => ({
      SPECID,
      PARAMCD,
      ciLow: AVAL! * 0.9,
      ciHigh: AVAL! * 1.1,
      gatingLow: AVAL! * 0.8,
      gatingHigh: AVAL! * 1.2,
      totalLow: AVAL! * 0.75,
      totalHigh: AVAL! * 1.25,
      status: 'OK',
      populations: [],
    }));
    const figure = patientsFigure(immuneView({ ...immune, origins }), parameter)!;
    const bars = elements(figure.marks).filter(
      ({ tag, attributes }) => tag === 'line' && attributes['stroke-width'] === 2,
    );
    expect(bars).toHaveLength(values.length);
    // beside it the interval of gating, thin and of its own colour; in the course figure too
    const ofGating = (marks: Parameters<typeof elements>[0]) =>
      elements(marks).filter(
        ({ tag, attributes }) =>
          tag === 'line' && attributes['stroke'] === 'var(--purple)' && attributes['stroke-width'] === 1.2,
      );
    expect(ofGating(figure.marks)).toHaveLength(values.length);
    const course = trajectoriesFigure(immuneView({ ...immune, origins }), parameter);
    expect(ofGating(course.marks)).toHaveLength(values.length);
    const at = (name: string) => course.data.columns.indexOf(name);
    for (const one of course.data.rows)
      expect(Number(one[at('gating lower 95 %')]) / Number(one[at('counting lower 95 %')])).toBeCloseTo(
        8 / 9,
        9,
      );
    expect(figure.data.rows.map((one) => [one[0], one[2]]).sort()).toEqual(
      values.map((one) => [one.USUBJID, one.AVAL]).sort(),
    );
  });
});
