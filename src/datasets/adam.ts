// Metadata of the analysis data sets in the manner of ADaM (statistics sections 4 to 6, 13, 14, 17): ADSL, ADIM, ADTTE, ADRS, ADAE.
// Invariant: the variables stand in the order of the specification; rows come from endpoints/ and clinical/, never from here.
import {
  date,
  flag,
  real,
  specimenId,
  studyId,
  subjectId,
  text,
  visit,
  visitNumber,
  whole,
} from './columns.ts';
import type { DatasetDefinition } from './model.ts';

const yes = ['Y'];
const yesNo = ['Y', 'N'];
const studyDay = 'date - TRTSDT + 1 on or after TRTSDT, date - TRTSDT before; there is no day 0';

/** One row a subject. */
export const adsl: DatasetDefinition = {
  name: 'ADSL',
  label: 'Subject-Level Analysis Dataset',
  class: 'SUBJECT LEVEL ANALYSIS DATASET',
  keys: ['STUDYID', 'USUBJID'],
  variables: [
    studyId,
    subjectId,
    text('SUBJID', 'Subject Identifier for the Study', 20, 'Derived', { derivation: 'Last part of USUBJID' }),
    whole('AGE', 'Age', 'Collected'),
    text('AGEGR1', 'Pooled Age Group 1', 10, 'Derived', { derivation: 'Group of AGE' }),
    text('SEX', 'Sex', 1, 'Collected'),
    text('REGIMEN', 'Systemic Treatment Regimen', 60, 'Collected'),
    flag('ENRLFL', 'Enrolled Population Flag', yesNo, 'Y if enrolled'),
    flag('SAFFL', 'Safety Population Flag', yesNo, 'Y if any study treatment was given'),
    flag(
      'FASFL',
      'Full Analysis Set Population Flag',
      yesNo,
      'Y if enrolled and any study treatment was started',
    ),
    flag(
      'EVALFL',
      'Response Evaluable Population Flag',
      yesNo,
      'Y if FASFL is Y and BOR is neither NE nor MISSING',
    ),
    date('TRTSDT', 'Date of First Exposure to Treatment', 'Collected'),
    date('TRTEDT', 'Date of Last Exposure to Treatment', 'Collected'),
    date('ABLDT', 'Date of First Ablation', 'Collected'),
    date('NACTDT', 'Date of First New Anticancer Therapy', 'Collected'),
    date('DTHDT', 'Date of Death', 'Collected'),
    flag('DTHFL', 'Subject Death Flag', yes, 'Y if DTHDT is given'),
    date('LSTALVDT', 'Date Last Known Alive', 'Collected'),
    date('DCUTDT', 'Data Cut-Off Date', 'Assigned'),
    text('EOSSTT', 'End of Study Status', 20, 'Derived', {
      derivation: 'DISCONTINUED if dead by DCUTDT, otherwise ONGOING',
    }),
    whole('NTARGET', 'Number of Target Lesions', 'Derived', 'Target lesions with a row at baseline'),
    whole('NABLES', 'Number of Ablated Lesions', 'Derived', 'Lesions with a row in the local assessments'),
  ],
};

