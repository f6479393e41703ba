// Where the ticks of an axis stand, on any scale: round numbers of linear units, carried to scale coordinates.
// Invariant: ticks lie within the axis, ascend, and labels never crowd; what has no label is a minor tick.
import { compileForward, compileInverse } from './scale.ts';
import type { Transform } from './model.ts';

/** `value` in linear units, `at` on the scale; an empty label is a minor tick. */
export interface AxisTick {
  readonly value: number;
  readonly at: number;
  readonly label: string;
}

/** Labelled ticks stand at least this part of the axis apart. */
const APART = 0.07;

/** Ticks for the axis [min, max] of scale coordinates; null = linear units. */
export function axisTicks(transform: Transform | null, min: number, max: number): readonly AxisTick[] {
  if (!(max > min)) return [];
  if (transform === null) return evenTicks((x) => x, min, max, min, max);
  const unbounded = { ...transform, boundMin: null, boundMax: null };
  const forward = compileForward(unbounded);
  if (transform.scale.kind !== 'linear') return decadeTicks(forward, min, max);
  const inverse = compileInverse(unbounded);
  return evenTicks(forward, inverse(min), inverse(max), min, max);
}

/** Steps of 1, 2 or 5 times a power of ten, about five labels, with halves or fifths between. */
function evenTicks(
  forward: (x: number) => number,
  low: number,
  high: number,
  min: number,
  max: number,
): AxisTick[] {
  let power = -12;
  while (power < 15 && 5 * powerOfTen(power + 1) < high - low) power++;
  const step = [1, 2, 5, 10].map((m) => m * powerOfTen(power)).find((s) => (high - low) / s <= 6);
  if (step === undefined) return [];
  const ticks: AxisTick[] = [];
  const minor = step / 5;
  for (let k = Math.ceil(low / minor); k * minor <= high; k++) {
    // the product of whole numbers and a round step, without the dust of binary fractions
    const value = Number((k * minor).toPrecision(12));
    const at = forward(value);
    if (at >= min && at <= max) ticks.push({ value, at, label: k % 5 === 0 ? roundLabel(value) : '' });
  }
  return ticks;
}

/** Zero and powers of ten of both signs with 2 to 9 between; powers that the linear part squeezes against zero are left out. */
function decadeTicks(forward: (x: number) => number, min: number, max: number): AxisTick[] {
  const apart = APART * (max - min);
  const zero = forward(0);
  const clear = (at: number): boolean => !Number.isFinite(zero) || Math.abs(at - zero) >= apart;
  const ticks: AxisTick[] = zero >= min && zero <= max ? [{ value: 0, at: zero, label: '0' }] : [];
  for (const sign of [1, -1]) {
    let labelled = Number.NEGATIVE_INFINITY;
    for (let power = -3; power <= 12; power++) {
      for (let m = 1; m <= 9; m++) {
        const value = sign * m * powerOfTen(power);
        const at = forward(value);
        if (!(at >= min && at <= max) || !clear(forward(sign * powerOfTen(power)))) continue;
        const wantsLabel = m === 1 && Math.abs(at - labelled) >= apart;
        if (wantsLabel) labelled = at;
        ticks.push({ value, at, label: wantsLabel ? powerLabel(sign, power) : '' });
      }
    }
  }
  return ticks.sort((a, b) => a.at - b.at);
}

function powerOfTen(power: number): number {
  return Number(`1e${power}`);
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function powerLabel(sign: number, power: number): string {
  const digits = [...String(Math.abs(power))].map((digit) => superscripts[Number(digit)]).join('');
  return `${sign < 0 ? '−' : ''}10${power < 0 ? '⁻' : ''}${digits}`;
}

/** 250000 is 250K. */
function roundLabel(value: number): string {
  const [unit, letter] = Math.abs(value) >= 1e6 ? [1e6, 'M'] : Math.abs(value) >= 1e3 ? [1e3, 'K'] : [1, ''];
  return `${value < 0 ? '−' : ''}${Number((Math.abs(value) / unit).toPrecision(6))}${letter}`;
}
