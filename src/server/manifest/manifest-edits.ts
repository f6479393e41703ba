// Edits of the manifest: rows changed by people, files given to tubes by their names and markers. samples.csv is written whole.
// Invariant: an edit that would leave rows which the study refuses is not written.
import { join } from 'node:path';
import { ImmunogateError, type Issue } from '../../errors.ts';
import type { Actor } from '../../results/index.ts';
import { writeFileWhole } from '../../results/node.ts';
import { readTable } from '../../study/index.ts';
import { RequestError } from '../http-status.ts';
import type { SampleRow } from '../schema.ts';
import type { StudyState } from '../study-log.ts';
import { readStudy, sampleTable, tableFile, tableText, type StudyReading } from '../study-reading.ts';
import type { StudyFolder } from '../workspace.ts';
import { writeCsv } from './csv-table.ts';
import { blobName, expectedTubes, matchOf, revisionOf } from './manifest.ts';
import { panelFit } from './panel-fit.ts';

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
  const fit = panelFit(study.folder, reading.definition?.panels ?? {});
  for (const file of study.log.state().files.values()) {
    const { sha256: hash } = file;
    if (used.has(blobName(hash))) continue;
    const { sample, reason } = matchOf(file, expectedTubes(study.folder, rows), fit);
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
      reason: assigned.length === 1 ? assigned[0].reason : 'matched by names and markers',
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
