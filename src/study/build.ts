// Description and tables to a Study. Pure: texts in, a Study and issues out.
// Invariant: a row that cannot be used is left out with an error that names it; a table that cannot be read at all leaves the study
// without that table; only without subjects there is no study.
import { issue, type Issue } from '../errors.ts';
import type { Sample, Study } from './model.ts';
import { readTable } from './read-tables.ts';
import type { StudyDefinition } from './schema.ts';
import type { ManifestRecord, RecordOf, TableName } from './tables.ts';

/** Text of each table that the study has. */
export type TableTexts = Partial<Readonly<Record<TableName, string>>>;

export interface BuiltStudy {
  /** null without subjects. */
  readonly study: Study | null;
  readonly issues: readonly Issue[];
}

export function buildStudy(definition: StudyDefinition, texts: TableTexts): BuiltStudy {
  const issues: Issue[] = [];
  const rowsOf = <T extends TableName>(table: T): readonly RecordOf<T>[] => {
    const text = texts[table];
    if (text === undefined) return [];
    const reading = readTable(table, text);
    issues.push(...reading.issues);
    const { faulty } = reading;
    return faulty === null ? [] : reading.rows.filter((_, at) => !faulty.has(at));
  };
  const subjects = rowsOf('adsl');
  if (subjects.length === 0) {
    issues.push(
      issue('E_STUDY_INVALID', 'The study has no subjects: the table of subjects is missing or empty.'),
    );
    return { study: null, issues };
  }
  const ids = new Set(subjects.map(({ STUDYID }) => STUDYID).filter((id) => id !== ''));
  const id = definition.id ?? (ids.size === 1 ? [...ids][0] : null);
  if (id === null) {
    issues.push(issue('E_STUDY_INVALID', 'The study has no id: give one in its description.'));
    return { study: null, issues };
  }
  const known = new Set(subjects.map(({ USUBJID }) => USUBJID));
  const study: Study = {
    id,
    title: definition.title ?? id,
    definition,
    subjects: subjects.map((subject) => (subject.STUDYID === '' ? { ...subject, STUDYID: id } : subject)),
    samples: samplesOf(rowsOf('samples'), definition, known, issues),
    bloodCounts: rowsOf('cbc').filter(({ subject, visit }) => {
      if (known.has(subject)) return true;
      issues.push(
        issue(
          'BAD_INPUT',
          `The subject ${subject} is not in the table of subjects.`,
          `cbc ${subject} ${visit}`,
        ),
      );
      return false;
    }),
    lesions: rowsOf('tumour'),
    local: rowsOf('local'),
    adverseEvents: rowsOf('ae'),
    immune: rowsOf('immune'),
    parameters: rowsOf('params'),
  };
  return { study, issues };
}

