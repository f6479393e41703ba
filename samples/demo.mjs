// The demonstration: simulates a small study whose truth is known, gates it with the command line as anybody would, and sets what
// was counted beside what is true. Everything is written to samples/study; the seed makes each run the same.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
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
  '1. Simulating blood of 3 patients at 3 visits, stained for T, B and NK cells with counting beads ...',
);
rmSync(folder, { recursive: true, force: true });
const study = simulateStudy({ id: 'DEMO', subjects: 3, visits: 3, seed: 1, panels: ['P1'] });
let events = 0;
writeStudy(study, folder, (written) => (events += written.events));
console.log(
  `   ${study.tubes.length} FCS files, ${events.toLocaleString('en')} events, each with a known label.`,
);

console.log('2. Gating them with gating-templates/p1-tbnk.yaml; the gates find their places in the data ...');
const gating = [
  join(root, 'dist/cli/main.js'),
  'gate',
  ...['--template', join(root, 'gating-templates/p1-tbnk.yaml'), '--out', join(folder, 'results')],
  ...study.tubes.map(({ file }) => join(folder, file)),
];
const { status } = spawnSync(process.execPath, gating, { stdio: ['ignore', 'ignore', 'inherit'] });
if (status !== 0) {
  console.error(`Gating ended with exit code ${status}; what it said stands above.`);
  process.exit(status ?? 70);
}

const counted = group(readCsv('results/populations.csv'), ({ sample }) => sample);
const truth = group(readCsv('truth-counts.csv'), ({ sample }) => sample);
const visitStates = new Map(
  readCsv('truth-visits.csv').map((row) => [`${row.subject} ${row.visit}`, row.state]),
);
const stateNames = {
  V0: 'before treatment',
  V1: '2 days after ablation',
  V2: 'chemotherapy nadir',
  V2g: 'nadir with G-CSF',
};
const shownPopulations = [
  ['CD4T', 'CD4 T cells'],
  ['CD8T', 'CD8 T cells'],
  ['B', 'B cells'],
  ['NK', 'NK cells'],
];

console.log('3. Cells per microlitre of blood: found (true), and percent of lymphocytes\n');
const rows = readCsv('samples.csv').map((sample) => {
  const found = new Map(counted.get(sample.sample)?.map((row) => [row.population, row]));
  const known = new Map(truth.get(sample.sample)?.map((row) => [row.population, row]));
  const beads = Number(found.get('beads')?.count);
  const perBead = Number(sample.beads_per_tube) / Number(sample.blood_volume_ul);
  const values = shownPopulations.map(([id]) => ({
    found: (Number(found.get(id)?.count) / beads) * perBead,
    truth: Number(known.get(id)?.trueCellsPerUl),
    ofLymphocytes: Number(found.get(id)?.count) / Number(found.get('Lymph')?.count),
    standardError: Math.sqrt(1 / Number(found.get(id)?.count) + 1 / beads),
    gateError: Math.abs(Number(found.get(id)?.count) / Number(known.get(id)?.trueEvents) - 1),
  }));
  return { sample, values, state: visitStates.get(`${sample.subject} ${sample.visit}`) };
});
const cell = ({ found, truth: real, ofLymphocytes }) =>
  Number.isFinite(found)
    ? `${found.toFixed(0).padStart(5)} (${real.toFixed(0).padStart(4)}) ${(100 * ofLymphocytes).toFixed(1).padStart(5)}%`
    : 'not evaluable'.padStart(19);
console.log(
  `${'patient'.padEnd(9)}${'visit'.padEnd(23)}${shownPopulations.map(([, name]) => name.padStart(21)).join('')}`,
);
for (const { sample, values, state } of rows) {
  console.log(
    `${sample.subject.padEnd(9)}${stateNames[state].padEnd(23)}${values.map((value) => cell(value).padStart(21)).join('')}`,
  );
}

const all = rows.flatMap(({ values }) => values);
const gates = middleAndWorst(all.map(({ gateError }) => gateError));
const inside = all.filter(
  ({ found, truth: real, standardError }) => Math.abs(Math.log(found / real)) <= 1.96 * standardError,
);
const counts = middleAndWorst(all.map(({ found, truth: real }) => Math.abs(found / real - 1)));
console.log(`
   ${gates.count} of ${all.length} counts could be evaluated.
   The gates found the cells that are in the files: half of the counts within ${gates.middle}, the worst within ${gates.worst}.
   Compared with the patient's blood: half within ${counts.middle}, the worst within ${counts.worst}. A tube is a sample of that blood: a few
   hundred cells counted against 6,000 beads have a standard error of 2 to 5 % however they are gated.
   ${inside.length} of ${all.length} counts lie in the 95 % interval that chance alone gives.`);
console.log(`
Where things are
   ${shown('fcs')}                      the simulated FCS files
   ${shown('truth-counts.csv')}         what is true of every population; the label of every event is in ${shown('truth')}
   ${shown('results/populations.csv')}  counts and fractions of every gate
   ${shown('results/strategies')}       the gates of each sample: where each cut lies, and how it was found
   ${shown('results/issues.csv')}       everything that the run had to say about the files
Done in ${((performance.now() - started) / 1000).toFixed(1)} s.`);

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

/** Median and largest of the numbers that are numbers, as percent. */
function middleAndWorst(errors) {
  const sorted = errors.filter(Number.isFinite).sort((a, b) => a - b);
  const percent = (value) => `${(100 * value).toFixed(1)} %`;
  return { count: sorted.length, middle: percent(sorted[sorted.length >> 1]), worst: percent(sorted.at(-1)) };
}

function group(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}
