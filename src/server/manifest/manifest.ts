// The manifest of a study as subject × visit × tube, and its edits. samples.csv in the study folder is the manifest; what is shown is read from
// it, and an edit writes it whole.
// Invariant: an edit that would leave rows which the study refuses is not written.
import { join } from 'node:path';
import { ImmunogateError, type Issue } from '../../errors.ts';
import type { Actor } from '../../results/index.ts';
import { sha256, writeFileWhole } from '../../results/node.ts';
import { readTable } from '../../study/index.ts';
import { RequestError } from '../http-status.ts';
import type { FileMatch, Manifest, SampleRow, StoredFile } from '../schema.ts';
import { fileOf, readStudy, sampleTable, tableFile, tableText, type StudyReading } from '../study-reading.ts';
import type { FileRecord, StudyState } from '../study-log.ts';
import type { StudyFolder } from '../workspace.ts';
import { writeCsv } from './csv-table.ts';
import { matchFile, type ExpectedTube } from './matching.ts';

export function manifestOf({ folder, log }: StudyFolder): Manifest {
  const reading = readStudy(folder);
  const { rows, definition, study, issues } = reading;
  const state = log.state();
  const files = [...state.files.values()];
  const used = new Set(rows.map(({ file }) => file));
  const tubes = new Map(rows.map((row) => [tubeOf(row), row]));
  return {
    revision: revisionOf(reading),
    subjects: [
      ...new Set([
        ...(study?.subjects ?? []).map(({ USUBJID }) => USUBJID),
        ...rows.map(({ subject }) => subject),
      ]),
    ].sort(),
    visits: [...new Set([...(definition?.visits ?? []), ...rows.map(({ visit }) => visit)])],
    tubes: [...tubes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([tube, row]) => ({ tube, panel: row.panel, role: row.role, detail: detailOf(row) })),
    cells: rows.map((row) => {
      const uploaded = files.find(({ sha256: hash }) => row.file === blobName(hash));
      const isThere = fileOf(folder, row) !== null;
      return {
        subject: row.subject,
        visit: row.visit,
        tube: tubeOf(row),
        state: !isThere ? 'missing' : uploaded?.inspection.result === 'error' ? 'unreadable' : 'matched',
        row,
        match: matchOfRow(row, uploaded ?? null, isThere, folder, rows),
      };
    }),
    unmatched: files
      .filter(({ sha256: hash }) => !used.has(blobName(hash)))
      .map((file) => storedFile(file, expectedTubes(folder, rows))),
    issues: issues.filter(({ place }) => place === null || place.startsWith('samples')),
  };
}

/** An uploaded file with the tube that it belongs to. */
export function storedFile(
  file: FileRecord & Pick<StoredFile, 'uploaded'>,
  tubes: readonly ExpectedTube[],
): StoredFile {
  return { ...file, match: matchFile(file.name, tubes) };
}

export function expectedTubes(folder: string, rows: readonly SampleRow[]): ExpectedTube[] {
  return rows.map((row) => ({
    ...row,
    stimulus: row.stimulus ?? '',
    omitted: row.omitted ?? '',
    filled: fileOf(folder, row) !== null,
  }));
}

/** Where an uploaded file lies, as samples.csv says it. */
export function blobName(hash: string): string {
  return `blobs/${hash}`;
}

function matchOfRow(
  row: SampleRow,
  uploaded: FileRecord | null,
  isThere: boolean,
  folder: string,
  rows: readonly SampleRow[],
): FileMatch {
  const plain = (how: FileMatch['how'], sample: string | null, reason: string): FileMatch => ({
    sample,
    how,
    reason,
    candidates: [],
  });
  if (!isThere) return plain('none', null, `No file is here yet; samples.csv expects ${row.file || 'one'}.`);
  if (uploaded === null)
    return plain('manifest', row.sample, 'samples.csv names a file of the study folder.');
  const free = expectedTubes(folder, rows).map((tube) =>
    tube.sample === row.sample ? { ...tube, filled: false } : tube,
  );
  const match = matchFile(uploaded.name, free);
  return match.sample === row.sample
    ? match
    : plain('chosen', row.sample, `${uploaded.name} was put here by a person.`);
}

