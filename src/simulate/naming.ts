// What instruments call their detectors and what people write as stain (populations sections 1.2 and 1.3): one data set under
// many names, because names are what differs most between centres.
import type { Fluor } from './model.ts';

export type Vendor = 'BD' | 'CytoFLEX' | 'Navios' | 'Aurora' | 'Attune';
/** `marker` CD3 · `markerDye` CD3 FITC · `synonym` another accepted spelling · `blank` nothing. */
export type StainStyle = 'marker' | 'markerDye' | 'synonym' | 'blank';

export interface Instrument {
  readonly cytometer: string;
  /** Top of scale: values of the 262,144 scale are multiplied by topOfScale / 262,144. */
  readonly topOfScale: number;
  readonly detectors: Readonly<Partial<Record<Fluor, string>>>;
  /** Area, height and width of forward and side scatter, and time. */
  readonly scatter: readonly [string, string, string, string, string, string];
  readonly time: string;
}

const scatterNames = ['FSC-A', 'FSC-H', 'FSC-W', 'SSC-A', 'SSC-H', 'SSC-W'] as const;

export const instruments: Readonly<Record<Vendor, Instrument>> = {
  BD: {
    cytometer: 'LSRFortessa',
    topOfScale: 262144,
    detectors: {
      ...{ BV421: 'BV421-A', BV510: 'BV510-A', BV605: 'BV605-A', BV650: 'BV650-A', BV785: 'BV786-A' },
      ...{ FITC: 'FITC-A', PE: 'PE-A', 'PE-CF594': 'PE-CF594-A', 'PerCP-Cy5.5': 'PerCP-Cy5-5-A' },
      ...{ 'PE-Cy7': 'PE-Cy7-A', APC: 'APC-A', AF700: 'Alexa Fluor 700-A', 'APC-Cy7': 'APC-Cy7-A' },
    },
    scatter: scatterNames,
    time: 'Time',
  },
  CytoFLEX: {
    cytometer: 'CytoFLEX S',
    topOfScale: 1048576,
    detectors: {
      ...{
        BV421: 'PB450-A',
        BV510: 'KO525-A',
        BV605: 'Violet610-A',
        BV650: 'Violet660-A',
        BV785: 'Violet780-A',
      },
      ...{ FITC: 'FITC-A', PE: 'PE-A', 'PE-CF594': 'ECD-A', 'PerCP-Cy5.5': 'PC5.5-A' },
      ...{ 'PE-Cy7': 'PC7-A', APC: 'APC-A', AF700: 'APC-A700-A', 'APC-Cy7': 'APC-A750-A' },
    },
    scatter: scatterNames,
    time: 'Time',
  },
  Navios: {
    cytometer: 'Navios',
    topOfScale: 1048576,
    detectors: {
      ...{ BV421: 'FL9', BV510: 'FL10', FITC: 'FL1', PE: 'FL2', 'PE-CF594': 'FL3', 'PerCP-Cy5.5': 'FL4' },
      ...{ 'PE-Cy7': 'FL5', APC: 'FL6', AF700: 'FL7', 'APC-Cy7': 'FL8' },
    },
    scatter: ['FS INT', 'FS PEAK', 'FS TOF', 'SS INT', 'SS PEAK', 'SS TOF'],
    time: 'TIME',
  },
  Aurora: {
    cytometer: 'Cytek Aurora',
    topOfScale: 4194304,
    detectors: {
      ...{ BV421: 'V1-A', BV510: 'V7-A', BV605: 'V10-A', BV650: 'V11-A', BV785: 'V15-A', FITC: 'B2-A' },
      ...{ PE: 'YG1-A', 'PE-CF594': 'YG3-A', 'PerCP-Cy5.5': 'B9-A', 'PE-Cy7': 'YG9-A' },
      ...{ APC: 'R1-A', AF700: 'R4-A', 'APC-Cy7': 'R7-A' },
    },
    scatter: scatterNames,
    time: 'Time',
  },
  Attune: {
    cytometer: 'Attune NxT',
    topOfScale: 1048576,
    detectors: {
      ...{ BV421: 'VL1-A', BV510: 'VL2-A', BV605: 'VL3-A', BV650: 'VL4-A', FITC: 'BL1-A', PE: 'YL1-A' },
      ...{ 'PE-CF594': 'YL2-A', 'PerCP-Cy5.5': 'BL3-A', 'PE-Cy7': 'YL4-A' },
      ...{ APC: 'RL1-A', AF700: 'RL2-A', 'APC-Cy7': 'RL3-A' },
    },
    scatter: scatterNames,
    time: 'Time',
  },
};

/** Everyday spelling of a marker and, where people use one, another. */
const spellings: Readonly<Record<string, readonly [string, string?]>> = {
  CD3: ['CD3', 'CD3e'],
  CD16_56: ['CD16+CD56', 'CD16/56'],
  CD8: ['CD8', 'CD8a'],
  HLADR: ['HLA-DR', 'HLADR'],
  VIAB: ['Viability', 'Live/Dead'],
  PD1: ['PD-1', 'CD279'],
  IGG4: ['IgG4', 'hIgG4'],
  TIM3: ['TIM-3', 'CD366'],
  CCR7: ['CCR7', 'CD197'],
  CD127: ['CD127', 'IL-7R'],
  CD107A: ['CD107a', 'LAMP-1'],
  IFNG: ['IFN-g', 'IFNg'],
  GZMB: ['GzmB', 'GranzymeB'],
  PERF: ['Perforin', 'PRF1'],
  CD1C: ['CD1c', 'BDCA1'],
  CD141: ['CD141', 'BDCA3'],
  CD294: ['CD294', 'CRTH2'],
  LOX1: ['LOX-1', 'OLR1'],
  CD66B: ['CD66b', 'CEACAM8'],
  CD11B: ['CD11b', 'Mac1'],
  CD11C: ['CD11c', 'ITGAX'],
  CD123: ['CD123', 'IL3RA'],
  IGD: ['IgD', 'sIgD'],
  LIN: ['Lin', 'Lineage'],
  DUMP: ['Dump', 'Lin'],
};

/** $PnS of a marker in the given style, null for none. */
export function stainOf(marker: string, fluor: Fluor, style: StainStyle): string | null {
  const [usual, other = usual] = spellings[marker] ?? [marker];
  switch (style) {
    case 'marker':
      return usual;
    case 'markerDye':
      return `${usual} ${fluor}`;
    case 'synonym':
      return other;
    case 'blank':
      return null;
  }
}
