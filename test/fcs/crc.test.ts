// CRC-16 against the published check values over "123456789", and CRC words of files.
import { describe, expect, it } from 'vitest';
import { crc16 } from '../../src/fcs/crc.kernel.ts';
import { checkCrc, memorySource, readFcs } from '../../src/fcs/index.ts';
import { openFile } from '../../src/fcs/node.ts';
import { sharedData } from '../shared-data.ts';
import { buildFcs } from './build.ts';

describe('crc16', () => {
  it('gives the check values of XMODEM, CCITT-FALSE, AUG-CCITT, KERMIT and MCRF4XX', () => {
    const state = Uint16Array.of(0, 0xffff, 0x1d0f, 0, 0xffff);
    crc16(new TextEncoder().encode('12345'), 5, state);
    crc16(new TextEncoder().encode('6789 '), 4, state);
    expect([...state]).toEqual([0x31c3, 0x29b1, 0xe5cc, 0x2189, 0x6f91]);
  });
});

describe('the word after DATA', () => {
  const codes = (bytes: Uint8Array): string[] =>
    checkCrc(memorySource(bytes), readFcs(memorySource(bytes))).map(({ code }) => code);
  const right = (): string => {
    const state = Uint16Array.of(0, 0xffff, 0x1d0f, 0, 0xffff);
    const bytes = buildFcs({ tail: '' });
    crc16(bytes, bytes.length, state);
    return String(state[1]).padStart(8, '0');
  };
  it.each([
    ['zero', '00000000', ['I_FCS_CRC_ABSENT']],
    ['absent', '', []],
    ['not digits', 'OTHERSEG', []],
    ['right', right(), []],
    ['right, padded with spaces', right().replace(/^0+/, (zeros) => ' '.repeat(zeros.length)), []],
    ['wrong', '00099999', ['W_CRC_MISMATCH']],
  ])('%s', (_, tail, expected) => {
    expect(codes(buildFcs({ tail }))).toEqual(expected);
  });
  it.skipIf(sharedData('data') === null)(
    'of a CytoFLEX file is right, and wrong when a byte of DATA changes',
    () => {
      const source = openFile(sharedData('data', 'fcs', 'beckman_cytoflex_s_fcs30.fcs') ?? '');
      const file = readFcs(source);
      expect(checkCrc(source, file)).toEqual([]);
      const bytes = new Uint8Array(source.byteLength);
      source.read(0, source.byteLength, bytes);
      source.close();
      bytes[1_000_000] ^= 1;
      expect(codes(bytes)).toEqual(['W_CRC_MISMATCH']);
    },
  );
});
