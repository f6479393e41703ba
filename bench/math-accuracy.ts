// Accuracy of src/math: writes a million random inputs and our results for each function as doubles, for bench/math-accuracy.py to judge.
// Run: npx tsx bench/math-accuracy.ts bench/.cache/math && python3 bench/math-accuracy.py bench/.cache/math   (needs gmpy2)
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as math from '../src/math/index.ts';

const COUNT = 1_000_000;
const out = process.argv[2] ?? 'bench/.cache/math';
mkdirSync(out, { recursive: true });

type Draw = (random: math.Random) => number;
const uniform =
  (low: number, high: number): Draw =>
  (random) =>
    low + (high - low) * random.next();
/** Either sign, magnitude from 2^low to 2^high, every exponent alike. */
const spread =
  (low: number, high: number, sign: 'both' | 'positive' = 'both'): Draw =>
  (random) => {
    const e = low + (high - low) * random.next();
    const size = math.pow(2, Math.max(e, -1022)) * (0.5 + random.next());
    return sign === 'both' && random.next() < 0.5 ? -size : size;
  };

/** Half of the inputs uniform where the function is used, half over every exponent it accepts. */
const unary: Record<string, { readonly f: (x: number) => number; readonly draws: readonly Draw[] }> = {
  exp: { f: math.exp, draws: [uniform(-20, 20), uniform(-708, 709), spread(-60, 9)] },
  expm1: { f: math.expm1, draws: [uniform(-2, 2), uniform(-50, 700), spread(-60, 9)] },
  log: { f: math.log, draws: [uniform(0.4, 3), uniform(0, 262144), spread(-1022, 1023, 'positive')] },
  log1p: { f: math.log1p, draws: [uniform(-0.99, 3), uniform(0, 262144), spread(-60, 1000, 'positive')] },
  log2: { f: math.log2, draws: [uniform(0.4, 3), uniform(0, 262144), spread(-1022, 1023, 'positive')] },
  log10: { f: math.log10, draws: [uniform(0.4, 3), uniform(0, 262144), spread(-1022, 1023, 'positive')] },
  pow10: { f: math.pow10, draws: [uniform(-6, 6), uniform(-307, 308), spread(-60, 8)] },
  sinh: { f: math.sinh, draws: [uniform(-3, 3), uniform(-709, 709), spread(-60, 9)] },
  cosh: { f: math.cosh, draws: [uniform(-3, 3), uniform(-709, 709), spread(-60, 9)] },
  tanh: { f: math.tanh, draws: [uniform(-1, 1), uniform(-22, 22), spread(-60, 5)] },
  asinh: { f: math.asinh, draws: [uniform(-3, 3), uniform(-1750, 1750), spread(-60, 1000)] },
  atanh: { f: math.atanh, draws: [uniform(-0.6, 0.6), uniform(-1, 1), spread(-60, -1)] },
  sin: { f: math.sin, draws: [uniform(-7, 7), uniform(-1e5, 1e5), spread(-60, 60)] },
  cos: { f: math.cos, draws: [uniform(-7, 7), uniform(-1e5, 1e5), spread(-60, 60)] },
  atan: { f: math.atan, draws: [uniform(-3, 3), uniform(-1000, 1000), spread(-60, 100)] },
};
const binary: Record<
  string,
  { readonly f: (x: number, y: number) => number; readonly draws: readonly (readonly [Draw, Draw])[] }
> = {
  pow: {
    f: math.pow,
    draws: [
      [uniform(0, 10), uniform(-10, 10)],
      [spread(-30, 30, 'positive'), spread(-20, 4)],
      [uniform(0.99, 1.01), uniform(-30000, 30000)],
    ],
  },
  atan2: {
    f: math.atan2,
    draws: [
      [uniform(-10, 10), uniform(-10, 10)],
      [spread(-60, 60), spread(-60, 60)],
    ],
  },
};

function write(
  name: string,
  columns: number,
  fill: (random: math.Random, i: number, row: Float64Array) => void,
): void {
  const random = math.createRandom(`math-accuracy/${name}`);
  const values = new Float64Array(COUNT * columns);
  for (let i = 0; i < COUNT; i++) fill(random, i, values.subarray(i * columns, (i + 1) * columns));
  writeFileSync(join(out, `${name}.f64`), new Uint8Array(values.buffer));
}

for (const [name, { f, draws }] of Object.entries(unary)) {
  write(name, 2, (random, i, row) => {
    row[0] = draws[i % draws.length](random);
    row[1] = f(row[0]);
  });
}
for (const [name, { f, draws }] of Object.entries(binary)) {
  write(name, 3, (random, i, row) => {
    const [drawX, drawY] = draws[i % draws.length];
    row[0] = drawX(random);
    row[1] = drawY(random);
    row[2] = f(row[0], row[1]);
  });
}
