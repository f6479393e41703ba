// The nouns of the simulator: what a panel, a class of cells and a tube with known truth are. All plain data.
// The invariant: levels are on y = asinh(x / 150), x = light of one dye on a 262,144 scale (populations section 0).
import type { EventTable, Spillover } from '../events/index.ts';

/** Scatter and background class of populations section 5.1. */
export type CellClass = 'L' | 'M' | 'D' | 'N' | 'E' | 'A' | 'K' | 'X' | 'R' | 'Q';

/** The thirteen detectors of the project's cytometer, named by the dye they are meant for. */
export type Fluor =
  | 'BV421'
  | 'BV510'
  | 'BV605'
  | 'BV650'
  | 'BV785'
  | 'FITC'
  | 'PE'
  | 'PE-CF594'
  | 'PerCP-Cy5.5'
  | 'PE-Cy7'
  | 'APC'
  | 'AF700'
  | 'APC-Cy7';

/** Parts of blood whose counts a subject and a visit decide once, for all tubes of that draw. */
export type Compartment =
  'CD4' | 'CD8' | 'TO' | 'B' | 'NK' | 'OTH' | 'MONO' | 'DC' | 'NEUT' | 'IG' | 'EOS' | 'BASO';

export type PanelId = 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6w' | 'P6p';

/** Normal distribution on y. */
export interface Level {
  readonly mean: number;
  readonly sd: number;
}

/** One row of a panel table. A marker that `levels` lacks is at the background of the class. */
export interface CellType {
  readonly id: string;
  /** Percent of the specimen's cells, healthy and patient. Null: not part of blood (K562). */
  readonly share: { readonly healthy: number; readonly patient: number } | null;
  readonly cellClass: CellClass;
  readonly levels: ReadonlyMap<string, Level>;
}

/** Cell types that share out the count of their compartments; their proportions vary by subject. No compartment: a fixed share. */
export interface Family {
  readonly compartments: readonly Compartment[];
  readonly cells: readonly string[];
}

/** A gated population in terms of cell types; with `response`, only of events that carry that mark. */
export interface TruthGroup {
  readonly id: string;
  readonly cells: readonly string[];
  readonly response?: readonly string[];
}

/**
 * What cells show that slid on a marker to below a boundary, by their populations' phenotypes (populations section 2). The boundary is the
 * middle between the level of the cell type and that of the type it slides `towards`, null = the background.
 */
export interface Slide {
  readonly marker: string;
  readonly towards: Readonly<Record<string, string | null>>;
  readonly changes: readonly PopulationChange[];
}

/** A cell in the first of `leaves` (none: any cell) leaves all of them and enters others. */
export interface PopulationChange {
  readonly leaves: readonly string[];
  readonly enters: readonly string[];
}

/** How a tube is made from blood. Volumes in microlitres. `counted`: acquired by blood volume, else by number of live cells. */
export interface Preparation {
  readonly specimen: 'blood' | 'pbmc';
  readonly counted: boolean;
  readonly beadsPerTube: number | null;
  readonly bloodPerTube: number;
  /** Sample volume per volume of blood: $VOL = acquired blood x dilution. */
  readonly dilution: number;
  /** Blood acquired (counted) or null. */
  readonly acquired: number | null;
  /** Live cells acquired (not counted) or null. */
  readonly liveCells: number | null;
  readonly deadFraction: number;
  readonly debrisFraction: number;
  readonly doubletFraction: number;
}

export interface Panel {
  readonly id: PanelId;
  readonly title: string;
  /** Detector order: marker and its dye. */
  readonly colours: readonly { readonly marker: string; readonly fluor: Fluor }[];
  readonly preparation: Preparation;
  readonly cells: readonly CellType[];
  readonly families: readonly Family[];
  readonly groups: readonly TruthGroup[];
  readonly slides: readonly Slide[];
}

/** What is true of every event: `names[codes[e]]` is the label of event `e` of the file. Parts of a label: labels.ts. */
export interface Labels {
  readonly names: readonly string[];
  readonly codes: Uint16Array;
}

/** True numbers of one population. `cellsPerMicrolitre` is the concentration in the blood drawn, null where blood has none. */
export interface PopulationTruth {
  readonly population: string;
  readonly events: number;
  readonly cellsPerMicrolitre: number | null;
}

/** A tube as a file will hold it, with its truth. */
export interface SimulatedTube {
  readonly events: EventTable;
  /** What $SPILLOVER says; equal to `trueSpillover` unless a wrong matrix was asked for. */
  readonly spillover: Spillover;
  readonly trueSpillover: Spillover;
  readonly keywords: ReadonlyMap<string, string>;
  readonly labels: Labels;
  readonly truth: readonly PopulationTruth[];
  /** Blood acquired in microlitres, null for tubes that are not counted. */
  readonly acquiredVolume: number | null;
}
