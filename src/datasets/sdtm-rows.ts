// Rows of CP and LB from the results: what was collected, before windows and analysis.
// Invariant: what could not be evaluated is NOT DONE with its reason; zero cells are a result.
import type { StudyResults } from '../analysis/index.ts';
import { immuneParameters, type EndpointRow } from '../endpoints/index.ts';
import { studyDay, type BloodCountRecord } from '../study/index.ts';
import type { Cell } from './model.ts';

type Row = Readonly<Record<string, Cell | undefined>>;

const methods: Readonly<Record<string, string>> = {
  beads: 'FLOW CYTOMETRY, COUNTING BEADS',
  volume: 'FLOW CYTOMETRY, VOLUMETRIC',
  lymphocyte: 'FLOW CYTOMETRY AND LYMPHOCYTE COUNT',
  panLeuco: 'FLOW CYTOMETRY AND LEUKOCYTE COUNT',
  bridged: 'FLOW CYTOMETRY, BRIDGED COUNT',
};

/** One row an endpoint that was measured on cells. */
export function cpRows({ study, endpoints }: StudyResults): Row[] {
  const kinds = new Map(immuneParameters.map(({ paramcd, kind }) => [paramcd, kind]));
  const labels = new Map(immuneParameters.map(({ paramcd, label }) => [paramcd, label]));
  const cells = endpoints.filter(({ paramcd, panel }) => panel !== 'CBC' && kinds.get(paramcd) !== 'quality');
  const starts = startsOf(study.subjects);
  return numbered(cells, ({ subject }) => subject, 'CPSEQ').map(({ row, sequence }) => {
    const paths = row.sources.map(({ paths: [first] }) => first).filter((path) => path !== undefined);
    return {
      STUDYID: study.id,
      DOMAIN: 'CP',
      USUBJID: row.subject,
      ...sequence,
      CPREFID: row.specimen,
      CPTESTCD: row.paramcd,
      CPTEST: labels.get(row.paramcd),
      CPTSTCND: conditionOf(row, study.samples),
      CPGATE: paths[0]?.replace(/^.*\//, ''),
      CPGATDEF: paths.length === 0 ? null : shortened(paths[0].replaceAll('/', '|')),
      CPCAT: 'IMMUNE MONITORING',
      CPTSTPNL: row.panel,
      ...result('CP', row.value, row.unit, row.reason),
      CPSPEC: 'BLOOD',
      CPMETHOD: row.platform === null ? 'FLOW CYTOMETRY' : methods[row.platform],
      ...timing('CP', row.visit, row.visitNumber, row.collectedAt, starts.get(row.subject) ?? null),
    };
  });
}

const bloodTests = [
  ['WBC', 'Leukocytes'],
  ['NEUT', 'Neutrophils'],
  ['LYM', 'Lymphocytes'],
  ['MONO', 'Monocytes'],
  ['EOS', 'Eosinophils'],
  ['BASO', 'Basophils'],
  ['PLT', 'Platelets'],
] as const;

/** One row a blood count and cell type. */
export function lbRows({ study }: StudyResults): Row[] {
  const starts = startsOf(study.subjects);
  const visits = study.definition.visits;
  const rows = study.bloodCounts.flatMap((count) => bloodTests.map((test) => ({ count, test })));
  return numbered(rows, ({ count }) => count.subject, 'LBSEQ').map(({ row: { count, test }, sequence }) => {
    const [code, name] = test;
    const at = visits.indexOf(count.visit);
    return {
      STUDYID: study.id,
      DOMAIN: 'LB',
      USUBJID: count.subject,
      ...sequence,
      LBREFID: `${count.subject}_${count.visit}`,
      LBTESTCD: code === 'LYM' ? 'LYMPH' : code === 'PLT' ? 'PLAT' : code,
      LBTEST: name,
      LBCAT: 'HEMATOLOGY',
      ...result(
        'LB',
        count[code satisfies keyof BloodCountRecord],
        '10^9/L',
        'The blood count does not give it.',
      ),
      LBSPEC: 'BLOOD',
      LBMETHOD: 'AUTOMATED COUNT',
      ...timing(
        'LB',
        count.visit,
        at < 0 ? null : at + 1,
        count.collected_at,
        starts.get(count.subject) ?? null,
      ),
    };
  });
}

function result(prefix: string, value: number | null, unit: string, reason: string | null): Row {
  const done = value !== null;
  const text = done ? String(value === 0 ? 0 : value) : null;
  return {
    [`${prefix}ORRES`]: text,
    [`${prefix}ORRESU`]: done ? unit : null,
    [`${prefix}STRESC`]: text,
    [`${prefix}STRESN`]: value,
    [`${prefix}STRESU`]: done ? unit : null,
    [`${prefix}STAT`]: done ? null : 'NOT DONE',
    [`${prefix}REASND`]: done || reason === null ? null : shortened(reason),
  };
}

function timing(
  prefix: string,
  visit: string,
  visitNumber: number | null,
  collectedAt: string,
  start: string | null,
): Row {
  return {
    VISITNUM: visitNumber,
    VISIT: visit,
    [`${prefix}DTC`]: collectedAt.replace(' ', 'T'),
    [`${prefix}DY`]: studyDay(collectedAt.slice(0, 10), start),
  };
}

/** The stimulus of the first tube behind a value. */
function conditionOf({ sources }: EndpointRow, samples: StudyResults['study']['samples']): string | null {
  const [first] = sources;
  return samples.find(({ sample }) => sample === first?.sample)?.stimulus ?? null;
}

function startsOf(subjects: StudyResults['study']['subjects']): ReadonlyMap<string, string | null> {
  return new Map(subjects.map(({ USUBJID, TRTSDT }) => [USUBJID, TRTSDT]));
}

/** Rows with their number within the subject. */
function numbered<T>(
  rows: readonly T[],
  subjectOf: (row: T) => string,
  name: string,
): { readonly row: T; readonly sequence: Row }[] {
  const counts = new Map<string, number>();
  return rows.map((row) => {
    const next = (counts.get(subjectOf(row)) ?? 0) + 1;
    counts.set(subjectOf(row), next);
    return { row, sequence: { [name]: next } };
  });
}

/** Findings domains hold 200 bytes a text; what is longer ends in an ellipsis of dots and stands whole in endpoints. */
function shortened(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= 200) return text;
  return `${new TextDecoder().decode(bytes.subarray(0, 196)).replace(/\uFFFD+$/, '')}...`;
}
