// Metadata of cell counts as collected findings in the manner of SDTMIG 3.4: CP (cell phenotype, one row a specimen and population) and LB
// (the differential blood count that absolute counts are made with). Invariant: names and order are those of the standard's domains.
import { real, studyId, subjectId, text, visit, visitNumber, whole } from './columns.ts';
import type { DatasetDefinition, Variable } from './model.ts';

const sequence = (name: string) => whole(name, 'Sequence Number', 'Derived', 'Counts within subject');
const domain = (value: string) => text('DOMAIN', 'Domain Abbreviation', 2, 'Assigned', { codelist: [value] });

/** Result, unit, status and specimen, which the two domains share; `prefix` is CP or LB. */
function resultVariables(prefix: string): Variable[] {
  return [
    text(`${prefix}ORRES`, 'Result or Finding in Original Units', 40, 'Collected'),
    text(`${prefix}ORRESU`, 'Original Units', 20, 'Assigned'),
    text(`${prefix}STRESC`, 'Result or Finding in Standard Format', 40, 'Derived', {
      derivation: 'Result in standard units as text',
    }),
    real(
      `${prefix}STRESN`,
      'Numeric Result/Finding in Standard Units',
      'Derived',
      'Result in standard units',
    ),
    text(`${prefix}STRESU`, 'Standard Units', 20, 'Assigned'),
    text(`${prefix}STAT`, 'Completion Status', 8, 'Derived', {
      codelist: ['NOT DONE'],
      derivation: 'NOT DONE if the population could not be evaluated; zero cells are a result',
    }),
    text(`${prefix}REASND`, 'Reason Not Done', 200, 'Derived', {
      derivation: 'Why the result could not be evaluated',
    }),
    text(`${prefix}SPEC`, 'Specimen Type', 40, 'Collected'),
    text(`${prefix}METHOD`, 'Method of Test or Examination', 40, 'Assigned'),
  ];
}

function timing(prefix: string): Variable[] {
  return [
    visitNumber,
    visit,
    text(`${prefix}DTC`, 'Date/Time of Specimen Collection', 19, 'Collected'),
    whole(
      `${prefix}DY`,
      'Study Day of Specimen Collection',
      'Derived',
      'date - TRTSDT + 1 on or after TRTSDT, date - TRTSDT before; there is no day 0',
    ),
  ];
}

/** One row a specimen, population and kind of result (events, share of parent, cells per microlitre). */
export const cp: DatasetDefinition = {
  name: 'CP',
  label: 'Cell Phenotype Findings',
  class: 'FINDINGS',
  keys: ['STUDYID', 'USUBJID', 'CPSEQ'],
  variables: [
    studyId,
    domain('CP'),
    subjectId,
    sequence('CPSEQ'),
    text('CPREFID', 'Reference ID', 40, 'Collected'),
    text('CPTESTCD', 'Test or Examination Short Name', 8, 'Assigned'),
    text('CPTEST', 'Name of Measurement, Test or Examination', 40, 'Assigned'),
    text('CPCELSTA', 'Cell State', 40, 'Assigned'),
    text('CPTSTCND', 'Test Condition', 40, 'Collected'),
    text('CPMRKSTR', 'Marker String', 200, 'Derived', {
      derivation: 'Markers of the gates from the root to the population',
    }),
    text('CPGATE', 'Gate', 200, 'Assigned'),
    text('CPGATDEF', 'Gate Definition', 200, 'Derived', {
      derivation: 'Path of gates from the root, parted by |',
    }),
    text('CPCAT', 'Category', 40, 'Assigned'),
    text('CPTSTPNL', 'Test Panel', 40, 'Collected'),
    ...resultVariables('CP'),
    ...timing('CP'),
  ],
};

/** One row a blood sample and cell type of the differential blood count. */
export const lb: DatasetDefinition = {
  name: 'LB',
  label: 'Laboratory Test Results',
  class: 'FINDINGS',
  keys: ['STUDYID', 'USUBJID', 'LBSEQ'],
  variables: [
    studyId,
    domain('LB'),
    subjectId,
    sequence('LBSEQ'),
    text('LBREFID', 'Specimen ID', 40, 'Collected'),
    text('LBTESTCD', 'Lab Test or Examination Short Name', 8, 'Assigned'),
    text('LBTEST', 'Lab Test or Examination Name', 40, 'Assigned'),
    text('LBCAT', 'Category for Lab Test', 40, 'Assigned'),
    ...resultVariables('LB'),
    ...timing('LB'),
  ],
};
