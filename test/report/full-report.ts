// A report with every figure there is, and with what strains them: forty-letter names, numbers of many digits, seventeen checks, a file that is
// gone, intervals of counting and gating. Made up; only for tests that look at the drawing, none at the numbers.
import type { PlotOfGates, ReportInput, SampleGates, SampleLine } from '../../src/report/index.ts';
import { trialReport } from './trial-report.ts';

const checks =
  'time margin singlets viability cells drift compensation expected leukocytes monocytes dendritic beads beadEvenness granulocytes lymphosum tBalance lymphocytes';
const visits = ['V0', 'V1', 'V2'];
const subjects = ['SYN-001', 'SYN-002', 'SYN-003'];

const axis = (label: string): PlotOfGates['x'] => ({
  label,
  min: 0,
  max: 4,
  bins: 16,
  ticks: [
    { at: 0.5, label: '−10²' },
    { at: 1, label: '0' },
    { at: 1.5, label: '10²' },
    { at: 2.5, label: '10³' },
    { at: 3.5, label: '10⁴' },
  ],
});

/** A hill in the middle of one or two axes. */
const hill = (dims: 1 | 2): number[] =>
  Array.from({ length: 16 ** dims }, (_, i) =>
    Math.max(0, Math.round(60 - ((i % 16) - 8) ** 2 - (dims === 1 ? 0 : (Math.floor(i / 16) - 8) ** 2))),
  );

const gate = (population: string, outline: PlotOfGates['gates'][number]['outline'], fallback = false) => ({
  ...{ population, path: `cells/${population}`, outline, count: 12345, fractionOfParent: 0.1234 },
  ...{ status: fallback ? 'fallback' : 'ok', method: 'valley' },
});

const plots: readonly PlotOfGates[] = [
  {
    ...{ parent: null, events: 1234567, x: axis('Time'), y: null, counts: hill(1) },
    gates: [
      gate('time_ok', {
        kind: 'without',
        stretches: [
          { from: 1, to: 1.2 },
          { from: 3.999, to: 4 },
        ],
      }),
    ],
  },
  {
    ...{ parent: 'cells', events: 1234567, x: axis('CD3 · Alexa Fluor 700-A'), counts: hill(1), y: null },
    gates: [
      gate('CD45bright', { kind: 'range', from: 0, to: 2 }),
      gate('Granulocytes', { kind: 'range', from: 1.5, to: 3 }, true),
      gate('between', { kind: 'range', from: 3, to: 4 }),
    ],
  },
  {
    ...{ parent: 'cells/T', events: 42, x: axis('CD4 · PE-Cy7-A'), y: axis('CD8 · APC-Cy7-A') },
    counts: hill(2),
    gates: [
      [0, 0],
      [0, 2],
      [2, 0],
      [2, 2],
    ].map(([u, v]) =>
      gate(`CD${u}${v}like`, {
        kind: 'area',
        points: [
          [u, v],
          [u + 2, v],
          [u + 2, v + 2],
          [u, v + 2],
        ],
      }),
    ),
  },
];

function samplesOf(): SampleLine[] {
  return subjects.flatMap((subject, s) =>
    visits.map((visit, v) => ({
      ...{
        sample: `${subject}_${visit}_P1_FMO-CD80-CD83-CD86`,
        subject,
        visit,
        panel: 'P1',
        role: 'stained',
      },
      ...{ state: 'gated' as const, reason: null, failed: s + v === 0, events: 1234567 },
      ...{ fileSha256: 'a'.repeat(64), strategySha256: 'b'.repeat(64), resultId: 'c'.repeat(64) },
      quality: checks.split(' ').map((check, c) => ({
        check,
        value: c % 5 === 4 ? 123456 : c === 3 ? 1 : 0.987,
        unit: c % 5 === 4 ? ('events' as const) : ('fraction' as const),
        ...{ low: 0.9, high: null, reason: null },
        verdict: (['ok', 'warn', 'fail', 'notEvaluable'] as const)[(s + v + c) % 4],
      })),
    })),
  );
}

/** Needs ../shared. */
export function fullReport(): ReportInput {
  const report = trialReport('trial-a');
  const immune = report.immune!;
  const names = ['Systemic Immune-Inflammation Index', 'CD107a+IFN-g+ of NK, Stim - Background'];
  const samples = samplesOf();
  const parameters = immune.parameters.map((parameter, p) => ({
    ...parameter,
    PARAM: p < names.length ? `${names[p]} (10^9/L)` : parameter.PARAM,
    dec: p === 0 ? 4 : parameter.dec,
  }));
  return {
    ...report,
    immune: {
      ...immune,
      parameters,
      origins: immune.adim.flatMap(({ SPECID, PARAMCD, AVAL }) =>
        AVAL === null
          ? []
          : [
              {
                ...{ SPECID, PARAMCD, ciLow: AVAL * 0.9, ciHigh: AVAL * 1.1, status: 'OK' },
                ...{
                  gatingLow: AVAL * 0.8,
                  gatingHigh: AVAL * 1.2,
                  totalLow: AVAL * 0.75,
                  totalHigh: AVAL * 1.25,
                },
                populations: [
                  {
                    ...{
                      sample: samples[0].sample,
                      path: `time_ok/${'nomargin/singlets/'.repeat(8)}CD45bright/cells`,
                      count: 812,
                    },
                    ...{ parentCount: 2345, method: 'valley', status: 'ok' },
                  },
                ],
              },
            ],
      ),
    },
    samples,
    gates: samples
      .slice(0, 3)
      .map(({ sample, subject, visit, panel, events, strategySha256, resultId }, v): SampleGates => ({
        ...{ sample, subject, visit, panel, events: events ?? 0, strategySha256, resultId },
        unavailable: v === 1 ? 'The file has changed since it was gated.' : null,
        plots: v === 1 ? [] : plots,
      })),
    overviews: [
      {
        panel: 'P1',
        overview: {
          samples: samples.map(({ sample }, i) => ({
            ...{ sample, scores: [i % 3, i], distance: 1, residual: 0, outlier: i % 4 === 0 },
            reason: i % 4 === 0 ? 'fraction T' : null,
          })),
          components: [
            { explained: 0.6, loadings: [1, 0] },
            { explained: 0.3, loadings: [0, 1] },
          ],
          ...{ features: ['fraction T', 'median CD3'], cutoff: 3 },
        },
      },
    ],
  };
}
