// Kernels that turn stored fields into numbers, one parameter at a time over a block of events. `base` is the byte of the
// field in the first event of the block, `eventBytes` the step to the next event; the result goes to
// out[e * stride + p]. Integers take the offset of each byte, least significant first, so every byte order is one loop.
// The caller has checked that all bytes are there; nothing is allocated here.

type Out = Float32Array | Float64Array;

export function uint8Column(
  bytes: Uint8Array,
  base: number,
  eventBytes: number,
  count: number,
  mask: number,
  out: Out,
  p: number,
  stride: number,
): void {
  for (let e = 0, at = base, to = p; e < count; e++, at += eventBytes, to += stride)
    out[to] = bytes[at] & mask;
}

export function uint16Column(
  bytes: Uint8Array,
  base: number,
  eventBytes: number,
  count: number,
  order: readonly number[],
  mask: number,
  out: Out,
  p: number,
  stride: number,
): void {
  const [b0, b1] = order;
  for (let e = 0, at = base, to = p; e < count; e++, at += eventBytes, to += stride) {
    out[to] = (bytes[at + b0] | (bytes[at + b1] << 8)) & mask;
  }
}

export function uint24Column(
  bytes: Uint8Array,
  base: number,
  eventBytes: number,
  count: number,
  order: readonly number[],
  mask: number,
  out: Out,
  p: number,
  stride: number,
): void {
  const [b0, b1, b2] = order;
  for (let e = 0, at = base, to = p; e < count; e++, at += eventBytes, to += stride) {
    out[to] = (bytes[at + b0] | (bytes[at + b1] << 8) | (bytes[at + b2] << 16)) & mask;
  }
}

export function uint32Column(
  bytes: Uint8Array,
  base: number,
  eventBytes: number,
  count: number,
  order: readonly number[],
  mask: number,
  out: Out,
  p: number,
  stride: number,
): void {
  const [b0, b1, b2, b3] = order;
  for (let e = 0, at = base, to = p; e < count; e++, at += eventBytes, to += stride) {
    out[to] =
      ((bytes[at + b0] | (bytes[at + b1] << 8) | (bytes[at + b2] << 16) | (bytes[at + b3] << 24)) & mask) >>>
      0;
  }
}

/** Five to eight bytes: low 32 bits and the rest apart, one rounding when they are joined (exact up to 2^53). */
export function wideUintColumn(
  bytes: Uint8Array,
  base: number,
  eventBytes: number,
  count: number,
  order: readonly number[],
  lowMask: number,
  highMask: number,
  out: Out,
  p: number,
  stride: number,
): void {
  const width = order.length;
  for (let e = 0, at = base, to = p; e < count; e++, at += eventBytes, to += stride) {
    let low = 0;
    let high = 0;
    for (let k = 0; k < 4; k++) low |= bytes[at + order[k]] << (8 * k);
    for (let k = 4; k < width; k++) high |= bytes[at + order[k]] << (8 * (k - 4));
    out[to] = ((high & highMask) >>> 0) * 4294967296 + ((low & lowMask) >>> 0);
  }
}

export function float32Column(
  view: DataView,
  base: number,
  eventBytes: number,
  count: number,
  littleEndian: boolean,
  out: Out,
  p: number,
  stride: number,
): void {
  for (let e = 0, at = base, to = p; e < count; e++, at += eventBytes, to += stride)
    out[to] = view.getFloat32(at, littleEndian);
}

export function float64Column(
  view: DataView,
  base: number,
  eventBytes: number,
  count: number,
  littleEndian: boolean,
  out: Out,
  p: number,
  stride: number,
): void {
  for (let e = 0, at = base, to = p; e < count; e++, at += eventBytes, to += stride)
    out[to] = view.getFloat64(at, littleEndian);
}

/** Puts the bytes of one field into little-endian order in place; `order` as above, at most 8 entries. */
export function straightenColumn(
  bytes: Uint8Array,
  base: number,
  eventBytes: number,
  count: number,
  order: readonly number[],
  scratch: Uint8Array,
): void {
  const width = order.length;
  for (let e = 0, at = base; e < count; e++, at += eventBytes) {
    for (let k = 0; k < width; k++) scratch[k] = bytes[at + order[k]];
    for (let k = 0; k < width; k++) bytes[at + k] = scratch[k];
  }
}

/**
 * Characters of fixed width: spaces, an optional sign, digits, an optional fraction, spaces. Returns the first event that is
 * anything else, or -1.
 */
export function asciiColumn(
  bytes: Uint8Array,
  base: number,
  width: number,
  eventBytes: number,
  count: number,
  out: Out,
  p: number,
  stride: number,
): number {
  for (let e = 0, at = base, to = p; e < count; e++, at += eventBytes, to += stride) {
    let i = at;
    let end = at + width;
    while (i < end && bytes[i] === 0x20) i++;
    while (end > i && bytes[end - 1] === 0x20) end--;
    const negative = bytes[i] === 0x2d;
    if (negative || bytes[i] === 0x2b) i++;
    let digits = 0;
    let value = 0;
    let scale = 0;
    for (; i < end; i++) {
      const digit = bytes[i] - 0x30;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digits++;
        scale *= 10;
      } else if (bytes[i] === 0x2e && scale === 0) scale = 1;
      else return e;
    }
    if (digits === 0 || digits > 15) return e;
    value = scale > 1 ? value / scale : value;
    out[to] = negative ? -value : value;
  }
  return -1;
}

/** Reverses the bytes of every 32-bit word: big-endian floats become native ones in place. */
export function swap32(words: Uint32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const w = words[i];
    const half = ((w & 0x00ff00ff) << 8) | ((w >>> 8) & 0x00ff00ff);
    words[i] = (half << 16) | (half >>> 16);
  }
}

/** The same for 64-bit values; `words` holds two 32-bit words a value, `count` values. */
export function swap64(words: Uint32Array, count: number): void {
  for (let i = 0; i < 2 * count; i += 2) {
    const low = words[i];
    const high = words[i + 1];
    const a = ((low & 0x00ff00ff) << 8) | ((low >>> 8) & 0x00ff00ff);
    const b = ((high & 0x00ff00ff) << 8) | ((high >>> 8) & 0x00ff00ff);
    words[i] = (b << 16) | (b >>> 16);
    words[i + 1] = (a << 16) | (a >>> 16);
  }
}
