// Metadata of the result tables (statistics.md section 19): what each column of endpoints.csv, comparisons.csv and their like holds.
// Invariant: names as in the specification; those of more than eight letters have a short one, so that every table fits SAS files.
import { variable, type DatasetDefinition, type Variable } from './model.ts';

/** A column as `name[/short]: type, label`. Types: t text, i integer, f float, d date. */
type Column = readonly [name: string, type: 't' | 'i' | 'f' | 'd', label: string, derivation?: string];

const types = { t: 'text', i: 'integer', f: 'float', d: 'date' } as const;

function columns(list: readonly Column[]): Variable[] {
  return list.map(([written, type, label, derivation]) => {
    const [name, short = name] = written.split('/');
    return variable(name, label, types[type], {
      shortName: short.toUpperCase() === name ? null : short.toUpperCase(),
      format: type === 'd' ? 'DATE9.' : null,
      derivation: derivation ?? null,
    });
  });
}

function table(
  name: string,
  label: string,
  keys: readonly string[],
  list: readonly Column[],
): DatasetDefinition {
  return { name, label, class: 'RESULTS', keys, variables: columns(list) };
}

const cell: readonly Column[] = [
  ['PARAMCD', 't', 'Parameter Code'],
  ['AVISITN', 'f', 'Analysis Visit (N)'],
  ['AVISIT', 't', 'Analysis Visit'],
];
const warnings: Column = ['warnings', 't', 'Codes of Warnings'];
const rate: readonly Column[] = [
  ['measure', 't', 'Measure'],
  ['n', 'i', 'Subjects With It'],
  ['N/NTOTAL', 'i', 'Subjects in the Set'],
  ['pct', 'f', 'Per Cent'],
  ['low', 'f', 'Clopper-Pearson Lower Limit (%)'],
  ['high', 'f', 'Clopper-Pearson Upper Limit (%)'],
];

/** One row a specimen and parameter, before windows and analysis. */
export const endpointsTable = table(
  'ENDPNTS',
  'Immune Values by Specimen',
  ['subject', 'specimen', 'panel', 'paramcd'],
  [
    ['subject', 't', 'Subject'],
    ['visit', 't', 'Visit'],
    ['visitNumber/visitnum', 'i', 'Visit Number'],
    ['specimen', 't', 'Specimen'],
    ['collectedAt/collctat', 't', 'Date and Time of Collection'],
    ['panel', 't', 'Panel'],
    ['paramcd', 't', 'Parameter Code'],
    ['param', 't', 'Parameter'],
    ['value', 'f', 'Value'],
    ['unit', 't', 'Unit'],
    ['ciLow', 'f', 'Counting Interval, Lower 95 % Limit'],
    ['ciHigh', 'f', 'Counting Interval, Upper 95 % Limit'],
    ['gatingLow/gatelow', 'f', 'Gating Interval, Lower Limit'],
    ['gatingHigh/gatehigh', 'f', 'Gating Interval, Upper Limit'],
    ['totalLow/totlow', 'f', 'Combined Interval, Lower 95 % Limit'],
    ['totalHigh/tothigh', 'f', 'Combined Interval, Upper 95 % Limit'],
    [
      'status',
      't',
      'Status',
      'OK; LOWN few events; BLQ below quantification; ND below detection; NE not evaluable',
    ],
    ['reason', 't', 'Why There Is No Value'],
    ['reported', 'f', 'Value That Tables Use', 'The value; a negative response to a stimulus is 0'],
    ['lod', 'f', 'Limit of Detection'],
    ['lloq', 'f', 'Lower Limit of Quantification'],
    ['events', 'f', 'Events of the Population'],
    ['parentEvents/parentev', 'f', 'Events of Parent, Divisor or Beads'],
    ['platform', 't', 'How the Count Was Made'],
    ['qc', 't', 'Quality Control', 'N: the value is kept out of the analysis'],
    ['samples', 't', 'Samples Behind the Value'],
    ['populations/pops', 't', 'Population Paths Behind the Value'],
    ['populations2/pops2', 't', 'Population Paths, Continued'],
  ],
);

