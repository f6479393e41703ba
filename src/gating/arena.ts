// Arenas: one WebAssembly memory that holds the rows, lists and columns of a running count, so that plain and WebAssembly kernels
// work on the same arrays without copying. Only pages that are touched take real memory.
// Invariant: an arena has one user at a time; its arrays are dead once it is given back.
import { createMemory, instantiate } from '../math/index.ts';
import type { ExactTest } from './count.kernel.ts';
import { kernelsBase64 } from './kernels-wasm.ts';

export interface Arena {
  readonly buffer: ArrayBuffer;
  float64(length: number): Float64Array;
  int32(length: number): Int32Array;
  uint16(length: number): Uint16Array;
  uint8(length: number): Uint8Array;
  readonly kernels: Kernels;
}

/** The WebAssembly kernels (kernels.wat). Arguments are byte addresses within the arena, unless a name there says otherwise. */
export interface Kernels extends Readonly<Record<PlainKernel, (...args: number[]) => number>> {
  /** `exact` decides the events in boundary cells. */
  withinGrid(exact: ExactTest, ...args: number[]): number;
}

type PlainKernel =
  | 'unmixOneFloat32'
  | 'unmixPairFloat32'
  | 'unmixFourFloat32'
  | 'gatherFloat32'
  | 'withinRange'
  | 'withinRectangle'
  | 'withAllBits'
  | 'withAnyBit'
  | 'mark'
  | 'codes';

interface PooledArena extends Arena {
  readonly byteLength: number;
  reset(): void;
}

const ALIGNMENT = 64;
const idle: PooledArena[] = [];

/** Calls `use` with an arena of at least `byteLength` bytes (contents undefined), and takes it back afterwards. */
export function withArena<T>(byteLength: number, use: (arena: Arena) => T): T {
  const fitting = idle.findIndex((arena) => arena.byteLength >= byteLength);
  const arena = fitting >= 0 ? idle.splice(fitting, 1)[0] : createArena(byteLength);
  arena.reset();
  try {
    return use(arena);
  } finally {
    if (idle.length < 2) idle.push(arena);
  }
}

function createArena(byteLength: number): PooledArena {
  const memory = createMemory(byteLength);
  let test: ExactTest | null = null;
  const exact = (x: number, y: number) => Number(test?.contains(x, y) ?? false);
  const exports = instantiate(kernelsBase64, memory, { exact }) as Record<
    PlainKernel | 'withinGrid',
    (...args: number[]) => number
  >;
  const { buffer } = memory;
  let used = 0;
  const take = (bytes: number): number => {
    const at = used;
    used += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    if (used > buffer.byteLength) throw new RangeError('the arena is too small');
    return at;
  };
  return {
    buffer,
    byteLength: buffer.byteLength,
    reset: () => {
      used = 0;
    },
    float64: (length) => new Float64Array(buffer, take(length * 8), length),
    int32: (length) => new Int32Array(buffer, take(length * 4), length),
    uint16: (length) => new Uint16Array(buffer, take(length * 2), length),
    uint8: (length) => new Uint8Array(buffer, take(length), length),
    kernels: {
      ...exports,
      withinGrid(exactTest, ...args) {
        test = exactTest;
        return exports.withinGrid(...args);
      },
    },
  };
}
