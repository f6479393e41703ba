// The hash over decoded values (reliability ): float64 little-endian, event after event, every NaN as 0x7ff8000000000000, so that
// two files with equal hashes hold the same numbers, however they are stored. Fed block by block by whoever reads the events.
import { hasNonFinite } from './column.kernel.ts';
import type { EventBlock } from './model.ts';

/** A SHA-256 in progress; handed in because this folder has no platform. */
export interface Hash {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal. */
  digest(): string;
}

export interface ValueHash {
  /** Raw blocks (scaling `raw`), all of them, in file order. */
  see(block: EventBlock): void;
  /** Lower-case hexadecimal; ends the hash. */
  digest(): string;
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
const oneNaN = 0x7ff8000000000000n;

export function openValueHash(createHash: () => Hash): ValueHash {
  const hash = createHash();
  let values = new Float64Array(0);
  return {
    see({ rows, count, stride }) {
      const length = count * stride;
      if (values.length < length) values = new Float64Array(length);
      values.set(rows.subarray(0, length));
      const bits = new BigUint64Array(values.buffer, 0, length);
      if (hasNonFinite(values, length))
        for (let i = 0; i < length; i++) if (Number.isNaN(values[i])) bits[i] = oneNaN;
      if (!littleEndian) for (let i = 0; i < length; i++) bits[i] = reversed(bits[i]);
      hash.update(new Uint8Array(values.buffer, 0, 8 * length));
    },
    digest: () => hash.digest(),
  };
}

/** Bytes of a word in the opposite order. */
function reversed(word: bigint): bigint {
  let turned = 0n;
  for (let byte = 0n; byte < 64n; byte += 8n) turned = (turned << 8n) | ((word >> byte) & 0xffn);
  return turned;
}
