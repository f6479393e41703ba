// Point-in-gate tests: the one definition of "inside" that the slow reference and the fast kernels share. A fast path may decide
// clear cases its own way, but near a border it calls these, so membership never differs by a rounding.
// Invariants: no allocation; a point with a NaN coordinate is inside nothing; coordinates are in the gate's (transformed) units.

/** min <= y < max (Gating-ML 2.0, 5.1). A side at -Infinity or +Infinity is open: infinite values pass it, NaN never does. */
export function insideInterval(y: number, min: number, max: number): boolean {
  return y >= min && (y < max || max === Number.POSITIVE_INFINITY);
}

/**
 * Even-odd interior of the closed polygon with vertices (xs[i], ys[i]), i < xs.length (Gating-ML 2.0, 5.2); the last vertex joins the
 * first, repeating the first at the end changes nothing. Points on an edge or a vertex are inside, whatever the edges around them.
 * The decision is that of exact real arithmetic on the given doubles (`sideOf`), so it depends neither on the direction in which
 * the polygon was drawn nor on its first vertex. Fewer than three different vertices leave only their border. Points that are not
 * finite are outside. Valid where coordinates are 0 or of magnitude in [1e-140, 1e140].
 */
export function insidePolygon(px: number, py: number, xs: Float64Array, ys: Float64Array): boolean {
  const n = xs.length;
  let inside = false;
  for (let i = 0, j = n - 1; i < n; j = i++) {
    const ax = xs[j];
    const ay = ys[j];
    const bx = xs[i];
    const by = ys[i];
    // a ray from the point towards +x: edges wholly above, below or to the left of the point do not meet it
    if ((py < ay && py < by) || (py > ay && py > by) || (px > ax && px > bx)) continue;
    if (px < ax && px < bx) {
      // half-open in y, so that a vertex on the ray counts for one of its two edges
      if (ay > py !== by > py) inside = !inside;
      continue;
    }
    if (!(px - px === 0 && py - py === 0)) return false;
    const side = sideOf(ax, ay, bx, by, px, py);
    if (side === 0) return true;
    if (ay > py !== by > py && side > 0 === by > ay) inside = !inside;
  }
  return inside;
}

/** Bound on the relative rounding error of the plain evaluation (Shewchuk 1997, "Adaptive precision …", ccwerrboundA). */
const ERROR_BOUND = 3.3306690738754716e-16;
/** 2^27 + 1, splits a double into two halves of 26 bits. */
const SPLITTER = 134217729;
/** Sum of doubles kept exactly as non-overlapping parts, ascending in magnitude. */
const parts = new Float64Array(12);
let used = 0;

/** Sign (-1, 0, 1) of the side of the line a -> b on which p lies, exact: 1 = left, 0 = on the line. */
export function sideOf(ax: number, ay: number, bx: number, by: number, px: number, py: number): number {
  const left = (ax - px) * (by - py);
  const right = (ay - py) * (bx - px);
  const determinant = left - right;
  if (Math.abs(determinant) > ERROR_BOUND * (Math.abs(left) + Math.abs(right)))
    return determinant > 0 ? 1 : -1;
  // (ax - px)(by - py) - (ay - py)(bx - px) multiplied out: px * py cancels
  used = 0;
  addProduct(ax, by);
  addProduct(-ax, py);
  addProduct(-px, by);
  addProduct(-ay, bx);
  addProduct(ay, px);
  addProduct(py, bx);
  for (let i = used - 1; i >= 0; i--) if (parts[i] !== 0) return parts[i] > 0 ? 1 : -1;
  return 0;
}

/** Adds a * b to the exact sum as the rounded product and its rounding error (Dekker). */
function addProduct(a: number, b: number): void {
  const product = a * b;
  const ca = SPLITTER * a;
  const ah = ca - (ca - a);
  const al = a - ah;
  const cb = SPLITTER * b;
  const bh = cb - (cb - b);
  const bl = b - bh;
  add(al * bl - (product - ah * bh - al * bh - ah * bl));
  add(product);
}

/** Grows the exact sum by one double (Shewchuk's GROW-EXPANSION with Knuth's two-sum). */
function add(value: number): void {
  let q = value;
  for (let i = 0; i < used; i++) {
    const part = parts[i];
    const sum = q + part;
    const virtual = sum - q;
    parts[i] = q - (sum - virtual) + (part - virtual);
    q = sum;
  }
  parts[used++] = q;
}

/** A compiled ellipsoid of n dimensions: `inverse` = covariance^-1, n x n row-major, `limit` = distanceSquare. */
export interface Ellipsoid {
  readonly mean: Float64Array;
  readonly inverse: Float64Array;
  readonly limit: number;
}

/** (p - mean)' covariance^-1 (p - mean) <= limit in two dimensions (Gating-ML 2.0, 5.3); same answer as `insideEllipsoid`. */
export function insideEllipse(px: number, py: number, ellipse: Ellipsoid): boolean {
  const { mean, inverse, limit } = ellipse;
  const dx = px - mean[0];
  const dy = py - mean[1];
  const distance = dx * (inverse[0] * dx + inverse[1] * dy) + dy * (inverse[2] * dx + inverse[3] * dy);
  return distance <= limit && distance - distance === 0;
}

/** The same in n dimensions; the point is point[0 .. n). The border is inside; points that are not finite are outside. */
export function insideEllipsoid(point: Float64Array, ellipsoid: Ellipsoid): boolean {
  const { mean, inverse, limit } = ellipsoid;
  const n = mean.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let sum = 0;
    for (let j = 0; j < n; j++) sum += inverse[row + j] * (point[j] - mean[j]);
    distance += (point[i] - mean[i]) * sum;
  }
  return distance <= limit && distance - distance === 0;
}
