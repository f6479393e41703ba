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
