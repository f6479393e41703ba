// Known effects: a simulated study and its run, parameter by parameter: does the estimated change hold the true one, is its direction
// right, and do parameters without a change stay without one? Usage: tsx bench/study-effects.ts STUDY_FOLDER OUT_FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { immuneParameters } from '../src/endpoints/index.ts';
import { intensityMarkers } from '../src/endpoints/measures/intensities.ts';
import type { PanelId } from '../src/simulate/index.ts';
import { labelledMedians } from './labelled-medians.ts';

type Row = Record<string, string>;

/** What the truth says of one parameter at one visit, beside what the run found. */
interface Effect {
  readonly panel: string;
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
const medianOf = labelledMedians(study);
const endpoints = read(out, 'endpoints.csv');
const comparisons = read(out, 'comparisons.csv');
const visits = [...new Set(endpoints.map((row) => row['visit']))].sort();

/** Populations that are empty in the simulated blood, whose immature granulocytes are all called IG. */
const empty = new Set(['NeuI']);

/** Added truths of populations of a sample; `A+B` too. Null where one is not told. */
function total(sample: string, ids: readonly string[]): number | null {
  let sum = 0;
  for (const id of ids.flatMap((name) => name.split('+'))) {
    if (empty.has(id)) continue;
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
    case 'mdfi':
    case 'deltaMdfi':
    case 'activationIndex': {
      const [population] = populations;
      const of = (sample: string) =>
        medianOf(parameter.panel as PanelId, sample, population, intensityMarkers[parameter.paramcd] ?? '');
      // in the order in which the row names them: tube and FMO, for an index stimulated, FMO and resting
      const medians = samples.map(of);
      if (medians.some((median) => median === null)) return null;
      const [first, blank, resting] = medians.map((median) => median ?? NaN);
      if (kind === 'mdfi') return first;
      return kind === 'deltaMdfi' ? first - blank : (first - blank) / (resting - blank);
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
  const parameter = immuneParameters.find(({ paramcd }) => paramcd === code);
  const kind = parameter?.kind === 'stimulation' ? 'difference' : 'ratio';
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
      panel: parameter?.panel ?? '',
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

const isLarge = ({ kind, truth: real }: Effect) => kind === 'ratio' && (real >= 1.5 || real <= 1 / 1.5);
const isWrong = ({ truth: real, estimate }: Effect) =>
  Math.sign(Math.log(real)) !== Math.sign(Math.log(estimate));
const isTestedNull = ({ isNull, pBH }: Effect) => isNull && pBH !== null;
const isAlarm = ({ pBH }: Effect) => (pBH ?? 1) < 0.05;
const share = (part: readonly unknown[], whole: readonly unknown[]) =>
  `${part.length} of ${whole.length}${whole.length === 0 ? '' : ` (${((100 * part.length) / whole.length).toFixed(1)} %)`}`;

/** A row of the table: how far the promises hold for some of the comparisons. */
function summary(label: string, some: readonly Effect[]): string {
  const large = some.filter(isLarge);
  const nulls = some.filter(isTestedNull);
  const cells = [
    label,
    String(new Set(some.map(({ paramcd }) => paramcd)).size),
    share(
      some.filter(({ inside }) => inside),
      some,
    ),
    share(large.filter(isWrong), large),
    share(nulls.filter(isAlarm), nulls),
  ];
  return `| ${cells.join(' | ')} |`;
}

console.log(
  '| panel | parameters | inside the 95 % interval | direction wrong, true change 1.5-fold | pBH < 0.05, true change < 2 % |',
);
console.log('|---|--:|--:|--:|--:|');
for (const panel of [...new Set(effects.map((effect) => effect.panel))].sort())
  console.log(
    summary(
      panel,
      effects.filter((effect) => effect.panel === panel),
    ),
  );
console.log(`${summary('all', effects)}\n`);

const told = (label: string, list: readonly Effect[]) => {
  for (const { paramcd, visit, truth: real, estimate, low, high, pBH } of list)
    console.log(
      `${label} ${paramcd.padEnd(9)}${visit} true ${real.toFixed(3)} found ${estimate.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}) pBH ${pBH?.toFixed(4) ?? ''}`,
    );
};
const unknown = [...new Set(comparisons.map((row) => row['PARAMCD']))].filter(
  (code) => !effects.some(({ paramcd }) => paramcd === code),
);
console.log(`without a known truth, or with fewer than five pairs: ${unknown.join(' ')}\n`);
told(
  'outside',
  effects.filter((effect) => !effect.inside),
);
told(
  'wrong direction',
  effects.filter((effect) => isLarge(effect) && isWrong(effect)),
);
told(
  'false alarm',
  effects.filter((effect) => isTestedNull(effect) && isAlarm(effect)),
);
