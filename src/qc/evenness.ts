// Are counting beads spread evenly through the run? An absolute count divides cells by beads, so beads that sink or stick while the
// tube is acquired bias it. Equal stretches of the run are compared by the beads' share of their events.

/** Beads wanted in a stretch: chance alone makes 5 % of difference between stretches of 400. */
const BEADS = 400;
const FEWEST_STRETCHES = 5;
const MOST_STRETCHES = 20;

/**
 * Coefficient of variation of the beads' share between equal stretches of the events `within` (null = all), in order of acquisition;
 * or in words why it cannot be told. Masks have one 0/1 an event.
 */
export function unevenness(beads: Uint8Array, within: Uint8Array | null): number | string {
  const total = countOf(beads);
  if (total === 0) return 'there are no beads';
  const stretches = Math.min(MOST_STRETCHES, Math.floor(total / BEADS));
  if (stretches < FEWEST_STRETCHES)
    return `${total} beads among the events looked at are too few; ${BEADS * FEWEST_STRETCHES} are needed`;
  const events = within === null ? beads.length : countOf(within);
  const found = new Float64Array(stretches);
  const size = new Float64Array(stretches);
  for (let e = 0, at = 0; e < beads.length; e++) {
    if (within !== null && within[e] === 0) continue;
    const stretch = Math.floor((at++ * stretches) / events);
    found[stretch] += beads[e];
    size[stretch]++;
  }
  const shares = found.map((count, s) => count / size[s]);
  const mean = shares.reduce((sum, share) => sum + share, 0) / stretches;
  const variance = shares.reduce((sum, share) => sum + (share - mean) * (share - mean), 0) / (stretches - 1);
  return Math.sqrt(variance) / mean;
}

function countOf(mask: Uint8Array): number {
  let count = 0;
  for (let e = 0; e < mask.length; e++) count += mask[e];
  return count;
}
