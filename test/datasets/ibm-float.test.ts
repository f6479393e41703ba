// IBM doubles: the truth file made by haven, exact arithmetic in whole numbers as the judge, and both ends of the range.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsIbm, isMissing, readIbm, writeIbm, writeMissing } from '../../src/datasets/ibm-float.ts';
import { statsTruth, truthJson } from './truth.ts';

const view = new DataView(new ArrayBuffer(8));

function hexOf(value: number | null): string {
  if (value === null) writeMissing(view, 0);
  else writeIbm(view, 0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

function fromHex(hex: string): number {
  view.setBigUint64(0, BigInt(`0x${hex}`));
  return readIbm(view, 0);
}

/** Both numbers as whole multiples of 2^-1100: IBM from its definition, the double from IEEE 754. */
function ibmUnits(hex: string): bigint {
  const bits = BigInt(`0x${hex}`);
  const fraction = bits & ((1n << 56n) - 1n);
  const exponent = 4n * (((bits >> 56n) & 0x7fn) - 64n) - 56n;
  const size = fraction << (exponent + 1100n);
  return bits >> 63n === 1n ? -size : size;
}

function doubleUnits(value: number): bigint {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, value);
  const bits = bytes.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & ((1n << 52n) - 1n);
  const size = exponent === 0n ? fraction << 26n : ((1n << 52n) | fraction) << (exponent - 1075n + 1100n);
  return bits >> 63n === 1n ? -size : size;
}

interface Case {
  readonly id: string;
  readonly input: number | null;
  readonly expected: string;
}

describe.skipIf(statsTruth === null)('the truth file', () => {
  const cases = statsTruth === null ? [] : truthJson<{ cases: Case[] }>('cases/xpt-ibm-float.json').cases;
  it('has its 17 cases', () => expect(cases).toHaveLength(17));
  it.each(cases)('$id: $input is $expected, and back', ({ input, expected }) => {
    expect(hexOf(input)).toBe(expected);
    if (input === null) expect(isMissing(view, 0)).toBe(true);
    else expect(fromHex(expected)).toBe(input);
  });
});

describe('every double in range', () => {
  it('is held exactly and comes back as the same bits', () => {
    const inRange = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => fitsIbm(x) && x !== 0);
    fc.assert(
      fc.property(inRange, (value) => {
        const hex = hexOf(value);
        expect(ibmUnits(hex)).toBe(doubleUnits(value));
        expect(fromHex(hex)).toBe(value);
        expect(Number(`0x${hex[2]}`)).toBeGreaterThan(0);
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  it.each([2 ** -260, 2 ** -259, 2 ** -257, 2 ** -256, 2 ** 251, (2 - 2 ** -52) * 2 ** 251, -(2 ** -260)])(
    '%d, at an end of the range, too',
    (value) => {
      expect(ibmUnits(hexOf(value))).toBe(doubleUnits(value));
      expect(fromHex(hexOf(value))).toBe(value);
    },
  );

  it('-0 becomes 0', () => {
    expect(hexOf(-0)).toBe('0000000000000000');
    expect(Object.is(fromHex('8000000000000000'), 0)).toBe(true);
  });
});

describe('outside the range', () => {
  const belowSmallest = (2 - 2 ** -52) * 2 ** -261;
  it.each([
    2 ** 252,
    7.3e75,
    1e300,
    Number.MAX_VALUE,
    belowSmallest,
    1e-79,
    5e-324,
    NaN,
    Infinity,
    -Infinity,
    -(2 ** 252),
  ])('%d is refused, not rounded', (value) => {
    expect(fitsIbm(value)).toBe(false);
    expect(() => hexOf(value)).toThrow(RangeError);
  });
});

describe('reading what others wrote', () => {
  it.each([
    ['fraction of 56 bits, below half: down', '4180000000000003', 8],
    ['exactly half, even below: down', '4180000000000004', 8],
    ['above half: up', '4180000000000005', 8 + 2 ** -49],
    ['exactly half, odd below: up', '418000000000000c', 8 + 2 ** -48],
    ['negative, above half', 'c180000000000005', -(8 + 2 ** -49)],
    ['not normalised: 0x00…1 × 16^0', '4000000000000001', 2 ** -56],
    ['smallest of all', '0000000000000001', 2 ** -312],
    ['largest of all rounds up', '7fffffffffffffff', 2 ** 252],
    ['zero with an exponent', '4e00000000000000', 0],
  ])('%s', (_, hex, value) => {
    expect(fromHex(hex)).toBe(value);
  });

  it('is the nearest double of any eight bytes', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (bits) => {
        const hex = bits.toString(16).padStart(16, '0');
        const wanted = ibmUnits(hex);
        const got = doubleUnits(fromHex(hex));
        const error = got > wanted ? got - wanted : wanted - got;
        const size = wanted < 0n ? -wanted : wanted;
        expect(error << 53n <= size).toBe(true);
      }),
      { numRuns: 3000, seed: 2 },
    );
  });

  it('knows 28 missing values and no other', () => {
    const missing: string[] = [];
    for (let first = 0; first < 256; first++) {
      view.setBigUint64(0, BigInt(first) << 56n);
      if (isMissing(view, 0)) missing.push(String.fromCharCode(first));
    }
    expect(missing.join('')).toBe('.ABCDEFGHIJKLMNOPQRSTUVWXYZ_');
    view.setBigUint64(0, (0x2en << 56n) | 1n);
    expect(isMissing(view, 0)).toBe(false);
  });
});
