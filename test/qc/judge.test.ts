// Verdicts by hand: what is inside and outside the windows of populations.md section 3, what cannot be said, and the worst-first list.
import { describe, expect, it } from 'vitest';
import {
  judgeQuality,
  reasonsOf,
  usualChecks,
  verdictOf,
  withChecks,
  worstFirst,
  type QualityCheck,
  type QualityEvidence,
  type QualityRow,
} from '../../src/qc/index.ts';

const lymphosum: QualityCheck = {
  check: 'lymphosum',
  title: 'T, B and NK of lymphocytes',
  measure: { kind: 'share', populations: ['L/T', 'L/B', 'L/NK'], of: 'L' },
  target: [0.95, 1.05],
  accept: [0.9, 1.1],
};
const beads: QualityCheck = {
  check: 'beads',
  title: 'Counting beads',
  measure: { kind: 'count', population: 'beads', absentIsFine: true },
  target: [1000, null],
  accept: [1000, null],
};

function evidence(counts: Record<string, number | null>, eventCount = 50_000): QualityEvidence {
  return { eventCount, counts: new Map(Object.entries(counts)), measured: [] };
}

describe('the lymphosum', () => {
  it.each([
    [7000, 1500, 1000, 'ok', 0.95],
    [7000, 1500, 999, 'warn', 0.9499],
    [8000, 1800, 700, 'ok', 1.05],
    [8000, 1800, 701, 'warn', 1.0501],
    [7000, 1000, 999, 'fail', 0.8999],
    [8000, 2000, 1001, 'fail', 1.1001],
  ] as const)('%i T, %i B, %i NK of 10 000: %s', (T, B, NK, verdict, value) => {
    const counts = { L: 10_000, 'L/T': T, 'L/B': B, 'L/NK': NK };
    const [row] = judgeQuality([lymphosum], evidence(counts));
    expect(row).toMatchObject({
      check: 'lymphosum',
      unit: 'fraction',
      low: 0.95,
      high: 1.05,
      verdict,
      value,
    });
  });

  it('says in words what is wrong', () => {
    const counts = { L: 10_000, 'L/T': 7000, 'L/B': 1000, 'L/NK': 712 };
    expect(judgeQuality([lymphosum], evidence(counts))[0].reason).toBe(
      'T, B and NK of lymphocytes: 87.12 %; wanted is 95 % to 105 %; accepted is 90 % to 110 %.',
    );
  });

  it.each([
    [{ L: 10_000, 'L/T': 7000, 'L/B': null, 'L/NK': 1 }, 'B could not be evaluated'],
    [{ L: 10_000, 'L/T': 7000, 'L/B': 100 }, 'NK is not among the populations'],
    [{ L: 0, 'L/T': 0, 'L/B': 0, 'L/NK': 0 }, 'L has no events'],
    [{ L: null, 'L/T': 0, 'L/B': 0, 'L/NK': 0 }, 'L could not be evaluated'],
  ])('is not evaluable, with the reason, from %j', (counts, reason) => {
    expect(judgeQuality([lymphosum], evidence(counts))[0]).toMatchObject({
      value: null,
      verdict: 'notEvaluable',
      reason,
    });
  });
});

describe('counting beads', () => {
  it.each([
    [1000, 'ok', null],
    [999, 'fail', 'Counting beads: 999 events; wanted is at least 1000.'],
    [0, 'notEvaluable', 'there are no beads'],
  ] as const)('%i: %s', (count, verdict, reason) => {
    expect(judgeQuality([beads], evidence({ beads: count }))[0]).toMatchObject({ verdict, reason });
  });
});

describe('measured checks', () => {
  const drift: QualityCheck = {
    check: 'drift',
    title: 'Drift',
    measure: { kind: 'measured', unit: 'y' },
    target: [null, 0.2],
    accept: null,
  };
  it.each([
    [[], null, 'notEvaluable', 'the events were not looked at'],
    [
      [{ check: 'drift', value: null, reason: 'the file has no Time' }],
      null,
      'notEvaluable',
      'the file has no Time',
    ],
    [[{ check: 'drift', value: 0.2, reason: null }], 0.2, 'ok', null],
    [[{ check: 'drift', value: 2, reason: null }], 2, 'warn', 'Drift: 2; wanted is at most 0.2.'],
  ] as const)('%j', (measured, value, verdict, reason) => {
    const rows = judgeQuality([drift], { eventCount: 1, counts: new Map(), measured });
    expect(rows).toMatchObject([{ value, verdict, reason }]);
  });
});

