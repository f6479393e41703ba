// The vertical scale of measured values: linear from zero, or logarithmic where values are positive and span more than a factor of 30.
// Invariant: every value and limit given lies inside the scale; the ticks are round numbers in the unit of the parameter.
import { scaleLinear, scaleLog } from 'd3';
import type { Area, Scale } from '../axes.ts';

export interface ValueScale {
  readonly kind: 'linear' | 'log';
  readonly y: Scale;
  readonly ticks: readonly number[];
}

const logFactor = 30;

export function valueScale(values: readonly number[], area: Area): ValueScale {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const range = [area.bottom, area.top];
  if (values.length > 0 && low > 0 && high / low > logFactor) {
    const scale = scaleLog([low, high], range).nice();
    const all = scale.ticks();
    const decades = all.filter((value) => /^10*$|^0\.0*1$/.test(String(value)));
    const few = all.filter((value) => /^0*[.]?0*[125]/.test(String(value)));
    return { kind: 'log', y: (value) => scale(value), ticks: decades.length >= 4 ? decades : few };
  }
  const domain = values.length === 0 ? [0, 1] : [Math.min(0, low), high === low && high <= 0 ? 1 : high];
  const scale = scaleLinear(domain, range).nice(5);
  return { kind: 'linear', y: (value) => scale(value), ticks: scale.ticks(5) };
}
