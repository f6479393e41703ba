// P2, TEX: T-cell subsets, activation, exhaustion and regulatory T cells on mononuclear cells (populations sections 1 and 5.6).
// Percent of live cells. IgG4 is background until the drug binds; regulatory and activated cells also lie in a memory quadrant.
import { mononuclear } from './preparation.ts';
import { panelOf } from './table.ts';

const cd4 = ['CD4N', 'CD4CM', 'CD4EM', 'CD4TEMRA', 'TregN', 'TregM', 'CD4ACT'];
const cd8 = ['CD8N', 'CD8CM', 'CD8EM', 'CD8TEMRA', 'CD8ACT'];

/**
 * Phenotypes of section 2: the memory quadrants are CD45RA by CCR7, regulatory cells CD25+/++ with little CD127 (those that have no CD127
 * and little CD25 are not), activated ones HLA-DR+.
 */
const slides = [
  {
    marker: 'CCR7',
    towards: {
      ...{ CD4N: 'CD4TEMRA', TregN: 'CD4TEMRA', CD4CM: 'CD4EM', TregM: 'CD4EM' },
      ...{ CD8N: 'CD8TEMRA', CD8CM: 'CD8EM' },
    },
    changes: ['CD4N > CD4TEMRA', 'CD4CM > CD4EM', 'CD8N > CD8TEMRA', 'CD8CM > CD8EM'],
  },
  {
    marker: 'HLADR',
    towards: { CD4ACT: 'CD4EM', CD8ACT: 'CD8EM' },
    changes: ['CD4ACT >', 'CD8ACT >'],
  },
  {
    marker: 'CD45RA',
    towards: { TregN: 'TregM', CD4TEMRA: 'CD4EM', CD8TEMRA: 'CD8EM' },
    changes: ['CD4N > CD4CM', 'CD4TEMRA > CD4EM', 'TregN > TregM', 'CD8TEMRA > CD8EM'],
  },
  { marker: 'CD25', towards: { TregN: 'CD4N' }, changes: ['Treg TregN TregM >'] },
];

