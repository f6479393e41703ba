// Quality of a tube in numbers that a table can hold (populations.md section 6): lymphosum, beads, viability, time, doublets, blood looked at.
import { notEvaluable, type Indicator } from '../indicators/indicator.ts';
import type { ImmuneParameter } from '../indicators/paramcd.ts';
import type { Measurement, Tube } from './endpoint.ts';
import { countOf, sourceOf } from './tubes.ts';
import { isCountedByVolume, volumeCount } from './volume.ts';

/** null where the tube has no such quality: neither beads nor a volume planned, no dead-cell dye in the panel. */
export function measureQuality(tube: Tube, parameter: ImmuneParameter): Measurement | null {
  const { paramcd, populations, denominator } = parameter;
  const { sample, result } = tube;
  const collectedAt = sample.collectedAt;
  if (result === null) return null;
  const found = countOf(tube, populations);
  const counted = { collectedAt, sources: [sourceOf(tube, found.paths)], events: found.events };
  switch (paramcd) {
    case 'QCBEADS':
    case 'QCVACQ': {
      const { beadsPerTube, bloodMicrolitres } = sample;
      if (paramcd === 'QCVACQ' && isCountedByVolume(tube)) return measureVolume(tube);
      if (beadsPerTube === null) return null;
      if (found.events === null) return { ...counted, indicator: notEvaluable(found.reason ?? '') };
      if (paramcd === 'QCBEADS') return { ...counted, indicator: known(found.events) };
      return {
        ...counted,
        indicator:
          bloodMicrolitres === null
            ? notEvaluable('The blood volume of the tube is not given.')
            : known((found.events * bloodMicrolitres) / beadsPerTube),
      };
    }
    default: {
      const whole = denominator === 'root' ? rootOf(tube) : countOf(tube, [denominator ?? '']).events;
      if (found.paths.length < populations.length || whole === null) return null;
      if (found.events === null) return { ...counted, indicator: notEvaluable(found.reason ?? '') };
      if (whole === 0)
        return { ...counted, parentEvents: 0, indicator: notEvaluable('There are no events.') };
      const part = paramcd === 'QCDBL' ? whole - found.events : found.events;
      return { ...counted, parentEvents: whole, indicator: known((100 * part) / whole) };
    }
  }
}

/** Blood that flowed while the acquisition was stable. */
function measureVolume(tube: Tube): Measurement {
  const { paths } = countOf(tube, ['time_ok']);
  const { acquiredMicrolitres, reason } = volumeCount(tube, 0, paths);
  return {
    collectedAt: tube.sample.collectedAt,
    sources: [sourceOf(tube, paths)],
    indicator: acquiredMicrolitres === null ? notEvaluable(reason ?? '') : known(acquiredMicrolitres),
  };
}

/** All events of the file. */
function rootOf({ result }: Tube): number | null {
  return result?.populations.find(({ parent }) => parent === null)?.parentCount ?? null;
}

function known(value: number): Indicator {
  return { value, ciLow: null, ciHigh: null, status: 'OK', reason: null };
}
