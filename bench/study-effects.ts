// Known effects: a simulated study and its run, parameter by parameter: does the estimated change hold the true one, is its direction
// right, and do parameters without a change stay without one? Usage: tsx bench/study-effects.ts STUDY_FOLDER OUT_FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { immuneParameters } from '../src/endpoints/index.ts';

type Row = Record<string, string>;

/** What the truth says of one parameter at one visit, beside what the run found. */
interface Effect {
  readonly paramcd: string;
  readonly visit: string;
  /** Geometric mean ratio, or mean difference in percentage points. */
  readonly truth: number;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly pBH: number | null;
  readonly kind: 'ratio' | 'difference';
  /** The true change of the cohort is less than 2 %. */
  readonly isNull: boolean;
  readonly inside: boolean;
}

const [study = '', out = ''] = process.argv.slice(2);
const read = (folder: string, name: string): Row[] =>
  parse(readFileSync(join(folder, name), 'utf8'), { columns: true });

const truth = new Map<string, { events: number; concentration: number | null }>();
for (const row of read(study, 'truth-counts.csv')) {
  const concentration = row['trueCellsPerUl'] === '' ? null : Number(row['trueCellsPerUl']);
  truth.set(`${row['sample']} ${row['population']}`, { events: Number(row['trueEvents']), concentration });
}
const endpoints = read(out, 'endpoints.csv');
const comparisons = read(out, 'comparisons.csv');
const visits = [...new Set(endpoints.map((row) => row['visit']))].sort();

/** Added truths of populations of a sample; `A+B` too. Null where one is not told. */
function total(sample: string, ids: readonly string[]): number | null {
  let sum = 0;
  for (const id of ids.flatMap((name) => name.split('+'))) {
    const found = truth.get(`${sample} ${id}`) ?? truth.get(`${sample} ${id === 'NK' ? 'NKall' : id}`);
    if (found?.concentration == null) return null;
    sum += found.concentration;
  }
  return sum;
}

/** The true value of an endpoint row, from the blood that was drawn, without the chance of the tube. */
function trueValue(row: Row): number | null {
  const parameter = immuneParameters.find(({ paramcd }) => paramcd === row['paramcd']);
  if (parameter === undefined) return null;
  const samples = [...new Set(row['samples'].split('; '))];
  const { populations, denominator, kind } = parameter;
  switch (kind) {
    case 'count':
    case 'dualCount':
    case 'bridgedCount':
      return total(samples[0], populations);
    case 'percent':
    case 'eventRatio': {
      const [top, bottom] = [total(samples[0], populations), total(samples[0], [denominator ?? ''])];
      return top === null || bottom === null || bottom === 0 ? null : top / bottom;
    }
    case 'concentrationRatio': {
      const top = samples.map((sample) => total(sample, populations)).find((value) => value !== null) ?? null;
      const bottom =
        samples.map((sample) => total(sample, [denominator ?? ''])).find((value) => value !== null) ?? null;
      return top === null || bottom === null || bottom === 0 ? null : top / bottom;
    }
    case 'stimulation': {
      const [one, zero] = samples.map((sample) => {
        const [top, bottom] = [populations[0], 'NKall'].map(
          (id) => truth.get(`${sample} ${id}`)?.events ?? null,
        );
        return top === null || bottom === null || bottom === 0 ? null : (100 * top) / bottom;
      });
      return one == null || zero == null ? null : one - zero;
    }
    default:
      return null;
  }
}

const valueOf = new Map(
  endpoints.map((row) => [
    `${row['paramcd']} ${row['subject']} ${row['visit']}`,
    { row, truth: trueValue(row) },
  ]),
);
const subjects = [...new Set(endpoints.map((row) => row['subject']))];

const effects = comparisons.flatMap((row): Effect[] => {
  const code = row['PARAMCD'];
  const visit = visits[Number(row['AVISITN'])];
  const kind = code.startsWith('NKD') || code === 'NKIFNG' || code === 'NKPOLY' ? 'difference' : 'ratio';
  const pairs = subjects.flatMap((subject) => {
    const [before, after] = [visits[0], visit].map((at) => valueOf.get(`${code} ${subject} ${at}`));
    if (!before || !after || before.row['reported'] === '' || after.row['reported'] === '') return [];
    return before.truth === null || after.truth === null ? [] : [[before.truth, after.truth] as const];
  });
  const [low, high, estimate] = (
    kind === 'ratio' ? ['gmrLow', 'gmrHigh', 'GMR'] : ['hlLow', 'hlHigh', 'HL']
  ).map((name) => (row[name] === '' ? NaN : Number(row[name])));
  if (pairs.length < 5 || [low, high, estimate].some(Number.isNaN)) return [];
  if (kind === 'ratio' && pairs.some(([before, after]) => before <= 0 || after <= 0)) return [];
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const real =
    kind === 'ratio'
      ? Math.exp(mean(pairs.map(([before, after]) => Math.log(after / before))))
      : mean(pairs.map(([before, after]) => after - before));
  const isNull = kind === 'ratio' && Math.abs(real - 1) < 0.02;
  const pBH = row['pBH'] === '' ? null : Number(row['pBH']);
  return [
    {
      paramcd: code,
      visit,
      truth: real,
      estimate,
      low,
      high,
      pBH,
      kind,
      isNull,
      inside: low <= real && real <= high,
    },
  ];
});

const parameters = new Set(effects.map(({ paramcd }) => paramcd));
const inside = effects.filter((effect) => effect.inside);
const large = effects.filter(({ kind, truth: real }) => kind === 'ratio' && (real >= 1.5 || real <= 1 / 1.5));
const wrong = large.filter(
  ({ truth: real, estimate }) => Math.sign(Math.log(real)) !== Math.sign(Math.log(estimate)),
);
const nulls = effects.filter(({ isNull, pBH }) => isNull && pBH !== null);
const alarms = nulls.filter(({ pBH }) => (pBH ?? 1) < 0.05);
const share = (part: number, whole: number) =>
  `${part} of ${whole} (${((100 * part) / Math.max(1, whole)).toFixed(1)} %)`;

console.log(
  `parameters with a known truth: ${parameters.size}; comparisons with baseline: ${effects.length}`,
);
console.log(`true change inside the estimate's interval: ${share(inside.length, effects.length)}`);
console.log(
  `direction wrong where the true change is 1.5-fold or more: ${share(wrong.length, large.length)}`,
);
console.log(`no true change, but BH-adjusted p < 0.05: ${share(alarms.length, nulls.length)}`);
const told = (label: string, list: readonly Effect[]) => {
  for (const { paramcd, visit, truth: real, estimate, low, high, pBH } of list)
    console.log(
      `${label} ${paramcd.padEnd(9)}${visit} true ${real.toFixed(3)} found ${estimate.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}) pBH ${pBH?.toFixed(4) ?? ''}`,
    );
};
told(
  'outside',
  effects.filter((effect) => !effect.inside),
);
told('wrong direction', wrong);
told('false alarm', alarms);
