// The gates of one sample as plots: binned densities with outlines in the same coordinates, and what was counted in each gate. Plain and finite.
// Invariant: an outline lies within its plot; open sides of a gate end at the edge.
export interface SampleGates {
  readonly sample: string;
  readonly subject: string;
  readonly visit: string;
  readonly panel: string;
  /** All events of the sample. */
  readonly events: number;
  readonly strategySha256: string | null;
  readonly resultId: string | null;
  /** Why its plots cannot be drawn, in words; null when they are there. */
  readonly unavailable: string | null;
  /** In the order of the strategy. */
  readonly plots: readonly PlotOfGates[];
}

/** Events of one population on one or two axes, and the gates drawn on them. */
export interface PlotOfGates {
  /** Path; null = all events. */
  readonly parent: string | null;
  readonly events: number;
  readonly x: PlotAxis;
  readonly y: PlotAxis | null;
  /** Events a bin, `counts[iy * x.bins + ix]`, rows from the lowest y; without y one row. */
  readonly counts: readonly number[];
  readonly gates: readonly DrawnGate[];
}

/** An axis in scale coordinates; an empty label is a minor tick. */
export interface PlotAxis {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly bins: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

export interface DrawnGate {
  readonly population: string;
  readonly path: string;
  readonly outline: Outline;
  readonly count: number | null;
  /** 0 to 1. */
  readonly fractionOfParent: number | null;
  readonly status: string;
  readonly method: string | null;
}

/** A closed area of two axes, a range of one, or all of one axis less some stretches (those of unstable acquisition). */
export type Outline =
  | { readonly kind: 'area'; readonly points: readonly (readonly [number, number])[] }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | {
      readonly kind: 'without';
      readonly stretches: readonly { readonly from: number; readonly to: number }[];
    };
