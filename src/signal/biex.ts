// FlowJo's biexponential axis: a table of 4,096 steps and straight lines between its points, as FlowJo 10 itself uses it.
// The table is the definition (it is not a smooth function), so results match FlowJo's to the precision its tables are published with.
// Invariant: the table rises strictly; outside it values are clipped to 0 and `channels`, as FlowJo piles events up at the axis ends.
import { exp, log10 } from '../math/index.ts';
import { logicleD, type Curve } from './curve.ts';

export interface BiexParameters {
  /** Top of the linear scale (262144.000029 in FlowJo). */
  readonly T: number;
  /** Extra negative decades; negative numbers count as 0. */
  readonly neg: number;
  /** Width basis: negative, -1 to -1000. */
  readonly width: number;
  /** Positive decades (4.418540 in FlowJo). */
  readonly pos: number;
  /** y at the top of the table: 4096 or 256. */
  readonly channels: number;
}

const STEPS = 4096;

/** x -> y from 0 to `channels`; inverse is clipped to the ends of the table likewise. */
export function biex(parameters: BiexParameters): Curve {
  const table = biexTable(parameters);
  const scale = parameters.channels / STEPS;
  function forward(x: number): number {
    if (!(x > table[0])) return x <= table[0] ? 0 : NaN;
    if (x >= table[STEPS]) return STEPS * scale;
    let low = 0;
    let high = STEPS;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (table[middle] <= x) low = middle;
      else high = middle;
    }
    return (low + (x - table[low]) / (table[low + 1] - table[low])) * scale;
  }
  function inverse(y: number): number {
    const position = y / scale;
    if (!(position > 0)) return position <= 0 ? table[0] : NaN;
    if (position >= STEPS) return table[STEPS];
    const low = Math.floor(position);
    return table[low] + (position - low) * (table[low + 1] - table[low]);
  }
  return { forward, inverse };
}

/**
 * Linear value at each of the 4,097 steps: a (e^(b i) - s e^(-d i)) + constant above the step of zero, mirrored below it. The letters of
 * Parks, Roederer and Moore 2006, with FlowJo's own rounding of zero to a whole step.
 */
export function biexTable({ T, neg, width, pos }: Omit<BiexParameters, 'channels'>): Float64Array {
  const points = STEPS + 1;
  const basis = log10(-width);
  const extra = Math.max(0, neg) + basis / 2;
  let decades = pos - basis / 2;
  const zero = Math.min(Math.floor((extra * STEPS) / (extra + decades)), STEPS / 2);
  if (zero > 0) decades = (extra * STEPS) / zero;
  const w = basis / (2 * decades);
  const b = 2.302585092994046 * decades;
  const d = logicleD(b, w);
  const a = T / exp(b);
  const s = exp((b + d) * (w + extra / decades));
  const raw = (i: number): number => exp((i / points) * b) - s * exp((-i / points) * d);
  const table = new Float64Array(points);
  const offset = raw(zero);
  for (let i = zero; i < points; i++) table[i] = a * (raw(i) - offset);
  for (let i = 0; i < zero; i++) table[i] = -table[2 * zero - i];
  return table;
}
