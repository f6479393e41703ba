// Shapes of sessions, studies, files and runs.
import { z } from 'zod';
import { count, deed, id, issue, person, role, sha256, text, utc } from './words.ts';

export const session = z
  .object({
    person: person.nullable().describe('null: not signed in; only `session`, `signIn` and `health` answer'),
    role: role.nullable(),
    users: z
      .boolean()
      .describe('true: people sign in with a password; false: whoever has the address may state a name'),
    token: z
      .string()
      .nullable()
      .describe('send it as x-immunogate-token with every request that is not a GET'),
    software: z.string(),
  })
  .meta({ id: 'Session' });
export const user = z.object({ user: id, role, disabled: z.boolean() }).meta({ id: 'User' });

export const panel = z
  .object({
    panel: id,
    template: z.string().describe('file name of a shipped template or of one in the study folder'),
    title: z.string().nullable().describe('null: the template cannot be read, see the issues of the study'),
  })
  .meta({ id: 'Panel' });

export const studyTables = z.enum(['samples', 'subjects', 'cbc', 'tumour', 'local', 'ae', 'immune']);

export const studySummary = z
  .object({
    study: id,
    title: z.string(),
    subjects: count,
    samples: count,
    files: count.describe('rows of samples.csv whose file is there'),
    locked: deed.nullable(),
    running: z.string().nullable().describe('the run that is under way'),
    lastRun: z.object({ run: z.string(), state: z.string(), endedUtc: utc.nullable() }).nullable(),
  })
  .meta({ id: 'StudySummary' });

export const anchor = z.enum(['ABLDT', 'TRTSDT']).describe('date from which days are counted');
const day = z.int().min(-100_000).max(100_000);
/** A visit and its window of days; there is no day 0. */
export const visit = z
  .strictObject({
    visit: z.string().min(1).max(40),
    label: z.string().min(1).max(40),
    phase: z.enum(['pre', 'during', 'post']),
    n: z.number().describe('number of the visit in the tables'),
    target: day.describe('day for which the visit is planned'),
    lo: day,
    hi: day.nullable().describe('null: open'),
  })
  .meta({ id: 'Visit' });

export const study = studySummary
  .extend({
    anchor,
    conf: z.number().describe('level of the intervals of comparisons, models, proportions and survival'),
    visits: z.array(visit),
    panels: z.array(panel),
    tables: z.array(z.object({ table: studyTables, file: z.string(), rows: count.nullable() })),
    issues: z.array(issue).describe('what keeps the study from running, or deserves a look'),
  })
  .meta({ id: 'Study' });

export const template = z
  .object({
    file: z.string(),
    id: z.string(),
    version: z.string(),
    title: z.string(),
    populations: count,
    sha256,
  })
  .meta({ id: 'Template' });

/** A row of samples.csv; empty text where the table says nothing. */
export const sampleRow = z
  .object({
    sample: text.min(1),
    file: z
      .string()
      .max(1024)
      .describe('path below the study folder; `blobs/<sha256>` for an uploaded file; empty: none yet'),
    subject: text,
    visit: text,
    panel: text,
    role: z.enum(['stained', 'fmo', 'unstained', 'stimulated', 'single-stain', 'bridge']),
    stimulus: text,
    omitted: text,
    collected_at: text,
    beads_per_tube: text,
    bead_lot: text,
    blood_volume_ul: text,
    total_volume_ul: text,
    batch: text,
    cytometer: text,
  })
  .partial({
    stimulus: true,
    omitted: true,
    collected_at: true,
    beads_per_tube: true,
    bead_lot: true,
    blood_volume_ul: true,
    total_volume_ul: true,
    batch: true,
    cytometer: true,
  })
  .meta({ id: 'SampleRow' });

export const inspection = z
  .discriminatedUnion('result', [
    z.object({
      result: z.literal('ok'),
      events: count,
      parameters: count,
      markers: z.array(z.object({ channel: z.string(), marker: z.string().nullable() })),
      cytometer: z.string().nullable(),
      dataSha256: sha256,
      findings: z.array(issue),
    }),
    z.object({ result: z.literal('error'), code: z.string(), message: z.string(), findings: z.array(issue) }),
  ])
  .meta({ id: 'FileInspection' });

/** To which tube a file belongs. `reason` is a sentence for the person, also where nothing fits. */
export const match = z
  .object({
    sample: z.string().nullable(),
    how: z.enum(['manifest', 'name', 'markers', 'chosen', 'none']),
    reason: z.string(),
    candidates: z.array(z.string()).describe('samples that would also fit, best first'),
  })
  .meta({ id: 'FileMatch' });

export const storedFile = z
  .object({
    name: z.string().describe('as the browser named it: base name only, controls stripped'),
    sha256,
    bytes: count,
    inspection,
    match,
    uploaded: deed,
  })
  .meta({ id: 'StoredFile' });

export const uploadAnswer = storedFile
  .extend({ already: z.boolean().describe('true: these very bytes were here; nothing was stored twice') })
  .meta({ id: 'UploadAnswer' });

export const manifest = z
  .object({
    revision: z.string().describe('send it with an edit; another means somebody else changed the manifest'),
    subjects: z.array(z.string()),
    visits: z.array(z.string()),
    tubes: z
      .array(
        z.object({
          tube: z
            .string()
            .describe('panel, role and stimulus or left-out marker in words: `P1`, `P2 fmo PD1`'),
          panel: z.string(),
          role: z.string(),
          detail: z.string(),
        }),
      )
      .describe('columns of the matrix'),
    cells: z
      .array(
        z.object({
          subject: z.string(),
          visit: z.string(),
          tube: z.string(),
          state: z
            .enum(['matched', 'mismatched', 'duplicate', 'unreadable', 'missing'])
            .describe(
              'mismatched: the file lacks markers that the template of the panel asks for; duplicate: the file stands at another tube, too, or another file wants this one',
            ),
          remark: z.string().nullable().describe('what is wrong with the file of this tube, in words'),
          row: sampleRow,
          match,
        }),
      )
      .describe('one for each row of samples.csv; a place without a cell is a tube that nobody expects'),
    unmatched: z.array(storedFile).describe('uploaded files that no row names'),
    issues: z.array(issue),
  })
  .meta({ id: 'Manifest' });

export const progress = z
  .object({
    samples: count,
    done: count,
    refused: count,
    reused: count.describe('of done: taken from the store'),
    events: count,
    seconds: z.number(),
    secondsLeft: z.number().nullable(),
  })
  .meta({ id: 'Progress' });

export const run = z
  .object({
    run: z.string(),
    state: z
      .enum(['running', 'finished', 'cancelled', 'failed', 'interrupted'])
      .describe('interrupted: the server ended meanwhile; start a run again and it continues'),
    why: z.enum(['run', 'override']).describe('asked for, or the recount after a gate edit'),
    started: deed,
    endedUtc: utc.nullable(),
    progress: progress.nullable(),
    issues: z.array(issue).describe('why it failed'),
  })
  .meta({ id: 'Run' });
