// Scales: linear detector values x to gateable values y and back, for every kind of ScaleFunction.
// Invariant: every forward function is non-decreasing in the last bit, so a limit on y is exactly a limit on x (limit.ts).
import { ImmunogateError } from '../errors.ts';
import type { Column } from '../events/index.ts';
import { asinh, log10, pow10, sinh } from '../math/index.ts';
import { biex } from './biex.ts';
import { hyperlog, logicle, type Curve } from './curve.ts';
import type { ScaleFunction, Transform } from './model.ts';

const LN10 = 2.302585092994046;

/** What is made once for a Transform object and kept with it (a biex table takes longer to make than a thousand values to scale). */
const curves = new WeakMap<ScaleFunction, Curve>();
const bounded = new WeakMap<Transform, (x: number) => number>();

/** y of one value, clipped to the bounds. NaN stays NaN. Throws E_GATE_INVALID for parameters the standard forbids. */
export function forward(transform: Transform, x: number): number {
  return compileForward(transform)(x);
}

/** x of one scaled value, on the unbounded scale (the bounds only clip results of `forward`). */
export function inverse(transform: Transform, y: number): number {
  return compileInverse(transform)(y);
}

/**
 * The forward function, made once for a Transform object and kept with it. A logarithm of a negative x is NaN, in no gate, as in FlowKit
 * and flowCore, unless boundMin is given: then it takes boundMin, as on FlowJo's log axis. Throws E_GATE_INVALID.
 */
export function compileForward(transform: Transform): (x: number) => number {
  let f = bounded.get(transform);
  if (f === undefined) {
    f = clipped(transform, compileCurve(transform.scale).forward);
    bounded.set(transform, f);
  }
  return f;
}

/** The inverse function on the unbounded scale. Throws E_GATE_INVALID. */
export function compileInverse(transform: Transform): (y: number) => number {
  return compileCurve(transform.scale).inverse;
}

/** output[e] = forward(input[e]); `output` may be `input`. */
export function transformColumn(transform: Transform, input: Column, output: Column): void {
  const f = compileForward(transform);
  for (let e = 0; e < input.length; e++) output[e] = f(input[e]);
}

function clipped({ scale, boundMin, boundMax }: Transform, f: (x: number) => number): (x: number) => number {
  if (boundMin !== null && boundMax !== null && !(boundMin <= boundMax))
    invalid(`boundMin ${boundMin} lies above boundMax ${boundMax}`);
  if (boundMin === null && scale.kind === 'log') {
    const positive = (x: number): number => (x < 0 ? NaN : f(x));
    return boundMax === null ? positive : (x) => atMost(positive(x), boundMax);
  }
  if (boundMin === null) return boundMax === null ? f : (x) => atMost(f(x), boundMax);
  return boundMax === null
    ? (x) => atLeast(f(x), boundMin)
    : (x) => atMost(atLeast(f(x), boundMin), boundMax);
}

// Comparisons, not Math.min: NaN stays NaN and needs no thought.
function atMost(y: number, bound: number): number {
  return y > bound ? bound : y;
}
function atLeast(y: number, bound: number): number {
  return y < bound ? bound : y;
}

/** Forward and inverse of a scale without bounds. Throws E_GATE_INVALID for parameters the standard forbids. */
export function compileCurve(scale: ScaleFunction): Curve {
  let curve = curves.get(scale);
  if (curve === undefined) {
    checkParameters(scale);
    curve = makeCurve(scale);
    curves.set(scale, curve);
  }
  return curve;
}

function makeCurve(scale: ScaleFunction): Curve {
  switch (scale.kind) {
    case 'linear':
      return linear(scale.T, scale.A);
    case 'log':
      return logarithmic(scale.T, scale.M);
    case 'asinh':
      return scaledAsinh(sinh(scale.M * LN10) / scale.T, (scale.M + scale.A) * LN10, scale.A * LN10);
    case 'asinhCofactor':
      return scaledAsinh(1 / scale.cofactor, 1, 0);
    case 'logicle':
      return logicle(scale);
    case 'hyperlog':
      return hyperlog(scale);
    case 'biex':
      return biex(scale);
  }
}

/** flin (Gating-ML 2.0 section 6.1): y = (x + A) / (T + A). One addition and one division round without turning the order. */
function linear(T: number, A: number): Curve {
  return { forward: (x) => (x + A) / (T + A), inverse: (y) => y * (T + A) - A };
}

/** flog (6.2): y = log10(x / T) / M + 1; -Infinity for x <= 0. Our log10 and asinh never fall (see math/), and rounding keeps order. */
function logarithmic(T: number, M: number): Curve {
  return {
    forward: (x) => (x > 0 ? log10(x / T) / M + 1 : Number.isNaN(x) ? NaN : -Infinity),
    inverse: (y) => T * pow10((y - 1) * M),
  };
}

/** fasinh (6.3) and the templates' asinh(x / cofactor): y = (asinh(x * gain) + shift) / span. */
function scaledAsinh(gain: number, span: number, shift: number): Curve {
  return {
    forward: (x) => (asinh(x * gain) + shift) / span,
    inverse: (y) => sinh(y * span - shift) / gain,
  };
}

function checkParameters(scale: ScaleFunction): void {
  for (const [name, value] of Object.entries(scale)) {
    if (typeof value === 'number' && !Number.isFinite(value))
      invalid(`${name} of the ${scale.kind} scale is not a finite number`);
  }
  const must = (holds: boolean, rule: string): void => {
    if (!holds)
      invalid(`the ${scale.kind} scale needs ${rule}, got ${JSON.stringify({ ...scale, kind: undefined })}`);
  };
  switch (scale.kind) {
    case 'linear':
      return must(scale.T > 0 && scale.A >= 0 && scale.A <= scale.T, 'T > 0 and 0 <= A <= T');
    case 'log':
      return must(scale.T > 0 && scale.M > 0, 'T > 0 and M > 0');
    case 'asinh':
      return must(
        scale.T > 0 && scale.M > 0 && scale.M <= 300 && scale.A >= 0 && scale.A <= scale.M,
        'T > 0, 0 < M <= 300 and 0 <= A <= M',
      );
    case 'asinhCofactor':
      return must(scale.cofactor > 0, 'a cofactor above 0');
    case 'logicle':
    case 'hyperlog': {
      const { T, W, M, A } = scale;
      must(T > 0 && M > 0 && M <= 100, 'T > 0 and 0 < M <= 100');
      must(scale.kind === 'logicle' ? W >= 0 : W > 0, scale.kind === 'logicle' ? 'W >= 0' : 'W > 0');
      return must(2 * W <= M && A >= -W && A <= M - 2 * W, 'W <= M / 2 and -W <= A <= M - 2 W');
    }
    case 'biex': {
      const { T, neg, width, pos, channels } = scale;
      must(T > 0 && pos > 0 && channels > 0, 'T, pos and channels above 0');
      must(width <= -1 && width >= -10000, 'a width basis from -10000 to -1');
      return must(
        pos > log10(-width) / 2 && neg <= 100,
        'fewer than 100 negative decades and more positive ones than the width takes',
      );
    }
  }
}

function invalid(why: string): never {
  throw new ImmunogateError('E_GATE_INVALID', `A transform is not well formed: ${why}.`);
}
