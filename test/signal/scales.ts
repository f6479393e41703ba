// Case table of the transforms' conformance suite, and the frozen results of other tools (transform-truth.json).
import { readFileSync } from 'node:fs';
import type { ScaleFunction, Transform } from '../../src/signal/index.ts';

export interface TruthCase {
  readonly scale: ScaleFunction;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export const truthCases = (
  JSON.parse(readFileSync(new URL('transform-truth.json', import.meta.url), 'utf8')) as {
    readonly cases: readonly TruthCase[];
  }
).cases;

export function transform(
  scale: ScaleFunction,
  boundMin: number | null = null,
  boundMax: number | null = null,
): Transform {
  return { scale, boundMin, boundMax };
}

/** Every kind, ordinary and extreme parameters; `range` = the y values that matter. */
export const scales: readonly {
  readonly name: string;
  readonly scale: ScaleFunction;
  readonly range: readonly [number, number];
}[] = (
  [
    [{ kind: 'linear', T: 262144, A: 0 }, 0, 1],
    [{ kind: 'linear', T: 1000, A: 100 }, 0, 1],
    [{ kind: 'log', T: 10000, M: 5 }, 0, 1],
    [{ kind: 'log', T: 262144, M: 0.05 }, -50, 2],
    [{ kind: 'asinh', T: 262144, M: 4.5, A: 0 }, -1, 1.2],
    [{ kind: 'asinh', T: 1000, M: 4, A: 1 }, -0.5, 1.2],
    [{ kind: 'asinh', T: 1000, M: 0.05, A: 0 }, -2, 2],
    [{ kind: 'asinhCofactor', cofactor: 150 }, -8, 9],
    [{ kind: 'asinhCofactor', cofactor: 5 }, -20, 40],
    [{ kind: 'logicle', T: 262144, W: 0.5, M: 4.5, A: 0 }, -0.5, 1.3],
    [{ kind: 'logicle', T: 262144, W: 2.2, M: 4.5, A: 0 }, -0.5, 1.3],
    [{ kind: 'logicle', T: 1000, W: 1, M: 4, A: 1 }, -0.5, 1.3],
    [{ kind: 'logicle', T: 262144, W: 0, M: 4.5, A: 0.5 }, -0.5, 1.3],
    [{ kind: 'logicle', T: 4194304, W: 1.7, M: 5.5, A: -0.5 }, -0.5, 8],
    [{ kind: 'hyperlog', T: 262144, W: 0.5, M: 4.5, A: 0 }, -0.5, 1.3],
    [{ kind: 'hyperlog', T: 1000, W: 1, M: 4, A: 1 }, -0.5, 1.3],
    [{ kind: 'biex', T: 262144.000029, neg: 0, width: -10, pos: 4.41854, channels: 4096 }, 0, 4096],
    [{ kind: 'biex', T: 262144.000029, neg: 1, width: -7.943282, pos: 4.41854, channels: 256 }, 0, 256],
  ] as const
).map(([scale, low, high]) => {
  const letters = Object.entries(scale).filter(([key]) => key !== 'kind');
  return {
    name: `${scale.kind} ${letters.map(([key, value]) => `${key}=${value}`).join(' ')}`,
    scale,
    range: [low, high] as const,
  };
});

/** The double `n` places above x (below for negative n). */
export function neighbour(x: number, n: number): number {
  const bits = new BigInt64Array(Float64Array.of(x).buffer);
  const place = (bits[0] >= 0n ? bits[0] : -(bits[0] & 0x7fffffffffffffffn)) + BigInt(n);
  bits[0] = place >= 0n ? place : -place;
  const size = new Float64Array(bits.buffer)[0];
  return place >= 0n ? size : -size;
}
