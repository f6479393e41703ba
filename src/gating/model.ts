// The gating model: gates over dimensions, populations in a tree, and the two plain objects between the phases of the engine:
//   GatingPlan  (a template bound to a panel: every name resolved, rules still open)  --FIT-->  GatingStrategy (explicit gates only)  --COUNT-->  counts
// Nothing here refers to files, and a GatingStrategy is plain JSON-able data apart from its Float64Array matrices.
import type { Issue } from '../errors.ts';
import type { CompensationMatrix, Transform } from '../signal/index.ts';

/**
 * Which compensation a dimension is measured under: none, the file's own spillover, or a matrix of the protocol by id. A file without
 * spillover is E_COMP_MISSING unless `absent` says to take its values as they are (Gating-ML's "FCS" means that: its official
 * tests apply such gates to a file that has no spillover).
 */
export type CompensationReference =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly absent?: 'uncompensated' }
  | { readonly kind: 'matrix'; readonly id: string };

/** What is measured: a channel (or, under a matrix, a fluorochrome) by exact name, or a ratio A * (numerator - B) / (denominator - C). */
export type DimensionSource =
  | { readonly kind: 'channel'; readonly channel: string }
  | {
      readonly kind: 'ratio';
      readonly numerator: string;
      readonly denominator: string;
      readonly A: number;
      readonly B: number;
      readonly C: number;
    };

/** One axis of a gate: source, then compensation, then (optional) transform. `transform: null` = linear detector units. */
export interface Dimension {
  readonly source: DimensionSource;
  readonly compensation: CompensationReference;
  readonly transform: Transform | null;
}