function samplesOf(
  rows: readonly ManifestRecord[],
  definition: StudyDefinition,
  subjects: ReadonlySet<string>,
  issues: Issue[],
): Sample[] {
  const visits = new Map(definition.visits.map((visit, at) => [visit, at + 1]));
  const named = rows.map((row) => ({ row, sample: row.sample === '' ? nameOf(row.file) : row.sample }));
  const times = new Map<string, number>();
  for (const { sample } of named) times.set(sample, (times.get(sample) ?? 0) + 1);
  const usable = named.filter(({ row, sample }) => {
    const refuse = (message: string): false => {
      issues.push(issue('E_SAMPLE_INVALID', message, `samples ${sample.slice(0, 80)}`));
      return false;
    };
    if (!isFileName(sample)) return refuse('The sample name cannot be used as the name of a file.');
    if ((times.get(sample) ?? 0) > 1)
      return refuse(`The sample name ${sample} occurs ${times.get(sample)} times.`);
    if (!subjects.has(row.subject))
      return refuse(`The subject ${row.subject} is not in the table of subjects.`);
    if (definition.visits.length > 0 && !visits.has(row.visit)) {
      return refuse(`The visit ${row.visit} is not one of ${definition.visits.join(', ')}.`);
    }
    for (const [name, value] of [
      ['beads_per_tube', row.beads_per_tube],
      ['blood_volume_ul', row.blood_volume_ul],
      ['total_volume_ul', row.total_volume_ul],
    ] as const)
      if (value !== null && value < 0) return refuse(`${name} is ${value}; it cannot be below 0.`);
    const { blood_volume_ul: blood, total_volume_ul: total } = row;
    if (blood !== null && total !== null && total < blood)
      return refuse(`total_volume_ul is ${total}, less than the ${blood} of blood_volume_ul that are in it.`);
    if (!Object.hasOwn(definition.panels, row.panel)) {
      return refuse(`The panel ${row.panel} is not one of ${Object.keys(definition.panels).join(', ')}.`);
    }
    return true;
  });
  const samples = usable.map(({ row, sample }): Omit<Sample, 'specimen'> => ({
    sample,
    file: row.file,
    subject: row.subject,
    visit: row.visit,
    visitNumber: visits.get(row.visit) ?? null,
    panel: row.panel,
    role: row.role,
    stimulus: row.stimulus === '' ? null : row.stimulus,
    omitted: row.omitted
      .split(/[;,]/)
      .map((marker) => marker.trim())
      .filter((marker) => marker !== '')
      .sort(),
    collectedAt: row.collected_at.replace(' ', 'T'),
    beadsPerTube: row.beads_per_tube,
    beadLot: row.bead_lot === '' ? null : row.bead_lot,
    bloodMicrolitres: row.blood_volume_ul,
    totalMicrolitres: row.total_volume_ul,
    batch: row.batch === '' ? null : row.batch,
    cytometer: row.cytometer === '' ? null : row.cytometer,
  }));
  const panels = Object.keys(definition.panels);
  return withSpecimens(
    samples.sort(
      (a, b) =>
        byText(a.subject, b.subject) ||
        (a.visitNumber ?? 0) - (b.visitNumber ?? 0) ||
        byText(a.visit, b.visit) ||
        panels.indexOf(a.panel) - panels.indexOf(b.panel) ||
        byText(a.collectedAt, b.collectedAt) ||
        byText(a.sample, b.sample),
    ),
  );
}

/** What a tube is within its draw: two tubes of one such name are repeats of each other. */
export function tubeName(sample: Pick<Sample, 'panel' | 'role' | 'stimulus' | 'omitted'>): string {
  const { panel, role, stimulus, omitted } = sample;
  return [panel, role, ...(stimulus === null ? [] : [stimulus]), ...omitted].join(' ');
}

/** Tubes of one day and visit share a specimen, except the repeats of a tube: they go to a second one. */
function withSpecimens(samples: readonly Omit<Sample, 'specimen'>[]): Sample[] {
  const repeats = new Map<string, number>();
  const draws = samples.map((sample) => {
    const day = sample.collectedAt.slice(0, 10);
    const key = JSON.stringify([sample.subject, sample.visit, day, tubeName(sample)]);
    const repeat = (repeats.get(key) ?? 0) + 1;
    repeats.set(key, repeat);
    return { sample, draw: `${day} ${repeat}` };
  });
  const ofVisit = new Map<string, Set<string>>();
  for (const { sample, draw } of draws) {
    const visit = `${sample.subject}_${sample.visit}`;
    ofVisit.set(visit, (ofVisit.get(visit) ?? new Set()).add(draw));
  }
  return draws.map(({ sample, draw }) => {
    const visit = `${sample.subject}_${sample.visit}`;
    const at = [...(ofVisit.get(visit) ?? [])].sort().indexOf(draw);
    return { ...sample, specimen: at <= 0 ? visit : `${visit}_${at + 1}` };
  });
}

function nameOf(file: string): string {
  const name = file.replace(/^.*[\\/]/, '');
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** A name that is one path segment on every system (reliability S-5). */
function isFileName(name: string): boolean {
  return /^[^\p{Cc}\p{Cf}\\/:*?"<>|.][^\p{Cc}\p{Cf}\\/:*?"<>|]{0,199}$/u.test(name) && !/[. ]$/.test(name);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
