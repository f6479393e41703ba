// The clinical tables of the page: population, time to event, response, adverse events (statistics.md section 19).
// Invariant: numbers are rounded by the display rules and lead to the records of their subjects.
import {
  aeOverviewRows,
  populationRows,
  responseRows,
  tteLabels,
  tteRows,
  type AeTermRow,
  type ClinicalResult,
} from '../../clinical/index.ts';
import { formatCountPercent, formatInterval } from '../../stats/index.ts';
import { eventsAnchor, timesAnchor } from '../anchors.ts';
import { counted, estimateText, levelText, numberText, type Estimate } from '../lettering.ts';
import type { Markup } from '../markup.ts';
import { tableMarkup, type Cell } from './table.ts';

const number = 'number' as const;
export const listingIds = { subjects: 'listing-subjects', events: 'listing-events' } as const;

const levelNames: Readonly<Record<string, string>> = {
  ENRLFL: 'Enrolled',
  SAFFL: 'Safety set',
  FASFL: 'Full analysis set',
  EVALFL: 'Evaluable for response',
  '>=65': '≥65',
  F: 'Female',
  M: 'Male',
  Y: 'Yes',
  N: 'No',
};

/** T-POP. */
export function populationTableMarkup(clinical: ClinicalResult): Markup {
  const N = clinical.adsl.length;
  let before = '';
  return tableMarkup({
    id: 't-pop',
    caption: 'Subjects (T-POP).',
    note: `N = ${N} subjects. n (%), or mean (SD), median and range.`,
    columns: [{ title: 'Characteristic' }, { title: 'Level' }, { title: 'n (%) or summary', align: number }],
    rows: populationRows(clinical.population).map((row): (Cell | string)[] => {
      const head = row.characteristic === before ? '' : row.characteristic;
      before = row.characteristic;
      const text =
        row.mean === null
          ? formatCountPercent(row.n, N)
          : `${numberText(row.mean, 1)} (${numberText(row.sd, 2)}); ${numberText(row.median, 1)} [${numberText(row.min, 0)} to ${numberText(row.max, 0)}]`;
      return [
        { text: head, strong: true },
        levelNames[row.level] ?? row.level,
        { text, to: listingIds.subjects },
      ];
    }),
  });
}

/** T-EFF-1. */
export function timeTable(clinical: ClinicalResult): Markup {
  const level = levelText(clinical.conf);
  return tableMarkup({
    id: 't-eff-1',
    caption: 'Time to event (T-EFF-1).',
    note: `Kaplan-Meier with log-log ${level} intervals; months of 30.4375 days; survival at 6, 12 and 24 months in %, with the number at risk. NE: not estimable.`,
    columns: [
      { title: 'Endpoint' },
      { title: 'N', unit: 'records', align: number },
      { title: 'Events', unit: 'n', align: number },
      { title: 'Q1', unit: 'months', align: number },
      { title: 'Median', unit: `months, ${level} CI`, align: number },
      { title: 'Q3', unit: 'months', align: number },
      { title: '6 months', unit: `%, ${level} CI [at risk]`, align: number },
      { title: '12 months', unit: `%, ${level} CI [at risk]`, align: number },
      { title: '24 months', unit: `%, ${level} CI [at risk]`, align: number },
      { title: 'Follow-up', unit: 'median, months', align: number },
      { title: 'Censored', unit: 'reason: n' },
    ],
    rows: tteRows(clinical.timeToEvent).map((row): (Cell | string)[] => {
      const to = timesAnchor(row.PARAMCD);
      const survival = (estimate: Estimate, atRisk: number): Cell => ({
        text: `${estimateText(estimate, percentText)} [${atRisk}]`,
        to,
      });
      const label = (tteLabels as Readonly<Record<string, string>>)[row.PARAMCD] ?? row.PARAMCD;
      return [
        { text: label.replace(/\s*\(months\)$/, ''), strong: true },
        { text: String(row.N), to },
        { text: String(row.events), to },
        { text: numberText(row.q1, 1), to },
        { text: estimateText([row.median, row.medianLow, row.medianHigh], 1), to },
        { text: numberText(row.q3, 1), to },
        survival([row.s6, row.s6Low, row.s6High], row.atRisk6),
        survival([row.s12, row.s12Low, row.s12High], row.atRisk12),
        survival([row.s24, row.s24Low, row.s24High], row.atRisk24),
        { text: numberText(row.followUpMedian, 1), to },
        { text: row.censored, to },
      ];
    }),
  });
}

/** Supportive: progression-free survival by other rules, and duration of response. */
export function sensitivityMarkup({ sensitivity, conf }: ClinicalResult): Markup {
  const level = levelText(conf);
  return tableMarkup({
    id: 't-eff-1s',
    caption: 'Progression-free survival by other rules, and duration of response.',
    note: 'Supportive; as the table above. Each rule differs from the main analysis in what its name says.',
    columns: [
      { title: 'Analysis' },
      { title: 'N', unit: 'subjects', align: number },
      { title: 'Events', unit: 'n', align: number },
      { title: 'Median', unit: `months, ${level} CI`, align: number },
      { title: '6 months', unit: `%, ${level} CI`, align: number },
      { title: '12 months', unit: `%, ${level} CI`, align: number },
      { title: '24 months', unit: `%, ${level} CI`, align: number },
    ],
    rows: sensitivity.map((row): (Cell | string)[] => {
      const name = row.PARAMCD === 'DOR' ? 'Duration of response' : 'Progression-free survival';
      return [
        { text: `${name}, ${row.analysis}`, strong: row.analysis === 'main' },
        String(row.N),
        String(row.events),
        estimateText([row.median, row.medianLow, row.medianHigh], 1),
        estimateText([row.s6, row.s6Low, row.s6High], percentText),
        estimateText([row.s12, row.s12Low, row.s12High], percentText),
        estimateText([row.s24, row.s24Low, row.s24High], percentText),
      ];
    }),
  });
}

