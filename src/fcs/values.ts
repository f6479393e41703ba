// What the events themselves show: values that are not finite, a zero-filled tail, Time running backwards, integers beyond
// 2^53 - 1 (reliability 2.5). Fed block by block, in file order, by whoever reads the events; changes no value.
import { issue, type Issue } from '../errors.ts';
import { hasNonFinite } from './column.kernel.ts';
import type { EventBlock, FcsFile } from './model.ts';
import { isTimeParameter } from './parameters.ts';

export interface ValueCheck {
  /**
   * Blocks must come in file order and cover all events for the tail to be judged. `someNonFinite`: whether any value of the block is
   * not a finite number, from whoever has looked at all of them anyway; default they are looked at here.
   */
  see(block: EventBlock, someNonFinite?: boolean): void;
  findings(): Issue[];
}

export function openValueCheck(file: FcsFile): ValueCheck {
  const { parameters } = file;
  const time = parameters.findIndex((parameter) => isTimeParameter(parameter, file.keywords));
  const wide = parameters.flatMap(({ field }, p) =>
    field.type === 'I' && (field.usedBits ?? field.bytes * 8) > 53 ? [p] : [],
  );
  const mayBeNonFinite = parameters.some(({ field }) => field.type === 'F' || field.type === 'D');
  const nonFinite = new Float64Array(parameters.length);
  let zeroTail = 0;
  let lastTime = 0;
  let timeRunsBack = false;
  let imprecise = 0;
  return { see, findings };

  function see({ rows, count, stride }: EventBlock, someNonFinite?: boolean): void {
    if (mayBeNonFinite && (someNonFinite ?? hasNonFinite(rows, count * stride)))
      countNonFinite(rows, count, stride, nonFinite);
    const zeros = trailingZeroRows(rows, count, stride);
    zeroTail = zeros === count ? zeroTail + count : zeros;
    if (time >= 0 && !timeRunsBack) {
      timeRunsBack = stepsBack(rows, time, count * stride, stride, lastTime);
      if (count > 0) lastTime = rows[(count - 1) * stride + time];
    }
    for (const p of wide) imprecise += countAbove(rows, p, count * stride, stride, Number.MAX_SAFE_INTEGER);
  }

  function findings(): Issue[] {
    const found: Issue[] = [];
    nonFinite.forEach((count, p) => {
      const { name, number } = parameters[p];
      if (count > 0)
        found.push(
          issue(
            'W_NON_FINITE_VALUES',
            `${count} values of parameter ${number} are not finite numbers.`,
            name,
          ),
        );
    });
    if (zeroTail >= 2)
      found.push(
        issue('W_ZERO_FILLED_TAIL', `The last ${zeroTail} events are zero in every parameter.`, 'DATA'),
      );
    if (timeRunsBack) found.push(issue('W_TIME_NOT_MONOTONE', undefined, parameters[time].name));
    if (imprecise > 0)
      found.push(
        issue('W_INTEGER_PRECISION', `${imprecise} integers are above 2^53 - 1 and lose precision.`, 'DATA'),
      );
    return found;
  }
}

/** Whether a value of the column [from, to) is smaller than the one before it, `last` before the first. */
function stepsBack(
  rows: Float32Array | Float64Array,
  from: number,
  to: number,
  stride: number,
  last: number,
): boolean {
  let before = last;
  for (let at = from; at < to; at += stride) {
    if (rows[at] < before) return true;
    before = rows[at];
  }
  return false;
}

function countAbove(
  rows: Float32Array | Float64Array,
  from: number,
  to: number,
  stride: number,
  limit: number,
): number {
  let above = 0;
  for (let at = from; at < to; at += stride) above += Number(rows[at] > limit);
  return above;
}

function countNonFinite(
  rows: Float32Array | Float64Array,
  count: number,
  stride: number,
  totals: Float64Array,
): void {
  for (let p = 0; p < stride; p++) {
    for (let at = p; at < count * stride; at += stride) if (!Number.isFinite(rows[at])) totals[p]++;
  }
}

function trailingZeroRows(rows: Float32Array | Float64Array, count: number, stride: number): number {
  let at = count * stride - 1;
  while (at >= 0 && rows[at] === 0) at--;
  return count - Math.ceil((at + 1) / stride);
}
