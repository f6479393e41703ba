// What people write for a marker (populations.md 1.2): canonical name -> accepted spellings after folding. Data only.
// Invariant: every spelling is upper case letters and digits without separators, and belongs to one marker.

/** Spellings that a whole token, or up to four neighbouring tokens written together, may have. */
const spellings: Readonly<Record<string, string>> = {
  CD3: 'CD3 CD3E CD3EPSILON T3 LEU4',
  CD4: 'CD4 T4 LEU3 LEU3A',
  CD8: 'CD8 CD8A CD8B CD8AB T8 LEU2 LEU2A',
  CD10: 'CD10 CALLA MME',
  CD11B: 'CD11B MAC1 ITGAM',
  CD11C: 'CD11C ITGAX',
  CD123: 'CD123 IL3R IL3RA',
  CD127: 'CD127 IL7R IL7RA',
  CD141: 'CD141 BDCA3 THBD',
  CD14: 'CD14 LEUM3',
  CD15: 'CD15 SSEA1 LEWISX 3FAL',
  CD16: 'CD16 LEU11 FCGR3 FCGR3A',
  CD19: 'CD19 LEU12',
  CD1C: 'CD1C BDCA1',
  CD20: 'CD20 MS4A1 LEU16',
  CD25: 'CD25 IL2RA',
  CD294: 'CD294 CRTH2 PTGDR2 DP2',
  CD303: 'CD303 BDCA2 CLEC4C',
  CD45: 'CD45 PTPRC HLE1',
  CD56: 'CD56 NCAM NCAM1 LEU19',
  CD57: 'CD57 HNK1 LEU7',
  CD62L: 'CD62L LSEL LSELECTIN SELL',
  CD66B: 'CD66B CEACAM8',
  CD95: 'CD95 FAS',
  CD107A: 'CD107A LAMP1',
  CCR4: 'CCR4 CD194',
  CCR6: 'CCR6 CD196',
  CCR7: 'CCR7 CD197',
  CXCR3: 'CXCR3 CD183',
  CXCR5: 'CXCR5 CD185',
  CLEC9A: 'CLEC9A CD370',
  CTLA4: 'CTLA4 CD152',
  FOXP3: 'FOXP3',
  GZMB: 'GZMB GRANZYMEB GRB GRANB GZB',
  HLADR: 'HLADR DR MHCII HLADRDPDQ',
  ICOS: 'ICOS CD278',
  IFNG: 'IFNG IFNGAMMA IFNY',
  IGD: 'IGD SIGD',
  IGG4: 'IGG4 HIGG4 ANTIIGG4 ANTIHIGG4 ANTIHUMANIGG4 HP6025 HP6023',
  IGM: 'IGM SIGM',
  KI67: 'KI67 MKI67',
  LAG3: 'LAG3 CD223',
  LIN: 'LIN LIN1 LIN2 LINEAGE DUMP EXCL',
  LOX1: 'LOX1 OLR1',
  NKG2D: 'NKG2D CD314 KLRK1',
  PD1: 'PD1 CD279 PDCD1',
  PDL1: 'PDL1 CD274',
  PERF: 'PRF PERF PERFORIN PRF1',
  TCRGD: 'TCRGD TCRGAMMADELTA',
  TIGIT: 'TIGIT',
  TIM3: 'TIM3 CD366 HAVCR2',
  VIAB: 'VIAB VIABILITY LD LIVE DEAD LIVEDEAD 7AAD DAPI PI PROPIDIUMIODIDE DRAQ7 CISPLATIN',
};

/** Words for a viability dye that are as well the name of a detector or a colour: they count only where no other marker is named. */
const dyeWords = /^(AQUA|AMINE|EF(LUOR)?(506|780))$/;

/** Viability dyes with a number or a colour in their name. */
const viabilityDyes =
  /^(FVS\d{1,4}[A-Z]?|FVD\d{0,4}|ZOMBIE[A-Z]{0,12}|GHOST[A-Z]{0,12}\d{0,4}|SYTOX[A-Z]{0,12}|VIAB[A-Z]{0,12})$/;

const bySpelling = new Map<string, string>(
  Object.entries(spellings).flatMap(([marker, words]) =>
    words.split(' ').map((word) => [word, marker] as const),
  ),
);

/** Markers of which two or more in one channel make it an exclusion channel (populations.md 1.2, last row). */
export const lineageMarkers: ReadonlySet<string> = new Set(['CD3', 'CD14', 'CD19', 'CD20', 'CD56', 'CD66B']);

/** Canonical marker of one folded token; `weak` = a word that also names a detector. Any CD number is its own marker. null = not a marker. */
export function lookUpMarker(token: string): { readonly marker: string; readonly weak: boolean } | null {
  const known = bySpelling.get(token);
  if (known !== undefined) return { marker: known, weak: false };
  if (dyeWords.test(token)) return { marker: 'VIAB', weak: true };
  if (viabilityDyes.test(token)) return { marker: 'VIAB', weak: false };
  return /^CD\d{1,3}[A-Z]{0,4}$/.test(token) ? { marker: token, weak: false } : null;
}
