// P6, MYE: granulocytes and MDSC (populations sections 1 and 5.10). P6w on whole blood with beads, P6p on the low-density
// cells of the same blood, where a viability dye takes the detector of CD45. Percent of white cells, healthy and patient.
import type { CellType, TruthGroup } from '../model.ts';
import { mononuclear, wholeBlood } from './preparation.ts';
import { panelOf } from './table.ts';

const neutrophils = ['NeuM', 'PMNX'];

const families = [
  { compartments: ['NEUT'], cells: neutrophils },
  { compartments: ['IG'], cells: ['IG'] },
  { compartments: ['EOS'], cells: ['Eos'] },
  { compartments: ['BASO'], cells: ['Baso'] },
  { compartments: ['MONO'], cells: ['cMo', 'MMDSC', 'incMo'] },
  { compartments: ['DC'], cells: ['cDC', 'pDC'] },
  { compartments: ['CD4', 'CD8', 'TO'], cells: ['T'] },
  { compartments: ['B'], cells: ['B'] },
  { compartments: ['NK'], cells: ['NK'] },
  { compartments: ['OTH'], cells: ['Lother', 'eMDSC'] },
] as const;

const groups: readonly TruthGroup[] = [
  { id: 'leuk', cells: families.flatMap(({ cells }) => cells) },
  { id: 'Neut', cells: neutrophils },
  { id: 'NeuM', cells: neutrophils },
  { id: 'PMNX', cells: ['PMNX'] },
  { id: 'IG', cells: ['IG'] },
  { id: 'Eos', cells: ['Eos'] },
  { id: 'Baso', cells: ['Baso'] },
  { id: 'Mo14', cells: ['cMo', 'MMDSC', 'incMo'] },
  { id: 'MMDSC', cells: ['MMDSC'] },
  { id: 'eMDSC', cells: ['eMDSC'] },
];

/**
 * Phenotypes of section 2: mature neutrophils are CD10+, eosinophils CD15+ CD294+, immature granulocytes what has CD15 and neither CD16,
 * CD10 nor CD294 (section 3). M-MDSC are CD14+ cells with little HLA-DR, whatever their CD16; early MDSC CD33+ without HLA-DR and CD14.
 * LOX-1 makes PMN-MDSC. Without CD45 nothing is a leukocyte.
 */
const slides = [
  { marker: 'HLADR', towards: { cMo: 'MMDSC' }, changes: ['Mo14 > Mo14 MMDSC'] },
  { marker: 'CD45', towards: { IG: null, Baso: null }, changes: ['leuk IG Baso >'] },
  { marker: 'CD33', towards: { eMDSC: null }, changes: ['eMDSC >'] },
  { marker: 'CD15', towards: { Eos: null }, changes: ['Eos >'] },
  { marker: 'CD294', towards: { Eos: 'IG' }, changes: ['Eos > IG'] },
  { marker: 'CD10', towards: { NeuM: 'IG', PMNX: 'IG' }, changes: ['NeuM >'] },
  { marker: 'LOX1', towards: { PMNX: 'NeuM' }, changes: ['PMNX >'] },
  { marker: 'CD14', towards: { incMo: 'cDC' }, changes: ['Mo14 >'] },
];

