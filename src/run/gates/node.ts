// Which gates a report shows, and their plots: of each panel the stained samples of the subject with most visits, read once more from its files.
// Invariant: the choice depends on the results alone; a file that has gone or changed since is left out, never drawn with gates of another.
import type { GatedSample } from '../../analysis/index.ts';
import { densitiesOfFile, openStore } from '../../engine/node.ts';
import { ImmunogateError } from '../../errors.ts';
import { sampleGates, type SampleGates } from '../../report/index.ts';
import { pathUnder } from '../folder/node.ts';

/** Samples to draw, in order of panel, then visit. */
export function samplesToDraw(samples: readonly GatedSample[]): GatedSample[] {
  const stained = samples.filter(({ state, sample }) => state === 'gated' && sample.role === 'stained');
  const panels = [...new Set(stained.map(({ sample }) => sample.panel))];
  return panels.flatMap((panel) => {
    const own = stained.filter(({ sample }) => sample.panel === panel);
    const subjects = [...new Set(own.map(({ sample }) => sample.subject))].map((subject) =>
      firstOfVisits(own, subject),
    );
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

export function gatesOfReport(
  out: string,
  root: string,
  software: string,
  samples: readonly GatedSample[],
): SampleGates[] {
  const chosen = samplesToDraw(samples);
  if (chosen.length === 0) return [];
  const store = openStore(out, software);
  try {
    return chosen.flatMap((one): SampleGates[] => {
      const { sample, resultId, strategySha256, populations, eventCount } = one;
      const result = resultId === null ? null : store.result(resultId);
      const path = pathUnder(root, sample.file);
      if (result === null || path === null) return [];
      try {
        const densities = densitiesOfFile(sample.sample, path, result.strategy, {
          bins: reportBins,
          mostDots: 0,
        });
        const { subject, visit, panel } = sample;
        return [
          sampleGates({
            ...{ sample: sample.sample, subject, visit, panel, strategySha256, resultId },
            events: eventCount ?? 0,
            ...{ strategy: result.strategy, populations, densities },
          }),
        ];
      } catch (error) {
        if (error instanceof ImmunogateError) return [];
        throw error;
      }
    });
  } finally {
    store.close();
  }
}

/** Bins an axis: enough for the plots of a report. */
const reportBins = 64;
