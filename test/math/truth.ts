// The numeric truth table (numeric-truth.json, made by make-numeric-truth.py) with its types.
import { readFileSync } from 'node:fs';

interface Truth {
  readonly streams: readonly {
    readonly seed: string;
    readonly next: readonly number[];
    readonly integers: readonly (readonly [number, readonly number[]])[];
    readonly normal: readonly number[];
    readonly fork: number;
  }[];
  readonly sums: readonly { readonly values: readonly number[]; readonly sum: number }[];
  readonly probabilities: readonly number[];
  readonly quantiles: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly expected: Readonly<Record<'2' | '6' | '7', readonly number[]>>;
  }[];
  readonly matrices: readonly {
    readonly name: string;
    readonly n: number;
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly x: readonly number[];
    readonly inverse: readonly number[];
    readonly determinant: number;
    readonly condition: number;
  }[];
  readonly leastSquares: {
    readonly rows: number;
    readonly columns: number;
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly x: readonly number[];
    readonly pseudoInverse: readonly number[];
  };
  readonly symmetric: {
    readonly n: number;
    readonly a: readonly number[];
    readonly values: readonly number[];
    readonly cholesky: readonly number[];
    readonly firstVector: readonly number[];
  };
  readonly density: {
    readonly values: readonly number[];
    readonly bandwidth: number;
    readonly from: number;
    readonly to: number;
    readonly points: number;
    readonly at: readonly number[];
    readonly y: readonly number[];
    readonly peaks: readonly number[];
    readonly valley: number;
  };
  readonly modes: readonly { readonly values: readonly number[]; readonly mode: number }[];
}

export const truth = JSON.parse(
  readFileSync(new URL('numeric-truth.json', import.meta.url), 'utf8'),
) as Truth;

/** Largest |got - want| relative to the largest |want| (or to 1). */
export function worstRelative(got: ArrayLike<number>, want: ArrayLike<number>): number {
  if (got.length !== want.length) return Infinity;
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < want.length; i++) {
    scale = Math.max(scale, Math.abs(want[i]));
    const difference = Math.abs(got[i] - want[i]);
    worst = difference <= worst ? worst : difference;
  }
  return worst / (scale || 1);
}
