// Kernels that write one column of events into little-endian fields: event e of the block goes to byte base + e * eventBytes.
// `picks` names the events to write (their positions in the column), null = the run that begins at `first`.

type Values = Float32Array | Float64Array;

export function writeFloat32(
  view: DataView,
  base: number,
  eventBytes: number,
  count: number,
  column: Values,
  picks: Uint32Array | null,
  first: number,
): void {
  for (let e = 0, at = base; e < count; e++, at += eventBytes) {
    view.setFloat32(at, column[picks === null ? first + e : picks[first + e]], true);
  }
}

export function writeFloat64(
  view: DataView,
  base: number,
  eventBytes: number,
  count: number,
  column: Values,
  picks: Uint32Array | null,
  first: number,
): void {
  for (let e = 0, at = base; e < count; e++, at += eventBytes) {
    view.setFloat64(at, column[picks === null ? first + e : picks[first + e]], true);
  }
}

/**
 * Unsigned integers of 1 to 8 bytes. Returns the first event of the block whose value is not a whole number below 256^width,
 * or -1.
 */
export function writeUint(
  view: DataView,
  base: number,
  width: number,
  eventBytes: number,
  count: number,
  column: Values,
  picks: Uint32Array | null,
  first: number,
): number {
  let limit = 1;
  for (let k = 0; k < width; k++) limit *= 256;
  for (let e = 0, at = base; e < count; e++, at += eventBytes) {
    let rest = column[picks === null ? first + e : picks[first + e]];
    if (!(rest >= 0 && rest < limit && Math.floor(rest) === rest)) return e;
    for (let k = 0; k < width; k++) {
      const upper = Math.floor(rest / 256);
      view.setUint8(at + k, rest - upper * 256);
      rest = upper;
    }
  }
  return -1;
}