/** Immune measurements: one row a source value, and derived rows. */
export const adim: DatasetDefinition = {
  name: 'ADIM',
  label: 'Immune Analysis Dataset',
  class: 'BASIC DATA STRUCTURE',
  keys: ['STUDYID', 'USUBJID', 'ASEQ'],
  variables: [
    studyId,
    subjectId,
    whole(
      'ASEQ',
      'Analysis Sequence Number',
      'Derived',
      'Counts within subject in the order USUBJID, PARAMN, ADT, ATPT, DTYPE, SPECID',
    ),
    whole('PARAMN', 'Parameter (N)', 'Assigned'),
    text('PARAMCD', 'Parameter Code', 8, 'Assigned'),
    text('PARAM', 'Parameter', 100, 'Assigned'),
    text('PARAMTYP', 'Parameter Type', 8, 'Derived', {
      codelist: ['DERIVED'],
      derivation: 'DERIVED for ratios of parameters of one specimen',
    }),
    specimenId,
    visit,
    visitNumber,
    text('ATPT', 'Analysis Timepoint', 5, 'Collected', { codelist: ['PRE', 'INTRA', 'POST'] }),
    date('ADT', 'Analysis Date', 'Collected'),
    whole('ADY', 'Analysis Relative Day', 'Derived', studyDay),
    whole(
      'ADYA',
      'Analysis Day Relative to Anchor',
      'Derived',
      'As ADY, from the anchor date (first ablation by default)',
    ),
    real('AVISITN', 'Analysis Visit (N)', 'Derived', 'Window that holds ADYA'),
    text('AVISIT', 'Analysis Visit', 40, 'Derived', {
      derivation: 'Name of the window that holds ADYA; blank outside every window',
    }),
    whole('AWTARGET', 'Analysis Window Target', 'Assigned'),
    whole(
      'AWTDIFF',
      'Analysis Window Diff from Target',
      'Derived',
      '|ADYA - AWTARGET|, less 1 when the signs differ',
    ),
    whole('AWLO', 'Analysis Window Beginning Timepoint', 'Assigned'),
    whole('AWHI', 'Analysis Window Ending Timepoint', 'Assigned'),
    real(
      'AVAL',
      'Analysis Value',
      'Derived',
      'Number in AVALC; below the limit of quantification by the rule of the study',
    ),
    text('AVALC', 'Analysis Value (C)', 100, 'Collected'),
    flag('BLQFL', 'Below Limit of Quantification Flag', yes, 'Y if AVALC is "<x" or below LLOQ'),
    flag('ALQFL', 'Above Limit of Quantification Flag', yes, 'Y if AVALC is ">x" or above ULOQ'),
    text('DTYPE', 'Derivation Type', 8, 'Derived', {
      codelist: ['AVERAGE'],
      derivation: 'AVERAGE for the mean of duplicates',
    }),
    flag('ABLFL', 'Baseline Record Flag', yes, 'Last candidate of the baseline window'),
    real('BASE', 'Baseline Value', 'Derived', 'AVAL where ABLFL is Y'),
    real('CHG', 'Change from Baseline', 'Derived', 'AVAL - BASE, after baseline only'),
    real(
      'PCHG',
      'Percent Change from Baseline',
      'Derived',
      '100 * CHG / BASE, after baseline only; missing if BASE is 0, and of IG4PCT and PD1RO',
    ),
    real(
      'R2BASE',
      'Ratio to Baseline',
      'Derived',
      'AVAL / BASE, after baseline only; missing unless BASE > 0, and of IG4PCT and PD1RO',
    ),
    flag('QCFL', 'Specimen Quality Control Flag', yesNo, null),
    flag(
      'ANL01FL',
      'Analysis Flag 01',
      yes,
      'The record chosen for its subject, parameter and analysis visit',
    ),
  ],
};

/** Times to events: one row a subject and parameter, for LTPL one a lesion. */
export const adtte: DatasetDefinition = {
  name: 'ADTTE',
  label: 'Time-to-Event Analysis Dataset',
  class: 'BASIC DATA STRUCTURE',
  keys: ['STUDYID', 'USUBJID', 'PARAMCD', 'LESID'],
  variables: [
    studyId,
    subjectId,
    text('LESID', 'Lesion Identifier', 20, 'Collected'),
    text('PARAMCD', 'Parameter Code', 8, 'Assigned', { codelist: ['PFS', 'LPFS', 'OS', 'LTPL'] }),
    text('PARAM', 'Parameter', 60, 'Assigned'),
    date(
      'STARTDT',
      'Time to Event Origin Date for Subject',
      'Derived',
      'TRTSDT, or the first ablation by option',
    ),
    date('ADT', 'Analysis Date', 'Derived', 'Date of the event or of censoring'),
    whole('AVALDAY', 'Analysis Value (Days)', 'Derived', 'ADT - STARTDT + 1, at most the maximum follow-up'),
    real('AVAL', 'Analysis Value', 'Derived', 'AVALDAY / 30.4375'),
    text('AVALU', 'Analysis Value Unit', 10, 'Assigned'),
    whole(
      'CNSR',
      'Censor',
      'Derived',
      '0 event; 1 no event; 2 new therapy; 3 missed assessments; 4 nothing after start; 5 maximum follow-up',
    ),
    text('EVNTDESC', 'Event or Censoring Description', 60, 'Derived', {
      derivation: 'In words, what ADT is the date of',
    }),
    text('CNSDTDSC', 'Censor Date Description', 60, 'Derived', {
      derivation: 'In words, what a censoring date is',
    }),
    text('SRCDOM', 'Source Data', 8, 'Assigned'),
  ],
};

