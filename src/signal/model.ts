// Signal: from detector values to gateable columns. Compensation first, transform second; both are plain data.

/** Display and gating scales, parameters named as in Gating-ML 2.0 section 6 (FlowJo's own for `biex`). x -> y. */
export type ScaleFunction =
  | { readonly kind: 'linear'; readonly T: number; readonly A: number }
  | { readonly kind: 'log'; readonly T: number; readonly M: number }
  | { readonly kind: 'asinh'; readonly T: number; readonly M: number; readonly A: number }
  | {
      readonly kind: 'logicle';
      readonly T: number;
      readonly W: number;
      readonly M: number;
      readonly A: number;
    }
  | {
      readonly kind: 'hyperlog';
      readonly T: number;
      readonly W: number;
      readonly M: number;
      readonly A: number;
    }
  /** y = asinh(x / cofactor): the scale of the immune templates (cofactor 150 on a 262,144 scale). */
  | { readonly kind: 'asinhCofactor'; readonly cofactor: number }
  /** FlowJo biexponential: `channels` steps (256 or 4096), maximum `T`, extra negative decades `neg`, width basis `width`, positive decades `pos`. */
  | {
      readonly kind: 'biex';
      readonly T: number;
      readonly neg: number;
      readonly width: number;
      readonly pos: number;
      readonly channels: number;
    };

/** A scale with optional clipping of its result to [boundMin, boundMax] (Gating-ML transforms:boundMin/boundMax); null = no bound. */
export interface Transform {
  readonly scale: ScaleFunction;
  readonly boundMin: number | null;
  readonly boundMax: number | null;
}

/**
 * A compensation or unmixing matrix in the protocol. `spill` is fluorochromes x detectors, row-major: row = source fluorochrome,
 * column = receiving detector. Square: compensated = observed * inverse(spill). More detectors than fluorochromes: least squares.
 * The compensated columns are named by `fluorochromes` (for square FCS spillover these equal the detectors).
 */
export interface CompensationMatrix {
  readonly fluorochromes: readonly string[];
  readonly detectors: readonly string[];
  readonly spill: Float64Array;
}

/**
 * Ready to apply: `unmix` is detectors x fluorochromes, row-major; compensated[f] = sum over d of observed[d] * unmix[d * F + f],
 * summed in detector order in float64.
 */
export interface Unmixing {
  readonly fluorochromes: readonly string[];
  readonly detectors: readonly string[];
  readonly unmix: Float64Array;
  /** Reciprocal condition number of the matrix (1-norm estimate), in (0, 1]. */
  readonly reciprocalCondition: number;
}