export const descriptionsTable = table(
  'TIMM1',
  'Immune Values by Visit (T-IMM-1)',
  ['PARAMCD', 'AVISITN', 'VARIABLE'],
  [
    ...cell,
    ['VARIABLE', 't', 'Variable'],
    ['n', 'i', 'Values'],
    ['nMissing', 'i', 'Missing Values'],
    ['nBlq', 'i', 'Values Below Quantification'],
    ['mean', 'f', 'Mean'],
    ['sd', 'f', 'Standard Deviation'],
    ['se', 'f', 'Standard Error'],
    ['meanCiLow/meanlow', 'f', 'Mean, Lower Limit'],
    ['meanCiHigh/meanhigh', 'f', 'Mean, Upper Limit'],
    ['cvPct', 'f', 'CV (%)'],
    ['median', 'f', 'Median'],
    ['q1', 'f', 'First Quartile'],
    ['q3', 'f', 'Third Quartile'],
    ['iqr', 'f', 'Interquartile Range'],
    ['min', 'f', 'Minimum'],
    ['max', 'f', 'Maximum'],
    ['geoMean', 'f', 'Geometric Mean'],
    ['geoSd', 'f', 'Geometric SD'],
    ['geoCvPct', 'f', 'Geometric CV (%)'],
    ['geoMeanCiLow/geolow', 'f', 'Geometric Mean, Lower Limit'],
    ['geoMeanCiHigh/geohigh', 'f', 'Geometric Mean, Upper Limit'],
    warnings,
  ],
);

export const comparisonsTable = table(
  'TIMM2',
  'Pre Versus Post (T-IMM-2), Nominal P',
  ['PARAMCD', 'AVISITN'],
  [
    ...cell,
    ['phase', 't', 'Phase of the Visit'],
    ['nPairs', 'i', 'Pairs'],
    ['medianBase/medbase', 'f', 'Median at Baseline'],
    ['medianPost/medpost', 'f', 'Median at the Visit'],
    ['HL', 'f', 'Hodges-Lehmann Change'],
    ['hlLow', 'f', 'Hodges-Lehmann, Lower Limit'],
    ['hlHigh', 'f', 'Hodges-Lehmann, Upper Limit'],
    ['pWilcoxon/pwilcox', 'f', 'Signed-Rank P (Pratt, Exact)'],
    ['pHolm', 'f', 'Holm-Adjusted P'],
    ['pBH', 'f', 'Benjamini-Hochberg-Adjusted P'],
    ['GMR', 'f', 'Geometric Mean Ratio to Baseline'],
    ['gmrLow', 'f', 'Geometric Mean Ratio, Lower Limit'],
    ['gmrHigh', 'f', 'Geometric Mean Ratio, Upper Limit'],
    ['pLogT', 'f', 'P of the t Test on ln Ratios'],
    ['rankBiserial/rankbis', 'f', 'Matched-Pairs Rank-Biserial Correlation'],
    ['dz', 'f', 'Standardised Mean Change'],
    warnings,
  ],
);

export const coursesTable = table(
  'TIMM3',
  'Course (T-IMM-3), Mixed Model of ln',
  ['PARAMCD', 'contrast'],
  [
    ['PARAMCD', 't', 'Parameter Code'],
    ['contrast', 't', 'Visit Versus Baseline'],
    ['GMR', 'f', 'Geometric Mean Ratio'],
    ['low', 'f', 'Lower Limit'],
    ['high', 'f', 'Upper Limit'],
    ['df', 'f', 'Degrees of Freedom (Kenward-Roger)'],
    ['p', 'f', 'P'],
    ['overallF', 'f', 'F of All Visits'],
    ['overallP', 'f', 'P of All Visits'],
    ['friedmanP/friedp', 'f', 'P of the Friedman Test'],
    warnings,
  ],
);