/** min <= y < max on every dimension (Gating-ML 5.1: half-open); open sides are -Infinity / +Infinity. A range is a rectangle of one dimension. */
export interface RectangleGate {
  readonly kind: 'rectangle';
  readonly dims: readonly Dimension[];
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** Even-odd interior of a closed polygon of two dimensions; points on the border are inside. Vertices in transformed units. */
export interface PolygonGate {
  readonly kind: 'polygon';
  readonly dims: readonly [Dimension, Dimension];
  readonly vertices: readonly (readonly [number, number])[];
}

/** (y - mean)' covariance^-1 (y - mean) <= distanceSquare, n dimensions; covariance n x n row-major. */
export interface EllipsoidGate {
  readonly kind: 'ellipsoid';
  readonly dims: readonly Dimension[];
  readonly mean: readonly number[];
  readonly covariance: readonly number[];
  readonly distanceSquare: number;
}

/**
 * One cell of a quadrant set. `dividers[d]` are ascending cuts of dimension d; `cell[d] = k` means dividers[d][k-1] <= y < dividers[d][k]
 * (open at the ends), null = dimension not used by this cell. Gates that share `set` under one parent share their dividers and are edited together.
 */
export interface QuadrantGate {
  readonly kind: 'quadrant';
  readonly set: string;
  readonly dims: readonly Dimension[];
  readonly dividers: readonly (readonly number[])[];
  readonly cell: readonly (number | null)[];
}

/** Logic over other populations (by path). `not` takes one operand. An operand's membership already includes its own ancestors. */
export interface BooleanGate {
  readonly kind: 'boolean';
  readonly operator: 'and' | 'or' | 'not';
  readonly operands: readonly { readonly population: string; readonly complement: boolean }[];
}

export type GeometricGate = RectangleGate | PolygonGate | EllipsoidGate | QuadrantGate;
export type Gate = GeometricGate | BooleanGate;

/** Numbers that a method leaves behind so that a person can judge a gate: separation, peak mass, distance to the expected window, … */
export type Evidence = Readonly<Record<string, number | string | boolean | null>>;

/** How a population's gate came to be by itself. `notEvaluable` has no gate, and neither have its descendants. */
export type PlacedFit =
  | { readonly status: 'explicit' }
  | { readonly status: 'fitted'; readonly method: string; readonly evidence: Evidence }
  | {
      readonly status: 'fallback';
      readonly method: string;
      readonly reason: string;
      readonly evidence: Evidence;
    }
  | { readonly status: 'notEvaluable'; readonly reason: string };

/**
 * How a population's gate came to be. `edited`: a person replaced it (gating/override.ts); `placed` is what the template made, `distance`
 * the largest displacement from it in units of the axes, null = not comparable.
 */
export type Fit =
  | PlacedFit
  | {
      readonly status: 'edited';
      readonly author: string;
      readonly utc: string;
      readonly reason: string;
      readonly distance: number | null;
      readonly placed: { readonly gate: Gate | null; readonly fit: PlacedFit };
    };

/**
 * One population of a strategy. `path` = ids from the root joined by `/`; `id` = its last segment; `parent` = path of the parent, null = all events.
 * `gate` is null exactly when `fit.status` is `notEvaluable`.
 */
export interface StrategyPopulation {
  readonly id: string;
  readonly path: string;
  readonly parent: string | null;
  readonly gate: Gate | null;
  readonly fit: Fit;
  /** Number of a cut of the strategy, and by how much ln(events) rises while that cut falls by one unit of its axis; others do not move it. */
  readonly moves?: readonly (readonly [number, number])[];
}

/**
 * A cut of a strategy as its population moves with it. `error`: standard error of its place, units of its axis, null = not known.
 * `below`, `above`: how far the populations beside it reach through it (cut-overlap.ts).
 */
export interface PlacedCut {
  readonly name: string;
  readonly error: number | null;
  readonly below: number;
  readonly above: number;
}

/** The explicit gates of one sample: what a person reviews, moves and signs, and what COUNT applies. Parents precede children. */
export interface GatingStrategy {
  readonly template: { readonly id: string; readonly version: string };
  readonly matrices: Readonly<Record<string, CompensationMatrix>>;
  readonly populations: readonly StrategyPopulation[];
  /** The cuts that FIT placed; absent where gates came from elsewhere. */
  readonly cuts?: readonly PlacedCut[];
}

// ---- before FIT ----------------------------------------------------------------------------------------------------

/** One way to place a gate: a method of the registry with parameters in its own terms (checked when a template is read). */
export interface MethodCall {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The control tube whose events inside the same parent are looked at, e.g. `FMO:PD1`, `UNST`; absent = the tube itself. */
  readonly tube?: string;
}

/**
 * Tubes whose events are pooled for a cut (populations specification, batch rule). `subject`: the visits of a subject in one batch;
 * `batch`: all tubes of a batch; both are what a tube's own cut is held against. `batch-baseline`: the baseline tubes of a batch,
 * whose cut is fixed for all visits.
 */
export type Pool = 'subject' | 'batch' | 'batch-baseline';

/**
 * How a population of a plan gets its gate. `gate`: it has one. `methods`: tried in order on the parent's events, the first
 * acceptable one places the gate, later ones are fallbacks; `keep` = side of a one-dimensional cut. `quadrant`: one cell of a set whose
 * cuts are found once, each by its own list of methods, on the parent's events. `missing`: an optional population whose channels the
 * file does not have; not evaluable, or all of its parent.
 */
export type Rule =
  | { readonly kind: 'gate'; readonly gate: Gate }
  | {
      readonly kind: 'methods';
      readonly dims: readonly Dimension[];
      readonly keep: 'above' | 'below';
      readonly attempts: readonly MethodCall[];
      readonly minimumEvents: number;
      readonly pool?: Pool;
    }
  | {
      readonly kind: 'quadrant';
      readonly set: string;
      readonly dims: readonly Dimension[];
      readonly cuts: readonly (readonly MethodCall[])[];
      readonly cell: readonly (number | null)[];
      readonly minimumEvents: number;
      readonly pool?: Pool;
    }
  | { readonly kind: 'missing'; readonly reason: string; readonly instead: 'notEvaluable' | 'parent' };

export interface PlannedPopulation {
  readonly id: string;
  readonly path: string;
  readonly parent: string | null;
  readonly rule: Rule;
}

/** A template bound to a panel: every channel resolved, every population in topological order. The input of FIT. */
export interface GatingPlan {
  readonly template: { readonly id: string; readonly version: string };
  readonly matrices: Readonly<Record<string, CompensationMatrix>>;
  readonly populations: readonly PlannedPopulation[];
  readonly findings: readonly Issue[];
}

// ---- after COUNT ---------------------------------------------------------------------------------------------------

/**
 * Exact statistics of one population in one channel, linear compensated units, NaN excluded. robustSd = half the distance between the
 * 15.87th and 84.13th percentiles. geometricMean is null unless every value is positive; all are null when n = 0.
 */
export interface ChannelStatistic {
  readonly path: string;
  readonly channel: string;
  readonly n: number;
  readonly mean: number | null;
  readonly median: number | null;
  readonly geometricMean: number | null;
  readonly robustSd: number | null;
  readonly cv: number | null;
  readonly p05: number | null;
  readonly p95: number | null;
}