export const p2 = panelOf({
  id: 'P2',
  title: 'T-cell subsets, activation and exhaustion',
  preparation: mononuclear,
  colours:
    'CCR7 BV421 · VIAB BV510 · HLADR BV605 · CD127 BV650 · CD4 BV785 · IGG4 FITC · PD1 PE · CD45RA PE-CF594 · CD38 PerCP-Cy5.5 · CD25 PE-Cy7 · TIM3 APC · CD3 AF700 · CD8 APC-Cy7',
  families: [
    { compartments: ['CD4'], cells: cd4 },
    { compartments: ['CD8'], cells: cd8 },
    { compartments: ['TO'], cells: ['DNT'] },
    { compartments: ['B'], cells: ['B'] },
    { compartments: ['NK'], cells: ['NK'] },
    { compartments: ['MONO'], cells: ['Mono'] },
    { compartments: ['DC'], cells: ['DC'] },
    { compartments: [], cells: ['Gran'] },
  ],
  groups: [
    { id: 'T', cells: [...cd4, ...cd8, 'DNT'] },
    { id: 'CD4T', cells: cd4 },
    { id: 'CD4N', cells: ['CD4N', 'TregN'] },
    { id: 'CD4CM', cells: ['CD4CM', 'TregM'] },
    { id: 'CD4EM', cells: ['CD4EM', 'CD4ACT'] },
    { id: 'CD4TEMRA', cells: ['CD4TEMRA'] },
    { id: 'Treg', cells: ['TregN', 'TregM'] },
    { id: 'TregN', cells: ['TregN'] },
    { id: 'TregM', cells: ['TregM'] },
    { id: 'CD4ACT', cells: ['CD4ACT'] },
    { id: 'CD8T', cells: cd8 },
    { id: 'CD8N', cells: ['CD8N'] },
    { id: 'CD8CM', cells: ['CD8CM'] },
    { id: 'CD8EM', cells: ['CD8EM', 'CD8ACT'] },
    { id: 'CD8TEMRA', cells: ['CD8TEMRA'] },
    { id: 'CD8ACT', cells: ['CD8ACT'] },
    { id: 'DNT', cells: ['DNT'] },
  ],
  slides,
  table: `
| pop | % | cls | CD3 | CD4 | CD8 | CD45RA | CCR7 | CD25 | CD127 | HLADR | CD38 | PD1 | TIM3 |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| CD4N | 12.16 | L | 5.3/.20 | 5.2/.20 | . | 5.0/.30 | 3.6/.40 | 1.0/.5 | 4.0/.35 | .5/.4 | 3.4/.6 | .6/.45 | . |
| CD4CM | 8.64 | L | 5.3/.20 | 5.2/.20 | . | 1.0/.6 | 3.2/.5 | 2.2/.6 | 4.2/.35 | .8/.5 | 2.2/.7 | 1.4/.6 | . |
| CD4EM | 7.04 | L | 5.2/.22 | 5.1/.22 | . | .8/.6 | .7/.45 | 1.6/.7 | 3.5/.6 | 1.1/.6 | 1.8/.7 | 2.1/.7 | .5/.45 |
| CD4TEMRA | 0.96 | L | 5.2/.22 | 5.0/.25 | . | 4.3/.5 | .6/.45 | .6/.45 | 2.4/.7 | 1.0/.6 | 1.6/.7 | 1.2/.7 | . |
| TregN | 0.51 | L | 5.2/.20 | 5.1/.20 | . | 4.7/.35 | 3.3/.4 | 4.2/.35 | 1.7/.45 | .7/.5 | 3.0/.6 | .9/.5 | . |
| TregM | 1.41 | L | 5.1/.20 | 5.0/.22 | . | .9/.5 | 2.6/.6 | 5.0/.35 | 1.4/.45 | 2.2/1.0 | 2.6/.7 | 1.8/.7 | .9/.6 |
| CD4ACT | 1.28 | L | 5.1/.25 | 5.0/.25 | . | .9/.6 | 1.0/.6 | 2.6/.6 | 2.6/.6 | 4.0/.5 | 4.9/.4 | 3.7/.5 | 1.6/.7 |
| CD8N | 5.55 | L | 5.2/.20 | . | 5.9/.20 | 5.4/.25 | 3.6/.40 | . | 3.7/.35 | .5/.4 | 3.4/.5 | .6/.45 | . |
| CD8CM | 1.48 | L | 5.2/.20 | . | 5.8/.22 | 1.6/.6 | 2.9/.5 | .8/.5 | 3.9/.4 | .8/.5 | 2.2/.7 | 1.6/.6 | . |
| CD8EM | 4.99 | L | 5.1/.22 | . | 5.8/.22 | 1.4/.7 | .6/.45 | .5/.45 | 2.9/.7 | 1.4/.7 | 2.0/.8 | 2.3/.8 | .5/.45 |
| CD8TEMRA | 5.37 | L | 5.1/.22 | . | 5.7/.25 | 4.6/.45 | .5/.45 | . | 1.6/.7 | 1.2/.7 | 1.8/.8 | 1.2/.7 | . |
| CD8ACT | 1.11 | L | 5.0/.25 | . | 5.7/.25 | 1.6/.9 | .7/.5 | .8/.5 | 1.6/.7 | 4.2/.5 | 5.2/.4 | 3.8/.5 | 1.8/.7 |
| DNT | 4.50 | L | 5.8/.20 | . | 1.2/.7 | 3.0/1.2 | .6/.5 | . | 2.8/.7 | 1.0/.6 | 2.5/.8 | 1.4/.7 | . |
| B | 9.00 | L | . | . | . | 5.2/.3 | 3.0/.5 | 1.6/.6 | . | 5.4/.3 | 3.4/.8 | .8/.5 | . |
| NK | 13.00 | L | . | . | 1.8/1.4 | 5.2/.3 | . | . | . | .9/.6 | 4.2/.6 | .6/.5 | 2.4/.6 |
| Mono | 20.00 | M | . | 2.6/.35 | . | 1.8/.6 | 1.0/.5 | . | . | 4.6/.45 | 4.0/.4 | . | 2.0/.6 |
| DC | 1.00 | D | . | 2.8/.4 | . | 2.5/1.5 | 1.2/.6 | . | . | 5.6/.3 | 4.2/.5 | . | 2.2/.6 |
| Gran | 2.00 | N | . | . | . | . | . | . | . | . | 1.6/.6 | . | . |
`,
});
