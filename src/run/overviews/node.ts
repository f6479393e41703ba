// The overview of the stained samples of each panel, from the results in the store; panels with too few samples have none.
import type { GatedSample } from '../../analysis/index.ts';
import { sampleOverview, type Overview } from '../../endpoints/index.ts';
import type { StoreReader } from '../../results/node.ts';

/** In the order in which the panels first occur. */
export function overviewsOfReport(
  store: Pick<StoreReader, 'result'>,
  samples: readonly GatedSample[],
): { readonly panel: string; readonly overview: Overview }[] {
  const stained = samples.filter(({ state, sample }) => state === 'gated' && sample.role === 'stained');
  const panels = [...new Set(stained.map(({ sample }) => sample.panel))];
  return panels.flatMap((panel) => {
    const found = stained.flatMap(({ sample, resultId }) => {
      const result = sample.panel === panel && resultId !== null ? store.result(resultId) : null;
      if (result === null) return [];
      const { populations, statistics } = result;
      return [{ sample: sample.sample, populations, statistics }];
    });
    const overview = sampleOverview(found);
    return typeof overview === 'string' ? [] : [{ panel, overview }];
  });
}
