// The marker and fluorochrome words met in $PnS and $PnN, and what they mean (populations specification, 1.2 and 1.3).
// Data only. Whole tokens are looked up, never prefixes: CD3 is not CD38.

/** Accepted spellings (folded: upper case, Greek letters spelled in Latin) of each canonical marker, besides its own name. */
export const markerAliases: Readonly<Record<string, readonly string[]>> = {
  CD3: ['CD3E', 'CD3EPSILON', 'T3', 'LEU4'],
  CD4: ['T4', 'LEU3', 'LEU3A'],
  CD8: ['CD8A', 'CD8B', 'T8', 'LEU2', 'LEU2A'],
  CD16: ['FCGR3', 'FCGR3A'],
  CD56: ['NCAM', 'NCAM1'],
  CD16_56: ['CD16+CD56', 'CD16CD56', 'CD1656'],
  HLADR: ['HLA-DR', 'HLADRA', 'DR', 'MHCII', 'HLA-DRDPDQ', 'HLADRDPDQ'],
  CD45: ['LCA', 'PTPRC'],
  CD45RA: [],
  CD45RO: [],
  PD1: ['PD-1', 'CD279', 'PDCD1'],
  IGG4: ['HIGG4', 'ANTI-IGG4', 'ANTI-HIGG4', 'HP6025', 'HP6023'],
  TIM3: ['TIM-3', 'CD366', 'HAVCR2'],
  LAG3: ['LAG-3', 'CD223'],
  TIGIT: [],
  CCR7: ['CD197'],
  CD62L: ['LSEL', 'SELL'],
  CD127: ['IL7RA', 'IL-7R', 'IL7R'],
  CD25: ['IL2RA', 'IL-2RA'],
  CD107A: ['LAMP1', 'LAMP-1'],
  IFNG: ['IFN-G', 'IFNGAMMA', 'IFN-GAMMA', 'IFN'],
  GZMB: ['GRANZYMEB', 'GRANZYME-B', 'GRB', 'GRANB'],
  PERF: ['PRF', 'PERFORIN', 'PRF1'],
  CD1C: ['BDCA1', 'BDCA-1'],
  CD141: ['BDCA3', 'BDCA-3', 'THBD'],
  CD303: ['BDCA2', 'BDCA-2', 'CLEC4C'],
  CD294: ['CRTH2', 'PTGDR2', 'DP2'],
  LOX1: ['LOX-1', 'OLR1'],
  CD66B: ['CEACAM8'],
  CD15: ['SSEA1', 'SSEA-1', 'LEWISX', '3FAL'],
  CD123: ['IL3RA', 'IL-3RA'],
  CD11B: ['MAC1', 'MAC-1', 'ITGAM'],
  CD11C: ['ITGAX'],
  IGD: ['SIGD'],
  IGM: ['SIGM'],
  NKG2D: ['CD314'],
  LIN: ['LIN1', 'LINEAGE', 'DUMP', 'EXCL'],
  CD40: [],
  FOXP3: [],
  KI67: ['KI-67', 'MKI67'],
  CXCR5: ['CD185'],
  CXCR3: ['CD183'],
  CCR6: ['CD196'],
  CCR4: ['CD194'],
  TCRGD: ['TCR-GD', 'TCRGAMMADELTA', 'TCRG/D'],
  CD19: ['B4'],
  CD38: [],
};

/** Spellings of a viability dye; the canonical marker is VIAB. */
export const viabilityPattern =
  /^(FVS\d*|FVD\d*|ZOMBIE[A-Z]*|LD|LIVE|DEAD|LIVEDEAD|LIVE-DEAD|VIAB[A-Z]*|AQUA|AMINE|GHOST[A-Z]*|7-?AAD|DAPI|PI|DRAQ7|SYTOX[A-Z]*|EF506|EF780|EFLUOR506|EFLUOR780)$/;

/** Markers that, two or more in one channel, make it a lineage (dump) channel. */
export const lineageMarkers: ReadonlySet<string> = new Set(['CD3', 'CD14', 'CD19', 'CD20', 'CD56', 'CD66B']);

/**
 * Detectors by fluorochrome: canonical fluorochrome, other dyes of the same detector, and detector names of vendors (1.3),
 * folded and without a pulse ending.
 */
export const fluorochromes: readonly {
  readonly name: string;
  readonly dyes: readonly string[];
  readonly detectors: readonly string[];
}[] = [
  {
    name: 'BV421',
    dyes: ['V450', 'PACBLUE', 'PACIFICBLUE', 'EF450', 'EFLUOR450', 'PB', 'SB436'],
    detectors: ['PB450', 'FL9', 'V1', 'VL1'],
  },
  {
    name: 'BV510',
    dyes: ['V500', 'AMCYAN', 'KRO', 'FVS510', 'AQUA', 'EF506'],
    detectors: ['KO525', 'FL10', 'V7', 'VL2'],
  },
  { name: 'BV605', dyes: ['QDOT605', 'QD605', 'SB600'], detectors: ['VIOLET610', 'V10', 'VL3'] },
  { name: 'BV650', dyes: ['QDOT655', 'QD655', 'SB645'], detectors: ['VIOLET660', 'V11'] },
  { name: 'BV711', dyes: ['QDOT705'], detectors: ['V13'] },
  { name: 'BV785', dyes: ['BV786', 'QDOT800', 'SB780'], detectors: ['VIOLET780', 'V15', 'VL4'] },
  {
    name: 'FITC',
    dyes: ['AF488', 'ALEXA488', 'ALEXAFLUOR488', 'BB515', 'CFSE', 'GFP'],
    detectors: ['FL1', 'B2', 'BL1'],
  },
  { name: 'PE', dyes: [], detectors: ['FL2', 'YG1', 'YL1'] },
  {
    name: 'PE-CF594',
    dyes: ['PECF594', 'ECD', 'PE-TEXASRED', 'PETEXASRED', 'PE-TR', 'DAZZLE594', 'PE-DAZZLE594', 'PE-EF610'],
    detectors: ['FL3', 'YG3', 'YL2'],
  },
  {
    name: 'PerCP-Cy5.5',
    dyes: ['PERCP-CY5-5', 'PERCPCY5.5', 'PERCPCY55', 'PERCP', 'PC5.5', 'BB700', 'PERCP-EF710'],
    detectors: ['FL4', 'B9', 'BL3'],
  },
  { name: 'PE-Cy5', dyes: ['PECY5', 'PC5'], detectors: ['YL3'] },
  { name: 'PE-Cy7', dyes: ['PECY7', 'PC7'], detectors: ['FL5', 'YG9', 'YL4'] },
  { name: 'APC', dyes: ['AF647', 'ALEXA647', 'ALEXAFLUOR647', 'EF660'], detectors: ['FL6', 'R1', 'RL1'] },
  {
    name: 'AF700',
    dyes: ['ALEXA700', 'ALEXAFLUOR700', 'APC-A700', 'APC-R700', 'APC-AF700'],
    detectors: ['FL7', 'R4', 'RL2'],
  },
  {
    name: 'APC-Cy7',
    dyes: [
      'APCCY7',
      'APC-H7',
      'APCH7',
      'FIRE750',
      'APC-FIRE750',
      'A750',
      'APC-A750',
      'APC-AF750',
      'APC-EF780',
      'EF780',
    ],
    detectors: ['FL8', 'R7', 'RL3'],
  },
];