/** Supportive: local progression by lesion, and by subject with death competing. */
export function localProgressionMarkup({ localProgression }: ClinicalResult): Markup {
  const [first] = localProgression;
  return tableMarkup({
    id: 't-local',
    caption: 'Local progression by lesion and by subject.',
    note: `Supportive. Of ${counted(first.lesions, 'lesion')}, those free of local progression and death; standard errors take the lesions of a subject as one cluster. Of ${counted(first.subjects, 'subject')}, the cumulative incidence, death competing (Aalen-Johansen).`,
    columns: [
      { title: 'Month' },
      { title: 'Lesions event-free', unit: '% (SE)', align: number },
      { title: 'Local progression', unit: '% of subjects (SE)', align: number },
      { title: 'Death before it', unit: '% of subjects (SE)', align: number },
    ],
    rows: localProgression.map((row): (Cell | string)[] => {
      const withError = (value: number, se: number) => `${percentText(value)} (${percentText(se)})`;
      return [
        { text: String(row.month), strong: true },
        withError(row.perLesion, row.perLesionSe),
        withError(row.progression, row.progressionSe),
        withError(row.death, row.deathSe),
      ];
    }),
  });
}

function percentText(fraction: number | null): string {
  return numberText(fraction === null ? null : 100 * fraction, 1);
}

/** T-EFF-2. */
export function responseTableMarkup(clinical: ClinicalResult): Markup {
  const level = levelText(clinical.conf);
  const names: Readonly<Record<string, string>> = {
    ORR: 'Objective response rate',
    'ORR confirmed': 'Objective response rate, confirmed',
    'ORR evaluable': 'Objective response rate, evaluable subjects',
    DCR: 'Disease control rate',
  };
  return tableMarkup({
    id: 't-eff-2',
    caption: 'Response by RECIST 1.1 (T-EFF-2).',
    note: 'BOR: best overall response; CBOR: confirmed. Intervals are exact (Clopper-Pearson).',
    columns: [
      { title: 'Measure' },
      { title: 'n (%)', unit: 'subjects', align: number },
      { title: 'N', unit: 'subjects', align: number },
      { title: `${level} CI`, unit: '%', align: number },
    ],
    rows: responseRows(clinical.response).map((row) => [
      { text: names[row.measure] ?? row.measure, strong: row.measure in names },
      { text: formatCountPercent(row.n, row.N), to: listingIds.subjects },
      { text: String(row.N), to: listingIds.subjects },
      { text: formatInterval(row.low, row.high, 1), to: listingIds.subjects },
    ]),
  });
}

/** T-AE-1. */
export function overviewTable(clinical: ClinicalResult): Markup {
  const level = levelText(clinical.conf);
  return tableMarkup({
    id: 't-ae-1',
    caption: 'Adverse events, overview (T-AE-1).',
    note: 'Treatment-emergent except for the first line; a subject counts once a line.',
    columns: [
      { title: 'Adverse event' },
      { title: 'n (%)', unit: 'subjects', align: number },
      { title: 'N', unit: 'subjects', align: number },
      { title: `${level} CI`, unit: '%', align: number },
      { title: 'Events', unit: 'n', align: number },
    ],
    rows: aeOverviewRows(clinical.aeOverview).map((row) => [
      { text: row.measure, strong: true },
      { text: formatCountPercent(row.n, row.N), to: listingIds.events },
      { text: String(row.N), to: listingIds.subjects },
      { text: formatInterval(row.low, row.high, 1), to: listingIds.events },
      { text: String(row.events), to: listingIds.events },
    ]),
  });
}

/** T-AE-2. */
export function termTable(rows: readonly AeTermRow[], N: number): Markup {
  return tableMarkup({
    id: 't-ae-2',
    caption: 'Treatment-emergent adverse events by system and term (T-AE-2).',
    note: `Subjects by worst grade; N = ${N} subjects.`,
    columns: [
      { title: 'System organ class / term' },
      { title: 'Any grade', unit: 'subjects, n (%)', align: number },
      { title: 'Events', unit: 'n', align: number },
      ...[1, 2, 3, 4, 5].map((grade) => ({ title: `Grade ${grade}`, unit: 'subjects', align: number })),
      { title: 'Missing', unit: 'subjects', align: number },
      { title: 'Grade ≥ 3', unit: 'subjects, n (%)', align: number },
    ],
    rows: rows.map((row) => {
      const to = row.level === 'ANY' ? listingIds.events : eventsAnchor(row.AEBODSYS);
      const cell = (text: string | number): Cell => ({ text: String(text), to });
      const head: Cell =
        row.level === 'PT'
          ? { text: row.AEDECOD, indent: 1 }
          : { text: row.level === 'ANY' ? 'Any event' : row.AEBODSYS, strong: true };
      return [
        head,
        cell(formatCountPercent(row.nSubj, N)),
        cell(row.events),
        ...[row.g1, row.g2, row.g3, row.g4, row.g5, row.gMissing].map(cell),
        cell(formatCountPercent(row.g3plus, N)),
      ];
    }),
  });
}
