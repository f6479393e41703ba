// The demonstration: simulates a small study whose truth is known, runs it with the command line as anybody would, and sets what was
// found beside what is true. Everything is written to samples/study; the seed makes each run the same.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulateStudy } from '../dist/simulate/index.js';
import { writeStudy } from '../dist/simulate/node.js';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..');
const folder = join(here, 'study');
const shown = (name) => relative(process.cwd(), join(folder, name));
const started = performance.now();

console.log(
  '1. Simulating a trial: blood of 3 patients before, during and after treatment, with counting beads ...',
);
rmSync(folder, { recursive: true, force: true });
const plan = simulateStudy({
  id: 'DEMO',
  subjects: 3,
  visits: 4,
  seed: 1,
  panels: ['P1', 'P6w'],
  scale: 0.1,
});
let events = 0;
writeStudy(plan, folder, (written) => (events += written.events));
console.log(
  `   ${plan.tubes.length} FCS files of two panels, ${events.toLocaleString('en')} events, each with a known label; blood counts, tumours, adverse events.\n`,
);

console.log('2. immunogate run samples/study/study.yaml --out samples/study/results');
const running = [
  join(root, 'dist/cli/main.js'),
  'run',
  join(folder, 'study.yaml'),
  '--out',
  join(folder, 'results'),
];
const { status } = spawnSync(process.execPath, running, { stdio: ['ignore', 'inherit', 'inherit'] });
if (status !== 0) {
  console.error(`The run ended with exit code ${status}; what it said stands above.`);
  process.exit(status ?? 70);
}

const truth = new Map(
  readCsv('truth-counts.csv').map((row) => [`${row.sample} ${row.population}`, Number(row.trueCellsPerUl)]),
);
/** Parameters that are shown, as a laboratory calls them, and the population of the truth for each. */
const shownCells = new Map([
  ['CD4ABS', { name: 'CD4 T cells', population: 'CD4T' }],
  ['CD8ABS', { name: 'CD8 T cells', population: 'CD8T' }],
  ['BABS', { name: 'B cells', population: 'B' }],
  ['NKABS', { name: 'NK cells', population: 'NK' }],
  ['NEUABS', { name: 'Neutrophils', population: 'Neut' }],
  ['EOSABS', { name: 'Eosinophils', population: 'Eos' }],
]);
const endpoints = readCsv('results/endpoints.csv').filter(({ paramcd }) => shownCells.has(paramcd));
const values = endpoints.map(({ subject, visit, paramcd, samples, value, status: state }) => ({
  ...{ subject, visit, paramcd, state },
  value: value === '' ? null : Number(value),
  truth: truth.get(`${samples.split('; ')[0]} ${shownCells.get(paramcd).population}`),
}));

console.log('\n3. Cells per microlitre of blood: found (true)\n');
const codes = [...shownCells.keys()];
const heads = [...shownCells.values()].map(({ name }) => name.padStart(15)).join('');
console.log(`   ${'patient'.padEnd(10)}${'visit'.padEnd(7)}${heads}`);
console.log(`   ${' '.repeat(17)}${codes.map(() => 'cells/µL'.padStart(15)).join('')}`);
for (const [key, row] of group(values, ({ subject, visit }) => `${subject.padEnd(10)}${visit.padEnd(7)}`)) {
  const cells = codes.map((code) => {
    const found = row.find(({ paramcd }) => paramcd === code);
    if (found === undefined) return ''.padStart(15);
    return `${found.value === null ? found.state : found.value.toFixed(0)} (${found.truth?.toFixed(0)})`.padStart(
      15,
    );
  });
  console.log(`   ${key}${cells.join('')}`);
}
const errors = values
  .filter(({ value, truth: real }) => value !== null && real > 0)
  .map(({ value, truth: real }) => Math.abs(value / real - 1))
  .sort((a, b) => a - b);
console.log(
  `\n   Half of the counts lie within ${percent(errors[errors.length >> 1])} of the patient's blood, nine of ten within ${percent(errors[Math.floor(0.9 * errors.length)])}. A tube is a sample of\n   that blood: chance, pipetting and the bead lot alone move a count by 4 to 6 %.`,
);

console.log(
  '\n4. Cells/µL of later visits over those at baseline, geometric mean of the patients (95 % interval): found (true)\n',
);
const real = (code, visit) => {
  const of = (subject, at) =>
    values.find((row) => row.subject === subject && row.visit === at && row.paramcd === code)?.truth;
  const logs = [...new Set(values.map(({ subject }) => subject))].map((subject) =>
    Math.log(of(subject, visit) / of(subject, 'V0')),
  );
  return Math.exp(logs.reduce((sum, x) => sum + x, 0) / logs.length);
};
for (const row of readCsv('results/comparisons.csv')) {
  const cells = shownCells.get(row.PARAMCD);
  if (cells === undefined) continue;
  const number = (text) => Number(text).toFixed(2);
  const found =
    row.GMR === '' ? 'not estimable' : `${number(row.GMR)} (${number(row.gmrLow)} to ${number(row.gmrHigh)})`;
  console.log(
    `   ${cells.name.padEnd(13)}${row.AVISIT.padEnd(22)}${found.padEnd(24)}(${real(row.PARAMCD, `V${row.AVISITN}`).toFixed(2)})`,
  );
}

const places = [
  ['results/report.html', 'the report: open it in a browser'],
  [
    'results/endpoints.csv',
    'every immune value with its interval, status, and the samples and gates behind it',
  ],
  ['results/adim.csv', 'the analysis data set: windows, baseline, change; adsl, adrs, adtte, adae beside it'],
  ['results/comparisons.csv', 'before against during and after treatment'],
  [
    'results/changes.csv',
    'the change of each patient, and whether it is beyond the error of counting and gating',
  ],
  ['results/study.sqlite', 'all tables as one database'],
  ['results/populations.csv', 'counts and fractions of every gate'],
  ['results/strategies', 'the gates of each sample: where each cut lies, and how it was found'],
  ['results/issues.csv', 'everything that the run had to say about study and files'],
  ['truth-counts.csv', 'what is true of every population; the label of every event is in truth'],
];
console.log('\nWhere things are');
for (const [name, what] of places)
  if (existsSync(join(folder, name))) console.log(`   ${shown(name).padEnd(42)}${what}`);
console.log(
  `\nOther formats: immunogate tables ${shown('results')} --format xpt (or dataset-json, parquet, xlsx)\nDone in ${((performance.now() - started) / 1000).toFixed(1)} s.`,
);

/** Rows of a CSV without quoted line breaks, by column name. */
function readCsv(name) {
  const [head, ...lines] = readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  const columns = head.split(',');
  return lines.map((line) => {
    const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
    );
    return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']));
  });
}

function percent(part) {
  return `${(100 * part).toFixed(1)} %`;
}

function group(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
