// One simulated tube through the way that a file of a study takes: bytes, header, binding, FIT, COUNT with membership.
import { placeGates } from '../../src/engine/index.ts';
import type { EventTable, Spillover } from '../../src/events/index.ts';
import { memorySource, readEvents, readFcs } from '../../src/fcs/index.ts';
import { countPopulations, type GatingStrategy, type SharedCuts } from '../../src/gating/index.ts';
import { tubeBytes, type SimulatedTube } from '../../src/simulate/index.ts';
import type { GatingTemplate } from '../../src/template/index.ts';

export interface GatedTube {
  readonly strategy: GatingStrategy;
  /** By number of the population in the strategy; null = not evaluable. */
  readonly members: readonly (Uint8Array | null)[];
  /** As the file holds them. */
  readonly events: { readonly table: EventTable; readonly spillover: Spillover | null };
}

/** Throws as `placeGates` does. */
export function gateTube(
  template: GatingTemplate,
  tube: SimulatedTube,
  { seed, shared = null }: { readonly seed: string; readonly shared?: SharedCuts | null },
): GatedTube {
  const source = memorySource(tubeBytes(tube));
  const file = readFcs(source);
  const { strategy } = placeGates({ kind: 'template', template }, source, file, { seed, shared });
  const members = strategy.populations.map(() => new Uint8Array(tube.events.count));
  const { counts } = countPopulations(source, file, strategy, {
    onMembership({ first, count, words, bitOf }) {
      members.forEach((member, p) => {
        const place = bitOf[p];
        if (place === null) return;
        const word = words[place.word];
        for (let e = 0; e < count; e++) member[first + e] = Number((word[e] & place.bit) !== 0);
      });
    },
  });
  const { table } = readEvents(source, file, { scaling: 'scaled' });
  const events = { table, spillover: file.spillover };
  return { strategy, events, members: members.map((member, p) => (counts[p] === null ? null : member)) };
}
