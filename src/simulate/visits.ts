// What a treatment visit does to the blood: multipliers on absolute counts (populations section 5.4) and when it takes place.
// V2g is the nadir of a patient who got G-CSF; it replaces V2.
import type { Compartment } from './model.ts';

export type VisitState = 'V0' | 'V1' | 'V2' | 'V2g' | 'V3' | 'V4';

export interface VisitEffect {
  readonly compartments: Partial<Readonly<Record<Compartment, number>>>;
  /** Multipliers of single cell types; they take the place of their compartment's. */
  readonly cells: Readonly<Record<string, number>>;
  /** Multiplier of the fraction of CD8 cells that are activated. */
  readonly activatedCd8: number;
  /** Share of PD-1 that carries the drug, 0 to 1. */
  readonly occupancy: number;
  /** Share of neutrophils that are immature, null = as in the subject at baseline. */
  readonly immatureNeutrophils: number | null;
}

export const visitEffects: Readonly<Record<VisitState, VisitEffect>> = {
  //          Neut  T     B     NK    Mono DC   Eos  MMDSC PMNX CD8ACT RO
  V0: effect([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0]),
  V1: effect([1.9, 0.65, 0.7, 0.7, 1.3, 0.6, 0.5, 1.6, 1.5, 1.2, 0]),
  V2: effect([0.45, 0.75, 0.55, 0.8, 0.8, 0.7, 0.7, 0.9, 0.8, 1.5, 0.95]),
  V2g: effect([3.0, 0.85, 0.6, 0.9, 1.6, 0.8, 0.8, 1.4, 1.6, 1.4, 0.95], 0.25),
  V3: effect([0.8, 0.95, 0.6, 1.0, 1.1, 1.0, 1.2, 0.8, 0.8, 1.8, 0.95]),
  V4: effect([0.85, 0.9, 0.5, 1.05, 1.1, 1.1, 1.5, 0.7, 0.7, 1.4, 0.95]),
};

/** A planned visit: target and window in days from the ablation (there is no day 0), and the spread of real draws. */
export interface PlannedVisit {
  readonly id: string;
  readonly label: string;
  readonly phase: 'PRE' | 'DURING' | 'POST';
  readonly target: number;
  readonly window: readonly [number, number | null];
  readonly draw: readonly [number, number];
}

/** In order of time. A study of n visits takes the first n. */
export const plannedVisits: readonly PlannedVisit[] = [
  { id: 'V0', label: 'Baseline', phase: 'PRE', target: -1, window: [-28, null], draw: [-7, -1] },
  { id: 'V1', label: 'Ablation + 2 d', phase: 'DURING', target: 3, window: [1, 6], draw: [2, 4] },
  { id: 'V2', label: 'Chemotherapy nadir', phase: 'DURING', target: 15, window: [7, 21], draw: [13, 17] },
  { id: 'V3', label: 'Month 1', phase: 'POST', target: 30, window: [22, 60], draw: [27, 34] },
  { id: 'V4', label: 'Month 3', phase: 'POST', target: 90, window: [61, 180], draw: [84, 104] },
];

/** Day number of the n-th day from `anchor`: 1 is the anchor itself, -1 the day before; there is no day 0 (statistics section 3). */
export function dayOf(anchor: number, n: number): number {
  return n > 0 ? anchor + n - 1 : anchor + n;
}

function effect(row: readonly number[], immatureNeutrophils: number | null = null): VisitEffect {
  const [NEUT, T, B, NK, MONO, DC, EOS, MMDSC, PMNX, activatedCd8, occupancy] = row;
  return {
    compartments: { NEUT, IG: NEUT, CD4: T, CD8: T, TO: T, B, NK, MONO, DC, EOS },
    cells: { MMDSC, PMNX },
    activatedCd8,
    occupancy,
    immatureNeutrophils,
  };
}
