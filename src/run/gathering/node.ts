// From the store of a gating run to the samples of an analysis: what endpoints need of each result, and nothing else in memory.
import type { GatedSample } from '../../analysis/index.ts';
import { neededStatistic } from '../../endpoints/index.ts';
import { keptTime, uncertaintyRows, type ItemRecord, type RunTimes } from '../../results/index.ts';
import type { StoreReader } from '../../results/node.ts';
import type { Sample } from '../../study/index.ts';

/**
 * Samples in the order given; `items` are those of the run, `notGated` says why a sample was not handed to it, `times` how long the file of
 * a sample ran. `store` null: nothing was gated.
 */
export function gatherSamples(
  store: Pick<StoreReader, 'result'> | null,
  samples: readonly Sample[],
  items: readonly ItemRecord[],
  notGated: ReadonlyMap<string, string>,
  times: ReadonlyMap<string, RunTimes | null>,
): GatedSample[] {
  const itemOf = new Map(items.map((item) => [item.sample, item]));
  return samples.map((sample): GatedSample => {
    const item = itemOf.get(sample.sample);
    const result = item?.resultId == null ? null : (store?.result(item.resultId) ?? null);
    if (result === null) {
      const refusal = item?.issues.find(({ level }) => level === 'error') ?? null;
      return {
        ...unknown(sample),
        state: item === undefined ? 'notGated' : 'refused',
        reason: refusal?.message ?? notGated.get(sample.sample) ?? 'It was not gated.',
        issues: item?.issues ?? [],
      };
    }
    const run = sample.totalMicrolitres === null ? null : (times.get(sample.sample) ?? null);
    return {
      sample,
      state: 'gated',
      reason: null,
      resultId: result.resultId,
      fileSha256: result.fileSha256,
      strategySha256: result.provenance.strategySha256,
      eventCount: result.eventCount,
      populations: result.populations,
      statistics: result.statistics.filter(neededStatistic),
      uncertainty: uncertaintyRows(result.strategy, result.populations),
      kept: run === null ? [] : keptTime(result.strategy, result.populations, run),
      quality: result.quality,
      issues: result.issues,
    };
  });
}

function unknown(sample: Sample) {
  return {
    ...{ sample, resultId: null, fileSha256: null, strategySha256: null, eventCount: null },
    ...{ populations: [], statistics: [], uncertainty: [], kept: [], quality: [] },
  };
}
