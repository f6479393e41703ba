// Parameters of a file as channels of an event table: the step from the standard's words to the house's words.
import { labelChannels, type Channel } from '../events/index.ts';
import { pow10 } from '../math/index.ts';
import { scalesOf, type ParameterScale } from './decoder.ts';
import type { FcsFile, Scaling } from './model.ts';

/**
 * One channel a parameter, in file order. `range` is the top of scale of the values under `scaling`: $PnR, divided by $PnG
 * where the values are, or 10^f1 * f2 where a logarithm is decoded.
 */
export function channelsOf(file: FcsFile, scaling: Scaling = 'raw'): Channel[] {
  const scales = scalesOf(file, scaling);
  return labelChannels(
    file.parameters.map(({ name, stain, range }, p) => ({
      name,
      stain,
      range: range === null ? null : topOfScale(range, scales[p]),
    })),
  );
}

function topOfScale(range: number, scale: ParameterScale | null): number {
  switch (scale?.kind) {
    case undefined:
      return range;
    case 'gain':
      return range / scale.gain;
    case 'power':
      return pow10(scale.amplification.decades) * scale.amplification.offset;
  }
}
