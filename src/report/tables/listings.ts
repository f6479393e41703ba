// Listings: the records that the numbers of the report lead to. Values of each parameter with their origin, subjects with dates and
// responses, times to event, adverse events.
// Invariant: every anchor that a table or figure points to is made here, with the functions of anchors.ts.
import { tteLabels, type ClinicalResult } from '../../clinical/index.ts';
import {
  linked,
  eventsAnchor,
  parameterAnchor,
  sampleAnchor,
  subjectAnchor,
  timesAnchor,
  valueAnchor,
  valuesAnchor,
} from '../anchors.ts';
import { labelOf, type AnalysedRow, type ImmuneView, type ParameterView } from '../immune-view.ts';
import { counted, numberText } from '../lettering.ts';
import { h, type Child, type Markup } from '../markup.ts';
import type { ReportInput, ValueOrigin } from '../model.ts';
import { listingIds } from './clinical.ts';
import { tableMarkup, type Cell } from './table.ts';

const number = 'number' as const;

/** One folded list a parameter: every analysed value, the text it was reported as, and where it was counted; each sample leads to its hashes. */
export function valueListings(immune: ImmuneView, parameters: readonly ParameterView[]): Markup[] {
  return parameters.map((parameter) => {
    const rows = immune.windows.flatMap((visit) =>
      immune.subjects.flatMap((subject) => {
        const row = immune.valueOf(parameter.PARAMCD, visit.n, subject);
        return row === null ? [] : [{ visit, row }];
      }),
    );
    const origins = rows.flatMap(({ row }) => immune.originOf(row) ?? []);
    const pathOf = onlyPaths(origins);
    const bodies = immune.windows.map((visit) =>
      h(
        'tbody',
        { id: valuesAnchor(parameter.PARAMCD, visit.n) },
        ...rows
          .filter((entry) => entry.visit === visit)
          .map(({ row }) => valueRow(row, parameter, immune.originOf(row), pathOf)),
      ),
    );
    const id = parameterAnchor(parameter.PARAMCD);
    const head: readonly (readonly [title: string, unit: string | null])[] = [
      ['Subject', null],
      ['Visit', null],
      ['Date', null],
      ['Day', 'from anchor'],
      ['Specimen', null],
      ['Value', parameter.unit],
      ['95 % CI', 'of counting'],
      ['95 % CI', 'of gating'],
      ['95 % CI', 'of both'],
      ['Change', parameter.unit],
      ['Reported', 'as text'],
      ['Marks', null],
      ['Where the value comes from', null],
    ];
    const table = h(
      'div',
      { class: 'table', role: 'region', 'aria-label': `Values of ${parameter.name}`, tabindex: '0' },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...head.map(([title, unit]) =>
              h(
                'th',
                { scope: 'col', class: unit === null ? null : 'num' },
                title,
                unit === null || unit === '' ? null : h('span', { class: 'unit' }, unit),
              ),
            ),
          ),
        ),
        ...bodies,
      ),
    );
    return h(
      'details',
      { id },
      h('summary', {}, `${labelOf(parameter)}: ${counted(rows.length, 'value')}`),
      pathOf.size === 0
        ? null
        : h(
            'p',
            { class: 'note' },
            `Populations: ${[...pathOf].map(([name, path]) => `${name} = ${path}`).join('; ')}.`,
          ),
      table,
    );
  });
}

