// What the processes beside the server do, so that the one that answers never waits for events: look at a file, bin populations, count. Plain data
// in and out. Opened files are kept for the next task on the same file; what is kept is HEADER and TEXT, and the values that the gates of an open sample are recounted on.
import { ImmunogateError, type Issue } from '../../errors.ts';
import { labelledChannels } from '../../engine/index.ts';
import { inspectFcs, readFcs, type FcsFile } from '../../fcs/index.ts';
import { openFile, sha256Hash, type FileSource } from '../../fcs/node.ts';
import {
  binDensities,
  countPopulations,
  neededFor,
  planRecount,
  retainEvents,
  type Density,
  type DensityView,
  type GatingStrategy,
  type RetainedEvents,
} from '../../gating/index.ts';
import type { FileInspection } from '../schema.ts';

/** `path` is a blob or a file of the study; `dataset` as the run read it. */
export type SideTask =
  | { readonly kind: 'inspect'; readonly path: string }
  /** Closes the file and drops what is kept of its events. */
  | { readonly kind: 'forget'; readonly path: string }
  | { readonly kind: 'channels'; readonly path: string; readonly dataset: number }
  | {
      readonly kind: 'densities';
      readonly path: string;
      readonly dataset: number;
      readonly strategy: GatingStrategy;
      readonly views: readonly DensityView[];
      readonly bins: number;
      readonly mostDots: number;
    }
  | {
      readonly kind: 'recount';
      readonly path: string;
      readonly dataset: number;
      /** Names the content of `saved` and of the file. */
      readonly resultId: string;
      readonly saved: GatingStrategy;
      readonly edited: GatingStrategy;
      /** Populations whose gates differ between the two. */
      readonly moved: readonly string[];
    };

export interface FileChannel {
  readonly channel: string;
  readonly marker: string | null;
  readonly kind: string;
  readonly compensated: boolean;
}

export interface SideAnswers {
  readonly inspect: FileInspection;
  readonly forget: null;
  readonly channels: readonly FileChannel[];
  readonly densities: readonly Density[];
  /** Events of the populations that the moved gates can change, by path; null = not evaluable. */
  readonly recount: ReadonlyMap<string, number | null>;
}

export type SideReply =
  | { readonly kind: 'done'; readonly value: unknown }
  /** A value, because errors lose their code between processes. */
  | { readonly kind: 'refused'; readonly issue: Issue };

export function performSideTask(task: SideTask): SideReply {
  try {
    return { kind: 'done', value: perform(task) };
  } catch (error) {
    if (error instanceof ImmunogateError) return { kind: 'refused', issue: error.toIssue() };
    throw error;
  }
}

function perform(task: SideTask): SideAnswers[SideTask['kind']] {
  switch (task.kind) {
    case 'inspect':
      return inspect(task.path);
    case 'forget':
      return forget(task.path);
    case 'channels': {
      const { file } = opened(task.path, task.dataset);
      const detectors = new Set(file.spillover?.detectors);
      return labelledChannels(file).map(({ name, marker, kind }) => ({
        channel: name,
        marker,
        kind,
        compensated: detectors.has(name),
      }));
    }
    case 'densities': {
      const { source, file } = opened(task.path, task.dataset);
      return binDensities(source, file, task.strategy, task.views, {
        bins: task.bins,
        mostDots: task.mostDots,
      });
    }
    case 'recount':
      return recount(task);
  }
}

/** Of all that is kept for recounts, and of one of them: the columns of ten million events on six axes. */
const mostRetainedBytes = 512 * 1024 * 1024;
/** By result and moved gates, used last at the end; null: too large to keep. */
const retained = new Map<string, RetainedEvents | null>();

function forget(path: string): null {
  for (const [key, { source }] of kept) {
    if (!key.endsWith(` ${path}`)) continue;
    kept.delete(key);
    source.close();
  }
  for (const key of retained.keys())
    if ((JSON.parse(key) as readonly unknown[])[0] === path) retained.delete(key);
  return null;
}

function recount({
  path,
  dataset,
  resultId,
  saved,
  edited,
  moved,
}: Extract<SideTask, { readonly kind: 'recount' }>): SideAnswers['recount'] {
  const { source, file } = opened(path, dataset);
  const key = JSON.stringify([path, resultId, moved]);
  const plan = planRecount(saved, moved);
  let events = retained.get(key);
  retained.delete(key);
  // a failure leaves nothing behind that a later move would take for kept events
  events ??= events === null ? null : retainEvents(source, file, saved, plan, mostRetainedBytes);
  retained.set(key, events);
  letGoOfOldest();
  if (events !== null) return events.count(edited);
  const part = neededFor(edited, plan.touched);
  const { counts } = countPopulations(source, file, part);
  const touched = new Set(plan.touched);
  return new Map(
    part.populations.flatMap(({ path: one }, p): [string, number | null][] =>
      touched.has(one) ? [[one, counts[p]]] : [],
    ),
  );
}

function letGoOfOldest(): void {
  const total = (): number => [...retained.values()].reduce((sum, one) => sum + (one?.bytes ?? 0), 0);
  for (const key of retained.keys()) {
    if (retained.size <= 16 && total() <= mostRetainedBytes) return;
    if (retained.size === 1) return;
    retained.delete(key);
  }
}

function inspect(path: string): FileInspection {
  const source = openFile(path);
  try {
    const found = inspectFcs(source, { createHash: sha256Hash });
    if (found.result === 'error') return { ...found, findings: [...found.findings] };
    const file = readFcs(source);
    return {
      result: 'ok',
      events: found.events,
      parameters: found.parameters,
      markers: labelledChannels(file).map(({ name, marker }) => ({ channel: name, marker })),
      cytometer: file.keywords.get('$CYT') ?? null,
      dataSha256: found.dataSha256,
      findings: [...found.findings],
    };
  } catch (error) {
    if (!(error instanceof ImmunogateError)) throw error;
    return { result: 'error', code: error.code, message: error.message, findings: [error.toIssue()] };
  } finally {
    source.close();
  }
}

interface Opened {
  readonly source: FileSource;
  readonly file: FcsFile;
}

const mostOpened = 8;
const kept = new Map<string, Opened>();

/** The file, opened once; the one used longest ago is closed when there are too many. */
function opened(path: string, dataset: number): Opened {
  const key = `${dataset} ${path}`;
  const known = kept.get(key);
  if (known !== undefined) {
    kept.delete(key);
    kept.set(key, known);
    return known;
  }
  const source = openFile(path);
  try {
    const made = { source, file: readFcs(source, { dataset }) };
    kept.set(key, made);
    for (const [oldest, { source: old }] of kept) {
      if (kept.size <= mostOpened) break;
      kept.delete(oldest);
      old.close();
    }
    return made;
  } catch (error) {
    source.close();
    throw error;
  }
}
