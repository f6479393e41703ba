// Metadata of the clinical tables (statistics.md section 19): disposition, time to event, response, immune change and outcome, adverse events.
import { table, warnings, type Column } from './result-columns.ts';

const rate: readonly Column[] = [
  ['measure', 't', 'Measure'],
  ['n', 'i', 'Subjects With It'],
  ['N/NTOTAL', 'i', 'Subjects in the Set'],
  ['pct', 'f', 'Per Cent'],
  ['low', 'f', 'Clopper-Pearson Lower Limit (%)'],
  ['high', 'f', 'Clopper-Pearson Upper Limit (%)'],
];

const changeVariable: Column = [
  'variable',
  't',
  'Change That Is Held Against It',
  'R2BASE; CHG where the baseline is about 0 (IG4PCT, PD1RO)',
];

export const populationTable = table(
  'TPOP',
  'Disposition and Demographics (T-POP)',
  ['characteristic', 'level'],
  [
    ['characteristic/charactr', 't', 'Characteristic'],
    ['level', 't', 'Level'],
    ['n', 'i', 'Subjects'],
    ['pct', 'f', 'Per Cent'],
    ['mean', 'f', 'Mean'],
    ['sd', 'f', 'Standard Deviation'],
    ['median', 'f', 'Median'],
    ['q1', 'f', 'First Quartile'],
    ['q3', 'f', 'Third Quartile'],
    ['min', 'f', 'Minimum'],
    ['max', 'f', 'Maximum'],
  ],
);

const quantile = (name: string, label: string): Column[] => [
  [name, 'f', `${label} (Months)`],
  [`${name}Low/${name.slice(0, 5)}low`, 'f', `${label}, Lower Limit (Months)`],
  [`${name}High/${name.slice(0, 4)}high`, 'f', `${label}, Upper Limit (Months)`],
];
const landmark = (month: number): Column[] => [
  [`s${month}`, 'f', `Event-Free at ${month} Months`],
  [`s${month}Low`, 'f', `Event-Free at ${month} Months, Lower`],
  [`s${month}High`, 'f', `Event-Free at ${month} Months, Upper`],
  [`atRisk${month}`, 'i', `At Risk at ${month} Months`],
];

export const timeToEventTable = table(
  'TEFF1',
  'Time to Event (T-EFF-1), Kaplan-Meier',
  ['PARAMCD'],
  [
    ['PARAMCD', 't', 'Parameter Code'],
    ['N', 'i', 'Subjects or Lesions'],
    ['events', 'i', 'Events'],
    ['censored', 't', 'Censored by Reason'],
    ...quantile('q1', 'First Quartile'),
    ...quantile('median', 'Median'),
    ...quantile('q3', 'Third Quartile'),
    ...landmark(6),
    ...landmark(12),
    ...landmark(24),
    ['followUpMedian/fupmed', 'f', 'Median Follow-Up (Months, Reverse KM)'],
    ['rmst24', 'f', 'Restricted Mean to 24 Months'],
    ['rmst24Se', 'f', 'Restricted Mean, Standard Error'],
  ],
);

export const sensitivityTable = table(
  'TEFF1S',
  'PFS by Other Rules, Duration of Response',
  ['PARAMCD', 'analysis'],
  [
    ['PARAMCD', 't', 'Parameter Code', 'PFS, or DOR: duration of confirmed response'],
    ['analysis', 't', 'Rules', 'In what they differ from those of the main analysis'],
    ['N', 'i', 'Subjects'],
    ['events', 'i', 'Events'],
    ...quantile('median', 'Median'),
    ...[6, 12, 24].flatMap((month) => landmark(month).slice(0, 3)),
  ],
);

export const localTable = table(
  'TLOCAL',
  'Local Progression by Lesion and Subject',
  ['month'],
  [
    ['month', 'i', 'Month'],
    ['lesions', 'i', 'Lesions'],
    ['perLesion/lesfree', 'f', 'Lesions Event-Free', 'Kaplan-Meier; death is an event'],
    ['perLesionSe/lesse', 'f', 'Lesions Event-Free, Robust SE', 'Lesions of one subject are one cluster'],
    ['subjects', 'i', 'Subjects'],
    ['progression/locprog', 'f', 'Incidence of Local Progression', 'Aalen-Johansen, death competing'],
    ['progressionSe/locse', 'f', 'Incidence of Local Progression, SE'],
    ['death', 'f', 'Incidence of Death Before It'],
    ['deathSe', 'f', 'Incidence of Death Before It, SE'],
  ],
);

