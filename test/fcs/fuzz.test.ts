// Seeded mutations of good files: whatever the bytes, the reader ends in accept, warn or refuse, quickly, and never with
// another error. FUZZ_RUNS widens the run, FUZZ_SEED moves it.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inspectFcs, memorySource, type ReadOptions } from '../../src/fcs/index.ts';
import { sharedData } from '../shared-data.ts';
import { buildFcs } from './build.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 5000);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

function random(start: number): (below: number) => number {
  let x = (start * 2654435761) >>> 0 || 1;
  return (below) => {
    x ^= x << 13;
    x >>>= 0;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x % below;
  };
}

const integers = (bits: string, bytes: number, more: Record<string, string> = {}): Uint8Array =>
  buildFcs({
    version: '3.0',
    data: Uint8Array.from({ length: 9 * bytes }, (_, i) => i * 37),
    set: { $DATATYPE: 'I', $P1B: bits, $P2B: bits, $P3B: bits, $P1E: '4,1', $P2G: '2', ...more },
    extra: [['$SPILLOVER', '2,FSC-A,PE-A,1,0.1,0.2,1']],
  });

function corpus(): Uint8Array[] {
  const own = [
    buildFcs({ set: { $OP: '', $DATE: '01-JAN-2020', $TIMESTEP: '0.01' } }),
    buildFcs({ version: '3.2', delimiter: '/', set: { $P1DATATYPE: 'F', $SYS: 'a//b' } }),
    buildFcs({
      set: { $DATATYPE: 'A', $P1B: '4', $P2B: '4', $P3B: '4' },
      data: Buffer.from('  12  34  5612347890  -1 1.2   0    '),
    }),
    integers('16', 2),
    integers('24', 3),
    integers('10', 2, { $BYTEORD: '1,2', $P1R: '1024', $P2R: '1024', $P3R: '1024' }),
    integers('64', 8),
  ];
  const two = new Uint8Array(Buffer.concat([buildFcs({ set: { $NEXTDATA: '0489' } }), buildFcs()]));
  const folder = sharedData('data', 'fcs');
  const real = [
    'isac_float_1ev.fcs',
    'isac_int_4_datasets.fcs',
    'bd_fortessa_x20_compensation_5ev.fcs',
    'stratedigm_s1400exi_variable_int.fcs',
  ];
  return [
    ...own,
    two,
    ...(folder === null ? [] : real.map((name) => new Uint8Array(readFileSync(`${folder}/${name}`)))),
  ];
}

const phrases = [
  '$TOT',
  '$PAR',
  '$P1B',
  '$BEGINDATA',
  '$ENDDATA',
  '$NEXTDATA',
  '$BEGINSTEXT',
  '99999999',
  '-1',
  '0',
  '1e9',
  '4294967296',
  '9007199254740993',
  '|',
  '||',
  '//',
  '\0',
  '\xff',
  'FCS3.1',
  ',,,',
  '1,2,3,4',
  'NaN',
];

function mutate(original: Uint8Array, pick: (below: number) => number): Uint8Array {
  let bytes = Uint8Array.from(original);
  for (let n = 1 + pick(6); n > 0; n--) {
    if (bytes.length === 0) break;
    const at = pick(pick(3) > 0 ? Math.min(bytes.length, 1500) : bytes.length);
    const phrase = Buffer.from(phrases[pick(phrases.length)], 'latin1');
    switch (pick(12)) {
      case 0:
        bytes[at] = pick(256);
        break;
      case 1:
        bytes[at] ^= 1 << pick(8);
        break;
      case 2:
        bytes[at] = 48 + pick(10);
        break;
      case 3:
        bytes = bytes.slice(0, pick(bytes.length + 1));
        break;
      case 4:
        bytes.set(phrase.subarray(0, bytes.length - at), at);
        break;
      case 5: {
        const from = pick(bytes.length);
        bytes.copyWithin(at, from, Math.min(bytes.length, from + pick(64)));
        break;
      }
      case 6:
        bytes = new Uint8Array(Buffer.concat([bytes.subarray(0, at), phrase, bytes.subarray(at + pick(4))]));
        break;
      default:
        fillToken(bytes, at, phrase);
    }
  }
  return bytes;
}

/** Overwrites what stands between two delimiters, so that all offsets stay right. */
function fillToken(bytes: Uint8Array, at: number, phrase: Uint8Array): void {
  const delimiter = bytes[58];
  const begin = bytes.indexOf(delimiter, at) + 1;
  const end = bytes.indexOf(delimiter, begin);
  if (begin === 0 || end < 0 || end - begin > 100) return;
  bytes.fill(0x20, begin, end);
  bytes.set(phrase.subarray(0, end - begin), begin);
}

const choices: readonly ReadOptions[] = [
  {},
  {},
  {},
  { dataset: 1 },
  { dataset: 2 },
  { offsets: 'header' },
  { offsets: 'text' },
  { onTotMismatch: 'useData' },
  { textReading: 'escaped' },
  { textReading: 'literal' },
  { strict: true },
];
const noHash = () => ({ update: () => undefined, digest: () => '' });

describe('mutated files', () => {
  it(`${runs} end in accept, warn or refuse within the time`, { timeout: 60_000 + runs * 10 }, () => {
    const files = corpus();
    const outcomes = new Map<string, number>();
    let slowest = 0;
    for (let run = 0; run < runs; run++) {
      const pick = random(seed * 1_000_003 + run);
      const bytes = mutate(files[pick(files.length)], pick);
      const options = choices[pick(choices.length)];
      const start = performance.now();
      let outcome: string;
      try {
        const record = inspectFcs(memorySource(bytes), { ...options, createHash: noHash });
        outcome =
          record.result === 'ok'
            ? record.findings.some(({ level }) => level === 'warning')
              ? 'warn'
              : 'accept'
            : record.code;
      } catch (error) {
        throw new Error(`run ${run} of seed ${seed} threw ${String(error)}`, { cause: error });
      }
      slowest = Math.max(slowest, performance.now() - start);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect(slowest).toBeLessThan(2000);
    expect(outcomes.has('E_INTERNAL')).toBe(false);
    // The mutations reach deep: some files still read, and many different refusals are met.
    expect((outcomes.get('accept') ?? 0) + (outcomes.get('warn') ?? 0)).toBeGreaterThan(runs / 20);
    expect(outcomes.size).toBeGreaterThan(12);
    if (process.env['FUZZ_RUNS'] !== undefined)
      console.log(
        Object.fromEntries([...outcomes].sort((a, b) => b[1] - a[1])),
        `slowest ${slowest.toFixed(1)} ms`,
      );
  });
});
