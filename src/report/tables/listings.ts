// Listings: the records that the numbers of the report lead to. Subjects with dates and responses, times to event, adverse events;
// values of each parameter are in values.ts.
// Invariant: every anchor that a table or figure points to is made here or there, with the functions of anchors.ts.
import { tteLabels, type ClinicalResult } from '../../clinical/index.ts';
import { eventsAnchor, subjectAnchor, timesAnchor } from '../anchors.ts';
import { counted, numberText } from '../lettering.ts';
import { h, type Markup } from '../markup.ts';
import type { ReportInput } from '../model.ts';
import { listingIds } from './clinical.ts';
import { tableMarkup, type Cell } from './table.ts';

const number = 'number' as const;

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