describe('usual checks', () => {
  const tree = [
    ['time_ok', null],
    ['time_ok/beads', 'time_ok'],
    ['time_ok/cells0', 'time_ok'],
    ['time_ok/cells0/nomargin', 'time_ok/cells0'],
    ['time_ok/cells0/nomargin/singF', 'time_ok/cells0/nomargin'],
    ['time_ok/cells0/nomargin/singF/singS', 'time_ok/cells0/nomargin/singF'],
  ].map(([path, parent]) => ({
    id: `${path}`.replace(/.*\//, ''),
    path: `${path}`,
    parent,
    expected: null,
  }));

  it('are those of the populations that are there', () => {
    const rows = judgeQuality(
      usualChecks(tree),
      evidence(
        {
          time_ok: 40_000,
          'time_ok/beads': 4000,
          'time_ok/cells0': 36_000,
          'time_ok/cells0/nomargin': 35_000,
          'time_ok/cells0/nomargin/singF': 34_000,
          'time_ok/cells0/nomargin/singF/singS': 33_600,
        },
        50_000,
      ),
    );
    expect(rows.map(({ check, value, verdict }) => [check, value, verdict])).toEqual([
      ['time', 0.8, 'warn'],
      ['margin', 35 / 36, 'warn'],
      ['singlets', 0.96, 'ok'],
      ['beads', 4000, 'ok'],
      ['beadEvenness', null, 'notEvaluable'],
      ['drift', null, 'notEvaluable'],
      ['compensation', null, 'notEvaluable'],
    ]);
  });

  it('take in the expected window of a population, as a warning only', () => {
    const checks = usualChecks([{ id: 'T', path: 'L/T', parent: 'L', expected: [0.4, 0.8] }]);
    expect(judgeQuality(checks.slice(-1), evidence({ L: 100, 'L/T': 1 }))).toMatchObject([
      { check: 'expected:L/T', value: 0.01, low: 0.4, high: 0.8, verdict: 'warn' },
    ]);
  });

  it('give way to a check of the same name, where it stands', () => {
    const own = { ...beads, target: [5000, null] as const };
    const checks = withChecks(usualChecks(tree), [lymphosum, own]);
    const names = checks.map(({ check }) => check);
    expect(names.slice(0, 4)).toEqual(['time', 'margin', 'singlets', 'beads']);
    expect(names.at(-1)).toBe('lymphosum');
    expect(new Set(names).size).toBe(names.length);
    expect(checks[3].target).toEqual([5000, null]);
  });
});

describe('the verdict on a sample', () => {
  const row = (verdict: QualityRow['verdict'], reason: string | null = verdict): QualityRow => ({
    check: verdict,
    value: verdict === 'notEvaluable' ? null : 1,
    unit: 'fraction',
    low: null,
    high: null,
    verdict,
    reason: verdict === 'ok' ? null : reason,
  });

  it.each([
    [[], 'notEvaluable'],
    [[row('notEvaluable')], 'notEvaluable'],
    [[row('ok'), row('notEvaluable')], 'ok'],
    [[row('ok'), row('warn'), row('notEvaluable')], 'warn'],
    [[row('fail'), row('warn'), row('ok')], 'fail'],
  ] as const)('is the worst of what could be checked: %#', (rows, verdict) => {
    expect(verdictOf(rows)).toBe(verdict);
  });

  it('has its reasons, failures first', () => {
    expect(reasonsOf([row('warn', 'b'), row('ok'), row('notEvaluable', 'c'), row('fail', 'a')])).toEqual([
      'a',
      'b',
    ]);
  });

  it('orders samples: most failures, then most warnings, then most that could not be checked, then by name', () => {
    const samples = [
      { sample: 'b', quality: [row('ok')] },
      { sample: 'two warnings', quality: [row('warn'), row('warn')] },
      { sample: 'a', quality: [row('ok')] },
      { sample: 'failed', quality: [row('fail')] },
      { sample: 'failed and warned', quality: [row('warn'), row('fail')] },
      { sample: 'unclear', quality: [row('ok'), row('notEvaluable')] },
    ];
    const order = worstFirst(samples).map(({ sample }) => sample);
    expect(order).toEqual(['failed and warned', 'failed', 'two warnings', 'unclear', 'a', 'b']);
    expect(worstFirst([...samples].reverse()).map(({ sample }) => sample)).toEqual(order);
  });
});