const table = `
| pop | H | P | cls | CD45 | LIN | CD14 | CD15 | CD16 | CD66B | CD11B | CD33 | HLADR | CD123 | CD294 | CD10 | LOX1 |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| NeuM | 59.60 | 58.50 | N | 4.9/.2 | . | 1.8/.5 | 5.6/.25 | 6.0/.3 | 4.8/.35 | 5.3/.35 | 2.4/.4 | . | . | . | 4.0/.4 | .9/.4 |
| PMNX | 0.40 | 4.50 | N | 4.9/.2 | . | 1.8/.5 | 5.6/.3 | 5.4/.5 | 5.1/.4 | 5.5/.4 | 2.6/.5 | . | . | . | 3.4/.8 | 3.2/.45 |
| IG | 0.50 | 1.00 | N | 4.6/.25 | . | 1.8/.6 | 5.4/.3 | 2.4/.7 | 5.2/.4 | 3.8/.6 | 4.0/.4 | 1.0/.5 | . | . | .8/.45 | 1.2/.5 |
| Eos | 2.80 | 2.20 | E | 5.3/.2 | . | . | 4.6/.35 | . | 4.6/.4 | 5.2/.35 | 2.6/.4 | . | 2.4/.4 | 3.9/.4 | . | . |
| Baso | 0.60 | 0.50 | A | 4.7/.2 | . | . | .8/.5 | . | 1.0/.5 | 3.6/.4 | 3.4/.4 | . | 5.6/.3 | 4.6/.4 | . | . |
| cMo | 5.78 | 6.20 | M | 5.5/.2 | . | 5.6/.3 | 2.0/.5 | .9/.5 | 1.0/.5 | 5.4/.3 | 5.0/.35 | 4.3/.55 | 1.6/.5 | . | . | 1.4/.5 |
| MMDSC | 0.15 | 1.30 | M | 5.4/.2 | . | 5.2/.35 | 2.0/.5 | .9/.5 | 1.0/.5 | 5.3/.35 | 4.8/.4 | 2.1/.55 | 1.4/.5 | . | . | 1.6/.6 |
| incMo | 1.07 | 0.90 | M | 5.5/.2 | . | 3.6/1.2 | 1.2/.5 | 4.4/.6 | 1.0/.5 | 4.8/.4 | 4.4/.4 | 5.0/.4 | 1.6/.5 | . | . | 1.4/.5 |
| cDC | 0.27 | 0.20 | D | 5.3/.2 | . | 1.1/.6 | 1.0/.5 | . | . | 3.6/.8 | 4.9/.4 | 5.7/.3 | 2.2/.5 | . | . | . |
| pDC | 0.17 | 0.10 | D | 5.2/.2 | . | . | . | . | . | 1.0/.5 | 2.2/.6 | 5.1/.3 | 6.0/.25 | . | . | . |
| eMDSC | 0.03 | 0.15 | D | 5.0/.3 | . | 1.0/.5 | 1.0/.5 | . | 1.0/.6 | 2.6/.8 | 4.4/.4 | .7/.4 | 1.4/.6 | . | . | 1.4/.6 |
| T | 19.60 | 16.20 | L | 6.0/.2 | 5.2/.25 | . | . | . | . | 1.2/.9 | . | .8/.7 | . | 1.0/.7 | . | . |
| B | 3.08 | 2.40 | L | 5.8/.2 | 5.0/.30 | . | . | . | . | . | . | 5.4/.3 | . | . | 1.0/.6 | . |
| NK | 4.76 | 5.00 | L | 5.9/.2 | 4.2/.40 | . | . | 5.0/.5 | . | 4.2/.6 | . | .9/.6 | . | . | . | . |
| Lother | 1.19 | 0.85 | L | 5.6/.3 | . | . | . | . | . | . | . | .8/.6 | 1.2/.7 | . | . | . |
`;

const colours =
  'HLADR BV421 · CD45 BV510 · CD33 BV605 · CD123 BV650 · CD16 BV785 · CD15 FITC · CD294 PE · CD10 PE-CF594 · ' +
  'CD66B PerCP-Cy5.5 · CD11B PE-Cy7 · LOX1 APC · LIN AF700 · CD14 APC-Cy7';

export const p6w = panelOf({
  id: 'P6w',
  title: 'Granulocytes and MDSC, whole blood with beads',
  preparation: { ...wholeBlood, beadsPerTube: 51300, bloodPerTube: 100, acquired: 50 },
  colours,
  families,
  groups,
  slides,
  table,
});

/** Share of each cell type that stays in the low-density fraction; mononuclear cells stay whole. A project choice. */
const lowDensity: Readonly<Record<string, number>> = {
  NeuM: 0.002,
  PMNX: 0.3,
  IG: 0.2,
  Eos: 0.002,
  Baso: 0.5,
};

export const p6p = {
  ...p6w,
  id: 'P6p',
  title: 'Granulocytes and MDSC, low-density cells',
  preparation: mononuclear,
  colours: p6w.colours.map((colour) => (colour.marker === 'CD45' ? { ...colour, marker: 'VIAB' } : colour)),
  cells: p6w.cells.map(lowDensityOf),
  // What is left of granulocytes no longer follows their number in blood.
  families: p6w.families.map((family) =>
    family.cells.some((id) => id in lowDensity) ? { ...family, compartments: [] } : family,
  ),
  groups: [
    ...groups.filter(({ id }) => ['Mo14', 'MMDSC', 'eMDSC'].includes(id)),
    { id: 'PMNL', cells: ['NeuM', 'PMNX', 'IG'] },
    { id: 'PMNLX', cells: ['PMNX'] },
  ],
  slides: p6w.slides
    .filter(({ marker }) => marker !== 'CD45')
    .map((slide) =>
      slide.marker === 'LOX1' ? { ...slide, changes: [{ leaves: ['PMNLX'], enters: [] }] } : slide,
    ),
} as const;

function lowDensityOf(cell: CellType): CellType {
  const kept = lowDensity[cell.id] ?? 1;
  const levels = new Map([...cell.levels].filter(([marker]) => marker !== 'CD45'));
  const { healthy, patient } = cell.share ?? { healthy: 0, patient: 0 };
  return { ...cell, levels, share: { healthy: healthy * kept, patient: patient * kept } };
}
