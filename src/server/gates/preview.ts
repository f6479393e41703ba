// What a moved gate would do, before anybody saves it: a recount of what it touches, and the immune values of the tube's specimen before and after.
// Invariant: nothing is written; counts are exact, over all events.
import {
  deriveEndpoints,
  drawsOf,
  plannedParameters,
  type Acquisition,
  type EndpointRow,
} from '../../endpoints/index.ts';
import type { GatingStrategy } from '../../gating/index.ts';
import { populationRows, type ResultBody } from '../../results/index.ts';
import type { Sample, Study } from '../../study/index.ts';
import type { Preview } from '../schema.ts';

/** The populations of an edit, in both states; `recount` counts what the moved gates can change, over all events. */
export async function previewCounts(
  result: ResultBody,
  edited: GatingStrategy,
  paths: readonly string[],
  recount: (moved: readonly string[]) => Promise<ReadonlyMap<string, number | null>>,
): Promise<{ readonly populations: Preview['populations']; readonly after: ResultBody }> {
  const counted = await recount(editedTogether(result.strategy, edited, paths));
  const before = new Map(result.populations.map((row) => [row.path, row]));
  const rows = populationRows(
    edited,
    edited.populations.map(({ path }) => {
      const count = counted.get(path);
      return count === undefined ? (before.get(path)?.count ?? null) : count;
    }),
    result.eventCount,
  );
  return {
    populations: rows
      .filter(({ path }) => counted.has(path))
      .map(({ path, count, fractionOfParent }) => ({
        path,
        before: before.get(path)?.count ?? null,
        after: count,
        fractionBefore: before.get(path)?.fractionOfParent ?? null,
        fractionAfter: fractionOfParent,
      })),
    after: { ...result, strategy: edited, populations: rows },
  };
}

/** The named paths and the cells that move with them. */
function editedTogether(before: GatingStrategy, after: GatingStrategy, paths: readonly string[]): string[] {
  const gates = new Map(before.populations.map(({ path, gate }) => [path, gate]));
  const moved = after.populations
    .filter(({ path, gate }) => gates.get(path) !== gate)
    .map(({ path }) => path);
  return [...new Set([...paths, ...moved])];
}

/**
 * Immune values of the sample's specimen that differ. `resultOf` gives the other tubes, `acquisitionOf` what the file of a tube says of its
 * run under the gates of a result. Medians are those of the stored gates.
 */
export function changedEndpoints(
  study: Study,
  sample: string,
  after: ResultBody,
  resultOf: (sample: string) => ResultBody | null,
  acquisitionOf: (tube: Sample, result: ResultBody) => Acquisition | null,
): Preview['endpoints'] {
  const own = study.samples.find((one) => one.sample === sample);
  if (own === undefined) return [];
  const tubes = study.samples.filter(({ specimen }) => specimen === own.specimen);
  const panels = Object.keys(study.definition.panels);
  const planned = plannedParameters(panels, study.bloodCounts.length > 0);
  const rowsWith = (replaced: ResultBody | null): ReadonlyMap<string, EndpointRow> => {
    const measured = tubes.map((tube) => {
      const found = tube.sample === sample && replaced !== null ? replaced : resultOf(tube.sample);
      // values are compared here, not their intervals
      const result = found === null ? null : { ...found, uncertainty: [] };
      return {
        ...{ sample: tube, result, reason: found === null ? 'It was not gated.' : null },
        acquisition: found === null || tube.totalMicrolitres === null ? null : acquisitionOf(tube, found),
      };
    });
    const draws = drawsOf(measured, study.bloodCounts, study.definition).filter(
      ({ specimen }) => specimen === own.specimen,
    );
    return new Map(deriveEndpoints(draws, planned).map((row) => [`${row.panel} ${row.paramcd}`, row]));
  };
  const before = rowsWith(null);
  return [...rowsWith(after)].flatMap(([key, row]) => {
    const old = before.get(key);
    if (old?.value === row.value && old.reason === row.reason) return [];
    const { paramcd, param, unit, value, reason } = row;
    return [{ parameter: paramcd, label: param, unit, before: old?.value ?? null, after: value, reason }];
  });
}
