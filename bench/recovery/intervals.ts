// The interval that a study's endpoint has beside each count of a tube: counting, pipetting and lot with gating
// (src/endpoints/measures/combined-interval.ts); where no gating error is known, counting alone, as the product reports it then.
import {
  combinedInterval,
  doubletFactor,
  gatingError,
  gatingInterval,
  type AbsoluteCount,
  type Limits,
} from '../../src/endpoints/index.ts';
import { log } from '../../src/math/index.ts';
import { populationRows, uncertaintyRows } from '../../src/results/index.ts';
import type { GatedTube } from './gate.ts';

/**
 * Of the populations of a tube, by id; `anchor` = the population that a bridged count is a part of. The counting tube of a bridged count
 * is perfectly gated, so its cells have no gating error and none of them hide in pairs. `pairs` `none`: without the limit for cells that
 * hide in pairs, for tubes in which pairs come on top of the single cells.
 */
export function intervalsOf({ strategy, members }: GatedTube) {
  const counts = members.map((member) => member?.reduce((sum, is) => sum + is, 0) ?? null);
  const populations = populationRows(strategy, counts, members[0]?.length ?? 0);
  const result = { populations, uncertainty: uncertaintyRows(strategy, populations) };
  const pathsOf = (id: string) =>
    populations.filter(({ population }) => population === id).map(({ path }) => path);
  const countOf = (id: string) => populations.find(({ population }) => population === id)?.count ?? null;
  const [before, after, single] = ['nomargin', 'singS', 'leuk'].map(countOf);
  const hidden =
    before === null || after === null || single === null ? 0 : log(doubletFactor(before - after, single));

  return (
    count: AbsoluteCount,
    id: string,
    anchor: string | null,
    pairs: 'hidden' | 'none',
  ): Limits | null => {
    const { value, ciLow, ciHigh, platform } = count;
    if (value === null || ciLow === null || ciHigh === null) return null;
    const counting = { low: ciLow, high: ciHigh };
    const error = gatingError(result, pathsOf(id), anchor === null ? [] : pathsOf(anchor));
    const up = (error?.up ?? 0) + (platform === 'beads' && pairs === 'hidden' ? hidden : 0);
    const gating = gatingInterval(value, error && { ...error, up });
    return combinedInterval(value, { counting, gating }, 'cells/uL') ?? counting;
  };
}
