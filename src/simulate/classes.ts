// Scatter and background of each class of cells (populations section 5.1). Scatter is lognormal with the given mean and
// coefficient of variation on a 262,144 scale; the background is what every detector shows without a dye, on y.
import type { CellClass, Level } from './model.ts';

export interface Scatter {
  readonly mean: number;
  readonly cv: number;
}

export interface ClassOptics {
  readonly forward: Scatter;
  readonly side: Scatter;
  readonly background: Level;
}

export const classes: Readonly<Record<CellClass, ClassOptics>> = {
  L: optics(62000, 0.11, 18000, 0.22, 0.35, 0.45), // lymphocytes
  M: optics(105000, 0.11, 48000, 0.17, 0.75, 0.45), // monocytes
  D: optics(92000, 0.13, 30000, 0.2, 0.7, 0.45), // dendritic cells, plasmablasts, early MDSC
  N: optics(118000, 0.11, 130000, 0.15, 0.7, 0.45), // neutrophils, immature granulocytes
  E: optics(108000, 0.1, 175000, 0.12, 1.7, 0.4), // eosinophils, autofluorescent
  A: optics(66000, 0.12, 26000, 0.19, 0.45, 0.45), // basophils
  K: optics(170000, 0.13, 85000, 0.21, 1.6, 0.5), // K562
  X: optics(42000, 0.28, 42000, 0.35, 1.2, 0.6), // dead
  R: optics(12000, 0.55, 5000, 0.6, 0.2, 0.4), // debris, ghosts of red cells, platelets
  Q: optics(22000, 0.055, 205000, 0.03, 6.6, 0.08), // beads, bright in every detector
};

/** NK cells are a little larger than other lymphocytes. */
export const nkForwardFactor = 1.06;
/** Pulse height over area of a single cell: mean and coefficient of variation. Width = 65,536 x area / height. */
export const heightOverArea = { mean: 0.97, cv: 0.035, widthScale: 65536 } as const;
/** Viability dye on dead cells, and the share of an antigen's y that they keep. */
export const dead = { viability: { mean: 5.2, sd: 0.5 }, antigenKept: 0.6 } as const;
/** CD45 on debris. */
export const debrisCd45: Level = { mean: 0.5, sd: 0.4 };

function optics(
  forward: number,
  forwardCv: number,
  side: number,
  sideCv: number,
  mean: number,
  sd: number,
): ClassOptics {
  return {
    forward: { mean: forward, cv: forwardCv },
    side: { mean: side, cv: sideCv },
    background: { mean, sd },
  };
}
