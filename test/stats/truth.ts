// Walks a truth file of ../shared/reference/stats: every leaf of `expected` is compared with the same path of our result.
// Invariant: each comparison is counted, so that a test can insist on how many ran.
import { readFileSync } from 'node:fs';
import { sharedData } from '../shared-data.ts';

export interface TruthCase {
  readonly id: string;
  readonly kind?: string;
  readonly input: Record<string, unknown>;
  readonly options?: Record<string, unknown>;
  readonly tol?: { readonly rel?: number; readonly df?: number };
  readonly expected: Record<string, unknown>;
}

export interface Tolerance {
  readonly relative?: number;
  readonly absolute?: number;
  /** A tolerance for the path, where one leaf differs from the rest; undefined leaves the default. */
  readonly at?: (path: string, want: number) => number | undefined;
}

export const truthPresent = sharedData('reference', 'stats') !== null;

export function readTruth<T = unknown>(...path: string[]): T {
  const file = sharedData('reference', 'stats', ...path);
  if (file === null) throw new Error('the shared reference folder is absent');
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

export function truthCases(family: string): TruthCase[] {
  return truthPresent ? readTruth<{ cases: TruthCase[] }>('cases', `${family}.json`).cases : [];
}

export interface Report {
  readonly compared: number;
  readonly misses: string[];
}

/** Compares `actual` with `expected` along every path that `expected` has. */
export function compareWithTruth(expected: unknown, actual: unknown, tolerance: Tolerance = {}): Report {
  const misses: string[] = [];
  let compared = 0;
  const visit = (want: unknown, got: unknown, path: string): void => {
    if (Array.isArray(want)) {
      const list =
        Array.isArray(got) || ArrayBuffer.isView(got) ? Array.from(got as ArrayLike<unknown>) : null;
      if (list === null || list.length !== want.length) {
        compared += 1;
        misses.push(
          `${path}: want ${want.length} entries, got ${list === null ? JSON.stringify(got) : list.length}`,
        );
        return;
      }
      want.forEach((entry, i) => visit(entry, list[i], `${path}[${i}]`));
      return;
    }
    if (want !== null && typeof want === 'object') {
      if (got === null || typeof got !== 'object') {
        compared += 1;
        misses.push(`${path}: want an object, got ${JSON.stringify(got)}`);
        return;
      }
      for (const [key, entry] of Object.entries(want)) {
        visit(entry, (got as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`);
      }
      return;
    }
    compared += 1;
    const target = want === 'Inf' ? Infinity : want === '-Inf' ? -Infinity : want;
    if (!same(target, got, path, tolerance)) misses.push(`${path}: want ${String(want)}, got ${String(got)}`);
  };
  visit(expected, actual, '');
  return { compared, misses };
}

function same(want: unknown, got: unknown, path: string, tolerance: Tolerance): boolean {
  if (typeof want !== 'number' || typeof got !== 'number') return want === got;
  if (want === got) return true;
  const relative = tolerance.at?.(path, want) ?? tolerance.relative ?? 1e-9;
  const absolute = Math.max(tolerance.absolute ?? 1e-12, 0);
  return Math.abs(want - got) <= Math.max(relative * Math.abs(want), absolute);
}