function tubeOf(row: SampleRow): string {
  return [row.panel, row.role === 'stained' ? '' : row.role, detailOf(row)]
    .filter((part) => part !== '')
    .join(' ');
}

function detailOf({ stimulus = '', omitted = '' }: SampleRow): string {
  return [stimulus, omitted].filter((part) => part !== '').join(' ');
}

function revisionOf(reading: StudyReading): string {
  return sha256(tableText(reading.folder, reading.definition, 'samples') ?? '').slice(0, 16);
}

export interface ManifestEdit {
  readonly revision: string;
  readonly put: readonly SampleRow[];
  readonly remove: readonly string[];
  readonly reason: string;
}

/** Throws E_CONFLICT for another revision, E_REQUEST with what the study would refuse. */
export function editManifest(
  study: StudyFolder,
  { revision, put, remove, reason }: ManifestEdit,
  by: Actor,
): void {
  const reading = readStudy(study.folder);
  if (revision !== revisionOf(reading))
    throw new ImmunogateError('E_CONFLICT', 'Somebody else changed the manifest meanwhile; look again.');
  requireOwnFiles(put, reading.rows, study.log.state());
  const gone = new Set(remove);
  const replaced = new Map(put.map((row) => [row.sample, row]));
  const kept = reading.rows
    .filter(({ sample }) => !gone.has(sample))
    .map((row) => {
      const edited = replaced.get(row.sample);
      replaced.delete(row.sample);
      return edited === undefined ? row : { ...row, ...edited };
    });
  writeRows(study, reading, [...kept, ...replaced.values()]);
  study.log.record(
    { action: 'manifest edited' },
    { object: 'samples', by, reason, before: reading.rows, after: { put, remove } },
  );
}

/** Gives each uploaded file that no row names to the tube that it clearly belongs to; answers whether any was. */
export function assignFiles(study: StudyFolder, by: Actor): boolean {
  const reading = readStudy(study.folder);
  const rows = [...reading.rows];
  const used = new Set(rows.map(({ file }) => file));
  const assigned: { readonly sample: string; readonly file: string; readonly reason: string }[] = [];
  for (const { name, sha256: hash } of study.log.state().files.values()) {
    if (used.has(blobName(hash))) continue;
    const { sample, reason } = matchFile(name, expectedTubes(study.folder, rows));
    const at = rows.findIndex((row) => row.sample === sample);
    if (at < 0) continue;
    rows[at] = { ...rows[at], file: blobName(hash) };
    used.add(blobName(hash));
    assigned.push({ sample: rows[at].sample, file: blobName(hash), reason });
  }
  if (assigned.length === 0) return false;
  writeRows(study, reading, rows);
  study.log.record(
    { action: 'manifest edited' },
    {
      object: assigned.length === 1 ? assigned[0].sample : 'samples',
      by,
      reason: 'matched by name',
      after: assigned,
    },
  );
  return true;
}

function writeRows(study: StudyFolder, reading: StudyReading, rows: readonly SampleRow[]): void {
  const text = writeCsv(sampleTable(rows));
  const known = new Set(
    problemsOf(tableText(study.folder, reading.definition, 'samples')).map(({ message }) => message),
  );
  const problems = problemsOf(text).filter(({ message }) => !known.has(message));
  if (problems.length > 0) throw new RequestError('E_REQUEST', problems[0].message, problems.slice(1));
  writeFileWhole(join(study.folder, tableFile(reading.definition, 'samples')), text);
}

function problemsOf(text: string | null): Issue[] {
  return text === null ? [] : readTable('samples', text).issues.filter(({ level }) => level === 'error');
}

/** A row may name a file that it named before, an uploaded one, or a plain name that is expected; never a path somewhere. */
function requireOwnFiles(put: readonly SampleRow[], rows: readonly SampleRow[], state: StudyState): void {
  const allowed = new Set([
    ...rows.map(({ file }) => file),
    ...[...state.files.values()].map(({ sha256: hash }) => blobName(hash)),
  ]);
  for (const { file, sample } of put) {
    if (!allowed.has(file) && /[\\/]|^\./.test(file))
      throw new ImmunogateError('E_REQUEST', `The file of ${sample} is none of this study.`);
  }
}
