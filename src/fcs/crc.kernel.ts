// CRC-16 with the CCITT polynomial x^16 + x^12 + x^5 + 1, five running forms at once: states 0 to 2 take bits from the high
// end, 3 and 4 from the low end. Begun with 0, 0xffff, 0x1d0f, 0, 0xffff they are XMODEM, CCITT-FALSE, AUG-CCITT, KERMIT, MCRF4XX.

const highFirst = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});
const lowFirst = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x8408 : crc >>> 1;
  return crc;
});

/** Feeds the first `length` bytes into the five states. */
export function crc16(bytes: Uint8Array, length: number, state: Uint16Array): void {
  let [a, b, c, d, e] = state;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i];
    a = ((a << 8) & 0xffff) ^ highFirst[(a >>> 8) ^ byte];
    b = ((b << 8) & 0xffff) ^ highFirst[(b >>> 8) ^ byte];
    c = ((c << 8) & 0xffff) ^ highFirst[(c >>> 8) ^ byte];
    d = (d >>> 8) ^ lowFirst[(d ^ byte) & 255];
    e = (e >>> 8) ^ lowFirst[(e ^ byte) & 255];
  }
  state[0] = a;
  state[1] = b;
  state[2] = c;
  state[3] = d;
  state[4] = e;
}
