// Elementary functions of math/, beside the platform's.
import { asinh, exp, log } from '../../src/math/index.ts';
import type { KernelBench } from '../runner.ts';

const count = 2_048;
/** Detector values from -1,000 to 262,144, dense near zero. */
const values = Float64Array.from({ length: count }, (_, i) => (i / count) ** 3 * 263_144 - 1_000);
const exponents = values.map((value) => value / 10_000);
const positive = values.map((value) => Math.abs(value) + 1);

function over(inputs: Float64Array, apply: (x: number) => number): () => number {
  return () => {
    let sum = 0;
    for (let i = 0; i < inputs.length; i++) sum += apply(inputs[i]);
    return sum;
  };
}

export const kernels: readonly KernelBench[] = [
  { name: 'math exp', unit: 'value', items: count, run: over(exponents, exp) },
  { name: 'math exp, the platform', unit: 'value', items: count, run: over(exponents, Math.exp) },
  { name: 'math log', unit: 'value', items: count, run: over(positive, log) },
  { name: 'math log, the platform', unit: 'value', items: count, run: over(positive, Math.log) },
  { name: 'math asinh', unit: 'value', items: count, run: over(values, asinh) },
  { name: 'math asinh, the platform', unit: 'value', items: count, run: over(values, Math.asinh) },
];
