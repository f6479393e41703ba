// Channel names of a FlowJo workspace -> those of a file. FlowJo writes "_" for every "/" of a $PnN; nothing else differs.
// Invariant: a name that the file has is left alone; a name that fits two channels of the file is refused.
import { ImmunogateError } from '../../errors.ts';
import { withDimensions, type Dimension, type GatingStrategy } from '../../gating/index.ts';

/**
 * The strategy in the file's own channel names ($PnN). Throws E_CHANNEL_AMBIGUOUS when two channels fit one name; a name that fits none
 * stays, and is complained of where the gates are applied.
 */
export function bindFlowJo(strategy: GatingStrategy, channels: readonly string[]): GatingStrategy {
  const named = (written: string): string => {
    if (channels.includes(written)) return written;
    const fitting = channels.filter((channel) => channel.replaceAll('/', '_') === written);
    if (fitting.length > 1)
      throw new ImmunogateError(
        'E_CHANNEL_AMBIGUOUS',
        `The workspace calls a channel ${written}; the file has ${fitting.join(' and ')}.`,
      );
    return fitting[0] ?? written;
  };
  const dimension = (dim: Dimension): Dimension =>
    dim.source.kind === 'channel'
      ? { ...dim, source: { kind: 'channel', channel: named(dim.source.channel) } }
      : dim;
  return {
    ...strategy,
    matrices: Object.fromEntries(
      Object.entries(strategy.matrices).map(([id, matrix]) => [
        id,
        {
          ...matrix,
          fluorochromes: matrix.fluorochromes.map(named),
          detectors: matrix.detectors.map(named),
        },
      ]),
    ),
    populations: strategy.populations.map((population) => ({
      ...population,
      gate: population.gate === null ? null : withDimensions(population.gate, dimension),
    })),
  };
}
