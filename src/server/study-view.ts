// Studies as lists and pages show them, and the changes that people make to a study as a whole. study.yaml and the tables stay files that a person
// can read and edit; an edit here keeps their comments.
// Invariant: a locked study takes no change but its unlocking (reliability A-5).
import { join } from 'node:path';
import { isMap, parseDocument } from 'yaml';
import { ImmunogateError, type Issue } from '../errors.ts';
import { writeFileWhole } from '../results/node.ts';
import { parseDefinition, readTable } from '../study/index.ts';
import type { Actor } from '../results/index.ts';
import { requireOpen } from './gates/locks.ts';
import { assignFiles } from './manifest/manifest-edits.ts';
import { RequestError } from './http-status.ts';
import type { Runs } from './runs/runs.ts';
import type { SampleRow, StudyDetail, StudySummary } from './schema.ts';
import {
  csvOrNull,
  fileOf,
  readStudy,
  sampleRows,
  studyTables,
  tableFile,
  tableText,
} from './study-reading.ts';
import { templateNamed } from './templates.ts';
import type { StudyFolder } from './workspace.ts';

type TableKey = keyof typeof studyTables;

export function studySummary(folder: StudyFolder, runs: Runs): StudySummary {
  const reading = readStudy(folder.folder);
  const [last] = runs.list(folder);
  return {
    study: folder.study,
    title: reading.definition?.title ?? folder.study,
    subjects: reading.study?.subjects.length ?? new Set(reading.rows.map(({ subject }) => subject)).size,
    samples: reading.rows.length,
    files: reading.rows.filter((row) => fileOf(folder.folder, row) !== null).length,
    locked: folder.log.state().locked,
    running: runs.running(folder)?.run ?? null,
    lastRun: last === undefined ? null : { run: last.run, state: last.state, endedUtc: last.endedUtc },
  };
}

const phases = { PRE: 'pre', DURING: 'during', POST: 'post' } as const;

export function studyDetail(folder: StudyFolder, runs: Runs): StudyDetail {
  const { definition, issues } = readStudy(folder.folder);
  const windows = definition?.windows ?? [];
  const tables = (Object.keys(studyTables) as TableKey[]).flatMap((table) => {
    const text = tableText(folder.folder, definition, table);
    return text === null
      ? []
      : [{ table, file: tableFile(definition, table), rows: csvOrNull(text)?.rows.length ?? null }];
  });
  return {
    ...studySummary(folder, runs),
    anchor: definition?.anchor ?? 'ABLDT',
    conf: definition?.conf ?? 0.95,
    visits: windows.map(({ phase, ...window }, at) => ({
      visit: definition?.visits[at] ?? String(window.n),
      phase: phases[phase],
      ...window,
    })),
    panels: Object.entries(definition?.panels ?? {}).map(([panel, template]) => ({
      panel,
      template,
      title: templateNamed(folder.folder, template)?.title ?? null,
    })),
    tables,
    issues: [...issues],
  };
}

/** study.yaml of a new study: visits before, during and after an ablation, to be changed by whoever knows better. */
export function newDescription(
  study: string,
  title: string,
  panels: Readonly<Record<string, string>>,
): string {
  const document = parseDocument(`anchor: ABLDT
visits: [V0, V1, V2, V3, V4]
windows:
  - { n: 0, label: Baseline, phase: PRE, target: -1, lo: -28 }
  - { n: 1, label: Ablation + 2 d, phase: DURING, target: 3, lo: 1, hi: 6 }
  - { n: 2, label: Week 2, phase: DURING, target: 15, lo: 7, hi: 21 }
  - { n: 3, label: Month 1, phase: POST, target: 30, lo: 22, hi: 60 }
  - { n: 4, label: Month 3, phase: POST, target: 90, lo: 61, hi: 180 }
`);
  // tables name the study by it; an id that no table may hold is left to the subject table
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(study)) document.set('id', study);
  document.set('title', title);
  document.set('panels', panels);
  return checkedDescription(document.toString());
}