/** Tumour response: one row a subject and assessment (OVRLRESP), and one a subject for each best response. */
export const adrs: DatasetDefinition = {
  name: 'ADRS',
  label: 'Tumour Response Analysis Dataset',
  class: 'BASIC DATA STRUCTURE',
  keys: ['STUDYID', 'USUBJID', 'PARAMCD', 'VISITNUM'],
  variables: [
    studyId,
    subjectId,
    text('PARAMCD', 'Parameter Code', 8, 'Assigned', {
      codelist: ['OVRLRESP', 'BOR', 'CBOR', 'OBJRESP', 'COBJRESP', 'DISCTRL'],
    }),
    text('PARAM', 'Parameter', 60, 'Assigned'),
    visitNumber,
    visit,
    date(
      'ADT',
      'Analysis Date',
      'Derived',
      'Progression: earliest date of the assessment; otherwise the latest',
    ),
    whole('ADY', 'Analysis Relative Day', 'Derived', studyDay),
    whole('AVAL', 'Analysis Value', 'Derived', 'CR 1, PR 2, SD 3, NON-CR/NON-PD 4, PD 5, NE 6, MISSING 7'),
    text('AVALC', 'Analysis Value (C)', 20, 'Derived', { derivation: 'Response by RECIST 1.1' }),
    real('SLD', 'Sum of Diameters of Target Lesions (mm)', 'Derived', 'Sum over the target lesions'),
    real('BASESLD', 'Baseline Sum of Diameters (mm)', 'Derived', 'SLD at baseline'),
    real(
      'NADIR',
      'Smallest Earlier Sum of Diameters (mm)',
      'Derived',
      'Smallest complete SLD at baseline or earlier',
    ),
    real('PCHGBASE', 'Percent Change of SLD from Baseline', 'Derived', '100 * (SLD - BASESLD) / BASESLD'),
    real('CHGNADIR', 'Change of SLD from Nadir (mm)', 'Derived', 'Sum of the measured lesions - NADIR'),
    {
      ...real('PCHGNADIR', 'Percent Change of SLD from Nadir', 'Derived', '100 * CHGNADIR / NADIR'),
      shortName: 'PCHGNAD',
    },
    text('TRGRESP', 'Target Response', 20, 'Derived', { derivation: 'RECIST 1.1, target lesions' }),
    text('NTRGRESP', 'Non-Target Response', 20, 'Derived', { derivation: 'RECIST 1.1, non-target lesions' }),
    flag('NEWLFL', 'New Lesion Flag', yesNo, 'Y if an unequivocal new lesion was seen'),
  ],
};

/** Adverse events: one row an event. */
export const adae: DatasetDefinition = {
  name: 'ADAE',
  label: 'Adverse Event Analysis Dataset',
  class: 'OCCURRENCE DATA STRUCTURE',
  keys: ['STUDYID', 'USUBJID', 'AESEQ'],
  variables: [
    studyId,
    subjectId,
    whole('AESEQ', 'Sequence Number', 'Collected'),
    text('AEBODSYS', 'Body System or Organ Class', 200, 'Collected'),
    text('AEDECOD', 'Dictionary-Derived Term', 200, 'Collected'),
    whole('AETOXGR', 'Standard Toxicity Grade', 'Collected'),
    flag('AESER', 'Serious Event', yesNo, null),
    text('AEREL', 'Causality', 20, 'Collected'),
    text('AESTDTC', 'Start Date/Time of Adverse Event', 10, 'Collected'),
    date('ASTDT', 'Analysis Start Date', 'Derived', 'AESTDTC, partial dates completed by rule'),
    text('ASTDTF', 'Analysis Start Date Imputation Flag', 1, 'Derived', {
      codelist: ['D', 'M', 'Y'],
      derivation: 'Highest imputed part of ASTDT',
    }),
    text('AEENDTC', 'End Date/Time of Adverse Event', 10, 'Collected'),
    date('AENDT', 'Analysis End Date', 'Derived', 'AEENDTC if complete'),
    whole('ASTDY', 'Analysis Start Relative Day', 'Derived', studyDay),
    flag(
      'TRTEMFL',
      'Treatment Emergent Analysis Flag',
      yesNo,
      'Y if TRTSDT <= ASTDT <= TRTEDT + 30 days (90 by option)',
    ),
    flag(
      'AOCCFL',
      '1st Occurrence within Subject Flag',
      yes,
      'First treatment-emergent event by ASTDT, AESEQ',
    ),
    flag('AOCCSFL', '1st Occurrence of SOC Flag', yes, 'First treatment-emergent event of its AEBODSYS'),
    flag(
      'AOCCPFL',
      '1st Occurrence of Preferred Term Flag',
      yes,
      'First treatment-emergent event of its AEBODSYS and AEDECOD',
    ),
    flag(
      'AOCCIFL',
      '1st Max Sev./Int. Occurrence Flag',
      yes,
      'First treatment-emergent event of the worst grade of the subject',
    ),
  ],
};
