// Counts by the volume that the instrument drew: what of a tube's file and manifest row gives the volume of blood, and what in it was not
// seen. Beside counts.ts, which chooses the way.
// Invariant: a volume that cannot be one is no volume. Some instruments write $VOL in microlitres, and every count would be a thousand times as high.
import { log } from '../../math/index.ts';
import { keptOnTheWay, type KeptTime } from '../../results/index.ts';
import { noCount, type AbsoluteCount } from '../indicators/absolute-count.ts';
import type { Measured } from '../indicators/indicator.ts';
import { countByVolume } from '../indicators/volume-count.ts';
import type { Acquisition, Tube } from './endpoint.ts';

/** Sample that a cytometer can draw in a minute, microlitres: slow sorters and fast screeners, with room on both sides. */
export const plausibleFlow = { least: 1, most: 5000 } as const;

/** Microlitres of sample a minute; null where the file does not give both. */
export function flowOf({
  volumeNanolitres,
  seconds,
}: Pick<Acquisition, 'volumeNanolitres' | 'seconds'>): number | null {
  return volumeNanolitres === null || !seconds ? null : volumeNanolitres / 1000 / (seconds / 60);
}

/** Whether $VOL can be what was drawn in that time, in nanolitres; a file without both is not doubted. */
export function isPlausibleFlow(flow: number | null): boolean {
  return flow === null || (flow >= plausibleFlow.least && flow <= plausibleFlow.most);
}

/** What the gates on Time keep for the cells of a tube; where that is not the same for all, the least. Stretches that were taken out hold no cells. */
export function keptInTube({ acquisition, result }: Tube): Omit<KeptTime, 'path'> {
  const kept = acquisition?.kept ?? [];
  let least: Omit<KeptTime, 'path'> = { ofTime: 1, ofEvents: 1 };
  for (const { path } of result?.populations ?? []) {
    if (kept.some((row) => row.path === path)) continue;
    const own = keptOnTheWay(kept, path);
    if (own.ofTime < least.ofTime) least = own;
  }
  return least;
}

/** Cells per microlitre of events at the end of these paths of one tube. */
export function volumeCount(tube: Tube, events: Measured, paths: readonly string[]): AbsoluteCount {
  const { sample, acquisition } = tube;
  const { volumeNanolitres = null, kept = [] } = acquisition ?? {};
  const flow = acquisition === null ? null : flowOf(acquisition);
  if (!isPlausibleFlow(flow)) {
    const reason = `By $VOL, which is in nanolitres, ${flow?.toPrecision(2)} µL were drawn in a minute; that cannot be.`;
    return noCount('volume', events, reason);
  }
  const ways = paths.map((path) => keptOnTheWay(kept, path));
  const [first = { ofTime: 1, ofEvents: 1 }] = ways;
  if (ways.some((way) => way.ofTime !== first.ofTime))
    return noCount('volume', events, 'The populations were gated on different parts of the run.');
  const { bloodMicrolitres, totalMicrolitres } = sample;
  return countByVolume(events, { volumeNanolitres, bloodMicrolitres, totalMicrolitres, kept: first });
}

/** ln of how many times more cells went through than were recorded. */
export function unrecordedFactor(acquisition: Acquisition | null): number {
  if (acquisition === null || acquisition.recorded === 0) return 0;
  return log(1 + acquisition.unrecorded / acquisition.recorded);
}
