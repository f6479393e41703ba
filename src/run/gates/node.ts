// Which gates a report shows, and their plots: of each panel the stained samples of the subject with most visits, read once more from its files.
// Invariant: the choice depends on study and results alone; a file that has gone or changed since is said, never drawn with gates of another.
import type { GatedSample } from '../../analysis/index.ts';
import { densitiesOfFile } from '../../engine/node.ts';
import { ImmunogateError } from '../../errors.ts';
import type { ReadOptions } from '../../fcs/index.ts';
import type { GatingStrategy } from '../../gating/index.ts';
import { sampleGates, type SampleGates } from '../../report/index.ts';
import type { StoreReader } from '../../results/node.ts';
import type { Study } from '../../study/index.ts';
import { pathUnder } from '../folder/node.ts';
import { readOptionsOf } from '../reading.ts';

/** Samples to draw, in order of panel, then visit: of `subject`, where a panel has one of it. */
export function samplesToDraw(samples: readonly GatedSample[], subject: string | null = null): GatedSample[] {
  const stained = samples.filter(({ state, sample }) => state === 'gated' && sample.role === 'stained');
  const panels = [...new Set(stained.map(({ sample }) => sample.panel))];
  return panels.flatMap((panel) => {
    const own = stained.filter(({ sample }) => sample.panel === panel);
    const all = [...new Set(own.map((one) => one.sample.subject))];
    const wanted = subject !== null && all.includes(subject) ? [subject] : all;
    const subjects = wanted.map((one) => firstOfVisits(own, one));
    return subjects.reduce<GatedSample[]>((most, one) => (better(one, most) ? one : most), []);
  });
}

/** One tube a visit, in order of the visits. */
function firstOfVisits(samples: readonly GatedSample[], subject: string): GatedSample[] {
  const byVisit = new Map<string, GatedSample>();
  for (const one of samples) {
    const { visit } = one.sample;
    if (one.sample.subject === subject && !byVisit.has(visit)) byVisit.set(visit, one);
  }
  return [...byVisit.values()].sort(
    (a, b) => (a.sample.visitNumber ?? Infinity) - (b.sample.visitNumber ?? Infinity),
  );
}

/** More visits, then fewer failed checks; otherwise the first stays. */
function better(one: readonly GatedSample[], than: readonly GatedSample[]): boolean {
  const failures = (of: readonly GatedSample[]): number =>
    of.reduce((sum, { quality }) => sum + quality.filter(({ verdict }) => verdict === 'fail').length, 0);
  return one.length > than.length || (one.length === than.length && failures(one) < failures(than));
}

/** Files are looked for below `root`. */
export function gatesOfReport(
  store: Pick<StoreReader, 'result'>,
  root: string,
  samples: readonly GatedSample[],
  study: Pick<Study, 'definition'>,
): SampleGates[] {
  const { subject = null } = study.definition.report;
  return samplesToDraw(samples, subject).map((one): SampleGates => {
    const { sample, resultId, strategySha256, eventCount, populations } = one;
    const head = {
      ...{ sample: sample.sample, subject: sample.subject, visit: sample.visit, panel: sample.panel },
      ...{ strategySha256, resultId, events: eventCount ?? 0 },
    };
    const result = resultId === null ? null : store.result(resultId);
    if (result === null) return { ...head, unavailable: 'The result is not in the store.', plots: [] };
    const densities = densitiesOf(one, result.strategy, {
      path: pathUnder(root, sample.file),
      readOptions: readOptionsOf(study, sample),
    });
    return typeof densities === 'string'
      ? { ...head, unavailable: densities, plots: [] }
      : sampleGates({ ...head, strategy: result.strategy, populations, densities });
  });
}

/** The densities of a file that is still the one that was gated, or why there are none. */
function densitiesOf(
  { sample, fileSha256 }: GatedSample,
  strategy: GatingStrategy,
  { path, readOptions }: { readonly path: string | null; readonly readOptions: ReadOptions },
): ReturnType<typeof densitiesOfFile> | string {
  if (path === null || fileSha256 === null) return 'The file is no longer in the folder of the study.';
  try {
    return densitiesOfFile(sample.sample, path, strategy, {
      ...{ bins: reportBins, mostDots: 0, sha256: fileSha256, readOptions },
    });
  } catch (error) {
    if (error instanceof ImmunogateError) return error.message;
    throw error;
  }
}

/** Bins an axis: enough for the plots of a report. */
const reportBins = 64;
