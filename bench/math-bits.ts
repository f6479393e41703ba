// One digest a function over a million results, to compare processors and engines: the lines of two machines must be equal.
// Run: npx esbuild --bundle --platform=node --format=esm --external:csv-parse/sync bench/math-bits.ts --outfile=bench/.cache/math-bits.mjs
//      node bench/.cache/math-bits.mjs        (the lines named "platform" are Math's own, which do differ)
import { createHash } from 'node:crypto';
import * as math from '../src/math/index.ts';
import { compileForward, type ScaleFunction } from '../src/signal/index.ts';

const COUNT = 1_000_000;
const scale = (s: ScaleFunction): ((x: number) => number) =>
  compileForward({ scale: s, boundMin: null, boundMax: null });
const functions: Record<string, (x: number, y: number) => number> = {
  exp: math.exp,
  expm1: math.expm1,
  log: math.log,
  log1p: math.log1p,
  log2: math.log2,
  log10: math.log10,
  pow: math.pow,
  pow10: math.pow10,
  sinh: math.sinh,
  cosh: math.cosh,
  tanh: math.tanh,
  asinh: math.asinh,
  atanh: math.atanh,
  sin: math.sin,
  cos: math.cos,
  atan: math.atan,
  atan2: math.atan2,
  logicle: scale({ kind: 'logicle', T: 262144, W: 0.5, M: 4.5, A: 0 }),
  hyperlog: scale({ kind: 'hyperlog', T: 262144, W: 0.5, M: 4.5, A: 0 }),
  biex: scale({ kind: 'biex', T: 262144, neg: 0, width: -10, pos: 4.4, channels: 4096 }),
  'platform exp': Math.exp,
  'platform log': Math.log,
  'platform asinh': Math.asinh,
};

console.log(process.arch, process.version);
for (const [name, f] of Object.entries(functions)) {
  const random = math.createRandom(name);
  const results = new Float64Array(COUNT);
  for (let i = 0; i < COUNT; i++) {
    const x = (random.next() - 0.3) * math.pow10(8 * random.next() - 3);
    const y = f(x, 10 * random.next() - 5);
    // NaN has many bit patterns
    results[i] = Number.isNaN(y) ? 0 : y;
  }
  console.log(name, createHash('sha256').update(new Uint8Array(results.buffer)).digest('hex').slice(0, 16));
}
