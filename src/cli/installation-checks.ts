// What an installation must get right, from bytes to p-values, against numbers that nobody here computed: mathematical constants,
// hand calculations, published worked examples, a simulated tube whose every event is labelled (reliability V-3).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gateFiles } from '../engine/node.ts';
import { fcsBytes, memorySource, readEvents, readFcs } from '../fcs/index.ts';
import { countPopulations } from '../gating/index.ts';
import { readGatingML } from '../interop/index.ts';
import { asinh, exp, log, log10 } from '../math/index.ts';
import { sha256 } from '../results/node.ts';
import { makeTube, simulateStudy, tubeBytes } from '../simulate/index.ts';
import { fisherExact, signedRank, wilson } from '../stats/index.ts';
import { parseTemplate } from '../template/index.ts';
import { shippedTemplates } from '../template/node.ts';

export interface InstallationCheck {
  readonly name: string;
  /** What was found, for the report; throws where it is wrong. */
  run(folder: string): string | Promise<string>;
}

export const installationChecks: readonly InstallationCheck[] = [
  { name: 'Elementary functions give the nearest double', run: elementary },
  { name: 'FCS written and read back is the same', run: roundTrip },
  { name: 'Gates hold the events that they hold by hand', run: gates },
  { name: 'Statistics agree with published values', run: statistics },
  { name: 'A tube of known truth is counted right, twice the same', run: knownTruth },
];

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** e, ln 2, ln 10, asinh 1 = ln(1 + sqrt 2), to the last digit of a double. */
function elementary(): string {
  const known: readonly (readonly [string, number, number])[] = [
    ['exp(1)', exp(1), 2.718281828459045],
    ['log(2)', log(2), 0.6931471805599453],
    ['log(10)', log(10), 2.302585092994046],
    ['log10(1000)', log10(1000), 3],
    ['asinh(1)', asinh(1), 0.881373587019543],
  ];
  for (const [what, found, right] of known) must(found === right, `${what} is ${found}, not ${right}`);
  return `${known.length} of ${known.length}`;
}

const rows = [
  [0, 0],
  [1, 1],
  [2, 1],
  [2, 2],
  [3, 5],
];

function sixEvents(): Uint8Array {
  const columns = [0, 1].map((p) => Float32Array.from(rows, (row) => row[p]));
  const channels = ['A', 'B'].map((name) => ({
    name,
    stain: null,
    marker: null,
    kind: 'fluorescence' as const,
    pulse: null,
    range: 10,
  }));
  return fcsBytes({ count: rows.length, channels, columns });
}

function roundTrip(): string {
  const source = memorySource(sixEvents());
  const file = readFcs(source);
  const { columns } = readEvents(source, file, { scaling: 'raw' }).table;
  for (const [e, row] of rows.entries())
    for (const [p, value] of row.entries()) must(columns[p][e] === value, `event ${e} is another`);
  return `FCS ${file.version}, ${rows.length} events`;
}

/** A half-open rectangle, a triangle with its border, a circle of radius sqrt 2 about (2, 1), as Gating-ML 2.0. */
function gates(): string {
  const dimension = (name: string, limits = '') =>
    `<gating:dimension gating:compensation-ref="uncompensated" ${limits}><data-type:fcs-dimension data-type:name="${name}"/></gating:dimension>`;
  const point = (name: string, ...values: number[]) =>
    `<gating:${name}>${values.map((value) => `<gating:coordinate data-type:value="${value}"/>`).join('')}</gating:${name}>`;
  const row = (...values: number[]) =>
    `<gating:row>${values.map((value) => `<gating:entry data-type:value="${value}"/>`).join('')}</gating:row>`;
  const both = dimension('A') + dimension('B');
  const { strategy } =
    readGatingML(`<gating:Gating-ML xmlns:gating="http://www.isac-net.org/std/Gating-ML/v2.0/gating"
    xmlns:data-type="http://www.isac-net.org/std/Gating-ML/v2.0/datatypes">
    <gating:RectangleGate gating:id="rectangle">${dimension('A', 'gating:min="1" gating:max="3"')}</gating:RectangleGate>
    <gating:PolygonGate gating:id="triangle">${both}${point('vertex', 0, 0)}${point('vertex', 2, 0)}${point('vertex', 2, 2)}</gating:PolygonGate>
    <gating:EllipsoidGate gating:id="circle">${both}${point('mean', 2, 1)}<gating:covarianceMatrix>${row(1, 0)}${row(0, 1)}</gating:covarianceMatrix>
      <gating:distanceSquare data-type:value="2"/></gating:EllipsoidGate></gating:Gating-ML>`);
  must(strategy !== null, 'the gates cannot be read');
  if (strategy === null) return '';
  const source = memorySource(sixEvents());
  const { counts } = countPopulations(source, readFcs(source), strategy);
  must(counts.join() === '3,4,3', `counts are ${counts.join()}, not 3,4,3`);
  return 'rectangle 3, polygon 4, ellipse 3';
}

/** Five rises of five: 2 / 2^5. The lady who tastes tea, 3 of 4 right: 17/35. Wilson limits of 612 of 10480: 5.407 to 6.305 %. */
function statistics(): string {
  const wilcoxon = signedRank([1, 2, 3, 4, 5]).pExact;
  must(wilcoxon === 0.0625, `the exact signed-rank p is ${wilcoxon}, not 0.0625`);
  const fisher = fisherExact([
    [3, 1],
    [1, 3],
  ]).p;
  must(fisher !== null && Math.abs(fisher - 17 / 35) < 1e-12, `Fisher's p is ${fisher}, not 17/35`);
  const { low, high } = wilson(612, 10_480);
  must(
    (100 * low).toFixed(3) === '5.407' && (100 * high).toFixed(3) === '6.305',
    `Wilson's limits are ${low} and ${high}`,
  );
  return 'signed rank 0.0625, Fisher 0.4857, Wilson 5.407 to 6.305 %';
}

/** A simulated TBNK tube: T, CD4 T, CD8 T and B cells within 5 % of their labels, and two runs with equal bytes. */
async function knownTruth(folder: string): Promise<string> {
  const [planned] = simulateStudy({ id: 'CHECK', subjects: 1, visits: 1, seed: 7, panels: ['P1'] }).tubes;
  const tube = makeTube(planned);
  const path = join(folder, 'check.fcs');
  writeFileSync(path, tubeBytes(tube));
  const text = readFileSync(join(shippedTemplates, 'p1-tbnk.yaml'), 'utf8');
  const { template, issues } = parseTemplate(text);
  if (template === null) throw new Error(issues.map(({ message }) => message).join(' '));
  const tables: string[] = [];
  for (const run of ['first', 'second']) {
    const out = join(folder, run);
    const samples = [{ sample: 'check', path }];
    const { preview } = await gateFiles({
      samples,
      protocols: [{ kind: 'template', template }],
      out,
      software: 'verify-install',
    });
    must(preview.length === 1, 'the tube was refused');
    tables.push(readFileSync(join(out, 'populations.csv'), 'utf8'));
    for (const id of ['T', 'CD4T', 'CD8T', 'B']) {
      const found = preview[0].populations.find(({ population }) => population === id)?.count ?? 0;
      const right = tube.truth.find(({ population }) => population === id)?.events ?? 0;
      must(Math.abs(found / right - 1) < 0.05, `${id}: ${found} found of ${right}`);
    }
  }
  must(tables[0] === tables[1], 'two runs wrote different tables');
  return `populations.csv SHA-256 ${sha256(tables[0]).slice(0, 16)}`;
}
