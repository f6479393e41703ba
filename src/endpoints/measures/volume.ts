// Counts by the volume that the instrument drew: what of a tube's file and manifest row gives the volume of blood, and what in it was not
// seen. Beside counts.ts, which chooses the way.
// Invariant: a volume that cannot be one is no volume. Some instruments write $VOL in microlitres, and every count would be a thousand times as high.
import { log } from '../../math/index.ts';
import { keptOnTheWay } from '../../results/index.ts';
import { noCount, type AbsoluteCount } from '../indicators/absolute-count.ts';
import type { Measured } from '../indicators/indicator.ts';
import { countByVolume } from '../indicators/volume-count.ts';
import type { Acquisition, Tube } from './endpoint.ts';

/** As the manifest plans it. */
export function isCountedByVolume({ sample }: Pick<Tube, 'sample'>): boolean {
  return sample.beadsPerTube === null && sample.totalMicrolitres !== null;
}

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

/** Parts of the run and of its events, in [0, 1]. */
export interface KeptPart {
  readonly ofTime: number;
  readonly ofEvents: number;
}

/**
 * What the gates on Time keep for the cells of a tube; where that is not the same for all, the least of what is known. Stretches that were
 * taken out hold no cells.
 */
export function keptInTube({ acquisition, result }: Tube): KeptPart {
  const kept = acquisition?.kept ?? [];
  let least: KeptPart = { ofTime: 1, ofEvents: 1 };
  for (const { path } of result?.populations ?? []) {
    if (kept.some((row) => row.path === path)) continue;
    const { ofTime, ofEvents } = keptOnTheWay(kept, path);
    if (ofTime !== null && ofTime < least.ofTime) least = { ofTime, ofEvents };
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
  const [{ ofTime, ofEvents } = { ofTime: 1, ofEvents: 1 }] = ways;
  if (ofTime === null) return noCount('volume', events, unknownPart);
  if (ways.some((way) => way.ofTime !== ofTime))
    return noCount('volume', events, 'The populations were gated on different parts of the run.');
  const { bloodMicrolitres, totalMicrolitres } = sample;
  return countByVolume(events, {
    ...{ volumeNanolitres, bloodMicrolitres, totalMicrolitres },
    kept: { ofTime, ofEvents },
  });
}

const unknownPart =
  'Gates on the way take out a part of the run that is not known: one is on Time and another axis at once, or Time is broken.';

/** ln of how many times more cells went through than were recorded; 0 where the count of a tube does not rest on the volume drawn. */
export function unrecordedFactor({ sample, acquisition }: Tube): number {
  if (!isCountedByVolume({ sample }) || acquisition === null || acquisition.recorded === 0) return 0;
  return log(1 + acquisition.unrecorded / acquisition.recorded);
}
