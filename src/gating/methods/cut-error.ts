// How well a cut is placed: the standard error of its position, from the events that placed it. Methods that have a formula leave it in
// their evidence; others are fitted again on random parts of their events. Deterministic (seeded), bounded; never changes a gate.
import { createRandom, exp, pow, type Random } from '../../math/index.ts';
import type { Fitted, GatingMethod, MethodFit, MethodInput } from './contract.ts';

const PARTS = 12;
/** Events of a part at most: together they cost what fitting a few thousand events does. */
const MOST_PART = 250;
/** Fewer events do not show how a cut scatters. */
const FEWEST = 40;

/** The fit with the standard error of its cut, scale units, as evidence `cutSe`; null = not known (two axes, too few events, no cut in most parts). */
export function withError<P>(
  method: GatingMethod<P>,
  params: P,
  input: MethodInput,
  { fitted, seed }: { readonly fitted: Fitted; readonly seed: string },
): Fitted {
  const { scatterRate: rate } = method;
  const own = fitted.evidence['cutSe'];
  const error =
    typeof own === 'number'
      ? own
      : rate === undefined || placeOf(fitted) === null
        ? null
        : scatterOfParts(method, params, input, { rate, seed });
  const cutSe = error !== null && error >= 0 && error < Infinity ? error : null;
  return { ...fitted, evidence: { ...fitted.evidence, cutSe } };
}

/** A fit of a control tube brought to this one, with the error that the control and this tube make together. */
export function carryWithError<P>(
  method: GatingMethod<P>,
  params: P,
  input: MethodInput,
  { found, seed }: { readonly found: Fitted; readonly seed: string },
): MethodFit {
  const carry = method.carry?.bind(method);
  if (carry === undefined) return found;
  const carried = carry(found, input, params);
  if (carried.status === 'rejected') return carried;
  const again = { ...method, fit: (part: MethodInput) => carry(found, part, params) };
  const { evidence } = withError(again, params, input, { fitted: carried, seed });
  const [there, here] = [found.evidence['cutSe'], evidence['cutSe']];
  const cutSe =
    typeof there === 'number' && typeof here === 'number' ? Math.sqrt(there * there + here * here) : null;
  return { ...carried, evidence: { ...found.evidence, ...carried.evidence, cutSe } };
}

/** Position of a cut on its axis or score; null = the gate is no cut. */
export function placeOf({ cut, score, evidence }: Fitted): number | null {
  const onScore = evidence['cut'];
  return score !== undefined && typeof onScore === 'number' ? onScore : cut;
}

/**
 * The scatter of cuts on random parts, drawn without replacement, estimates the standard error on the whole: for a mean its variance
 * given the events is s^2 (1/b - 1/n), which is s^2 / n at b = n / 2. Of many events b is bounded and the scatter, taken to fall as
 * n^-rate, is multiplied by (b / (n - b))^rate, which is 1 at the half.
 */
function scatterOfParts<P>(
  method: GatingMethod<P>,
  params: P,
  input: MethodInput,
  { rate, seed }: { readonly rate: number; readonly seed: string },
): number | null {
  const { dims, forward, keep, columns, reference } = input;
  const own = sampler(columns[0].length, createRandom(`${seed}/parts`));
  const named = reference === null ? null : sampler(reference[0].length, createRandom(`${seed}/reference`));
  const looked = named ?? own;
  if (looked.size < FEWEST / 2) return null;
  const cuts: number[] = [];
  for (let k = 0; k < PARTS; k++) {
    const part = own.draw();
    const partNamed = named?.draw() ?? null;
    const fit = method.fit(
      {
        dims,
        forward,
        keep,
        columns: columns.map((column) => pick(column, part)),
        get linear() {
          return input.linear.map((column) => pick(column, part));
        },
        reference:
          reference === null || partNamed === null
            ? null
            : reference.map((column) => pick(column, partNamed)),
      },
      params,
      createRandom(`${seed}/${k}`),
    );
    const place = fit.status === 'fitted' ? placeOf(fit) : null;
    if (place !== null) cuts.push(place);
  }
  // a cut that half of the parts do not have is not placed by a distribution
  if (2 * cuts.length < PARTS) return null;
  const mean = cuts.reduce((sum, cut) => sum + cut, 0) / cuts.length;
  const square = cuts.reduce((sum, cut) => sum + (cut - mean) * (cut - mean), 0) / (cuts.length - 1);
  const { size, total } = looked;
  return Math.sqrt(square) * (2 * size === total ? 1 : pow(size / (total - size), rate));
}

interface Sampler {
  readonly total: number;
  readonly size: number;
  /** Other events each time; the list is reused. */
  readonly draw: () => Uint32Array;
}

/** Draws of half the events, or a bounded number, without replacement. */
function sampler(total: number, random: Random): Sampler {
  const size = Math.min(total >> 1, MOST_PART);
  const order = new Uint32Array(total);
  for (let e = 0; e < total; e++) order[e] = e;
  return {
    total,
    size,
    draw: () => {
      for (let i = 0; i < size; i++) {
        const j = i + random.integer(total - i);
        const moved = order[j];
        order[j] = order[i];
        order[i] = moved;
      }
      return order.subarray(0, size);
    },
  };
}

function pick(column: Float64Array, events: Uint32Array): Float64Array {
  const out = new Float64Array(events.length);
  for (let i = 0; i < events.length; i++) out[i] = column[events[i]];
  return out;
}

/** Values in the reach of the kernel that take part: about as many, all of fewer. */
const MOST_LOCAL = 4096;

/**
 * Standard error of the lowest point of a Gaussian kernel density between two peaks: the slope there scatters by the root of the sum of
 * squared kernel slopes, and the point by that over the curvature (delta method; Romano 1988 for modes). Values in any order.
 */
export function valleyError(values: Float64Array, cut: number, bandwidth: number): number | null {
  const reach = 8 * bandwidth;
  let local = 0;
  for (let e = 0; e < values.length; e++) local += Number(Math.abs(values[e] - cut) < reach);
  const every = Math.max(1, Math.floor(local / MOST_LOCAL));
  const weight = local / Math.max(1, Math.ceil(local / every));
  let slopes = 0;
  let curvature = 0;
  for (let e = 0, seen = 0; e < values.length; e++) {
    if (!(Math.abs(values[e] - cut) < reach) || seen++ % every !== 0) continue;
    const z = (values[e] - cut) / bandwidth;
    const kernel = exp(-0.5 * z * z);
    slopes += z * z * kernel * kernel;
    curvature += (z * z - 1) * kernel;
  }
  return curvature > 0 ? (bandwidth * Math.sqrt(weight * slopes)) / (weight * curvature) : null;
}