export const responseTable = table('TEFF2', 'Tumour Response (T-EFF-2)', ['measure'], rate);

export const landmarkTable = table(
  'TEFF3',
  'Immune Change and PFS After Landmark',
  ['PARAMCD'],
  [
    ['PARAMCD', 't', 'Parameter Code'],
    changeVariable,
    ['landmark', 'i', 'Landmark (Day)'],
    ['n', 'i', 'Subjects'],
    ['events', 'i', 'Events'],
    ['HR', 'f', 'Hazard Ratio per Unit', 'Of ln(R2BASE), or of CHG'],
    ['low', 'f', 'Lower Limit'],
    ['high', 'f', 'Upper Limit'],
    ['p', 'f', 'P'],
    ['firthHR', 'f', 'Hazard Ratio, Firth'],
    ['firthLow', 'f', 'Firth, Lower Limit'],
    ['firthHigh/firthhi', 'f', 'Firth, Upper Limit'],
    ['firthP', 'f', 'P, Firth'],
    warnings,
  ],
);

export const respondersTable = table(
  'TEFF5',
  'Immune Change by Tumour Response',
  ['PARAMCD'],
  [
    ['PARAMCD', 't', 'Parameter Code'],
    changeVariable,
    ['nResponders/nresp', 'i', 'Confirmed Responders'],
    ['nOthers', 'i', 'Other Evaluable Subjects'],
    ['medianResponders/medresp', 'f', 'Median, Responders'],
    ['medianOthers/medother', 'f', 'Median, Others'],
    ['shift', 'f', 'Hodges-Lehmann Shift'],
    ['shiftLow', 'f', 'Shift, Lower Limit', 'None where the level cannot be attained'],
    ['shiftHigh/shifthi', 'f', 'Shift, Upper Limit', 'None where the level cannot be attained'],
    ['p', 'f', 'Mann-Whitney P (Exact)'],
    ['auc', 'f', 'Area Under the ROC Curve', 'None below 3 subjects in a group'],
    ['aucReason/aucreasn', 't', 'Why There Is No Area'],
    ['aucLow', 'f', 'AUC, Lower Limit (DeLong)', 'None where the groups do not overlap'],
    ['aucHigh', 'f', 'AUC, Upper Limit (DeLong)', 'None where the groups do not overlap'],
    ['pKruskal', 'f', 'Kruskal-Wallis P', 'Over response, stable and progressive disease'],
  ],
);

export const tumourTable = table(
  'TEFF4',
  'Immune Change and Best Tumour Change',
  ['PARAMCD'],
  [
    ['PARAMCD', 't', 'Parameter Code'],
    changeVariable,
    ['n', 'i', 'Subjects'],
    ['rho', 'f', 'Spearman Correlation'],
    ['low', 'f', 'Lower Limit'],
    ['high', 'f', 'Upper Limit'],
    ['p', 'f', 'P'],
  ],
);

export const waterfallTable = table(
  'WFALL',
  'Best Change of the Sum of Diameters',
  ['ORDER'],
  [
    ['USUBJID', 't', 'Unique Subject Identifier'],
    ['BESTPCHG', 'f', 'Best Change of the Sum (%)'],
    ['CBOR', 't', 'Confirmed Best Overall Response'],
    ['ORDER', 'i', 'Place From Left'],
  ],
);

export const adverseEventsTable = table(
  'TAE1',
  'Adverse Events, Overview (T-AE-1)',
  ['measure'],
  [...rate, ['events', 'i', 'Events']],
);

export const termsTable = table(
  'TAE2',
  'Adverse Events by Term (T-AE-2)',
  ['AEBODSYS', 'AEDECOD', 'level'],
  [
    ['level', 't', 'Level'],
    ['AEBODSYS', 't', 'Body System or Organ Class'],
    ['AEDECOD', 't', 'Dictionary-Derived Term'],
    ['nSubj', 'i', 'Subjects'],
    ['pct', 'f', 'Per Cent'],
    ['events', 'i', 'Events'],
    ['g1', 'i', 'Worst Grade 1'],
    ['g2', 'i', 'Worst Grade 2'],
    ['g3', 'i', 'Worst Grade 3'],
    ['g4', 'i', 'Worst Grade 4'],
    ['g5', 'i', 'Worst Grade 5'],
    ['gMissing', 'i', 'Grade Missing'],
    ['g3plus', 'i', 'Worst Grade 3 or Higher'],
  ],
);
