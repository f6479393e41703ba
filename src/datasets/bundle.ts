// StudyResults to the tables of the study, each under its file name. Pure selection and naming; every number was made before.
// Invariant: the order of tables is fixed, rows come as the analysis ordered them, and a table that the study cannot have is empty.
import type { StudyResults } from '../analysis/index.ts';
import { wideListing, immuneCourse } from '../endpoints/index.ts';
import { adae, adim, adrs, adsl, adtte } from './adam.ts';
import { datasetOf, variable, type Cell, type Dataset, type DatasetDefinition } from './model.ts';
import * as clinicalTables from './clinical-tables.ts';
import * as immuneTables from './immune-tables.ts';
import { cpRows, lbRows } from './sdtm-rows.ts';
import { cp, lb } from './sdtm.ts';

/** A table and the name of its file without an ending. */
export interface NamedDataset {
  readonly file: string;
  readonly dataset: Dataset;
}

export function studyDatasets(results: StudyResults): NamedDataset[] {
  const { immune, clinical, outcome, tidy } = results;
  const labels = new Map(immune.parameters.map(({ PARAMCD, PARAM }) => [PARAMCD, PARAM]));
  const inWords = <Row extends { readonly PARAMCD: string }>(rows: readonly Row[]) =>
    rows.map((row) => ({ ...row, PARAM: labels.get(row.PARAMCD) }));
  return [
    named('endpoints', immuneTables.endpointsTable, endpointRecords(results)),
    named('adsl', adsl, clinical.adsl),
    named('adim', adim, immune.adim),
    named('adrs', adrs, clinical.adrs),
    named('adtte', adtte, clinical.adtte),
    named('adae', adae, clinical.adae),
    named('cp', cp, cpRows(results)),
    named('lb', lb, lbRows(results)),
    named('comparisons', immuneTables.comparisonsTable, inWords(tidy.comparisons)),
    named('changes', immuneTables.changesTable, inWords(immune.changes)),
    named(
      'by_visit',
      immuneTables.descriptionsTable,
      inWords(immune.descriptions).map((row) => ({ ...row, warnings: row.warnings.join(' ') })),
    ),
    named('course', immuneTables.coursesTable, inWords(tidy.courses)),
    { file: 'listing', dataset: listing(results) },
    named('missingness', immuneTables.missingnessTable, immune.missingness),
    named('visit_grid', immuneTables.gridTable, immune.grid),
    named('correlations', immuneTables.correlationsTable, immune.correlations),
    named('population', clinicalTables.populationTable, tidy.population),
    named('time_to_event', clinicalTables.timeToEventTable, tidy.timeToEvent),
    named('sensitivity', clinicalTables.sensitivityTable, clinical.sensitivity),
    named('local_progression', clinicalTables.localTable, clinical.localProgression),
    named('response', clinicalTables.responseTable, tidy.response),
    named('waterfall', clinicalTables.waterfallTable, clinical.waterfall),
    named('landmark', clinicalTables.landmarkTable, outcome.landmark),
    named('responders', clinicalTables.respondersTable, outcome.responders),
    named('tumour_correlation', clinicalTables.tumourTable, outcome.tumour),
    named('ae_overview', clinicalTables.adverseEventsTable, tidy.adverseEvents),
    named('ae_by_term', clinicalTables.termsTable, clinical.aeByTerm),
    named('samples', immuneTables.samplesTable, sampleRecords(results)),
  ];
}

/** The columns that the definition names, of rows that may have more. A limit that is not finite is no limit: missing, as no file holds it. */
function named(file: string, definition: DatasetDefinition, rows: readonly object[]): NamedDataset {
  const names = definition.variables.map(({ name }) => name);
  const records = rows.map((row) => {
    const fields = row as Readonly<Record<string, Cell | undefined>>;
    return Object.fromEntries(
      names.map((name) => {
        const value = fields[name];
        return [name, typeof value === 'number' && !Number.isFinite(value) ? null : value];
      }),
    );
  });
  return { file, dataset: datasetOf(definition, records) };
}

function endpointRecords({ endpoints, failedSamples }: StudyResults): object[] {
  const failed = new Set(failedSamples);
  return endpoints.map((row) => ({
    ...row,
    qc: row.sources.some(({ sample }) => failed.has(sample)) ? 'N' : 'Y',
    samples: row.sources.map(({ sample }) => sample).join('; '),
    ...continued(row.sources.flatMap(({ paths }) => paths)),
  }));
}

/** Each path once, in as many columns as it takes: a text of a SAS transport file has no more than 200 bytes. */
function continued(paths: readonly string[]): {
  readonly populations: string;
  readonly populations2: string;
} {
  const unique = [...new Set(paths)];
  const fits = (count: number) => unique.slice(0, count).join('; ').length <= 200;
  const first = [...unique.keys(), unique.length].findLast(fits) ?? 0;
  return { populations: unique.slice(0, first).join('; '), populations2: unique.slice(first).join('; ') };
}

function sampleRecords({ samples }: StudyResults): object[] {
  return samples.map(({ sample, issues, eventCount, ...rest }) => ({
    ...sample,
    ...rest,
    omitted: sample.omitted.join('; '),
    events: eventCount,
    warnings: [...new Set(issues.filter(({ level }) => level !== 'info').map(({ code }) => code))].join(' '),
  }));
}

/** T-IMM-4: a column a parameter and visit; `*` marks a value that stands for one below quantification. */
function listing({ immune }: StudyResults): Dataset {
  const { adim: rows, subjects, parameters, windows } = immune;
  const wide = wideListing(
    immuneCourse(
      rows,
      subjects,
      parameters.map(({ PARAMCD }) => PARAMCD),
      windows,
    ),
  );
  const names = wide.columns.map(({ PARAMCD }, at) => `${PARAMCD}_${windows[at % windows.length].n}`);
  const definition: DatasetDefinition = {
    name: 'TIMM4',
    label: 'Listing of Immune Values (T-IMM-4)',
    class: 'RESULTS',
    keys: ['USUBJID'],
    variables: [
      variable('USUBJID', 'Unique Subject Identifier', 'text'),
      ...wide.columns.map(({ PARAMCD, AVISIT }, at) =>
        variable(names[at], `${PARAMCD} ${AVISIT}`.slice(0, 40), 'text', {
          shortName: /^[A-Z][A-Z0-9_]{0,7}$/.test(names[at]) ? null : `C${at + 1}`,
          derivation: `${PARAMCD} at ${AVISIT}; * after a value that stands for one below quantification`,
        }),
      ),
    ],
  };
  return datasetOf(
    definition,
    wide.rows.map(({ USUBJID, cells }) => ({
      USUBJID,
      ...Object.fromEntries(
        cells.map(({ AVAL, BLQFL }, at) => [
          names[at],
          AVAL === null ? null : `${AVAL}${BLQFL === 'Y' ? '*' : ''}`,
        ]),
      ),
    })),
  );
}