export const changesTable = table(
  'CHANGES',
  'Change From Baseline by Patient',
  ['USUBJID', 'PARAMCD', 'AVISITN'],
  [
    ['USUBJID', 't', 'Unique Subject Identifier'],
    ...cell,
    ['phase', 't', 'Phase of the Visit'],
    ['BASE', 'f', 'Baseline Value'],
    ['AVAL', 'f', 'Analysis Value'],
    ['CHG', 'f', 'Change From Baseline'],
    ['PCHG', 'f', 'Percent Change From Baseline'],
    ['R2BASE', 'f', 'Ratio to Baseline'],
    ['ratioLow', 'f', 'Ratio, Lower Limit', 'Counting and gating errors of both values'],
    ['ratioHigh/ratiohi', 'f', 'Ratio, Upper Limit', 'Counting and gating errors of both values'],
    ['change', 't', 'Change Beyond Error', 'up or down: the interval excludes 1; unclear: it does not'],
    ['statusBase/statbase', 't', 'Status at Baseline'],
    ['status', 't', 'Status'],
  ],
);

export const gridTable = table(
  'GRID',
  'Values by Patient and Visit',
  ['PARAMCD', 'USUBJID', 'AVISITN'],
  [
    ['USUBJID', 't', 'Unique Subject Identifier'],
    ...cell,
    ['status', 't', 'Whether There Is a Value, or Why Not'],
  ],
);

export const missingnessTable = table(
  'TMISS',
  'Missing Values (T-MISS)',
  ['PARAMCD', 'AVISITN'],
  [
    ...cell,
    ['nSubjects/nsubj', 'i', 'Subjects'],
    ['nValue', 'i', 'Values'],
    ['nMissing', 'i', 'Missing Values'],
    ['pctMissing/pctmiss', 'f', 'Missing (%)'],
    ['nBlq', 'i', 'Values Below Quantification'],
    ['nPairedWithBaseline/npaired', 'i', 'Pairs With Baseline'],
  ],
);

export const correlationsTable = table(
  'TCOR',
  'Spearman Correlations (T-COR)',
  ['x', 'y'],
  [
    ['x', 't', 'Parameter Code'],
    ['y', 't', 'Parameter Code'],
    ['n', 'i', 'Subjects With Both'],
    ['rho', 'f', 'Spearman Correlation'],
    ['low', 'f', 'Lower Limit'],
    ['high', 'f', 'Upper Limit'],
    ['p', 'f', 'P'],
    ['pBH', 'f', 'Benjamini-Hochberg-Adjusted P'],
  ],
);

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

export const responseTable = table('TEFF2', 'Tumour Response (T-EFF-2)', ['measure'], rate);

export const landmarkTable = table(
  'TEFF3',
  'Immune Change and PFS After Landmark',
  ['PARAMCD'],
  [
    ['PARAMCD', 't', 'Parameter Code'],
    ['landmark', 'i', 'Landmark (Day)'],
    ['n', 'i', 'Subjects'],
    ['events', 'i', 'Events'],
    ['HR', 'f', 'Hazard Ratio per Unit of ln Ratio'],
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

export const tumourTable = table(
  'TEFF4',
  'Immune Change and Best Tumour Change',
  ['PARAMCD'],
  [
    ['PARAMCD', 't', 'Parameter Code'],
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

export const samplesTable = table(
  'SAMPLES',
  'Tubes and What Became of Them',
  ['sample'],
  [
    ['sample', 't', 'Sample'],
    ['subject', 't', 'Subject'],
    ['visit', 't', 'Visit'],
    ['specimen', 't', 'Specimen'],
    ['panel', 't', 'Panel'],
    ['role', 't', 'Role of the Tube'],
    ['stimulus', 't', 'Stimulus'],
    ['omitted', 't', 'Markers Left Out'],
    ['collectedAt/collctat', 't', 'Date and Time of Collection'],
    ['batch', 't', 'Batch'],
    ['cytometer/cytometr', 't', 'Cytometer'],
    ['state', 't', 'State'],
    ['reason', 't', 'Why It Was Not Gated'],
    ['events', 'i', 'Events'],
    ['warnings', 't', 'Codes of Warnings'],
    ['resultId', 't', 'Identity of the Result'],
    ['fileSha256/filesha', 't', 'SHA-256 of the File'],
  ],
);
