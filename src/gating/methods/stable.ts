// Stable acquisition: the whole of Time, less the stretches in which the rate or a channel stands out (populations specification,
// section 2, time_ok). The stretches become gates of their own, so that a person sees, moves or drops each of them.
import { z } from 'zod';
import { findUnstable, type Stability, type Stretch } from '../stability.ts';
import type { GeometricGate } from '../model.ts';
import type { GatingMethod, MethodInput, Part } from './contract.ts';

const params = z.strictObject({
  /** Fewest events in a bin. */
  binEvents: z.number().int().min(20).default(150),
  /** Robust SD (1.4826 MAD) from the median of the bins that a bin may be away. */
  mads: z.number().positive().default(6),
  /** Shorter stable stretches between unstable ones are not believed, bins. */
  consecutive: z.number().int().min(1).default(5),
});

const MOST_BINS = 500;
/** More stretches than a person would look at are joined, the closest first. */
const MOST_STRETCHES = 12;

export const stable: GatingMethod<z.infer<typeof params>> = {
  name: 'stable',
  dims: 1,
  params,
  fit(input, options) {
    if (input.acquisition === undefined)
      return {
        status: 'rejected',
        reason: 'stability is judged on all events of a file in their order',
        evidence: {},
      };
    const found = findUnstable(input.acquisition, { ...options, mostBins: MOST_BINS });
    if (typeof found === 'string') return { status: 'rejected', reason: found, evidence: {} };
    const excluded = joined(found.unstable).map((stretch, at): Part => ({
      id: `time_bad${at + 1}`,
      gate: rangeGate(input, stretch),
    }));
    return {
      status: 'fitted',
      gate: rangeGate(input, { from: -Infinity, to: Infinity }),
      cut: null,
      evidence: evidenceOf(found, excluded.length),
      excluded,
    };
  },
};

function evidenceOf(found: Stability, stretches: number) {
  const { bins, binEvents, unstableBins, rateBins, channel, channelBins, driftChannel, drift } = found;
  return { bins, binEvents, unstableBins, stretches, rateBins, channel, channelBins, driftChannel, drift };
}

function rangeGate({ dims }: MethodInput, { from, to }: Stretch): GeometricGate {
  return { kind: 'rectangle', dims: [dims[0]], min: [from], max: [to] };
}

/** At most MOST_STRETCHES: the shortest stable gaps go. */
function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const kept = [...stretches];
  while (kept.length > MOST_STRETCHES) {
    const gaps = kept.slice(1).map(({ from }, at) => from - kept[at].to);
    const least = gaps.reduce((best, gap, at) => (gap < gaps[best] ? at : best), 0);
    kept.splice(least, 2, { from: kept[least].from, to: kept[least + 1].to });
  }
  return kept;
}
