// Cells per µL of blood by the volume that the instrument drew of a known dilution (populations.md section 4, beside absolute-count.ts).
// Invariant: cells and volume belong to the same time of the run; what gates on Time took out counts in neither.
import { log } from '../../math/index.ts';
import { inVolume, noCount, type AbsoluteCount, type CountOptions } from './absolute-count.ts';
import { requireNotNegative, requireWithin, type Measured } from './indicator.ts';

/** What the cytometer says it drew ($VOL, nanolitres) of a tube that holds `bloodMicrolitres` in `totalMicrolitres` after all additions. */
export interface DrawnVolume {
  readonly volumeNanolitres: Measured;
  readonly bloodMicrolitres: Measured;
  readonly totalMicrolitres: Measured;
  /** What gates on Time keep of the run and of its events, both in [0, 1]; default all. */
  readonly kept?: { readonly ofTime: number; readonly ofEvents: number };
}

/**
 * Volumetric, cells/µL: C = Npop / V with V = $VOL/1000 · kept time · Vblood/Vtotal, CV² = 1/Npop + CVpip² + CVvol² + CVkept². The pump is taken
 * to run evenly, so the volume of a stretch that was taken out is its time; had less flowed there (a clog), it would rather be its events. The
 * truth may lie anywhere between: CVkept = |ln(kept time / kept events)| / √3, which is 0 where nothing was taken out.
 */
export function countByVolume(
  events: Measured,
  drawn: DrawnVolume,
  options: CountOptions = {},
): AbsoluteCount {
  const { volumeNanolitres, bloodMicrolitres, totalMicrolitres, kept = wholeRun } = drawn;
  const { pipettingCv = 0.03, referenceCv = 0.02 } = options;
  const { ofTime, ofEvents } = kept;
  requireNotNegative({
    events,
    volumeNanolitres,
    bloodMicrolitres,
    totalMicrolitres,
    ofTime,
    ofEvents,
    pipettingCv,
    referenceCv,
  });
  requireWithin(ofTime, 1, 'kept time and 1');
  requireWithin(ofEvents, 1, 'kept events and 1');
  requireWithin(bloodMicrolitres, totalMicrolitres, 'blood and total volume');
  if (events === null) return noCount('volume', events, 'The population was not evaluable.');
  if (!volumeNanolitres) return noCount('volume', events, 'The file gives no acquired volume ($VOL).');
  if (!bloodMicrolitres || !totalMicrolitres) {
    return noCount('volume', events, 'The blood volume or the total volume of the tube is not given.');
  }
  if (ofTime === 0 || ofEvents === 0)
    return noCount('volume', events, 'The gates on Time keep nothing of the run.');
  const acquired = (volumeNanolitres / 1000) * ofTime * (bloodMicrolitres / totalMicrolitres);
  const apart = log(ofTime / ofEvents);
  const volumeVariance = pipettingCv * pipettingCv + referenceCv * referenceCv + (apart * apart) / 3;
  return inVolume('volume', events, acquired, volumeVariance, options);
}

const wholeRun = { ofTime: 1, ofEvents: 1 } as const;
