// P1, TBNK: lymphocyte subsets of whole blood with counting beads, six colours (populations sections 1 and 5.5).
// Percent of white cells. CD8T counts NK-like T cells, because they carry CD8 (section 2: cut below dim).
import { wholeBlood } from './preparation.ts';
import { panelOf } from './table.ts';

const tCells = ['CD4T', 'CD8T', 'NKTl', 'DNT', 'DPT'];
const lymphocytes = [...tCells, 'B', 'NK8n', 'NK8d', 'Lother'];

/**
 * Phenotypes of section 2: NK is CD3- CD19- with CD16+CD56, what has none of the three is another lymphocyte (section 3). Without CD45
 * nothing is a leukocyte.
 */
const slides = [
  {
    marker: 'CD16_56',
    towards: { NK8n: 'Lother', NK8d: 'Lother', NKTl: 'CD8T' },
    changes: ['NK > Lother', 'NKTl >'],
  },
  { marker: 'CD8', towards: { DPT: 'CD4T' }, changes: ['DPT > CD4T'] },
  { marker: 'CD45', towards: { IG: null, Baso: null }, changes: ['leuk Gran1 >'] },
];

export const p1 = panelOf({
  id: 'P1',
  title: 'TBNK with counting beads',
  preparation: { ...wholeBlood, beadsPerTube: 51300, bloodPerTube: 50, acquired: 6 },
  colours: 'CD3 FITC · CD16_56 PE · CD45 PerCP-Cy5.5 · CD4 PE-Cy7 · CD19 APC · CD8 APC-Cy7',
  families: [
    { compartments: ['CD4'], cells: ['CD4T'] },
    { compartments: ['CD8'], cells: ['CD8T', 'NKTl'] },
    { compartments: ['TO'], cells: ['DNT', 'DPT'] },
    { compartments: ['B'], cells: ['B'] },
    { compartments: ['NK'], cells: ['NK8n', 'NK8d'] },
    { compartments: ['OTH', 'DC'], cells: ['Lother', 'DCx'] },
    { compartments: ['MONO'], cells: ['Mono1'] },
    { compartments: ['NEUT'], cells: ['Neut'] },
    { compartments: ['EOS'], cells: ['Eos'] },
    { compartments: ['BASO'], cells: ['Baso'] },
    { compartments: ['IG'], cells: ['IG'] },
  ],
  groups: [
    { id: 'leuk', cells: [...lymphocytes, 'Mono1', 'Neut', 'Eos', 'Baso', 'IG', 'DCx'] },
    { id: 'Lymph', cells: lymphocytes },
    { id: 'T', cells: tCells },
    { id: 'CD4T', cells: ['CD4T'] },
    { id: 'CD8T', cells: ['CD8T', 'NKTl'] },
    { id: 'DNT', cells: ['DNT'] },
    { id: 'DPT', cells: ['DPT'] },
    { id: 'NKTl', cells: ['NKTl'] },
    { id: 'B', cells: ['B'] },
    { id: 'NK', cells: ['NK8n', 'NK8d'] },
    { id: 'Lother', cells: ['Lother'] },
    { id: 'Mono1', cells: ['Mono1'] },
    { id: 'Gran1', cells: ['Neut', 'Eos', 'IG'] },
  ],
  slides,
  table: `
| pop | % | cls | CD3 | CD16_56 | CD45 | CD4 | CD19 | CD8 |
|---|---|---|---|---|---|---|---|---|
| CD4T | 11.37 | L | 5.2/.20 | . | 6.0/.18 | 5.2/.20 | . | . |
| CD8T | 6.06 | L | 5.2/.22 | . | 6.0/.18 | . | . | 5.8/.25 |
| NKTl | 0.60 | L | 5.1/.25 | 3.4/.6 | 6.0/.18 | . | . | 5.0/.6 |
| DNT | 1.27 | L | 5.7/.22 | 1.2/.8 | 6.0/.18 | . | . | 1.2/.7 |
| DPT | 0.29 | L | 5.2/.20 | . | 6.0/.18 | 5.0/.25 | . | 4.4/.5 |
| B | 3.08 | L | . | . | 5.8/.20 | . | 5.0/.22 | . |
| NK8n | 3.10 | L | . | 4.6/.45 | 5.9/.18 | . | . | . |
| NK8d | 1.66 | L | . | 4.6/.45 | 5.9/.18 | . | . | 3.4/.5 |
| Lother | 0.57 | L | . | 1.0/.4 | 5.8/.25 | . | . | . |
| Mono1 | 7.00 | M | . | 1.6/.8 | 5.5/.20 | 2.6/.30 | . | . |
| Neut | 60.00 | N | . | 5.2/.30 | 4.9/.22 | . | . | . |
| Eos | 2.80 | E | . | 1.9/.4 | 5.3/.20 | 1.9/.4 | . | . |
| Baso | 0.60 | A | . | . | 4.7/.20 | . | . | . |
| IG | 0.50 | N | . | 2.6/.8 | 4.6/.25 | . | . | . |
| DCx | 1.10 | D | . | . | 5.2/.25 | 2.4/.5 | . | . |
`,
});
