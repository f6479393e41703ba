// P5, APC: monocyte and dendritic-cell subsets and their state in lysed whole blood (populations sections 1 and 5.9).
// Percent of white cells; what a stimulus changes is in ../stimulation.ts.
import { wholeBlood } from './preparation.ts';
import { panelOf } from './table.ts';

const dc = ['cDC2', 'cDC1', 'pDC', 'ASDC', 'DCoth'];

/**
 * Phenotypes of section 2: CD14 by CD16 makes the monocytes; one with CD14++ and without HLA-DR stays one (section 3: HLA-DR+ or CD14+).
 * Every kind of dendritic cell has CD11c or CD123.
 */
const slides = [
  { marker: 'CD16', towards: { iMo: 'cMo' }, changes: ['iMo > cMo'] },
  { marker: 'CD1C', towards: { cDC2: 'DCoth' }, changes: ['cDC2 > DCoth'] },
  { marker: 'CD11C', towards: { cDC1: null, DCoth: null }, changes: ['DC cDC1 DCoth >'] },
];

export const p5 = panelOf({
  id: 'P5',
  title: 'Monocytes and dendritic cells',
  preparation: { ...wholeBlood, bloodPerTube: 200, acquired: 50, dilution: 2 },
  colours:
    'CD141 BV421 · VIAB BV510 · HLADR BV605 · CD123 BV650 · CD16 BV785 · CD80 FITC · CD86 PE · CD83 PE-CF594 · CD1C PerCP-Cy5.5 · CD11C PE-Cy7 · CD40 APC · LIN AF700 · CD14 APC-Cy7',
  families: [
    { compartments: ['MONO'], cells: ['cMo', 'iMo', 'ncMo'] },
    { compartments: ['DC'], cells: dc },
    { compartments: ['CD4', 'CD8', 'TO'], cells: ['T'] },
    { compartments: ['B'], cells: ['B'] },
    { compartments: ['NK'], cells: ['NK'] },
    { compartments: ['OTH'], cells: ['Lother'] },
    { compartments: ['NEUT', 'IG'], cells: ['Neut'] },
    { compartments: ['EOS'], cells: ['Eos'] },
    { compartments: ['BASO'], cells: ['Baso'] },
  ],
  groups: [
    { id: 'Mono', cells: ['cMo', 'iMo', 'ncMo'] },
    { id: 'cMo', cells: ['cMo'] },
    { id: 'iMo', cells: ['iMo'] },
    { id: 'ncMo', cells: ['ncMo'] },
    { id: 'DC', cells: dc },
    { id: 'pDC', cells: ['pDC'] },
    { id: 'cDC1', cells: ['cDC1'] },
    { id: 'cDC2', cells: ['cDC2'] },
    { id: 'DCoth', cells: ['ASDC', 'DCoth'] },
  ],
  slides,
  table: `
| pop | % | cls | LIN | HLADR | CD14 | CD16 | CD11C | CD123 | CD1C | CD141 | CD80 | CD86 | CD83 | CD40 |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| cMo | 5.88 | M | . | 4.4/.45 | 5.6/.30 | .9/.5 | 4.8/.3 | 1.6/.5 | 1.0/.5 | 1.6/.5 | 1.0/.5 | 3.6/.4 | .9/.5 | 1.6/.5 |
| iMo | 0.42 | M | . | 5.3/.35 | 5.3/.35 | 3.7/.45 | 5.2/.3 | 1.8/.5 | 1.0/.5 | 2.0/.5 | 1.3/.5 | 4.3/.4 | 1.1/.5 | 2.2/.5 |
| ncMo | 0.70 | M | . | 4.8/.35 | 2.6/.6 | 4.9/.35 | 5.0/.3 | 1.2/.5 | . | 1.0/.5 | 1.1/.5 | 3.9/.4 | 1.0/.5 | 2.0/.5 |
| cDC2 | 0.225 | D | . | 5.7/.30 | 1.1/.6 | . | 5.2/.3 | 2.2/.5 | 4.6/.45 | 2.2/.6 | 1.2/.5 | 3.6/.5 | 1.2/.5 | 2.4/.5 |
| cDC1 | 0.025 | D | . | 5.5/.30 | . | . | 3.6/.4 | 1.0/.5 | 1.0/.6 | 5.4/.35 | 1.2/.5 | 2.8/.5 | 1.3/.5 | 2.6/.5 |
| pDC | 0.17 | D | . | 5.1/.30 | . | . | .9/.5 | 6.0/.25 | . | 2.0/.6 | .9/.5 | 1.6/.5 | 1.2/.5 | 1.8/.5 |
| ASDC | 0.012 | D | . | 5.4/.30 | . | . | 3.4/.6 | 4.6/.4 | 2.2/.9 | 2.2/.6 | 1.2/.5 | 3.2/.5 | 1.2/.5 | 2.2/.5 |
| DCoth | 0.018 | D | . | 5.2/.35 | . | 1.0/.6 | 4.2/.6 | 1.6/.6 | 1.4/.7 | 1.8/.6 | 1.0/.5 | 3.0/.6 | 1.0/.5 | 2.0/.6 |
| T | 19.60 | L | 5.2/.25 | .8/.7 | . | . | . | . | . | . | . | . | . | . |
| B | 3.08 | L | 5.0/.30 | 5.4/.3 | . | . | 1.0/.7 | . | 2.0/1.2 | . | 1.0/.5 | 1.2/.5 | . | 4.6/.4 |
| NK | 4.76 | L | 4.2/.40 | .9/.6 | . | 5.0/.5 | 2.4/.6 | . | . | . | . | . | . | . |
| Lother | 1.21 | A | . | .6/.5 | . | . | . | 1.4/.8 | . | . | . | . | . | . |
| Neut | 60.50 | N | 4.6/.35 | . | 2.0/.5 | 6.0/.3 | 2.8/.4 | . | . | 1.4/.5 | . | . | . | . |
| Eos | 2.80 | E | 4.4/.35 | . | . | . | 2.6/.4 | 2.4/.4 | . | . | . | . | . | . |
| Baso | 0.60 | A | . | .4/.4 | . | . | 2.2/.5 | 5.6/.3 | . | . | . | . | . | . |
`,
});
