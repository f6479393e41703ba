// The manifest of a study as subject × visit × tube, as people see it: which file stands where, why, and what is wrong with it. Read from samples.csv
// in the study folder and the study's log; manifest-edits.ts changes it.
import { sha256 } from '../../results/node.ts';
import type { FileMatch, Manifest, SampleRow, StoredFile } from '../schema.ts';
import { fileOf, readStudy, tableText, type StudyReading } from '../study-reading.ts';
import type { FileRecord, StudyState } from '../study-log.ts';
import type { StudyFolder } from '../workspace.ts';
import { matchFile, type ExpectedTube } from './matching.ts';
import { panelFit, type PanelFit } from './panel-fit.ts';

export function manifestOf({ folder, log }: StudyFolder): Manifest {
  const reading = readStudy(folder);
  const { rows, definition, study, issues } = reading;
  const state = log.state();
  const files = [...state.files.values()];
  const used = new Set(rows.map(({ file }) => file));
  const tubes = new Map(rows.map((row) => [tubeOf(row), row]));
  const expected = expectedTubes(folder, rows);
  const fit = panelFit(folder, definition?.panels ?? {});
  const unmatched = files
    .filter(({ sha256: hash }) => !used.has(blobName(hash)))
    .map((file) => storedFile(file, expected, fit));
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
      const uploaded = files.find(({ sha256: hash }) => row.file === blobName(hash)) ?? null;
      const isThere = fileOf(folder, row) !== null;
      return {
        subject: row.subject,
        visit: row.visit,
        tube: tubeOf(row),
        ...stateOf(row, isThere ? uploaded : null, isThere, rows, unmatched, fit),
        row,
        match: purgedMatch(row, state) ?? matchOfRow(row, uploaded, isThere, expected, fit),
      };
    }),
    unmatched,
    issues: issues.filter(({ place }) => place === null || place.startsWith('samples')),
  };
}

type Cell = Manifest['cells'][number];

function stateOf(
  row: SampleRow,
  uploaded: FileRecord | null,
  isThere: boolean,
  rows: readonly SampleRow[],
  unmatched: readonly StoredFile[],
  fit: PanelFit,
): Pick<Cell, 'state' | 'remark'> {
  if (!isThere) return { state: 'missing', remark: null };
  const inspection = uploaded?.inspection ?? null;
  if (inspection?.result === 'error') return { state: 'unreadable', remark: inspection.message };
  // a control tube need not have every marker of its panel
  const lacks = inspection === null || row.role !== 'stained' ? [] : (fit(inspection, row.panel) ?? []);
  if (lacks.length > 0)
    return { state: 'mismatched', remark: `It cannot be gated as ${row.panel}: ${lacks.join(' ')}` };
  const twins = rows.filter(({ file, sample }) => file === row.file && sample !== row.sample);
  if (twins.length > 0)
    return {
      state: 'duplicate',
      remark: `The same file stands at ${twins.map(({ sample }) => sample).join(', ')}, too.`,
    };
  const rival = unmatched.find(
    ({ match }) => match.candidates.length === 1 && match.candidates[0] === row.sample,
  );
  if (rival !== undefined)
    return { state: 'duplicate', remark: `${rival.name} wants this tube, too; choose which of them counts.` };
  return { state: 'matched', remark: null };
}

/** An uploaded file with the tube that it belongs to. */
export function storedFile(
  file: FileRecord & Pick<StoredFile, 'uploaded'>,
  tubes: readonly ExpectedTube[],
  fit: PanelFit,
): StoredFile {
  return { ...file, match: matchOf(file, tubes, fit) };
}

/** To which of the tubes a file belongs, by its name and its markers. */
export function matchOf(file: FileRecord, tubes: readonly ExpectedTube[], fit: PanelFit): FileMatch {
  return matchFile(file.name, tubes, (panel) => {
    const lacks = fit(file.inspection, panel);
    return lacks === null ? null : lacks.length === 0;
  });
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

/** The file of the row was taken away; null where it was not. */
function purgedMatch({ file, sample }: SampleRow, { purged }: StudyState): FileMatch | null {
  const deed = purged.get(file.replace(/^blobs\//, ''));
  if (deed === undefined) return null;
  const reason = `Its file was purged by ${deed.name}: ${deed.reason ?? ''}`;
  return { sample, how: 'none', reason, candidates: [] };
}

function matchOfRow(
  row: SampleRow,
  uploaded: FileRecord | null,
  isThere: boolean,
  tubes: readonly ExpectedTube[],
  fit: PanelFit,
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
  const free = tubes.map((tube) => (tube.sample === row.sample ? { ...tube, filled: false } : tube));
  const match = matchOf(uploaded, free, fit);
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

/** Changes with every change of samples.csv. */
export function revisionOf(reading: StudyReading): string {
  return sha256(tableText(reading.folder, reading.definition, 'samples') ?? '').slice(0, 16);
}
