// Kernels that scale one decoded parameter in place: rows[e * stride + p]. Gain: FCS 3.1 section 3.2.20 ($PnG);
// logarithmic decoding: same section, $PnE: 10^(f1 * x / R) * f2.
import { pow10 } from '../math/index.ts';

export function divideColumn(
  rows: Float64Array,
  count: number,
  p: number,
  stride: number,
  gain: number,
): void {
  for (let e = 0, at = p; e < count; e++, at += stride) rows[at] /= gain;
}

/** x becomes 10^(decades * x / range) * offset. */
export function powerColumn(
  rows: Float64Array,
  count: number,
  p: number,
  stride: number,
  decades: number,
  range: number,
  offset: number,
): void {
  for (let e = 0, at = p; e < count; e++, at += stride)
    rows[at] = pow10((decades * rows[at]) / range) * offset;
}

/** x becomes table[x]; every x is a whole number below table.length. */
export function tableColumn(
  rows: Float64Array,
  count: number,
  p: number,
  stride: number,
  table: Float64Array,
): void {
  for (let e = 0, at = p; e < count; e++, at += stride) rows[at] = table[rows[at]];
}
