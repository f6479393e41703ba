// Metadata of the tables of immune values (statistics.md section 19): what each column of endpoints.csv, comparisons.csv and their like holds.
import { table, warnings, type Column } from './result-columns.ts';

const parameter: readonly Column[] = [
  ['PARAMCD', 't', 'Parameter Code'],
  ['PARAM', 't', 'Parameter'],
];

const visit: readonly Column[] = [
  ['AVISITN', 'f', 'Analysis Visit (N)'],
  ['AVISIT', 't', 'Analysis Visit'],
];

const cell: readonly Column[] = [['PARAMCD', 't', 'Parameter Code'], ...visit];

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
    [
      'platform',
      't',
      'How the Count Was Made',
      'beads; volume by what the cytometer drew; panLeuco, lymphocyte by a blood count; bridged to P1',
    ],
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
    ...parameter,
    ...visit,
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
    ...parameter,
    ...visit,
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
    ['pSign', 'f', 'P of the Sign Test (Exact)'],
    ['pSignFlip/psgnflip', 'f', 'P of Sign Flips of the Mean (Exact)', 'Up to 20 pairs; none beyond'],
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
    ...parameter,
    ['contrast', 't', 'Visit Versus Baseline'],
    ['GMR', 'f', 'Geometric Mean Ratio'],
    ['low', 'f', 'Lower Limit'],
    ['high', 'f', 'Upper Limit'],
    ['df', 'f', 'Degrees of Freedom (Kenward-Roger)'],
    ['p', 'f', 'P'],
    ['overallF', 'f', 'F of All Visits'],
    ['overallP', 'f', 'P of All Visits'],
    ['friedmanP/friedp', 'f', 'P of the Friedman Test'],
    ['geeGMR', 'f', 'Geometric Mean Ratio, GEE', 'Exchangeable working correlation; supportive'],
    ['geeLow', 'f', 'GEE, Lower Limit', 'Sandwich, too small below 40 subjects; none below 10'],
    ['geeHigh', 'f', 'GEE, Upper Limit', 'Sandwich, too small below 40 subjects; none below 10'],
    ['geeP', 'f', 'P, GEE', 'Wald; sandwich, too small below 40 subjects; none below 10'],
    warnings,
  ],
);

export const changesTable = table(
  'CHANGES',
  'Change From Baseline by Patient',
  ['USUBJID', 'PARAMCD', 'AVISITN'],
  [
    ['USUBJID', 't', 'Unique Subject Identifier'],
    ...parameter,
    ...visit,
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
