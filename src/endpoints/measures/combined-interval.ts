// One 95 % interval of a value from everything that is known to move it: counting, pipetting and lot on one side, gating on the other.
// They are independent, so they add as squares, on the scale on which they are as wide on both sides.
import { exp, log } from '../../math/index.ts';
import type { ParameterUnit } from '../indicators/paramcd.ts';

export interface Limits {
  readonly low: number;
  readonly high: number;
}

interface Scale {
  readonly holds: (x: number) => boolean;
  readonly there: (x: number) => number;
  readonly back: (y: number) => number;
}

const plain: Scale = { holds: () => true, there: (x) => x, back: (y) => y };
const logarithm: Scale = { holds: (x) => x > 0, there: log, back: exp };
const logit: Scale = {
  holds: (x) => x > 0 && x < 100,
  there: (x) => log(x / (100 - x)),
  back: (y) => 100 / (1 + exp(-y)),
};

/**
 * Counts and ratios on the ln scale, percentages on the logit scale; differences and medians in their own unit, and so is whatever has a
 * limit that its scale does not hold, such as 0. Null where one of the two is not known.
 */
export function combinedInterval(
  value: number | null,
  { counting, gating }: { readonly counting: Limits | null; readonly gating: Limits | null },
  unit: ParameterUnit,
): Limits | null {
  if (value === null || counting === null || gating === null) return null;
  const ends = [value, counting.low, counting.high, gating.low, gating.high];
  const wanted = scaleOf(unit);
  const scale = ends.every(wanted.holds) ? wanted : plain;
  const at = scale.there(value);
  const away = (side: keyof Limits): number => {
    const [a, b] = [scale.there(counting[side]) - at, scale.there(gating[side]) - at];
    return Math.sqrt(a * a + b * b);
  };
  const low = scale.back(at - away('low'));
  // what may be negative (an occupancy) shows it in a part
  const isNeverNegative = wanted !== plain && Math.min(counting.low, gating.low) >= 0;
  return { low: isNeverNegative ? Math.max(0, low) : low, high: scale.back(at + away('high')) };
}

function scaleOf(unit: ParameterUnit): Scale {
  switch (unit) {
    case '%':
      return logit;
    case '% points':
    case 'MdFI':
      return plain;
    case 'cells/uL':
    case 'ratio':
    case '10^9/L':
    case 'events':
    case 'uL':
      return logarithm;
  }
}
