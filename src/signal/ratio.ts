// Parametrised ratio of two channels (Gating-ML 2.0 section 6.6): a new dimension, made before any scale is applied.
// Invariant: IEEE rules decide the edges: 0/0 is NaN (in no gate), x/0 is an infinity (in open-ended gates only).

/** A (numerator - B) / (denominator - C), without unit. */
export function ratio(numerator: number, denominator: number, A: number, B: number, C: number): number {
  return A * ((numerator - B) / (denominator - C));
}