function checkedDescription(text: string): string {
  const { definition, issues } = parseDefinition(text);
  if (definition === null) throw new RequestError('E_REQUEST', issues[0].message, issues.slice(1));
  return text;
}

export interface StudyChange {
  readonly title?: string | undefined;
  readonly panels?: Readonly<Record<string, string>> | undefined;
  readonly anchor?: StudyDetail['anchor'] | undefined;
  readonly visits?: StudyDetail['visits'] | undefined;
  readonly reason: string;
}

export function changeDescription(folder: StudyFolder, { reason, ...change }: StudyChange, by: Actor): void {
  const { title, panels, anchor, visits } = change;
  if (Object.values(change).every((part) => part === undefined)) return;
  requireOpen(folder.log.state(), []);
  for (const [panel, template] of Object.entries(panels ?? {})) {
    if (templateNamed(folder.folder, template) === null)
      throw new ImmunogateError('E_REQUEST', `Panel ${panel}: there is no usable template ${template}.`);
  }
  const { description } = readStudy(folder.folder);
  const document = parseDocument(description);
  if (!isMap(document.contents))
    throw new ImmunogateError('E_CONFLICT', 'study.yaml cannot be changed here: it is not a map.');
  if (title !== undefined) document.set('title', title);
  if (panels !== undefined) document.set('panels', panels);
  if (anchor !== undefined) document.set('anchor', anchor);
  if (visits !== undefined) {
    document.set(
      'visits',
      document.createNode(
        visits.map(({ visit }) => visit),
        { flow: true },
      ),
    );
    document.set('windows', document.createNode(visits.map(windowOf)));
  }
  writeFileWhole(join(folder.folder, 'study.yaml'), checkedDescription(document.toString()));
  folder.log.record(
    { action: 'study changed' },
    {
      object: folder.study,
      by,
      reason,
      before: description,
      after: JSON.parse(JSON.stringify(change)) as unknown,
    },
  );
}

function windowOf({ n, label, phase, target, lo, hi }: StudyDetail['visits'][number]) {
  const word = { pre: 'PRE', during: 'DURING', post: 'POST' } as const;
  return { n, label, phase: word[phase], target, lo, ...(hi === null ? {} : { hi }) };
}

export interface TableImport {
  readonly table: TableKey;
  readonly csv: string;
  readonly dryRun: boolean;
  readonly reason: string | null;
}

/** Takes a table in when it has no errors; what is wrong or odd with it is said either way. */
export function importTable(
  folder: StudyFolder,
  { table, csv, dryRun, reason }: TableImport,
  by: Actor,
): { readonly rows: number; readonly saved: boolean; readonly issues: readonly Issue[] } {
  const { rows, issues } = readTable(studyTables[table].table, csv);
  const saved = !dryRun && rows.length > 0 && issues.every(({ level }) => level !== 'error');
  if (saved) {
    const { definition, rows: present } = readStudy(folder.folder);
    requireOpen(folder.log.state(), table === 'samples' ? changedRows(present, csv) : []);
    const file = tableFile(definition, table);
    // a description may name a table elsewhere below the folder; it is only replaced where it is, or made beside the description
    const before = tableText(folder.folder, definition, table);
    if (before === null && /[\\/]/.test(file))
      throw new ImmunogateError('E_CONFLICT', `study.yaml wants this table as ${file}, which is not there.`);
    writeFileWhole(join(folder.folder, file), csv.endsWith('\n') ? csv : `${csv}\n`);
    folder.log.record({ action: 'table imported' }, { object: table, by, reason, before, after: csv });
    if (table === 'samples') assignFiles(folder, by);
  }
  return { rows: rows.length, saved, issues };
}

/** Samples whose row another samples.csv changes or leaves out. The file is not the row's to lose: uploads are matched anew. */
function changedRows(present: readonly SampleRow[], csv: string): string[] {
  const table = csvOrNull(csv);
  const text = (row: SampleRow): string => JSON.stringify({ ...row, file: '' });
  const rows = new Map((table === null ? [] : sampleRows(table)).map((row) => [row.sample, text(row)]));
  return present.filter((row) => rows.get(row.sample) !== text(row)).map(({ sample }) => sample);
}
