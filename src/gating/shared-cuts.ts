// Cuts that come from other tubes: controls (FMO, unstimulated, baseline) and pooled visits. They are found first, in the threads that
// open those files, and reach FIT as plain data. Invariant: what is in SharedCuts decides gates, so it is part of a result's name.
import { asinh } from '../math/index.ts';
import { compileInverse } from '../signal/index.ts';
import type { CutFit, CutList } from './cut-list.ts';
import type { MethodFit } from './methods/contract.ts';
import type { Dimension, Evidence, Pool } from './model.ts';

/** What a tube's gates may look at beyond its own events. Plain data. */
export interface SharedCuts {
  /** By the name that methods give to a control tube: `FMO:PD1`, `UNST`, `ISO`, `BASELINE`, … */
  readonly tubes: Readonly<Record<string, SharedSource>>;
  readonly pools: Readonly<Partial<Record<Pool, SharedSource>>>;
}

export type SharedSource =
  /** Cuts found on the events of these files; a list whose parent was not evaluable there has none. */
  | { readonly kind: 'surveyed'; readonly files: readonly SharedFile[]; readonly cuts: readonly SharedCut[] }
  | { readonly kind: 'unread'; readonly reason: string }
  /** The tube is its own control. */
  | { readonly kind: 'self' };

export interface SharedFile {
  readonly sample: string;
  readonly sha256: string;
}

/** The outcome of one attempt of a list (control tubes), or of the whole list (pools: `attempt` null). */
export interface SharedCut {
  readonly key: string;
  /** Where the list was measured: cuts hold on the same axes only. */
  readonly axes: string;
  readonly attempt: number | null;
  /** Tubes whose events took part. */
  readonly tubes: number;
  readonly outcome: CutFit;
}

export const nothingShared: SharedCuts = { tubes: {}, pools: {} };

/** Distance from the pooled cut beyond which a tube's own cut is not believed, units of asinh(x / 150) (batch rule). */
export const MOST_JUMP = 0.5;

/** Axes as text: channels, compensation and scale. */
export function axesOf(dims: readonly Dimension[]): string {
  return JSON.stringify(dims);
}

/** The fit that a control tube gives to an attempt, as a gate of this tube; or why it gives none. */
export function fromTube(shared: SharedCuts, tube: string, attempt: number, list: CutList): MethodFit {
  const source = Object.hasOwn(shared.tubes, tube) ? shared.tubes[tube] : undefined;
  const rejected = (reason: string): MethodFit => ({ status: 'rejected', reason, evidence: { tube } });
  if (source === undefined || source.kind === 'self') return rejected(`the sample has no ${tube} tube`);
  if (source.kind === 'unread') return rejected(`the ${tube} tube ${source.reason}`);
  const sample = source.files.map((file) => file.sample).join(', ');
  const known = source.cuts.filter((cut) => cut.key === list.key && cut.attempt === attempt);
  const cut = known.find(({ axes }) => axes === axesOf(list.dims));
  if (cut === undefined) {
    return rejected(
      known.length > 0
        ? `the ${tube} tube ${sample} was measured on other axes`
        : `the parent is not evaluable in the ${tube} tube ${sample}`,
    );
  }
  const { fit, reason } = cut.outcome;
  if (fit === null) return rejected(`in the ${tube} tube ${sample} ${reason}`);
  return { ...fit, evidence: { ...fit.evidence, tube, tubeSample: sample } };
}

/** What the batch rule made of a list; `jumped` where the tube's own cut was not believed. */
export interface RuledFit {
  readonly found: CutFit;
  readonly jumped: boolean;
}

/**
 * Batch rule (populations specification, section 0). A baseline pool's cut is used as it is. Otherwise the tube's own cut stands unless
 * its parent has too few events or it lies more than MOST_JUMP from the pooled one. Cuts of control tubes are nobody's own: they stand.
 */
export function underBatchRule(own: CutFit, list: CutList, shared: SharedCuts): RuledFit {
  const settled = (found: CutFit, jumped = false): RuledFit => ({ found, jumped });
  if (list.pool === null) return settled(own);
  const fixed = list.pool === 'batch-baseline';
  const pooled = pooledCut(shared, list.pool, list);
  if (typeof pooled === 'string') {
    if (!fixed && own.fit !== null) return settled(own);
    // what should have been pooled and was not is a fallback
    const reason = [own.reason, `no pooled cut: ${pooled}`].filter((words) => words !== '').join('; ');
    return settled({ ...own, reason, attempt: Math.max(1, own.attempt) });
  }
  const { fit, tubes } = pooled;
  const ownCut = own.tube === null ? (own.fit?.cut ?? null) : null;
  const numbers: Evidence = { pool: list.pool, pooledCut: fit.cut, pooledTubes: tubes, ownCut };
  const byPool = {
    ...pooled.found,
    fit: { ...fit, evidence: { ...fit.evidence, ...numbers, used: 'pooled' } },
  };
  if (fixed) return settled(byPool);
  const instead = (reason: string): CutFit => ({ ...byPool, reason, attempt: Math.max(1, byPool.attempt) });
  // a fixed value that needs no events is not an estimate to hold against one
  if (own.fit === null || (own.method === 'fixed' && own.attempt > pooled.found.attempt))
    return settled(instead(`${own.reason}; the cut of ${tubes} pooled tubes is used`));
  if (own.tube !== null) return settled(own);
  const byOwn = { ...own, fit: { ...own.fit, evidence: { ...own.fit.evidence, ...numbers, used: 'own' } } };
  if (ownCut === null || fit.cut === null) return settled(byOwn);
  const distance = cutDistance(ownCut, fit.cut, list.dims[0]);
  if (!(distance > MOST_JUMP)) return settled(byOwn);
  const words = `the own cut ${ownCut.toFixed(2)} lies ${distance.toFixed(2)} from ${fit.cut.toFixed(2)}, the cut of ${tubes} pooled tubes`;
  return settled(instead(words), true);
}

interface PooledCut {
  readonly found: CutFit;
  readonly fit: NonNullable<CutFit['fit']>;
  readonly tubes: number;
}

function pooledCut(shared: SharedCuts, pool: Pool, list: CutList): PooledCut | string {
  const source = shared.pools[pool];
  if (source === undefined || source.kind === 'self') return `the sample is in no ${pool} pool`;
  if (source.kind === 'unread') return source.reason;
  const known = source.cuts.filter(({ key }) => key === list.key);
  const cut = known.find(({ axes }) => axes === axesOf(list.dims));
  if (cut === undefined)
    return known.length > 0
      ? 'the pooled tubes were measured on other axes'
      : 'the parent is not evaluable in any pooled tube';
  const { fit, reason } = cut.outcome;
  return fit === null ? reason : { found: cut.outcome, fit, tubes: cut.tubes };
}

/**
 * Distance of two cuts in units of asinh(x / 150): on such an axis as they are (its cofactor follows the top of scale), on other axes
 * by their linear values, so that half a unit means the same on a logicle axis and on linear scatter.
 */
export function cutDistance(a: number, b: number, { transform }: Dimension): number {
  if (transform?.scale.kind === 'asinhCofactor') return Math.abs(a - b);
  const linear = transform === null ? (y: number) => y : compileInverse(transform);
  return Math.abs(asinh(linear(a) / 150) - asinh(linear(b) / 150));
}
