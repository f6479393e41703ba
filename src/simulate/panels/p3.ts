// P3, BSUB: B-cell subsets on mononuclear cells (populations sections 1 and 5.7). Percent of live cells.
// Plasmablasts lack CD20; CD21-low cells are an overlapping sibling of the double-negative ones.
import { mononuclear } from './preparation.ts';
import { panelOf } from './table.ts';

const mature = ['Bn', 'Bum', 'Bsm', 'Bdn', 'B21lo'];

/**
 * Phenotypes of section 2: IgD by CD27 makes the quadrants, transitional cells are IgD+. CD21low CD38low are all with little CD21 that have less CD38 than nine in ten naive cells: memory and double negative cells.
 */
const slides = [
  {
    marker: 'CD27',
    towards: { Bum: 'Bn', Bsm: 'Bdn' },
    changes: ['Bum > Bn', 'Bsm > Bdn'],
  },
  {
    marker: 'IGD',
    towards: { Btr: 'Bdn', Bum: 'Bsm' },
    changes: ['Btr > Bmat Bdn', 'Bn > Bdn', 'Bum > Bsm'],
  },
  { marker: 'CD19', towards: { PB: null }, changes: ['B B20n PB >'] },
  { marker: 'CD21', towards: { Bsm: 'B21lo', Bdn: 'B21lo' }, changes: ['Bmat > Bmat B21lo'] },
];

export const p3 = panelOf({
  id: 'P3',
  title: 'B-cell subsets',
  preparation: mononuclear,
  colours:
    'CD27 BV421 · CD45 BV510 · VIAB BV605 · IGD FITC · CD24 PE · CD38 PerCP-Cy5.5 · CD19 PE-Cy7 · CD21 APC · DUMP AF700 · CD20 APC-Cy7',
  families: [
    { compartments: ['B'], cells: [...mature, 'Btr', 'PB'] },
    { compartments: ['CD4', 'CD8', 'TO'], cells: ['T'] },
    { compartments: ['NK'], cells: ['NK'] },
    { compartments: ['MONO'], cells: ['Mono'] },
    { compartments: [], cells: ['Oth'] },
  ],
  groups: [
    { id: 'B', cells: [...mature, 'Btr', 'PB'] },
    { id: 'B20p', cells: [...mature, 'Btr'] },
    { id: 'Btr', cells: ['Btr'] },
    { id: 'Bmat', cells: mature },
    { id: 'Bn', cells: ['Bn'] },
    { id: 'Bum', cells: ['Bum'] },
    { id: 'Bsm', cells: ['Bsm'] },
    { id: 'Bdn', cells: ['Bdn', 'B21lo'] },
    { id: 'B21lo', cells: ['B21lo'] },
    { id: 'B20n', cells: ['PB'] },
    { id: 'PB', cells: ['PB'] },
  ],
  slides,
  table: `
| pop | % | cls | CD45 | DUMP | CD19 | CD20 | CD27 | IGD | CD38 | CD24 | CD21 |
|---|---|---|---|---|---|---|---|---|---|---|---|
| Btr | 0.36 | L | 5.8/.2 | . | 5.0/.22 | 4.8/.3 | .5/.4 | 4.6/.4 | 5.0/.3 | 5.0/.3 | 3.6/.5 |
| Bn | 5.40 | L | 5.8/.2 | . | 5.0/.22 | 5.2/.3 | .5/.4 | 5.0/.4 | 3.4/.5 | 3.6/.4 | 4.6/.35 |
| Bum | 1.17 | L | 5.8/.2 | . | 5.1/.22 | 5.4/.3 | 3.8/.45 | 4.2/.5 | 2.4/.6 | 4.6/.4 | 4.8/.35 |
| Bsm | 1.35 | L | 5.8/.2 | . | 5.1/.25 | 5.4/.3 | 4.2/.45 | .5/.45 | 1.8/.7 | 4.4/.5 | 4.5/.4 |
| Bdn | 0.36 | L | 5.8/.2 | . | 5.0/.25 | 5.4/.3 | .6/.45 | .6/.45 | 1.8/.7 | 3.0/.7 | 3.8/.6 |
| B21lo | 0.27 | L | 5.8/.2 | . | 5.5/.25 | 5.9/.3 | .6/.5 | .6/.5 | 1.0/.5 | 1.6/.6 | 1.6/.6 |
| PB | 0.09 | D | 5.4/.25 | . | 4.2/.4 | 1.0/.5 | 5.4/.3 | .6/.45 | 6.2/.25 | .8/.5 | 2.5/.8 |
| T | 55.00 | L | 6.0/.2 | 5.0/.3 | . | . | 3.6/1.4 | . | 2.6/1.0 | .6/.5 | 1.2/.7 |
| NK | 13.00 | L | 5.9/.2 | . | . | . | .8/.6 | . | 4.2/.6 | . | . |
| Mono | 20.00 | M | 5.5/.2 | 5.4/.3 | . | . | . | 1.0/.5 | 4.0/.4 | 1.0/.5 | 1.0/.5 |
| Oth | 3.00 | A | 4.9/.3 | . | . | . | . | 1.2/.8 | 3.0/1.0 | . | . |
`,
});
