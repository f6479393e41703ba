// Sums that do not depend on luck: index order, with Neumaier's compensation (reliability D-3).
// Invariant: the result is a function of the values in their order; nothing is reordered or split by speed.

/** Compensated sum (Neumaier 1974) in index order; 0 for none. NaN or opposite infinities give NaN. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  // An infinite total has a meaningless (NaN) compensation.
  return Number.isFinite(total) ? total + lost : total;
}

/** Arithmetic mean by compensated sum; NaN for none. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

/**
 * Running compensated sums for values that arrive in blocks: cell `k` of `state` is the pair state[2k] (total), state[2k + 1] (lost).
 * The result equals `sum` over the same values in the same order. Read it with `runningSum`.
 */
export function addToSum(state: Float64Array, k: number, value: number): void {
  const total = state[2 * k];
  const next = total + value;
  state[2 * k + 1] += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
  state[2 * k] = next;
}

export function runningSum(state: Float64Array, k: number): number {
  const total = state[2 * k];
  return Number.isFinite(total) ? total + state[2 * k + 1] : total;
}
