// P4, NKF: NK function in three tubes (unstimulated, K562, PMA) on mononuclear cells (populations sections 1 and 5.8).
// Percent of live cells; which NK cells respond is in ../stimulation.ts.
import { mononuclear } from './preparation.ts';
import { panelOf } from './table.ts';

const nk = ['NKdim57n', 'NKdim57p', 'NKbr', 'NKn'];

/**
 * Phenotypes of section 2: NK cells have CD56 or CD16, CD56- CD16+ are a kind of their own. CD56dim cells stay what they are without
 * CD16, because a stimulus takes it from them; those that lost CD56 as well are no NK cells any more. A response that does not
 * show is none.
 */
const slides = [
  {
    marker: 'CD107A',
    towards: { NKdim57n: null, NKdim57p: null, NKbr: null },
    changes: ['NK107 NK107_IFN >'],
  },
  { marker: 'CD57', towards: { NKdim57p: 'NKdim57n' }, changes: ['NK57 >'] },
  { marker: 'CD56', towards: { NKdim57n: 'NKn', NKdim57p: 'NKn' }, changes: ['NKdim NK57 > NKn'] },
  { marker: 'IFNG', towards: { NKdim57n: null, NKdim57p: null, NKbr: null }, changes: ['NKIFN NK107_IFN >'] },
  {
    marker: 'CD16',
    towards: { NKdim57n: null, NKdim57p: null },
    changes: ['NKn NKall NK107 NKIFN NK107_IFN >'],
  },
];

export const p4 = panelOf({
  id: 'P4',
  title: 'NK-cell function',
  preparation: mononuclear,
  colours:
    'GZMB BV421 · VIAB BV510 · CD69 BV650 · DUMP BV785 · PERF FITC · CD107A PE · NKG2D PE-CF594 · CD57 PerCP-Cy5.5 · CD56 PE-Cy7 · IFNG APC · CD3 AF700 · CD16 APC-Cy7',
  families: [
    { compartments: ['NK'], cells: nk },
    { compartments: ['CD4'], cells: ['CD4like'] },
    { compartments: ['CD8', 'TO'], cells: ['CD8n', 'CD8e', 'NKTl'] },
    { compartments: ['B', 'MONO', 'DC'], cells: ['BMD'] },
    { compartments: [], cells: ['Oth'] },
  ],
  groups: [
    { id: 'NKall', cells: nk },
    { id: 'NKdim', cells: ['NKdim57n', 'NKdim57p'] },
    { id: 'NKbr', cells: ['NKbr'] },
    { id: 'NKn', cells: ['NKn'] },
    { id: 'NK57', cells: ['NKdim57p'] },
    { id: 'NK107', cells: nk, response: ['CD107A'] },
    { id: 'NKIFN', cells: nk, response: ['IFNG'] },
    { id: 'NK107_IFN', cells: nk, response: ['CD107A', 'IFNG'] },
  ],
  slides,
  table: `
| pop | % | cls | CD3 | DUMP | CD56 | CD16 | CD57 | GZMB | PERF | NKG2D | CD69 |
|---|---|---|---|---|---|---|---|---|---|---|---|
| NKdim57n | 5.80 | L | . | . | 3.6/.35 | 5.0/.4 | . | 4.8/.5 | 4.5/.45 | 3.4/.4 | .9/.5 |
| NKdim57p | 6.00 | L | . | . | 3.5/.35 | 5.2/.4 | 4.4/.6 | 5.2/.4 | 4.8/.4 | 3.3/.4 | .8/.5 |
| NKbr | 0.90 | L | . | . | 5.4/.3 | 1.3/.7 | . | 2.8/.7 | 2.6/.6 | 3.6/.4 | 1.2/.6 |
| NKn | 0.30 | L | . | . | .8/.5 | 4.8/.5 | 2.0/1.5 | 3.8/.8 | 3.6/.8 | 3.0/.6 | .9/.5 |
| CD4like | 32.00 | L | 5.3/.2 | . | . | . | . | .5/.45 | . | . | . |
| CD8n | 7.00 | L | 5.2/.2 | . | . | . | . | . | . | 3.2/.4 | . |
| CD8e | 12.50 | L | 5.1/.25 | . | .9/.6 | . | 2.5/1.8 | 4.3/.8 | 3.4/.9 | 3.3/.4 | .7/.5 |
| NKTl | 3.50 | L | 5.1/.25 | . | 3.3/.4 | 1.0/.8 | 3.6/1.2 | 4.5/.7 | 3.8/.8 | 3.3/.4 | .8/.5 |
| BMD | 30.00 | M | . | 5.2/.3 | . | 1.2/1.0 | . | . | . | . | . |
| Oth | 2.00 | A | . | . | . | . | . | . | . | . | . |
| K562 | (1:1) | K | . | . | . | . | . | . | . | . | . |
`,
});