/** Names of populations that have one path in all these values: it is said once above them. */
function onlyPaths(origins: readonly ValueOrigin[]): ReadonlyMap<string, string> {
  const paths = new Set(origins.flatMap(({ populations }) => populations.map(({ path }) => path)));
  const named = [...paths].map((path) => [lastOf(path), path] as const);
  return new Map(
    named.filter(([name, path]) => named.every((other) => other[0] !== name || other[1] === path)),
  );
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function valueRow(
  row: AnalysedRow,
  parameter: ParameterView,
  origin: ValueOrigin | null,
  pathOf: ReadonlyMap<string, string>,
): Markup {
  const marks = [
    row.BLQFL === 'Y' ? 'BLQ' : '',
    row.ALQFL === 'Y' ? 'ALQ' : '',
    row.PARAMTYP === 'DERIVED' ? 'derived' : '',
    row.DTYPE === 'AVERAGE' ? 'average' : '',
    origin === null || origin.status === 'OK' ? '' : origin.status,
  ].filter((mark) => mark !== '');
  const d = parameter.decimals;
  const interval = (low: number | null = null, high: number | null = null): string =>
    low === null || high === null ? '' : `${numberText(low, d)} to ${numberText(high, d)}`;
  return h(
    'tr',
    { id: valueAnchor(row.PARAMCD, row.AVISITN ?? -1, row.USUBJID) },
    h('th', { scope: 'row' }, row.USUBJID),
    h('td', {}, row.AVISIT),
    h('td', {}, row.ADT),
    h('td', { class: 'num' }, row.ADYA === null ? '' : String(row.ADYA)),
    h('td', {}, row.SPECID),
    h('td', { class: 'num' }, numberText(row.AVAL, d)),
    h('td', { class: 'num' }, interval(origin?.ciLow, origin?.ciHigh)),
    h('td', { class: 'num' }, interval(origin?.gatingLow, origin?.gatingHigh)),
    h('td', { class: 'num' }, interval(origin?.totalLow, origin?.totalHigh)),
    h('td', { class: 'num' }, row.CHG === null ? '' : numberText(row.CHG, d)),
    h('td', {}, row.AVALC),
    h('td', {}, marks.join(', ')),
    h('td', {}, ...originText(row, origin, pathOf)),
  );
}

/** "012_C1_p1 CD4T: 5210 of 20413 events, valley". */
function originText(
  row: AnalysedRow,
  origin: ValueOrigin | null,
  pathOf: ReadonlyMap<string, string>,
): Child[] {
  if (origin === null)
    return [row.PARAMTYP === 'DERIVED' ? 'derived from values of this specimen' : 'table of immune values'];
  return origin.populations.flatMap(({ sample, path, count, parentCount, method, status }, i) => {
    const counts = count === null ? 'not evaluable' : `${count} of ${parentCount ?? 'unknown'} events`;
    const how = method === null ? status : status === 'ok' ? method : `${method} (${status})`;
    const name = pathOf.has(lastOf(path)) ? lastOf(path) : path;
    return [
      ...(i === 0 ? [] : [h('br')]),
      linked(sampleAnchor(sample), sample),
      ` ${name}: ${counts}, ${how}`,
    ];
  });
}

/** Dates, best responses and survival of every subject. */
export function subjectListing(input: ReportInput): Markup {
  const clinical = input.clinical;
  const text = (value: string | null | undefined): string => value ?? '';
  const timeOf = (subject: string, code: string): string => {
    const row = clinical?.adtte.find((one) => one.USUBJID === subject && one.PARAMCD === code);
    return row === undefined ? '' : `${numberText(row.AVAL, 1)}${row.CNSR === 0 ? '' : '+'}`;
  };
  return tableMarkup({
    id: listingIds.subjects,
    caption: 'Subjects (L-ADSL).',
    note: 'Times in months; + means censored.',
    columns: [
      { title: 'Subject' },
      { title: 'Age', unit: 'years', align: number },
      { title: 'Sex' },
      { title: 'Regimen' },
      { title: 'First dose' },
      { title: 'Ablation' },
      { title: 'Death' },
      { title: 'Last contact' },
      { title: 'BOR' },
      { title: 'CBOR' },
      { title: 'Best change', unit: '%', align: number },
      { title: 'PFS', unit: 'months', align: number },
      { title: 'LPFS', unit: 'months', align: number },
      { title: 'OS', unit: 'months', align: number },
    ],
    rows: input.subjects.map((subject): (Cell | string)[] => {
      const response = clinical?.responses.subjects.find((row) => row.USUBJID === subject.USUBJID);
      return [
        { text: subject.USUBJID, strong: true },
        subject.AGE === null ? '' : numberText(subject.AGE, 0),
        subject.SEX,
        subject.REGIMEN,
        text(subject.TRTSDT),
        text(subject.ABLDT),
        text(subject.DTHDT),
        text(subject.LSTALVDT),
        text(response?.BOR),
        text(response?.CBOR),
        response === undefined || response.BESTPCHG === null ? '' : numberText(response.BESTPCHG, 1),
        timeOf(subject.USUBJID, 'PFS'),
        timeOf(subject.USUBJID, 'LPFS'),
        timeOf(subject.USUBJID, 'OS'),
      ];
    }),
    rowAnchor: (r) => subjectAnchor(input.subjects[r].USUBJID),
  });
}

/** All records of time to event, one folded list a parameter. */
export function timeListings(clinical: ClinicalResult): Markup[] {
  return clinical.timeToEvent.map(({ PARAMCD }) => {
    const rows = clinical.adtte.filter((row) => row.PARAMCD === PARAMCD);
    return h(
      'details',
      { id: timesAnchor(PARAMCD) },
      h('summary', {}, `${tteLabels[PARAMCD]}: ${counted(rows.length, 'record')}`),
      tableMarkup({
        id: `listing-${PARAMCD}`,
        caption: `${tteLabels[PARAMCD]} (L-ADTTE).`,
        columns: [
          { title: 'Subject' },
          { title: 'Lesion' },
          { title: 'Start' },
          { title: 'End' },
          { title: 'Time', unit: 'days', align: number },
          { title: 'Time', unit: 'months', align: number },
          { title: 'Event or reason of censoring' },
          { title: 'Censored' },
          { title: 'Source' },
        ],
        rows: rows.map((row) => [
          { text: row.USUBJID, to: subjectAnchor(row.USUBJID) },
          row.LESID,
          row.STARTDT,
          row.ADT,
          String(row.AVALDAY),
          numberText(row.AVAL, 1),
          row.EVNTDESC,
          row.CNSR === 0 ? 'no' : 'yes',
          row.SRCDOM,
        ]),
      }),
    );
  });
}

/** Every adverse event, grouped by body system. */
export function eventListing(clinical: ClinicalResult): Markup {
  const systems = [...new Set(clinical.adae.map((row) => row.AEBODSYS))].sort();
  return h(
    'div',
    { id: listingIds.events },
    ...systems.map((system) => {
      const rows = clinical.adae.filter((row) => row.AEBODSYS === system);
      return h(
        'details',
        { id: eventsAnchor(system) },
        h('summary', {}, `${system}: ${counted(rows.length, 'event')}`),
        tableMarkup({
          id: `${eventsAnchor(system)}-table`,
          caption: `${system} (L-ADAE).`,
          columns: [
            { title: 'Subject' },
            { title: 'Event', unit: 'number', align: number },
            { title: 'Term' },
            { title: 'Grade', align: number },
            { title: 'Serious' },
            { title: 'Related' },
            { title: 'Start' },
            { title: 'Imputed' },
            { title: 'End' },
            { title: 'Emergent' },
          ],
          rows: rows.map((row) => [
            { text: row.USUBJID, to: subjectAnchor(row.USUBJID) },
            String(row.AESEQ),
            row.AEDECOD,
            row.AETOXGR === null ? '' : String(row.AETOXGR),
            row.AESER,
            row.AEREL,
            row.ASTDT ?? '',
            row.ASTDTF,
            row.AENDT ?? row.AEENDTC,
            row.TRTEMFL,
          ]),
        }),
      );
    }),
  );
}
