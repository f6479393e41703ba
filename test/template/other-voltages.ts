// The same tube as another laboratory would have measured it: detectors at other voltages. On the scale of a detector a gain moves stained
// peaks by its logarithm; the spillover coefficients follow, so that the compensated values of a colour are those times its gain. What lies
// at the end of the scale stays there, and nothing gets beyond it.
import type { SimulatedTube } from '../../src/simulate/index.ts';

/** `gainOf` for scatter by channel name, for colours by their number in the matrix. */
export function atVoltages(
  tube: SimulatedTube,
  gainOf: (channel: string, colour: number) => number,
): SimulatedTube {
  const { events, spillover } = tube;
  const gains = events.channels.map(({ name }) => gainOf(name, spillover.detectors.indexOf(name)));
  const columns = events.columns.map((column, c) => {
    const top = (events.channels[c].range ?? Infinity) - 1;
    return column.map((value) => (value >= top ? value : Math.min(gains[c] * value, top)));
  });
  const colour = spillover.detectors.map((name, d) => gainOf(name, d));
  const n = colour.length;
  const matrix = spillover.matrix.map((value, i) => (value * colour[i % n]) / colour[Math.floor(i / n)]);
  return { ...tube, events: { ...events, columns }, spillover: { ...spillover, matrix } };
}
