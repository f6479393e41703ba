// What a gated tube got right. Truth of a population: the single live cells that show its phenotype (src/simulate/labels.ts), all of them,
// also those that a clog dimmed or the edge of the scale hides; doublets, dead cells and debris are in no population. Beads are beads.
import { countByBeads, countByBridge, countByVolume, type AbsoluteCount } from '../../src/endpoints/index.ts';
import { createRandom } from '../../src/math/index.ts';
import {
  descentOf,
  panels,
  poisson,
  populationsOf,
  type PanelId,
  type SimulatedTube,
} from '../../src/simulate/index.ts';
import { bestCuts } from './best-cuts.ts';
import type { GatedTube } from './gate.ts';
import { intervalsOf } from './intervals.ts';

/** One population of one tube. */
export interface Score {
  readonly population: string;
  /** Events that are it, that are gated as it (null = not evaluable), and both. */
  readonly truth: number;
  readonly gated: number | null;
  readonly both: number;
  /** The same where a cell that slid on a marker still is what it was. */
  readonly descent: { readonly truth: number; readonly both: number };
  /** The first population of that name was placed by another method than the first of its list. */
  readonly fallback: boolean;
  /** F1 that the best cuts reach (best-cuts.ts); null = not drawn by cuts. */
  readonly best: number | null;
  readonly count: CountScore | null;
}

/** Cells per microlitre: as counted, as in the blood. */
export interface CountScore {
  readonly counted: number;
  readonly truth: number;
  /** Whether the interval of the endpoint holds the truth, and its width over the count; the same without the limit for pairs, and from counting alone. */
  readonly covered: boolean;
  readonly width: number;
  readonly coveredWithoutPairs: boolean;
  readonly countingCovered: boolean;
  readonly countingWidth: number;
  /** The same where the labelled events are counted instead of the gated ones: what is left is counting, beads and pipetting. */
  readonly perfect: { readonly counted: number; readonly covered: boolean } | null;
}

/** Spread of pipetting and bead lot that the interval allows for; the tubes of a run get it as an error of the true count. */
const pipettingCv = 0.03;
const referenceCv = 0.02;
/** A counting tube beside a tube of separated cells: microlitres acquired, beads per microlitre. */
const countingTube = { acquired: 6, beadsPerMicrolitre: 1026 } as const;
const anchors: readonly string[] = ['CD4T', 'CD8T', 'B', 'NK', 'NKall'];

export function scoreTube(panel: PanelId, tube: SimulatedTube, gated: GatedTube, seed: string): Score[] {
  const { names, codes } = tube.labels;
  const groups = groupsOf(panel, tube);
  const { populations } = gated.strategy;
  const sizes = new Map<string, Sizes>();
  const found = groups.flatMap(({ id, isLabel }) => {
    const places = populations.flatMap((population, p) => (population.id === id ? [p] : []));
    if (places.length === 0) return [];
    const members = places.flatMap((p) => gated.members[p] ?? []);
    const isIt = names.map(isLabel);
    const isDescendant = names.map((name) => isLabel(descentOf(name)));
    const isTrue = Uint8Array.from(codes, (code) => Number(isIt[code]));
    let [truth, size, both] = [0, 0, 0];
    const descent = { truth: 0, both: 0 };
    for (let e = 0; e < codes.length; e++) {
      const inside = Number(members.some((member) => member[e] === 1));
      const descends = Number(isDescendant[codes[e]]);
      truth += isTrue[e];
      size += inside;
      both += inside & isTrue[e];
      descent.truth += descends;
      descent.both += inside & descends;
    }
    const evaluable = members.length === places.length;
    sizes.set(id, { gated: evaluable ? size : null, truth });
    const fallback = populations[places[0]].fit.status === 'fallback';
    return [
      {
        population: id,
        path: populations[places[0]].path,
        truth,
        gated: evaluable ? size : null,
        both,
        descent,
        fallback,
        best: truth === 0 ? null : (bestCuts(gated, id, isTrue)?.f1 ?? null),
      },
    ];
  });
  const counter = counterOf(panel, tube, { sizes, intervalOf: intervalsOf(gated) }, seed);
  return found.map(({ path, ...score }) => ({ ...score, count: counter(score.population, path) }));
}

interface Sizes {
  readonly gated: number | null;
  readonly truth: number;
}

/** The panel's gated populations and the beads, as questions to a label. */
export function groupsOf(panel: PanelId, tube: SimulatedTube) {
  const { groups, preparation } = panels[panel];
  const insideOf = new Map(
    tube.labels.names
      .flatMap((name) => [name, descentOf(name)])
      .map((name) => [name, populationsOf(panels[panel], name)]),
  );
  const beads =
    preparation.beadsPerTube === null ? [] : [{ id: 'beads', isLabel: (l: string) => l === 'BEAD' }];
  return [
    ...groups.map(({ id }) => ({ id, isLabel: (label: string) => insideOf.get(label)?.has(id) === true })),
    ...beads,
  ].filter(({ isLabel }) => tube.labels.names.some(isLabel));
}

/** Absolute counts as the endpoints make them: by the beads or the volume of the tube, else bridged from a counting tube of the same blood. */
function counterOf(
  panel: PanelId,
  tube: SimulatedTube,
  gated: { readonly sizes: ReadonlyMap<string, Sizes>; readonly intervalOf: ReturnType<typeof intervalsOf> },
  seed: string,
): (population: string, path: string) => CountScore | null {
  const { sizes, intervalOf } = gated;
  const random = createRandom(seed).fork('counting');
  // more blood in the tube than was said, or fewer beads: every count comes out higher
  const error = 1 + Math.sqrt(pipettingCv * pipettingCv + referenceCv * referenceCv) * random.normal();
  const { beadsPerTube, bloodPerTube, counted } = panels[panel].preparation;
  const inBlood = new Map(tube.truth.map((row) => [row.population, row.cellsPerMicrolitre]));
  const options = { pipettingCv, referenceCv };
  const direct = (size: Sizes | null, of: keyof Sizes): AbsoluteCount =>
    beadsPerTube === null
      ? countByVolume(
          size?.[of] ?? null,
          { volumeNanolitres: (tube.acquiredVolume ?? 0) * 1000, bloodMicrolitres: 1, totalMicrolitres: 1 },
          options,
        )
      : countByBeads(
          size?.[of] ?? null,
          sizes.get('beads')?.[of] ?? null,
          { kind: 'tube', beadsPerTube, bloodMicrolitres: bloodPerTube },
          options,
        );
  const countingTubeOf = (concentration: number): AbsoluteCount => {
    const { acquired, beadsPerMicrolitre } = countingTube;
    return countByBeads(
      poisson(random, concentration * acquired),
      poisson(random, beadsPerMicrolitre * acquired),
      { kind: 'tube', beadsPerTube: beadsPerMicrolitre, bloodMicrolitres: 1 },
      options,
    );
  };
  return (population, path) => {
    const blood = inBlood.get(population) ?? null;
    if (blood === null || population === 'beads') return null;
    const anchor = path.split('/').find((id) => anchors.includes(id));
    const anchored = anchor === undefined ? null : (inBlood.get(anchor) ?? null);
    if (!counted && (anchor === undefined || anchored === null || anchor === population)) return null;
    const size = sizes.get(population) ?? null;
    const truth = blood / error;
    const bridge =
      counted || anchor === undefined || anchored === null
        ? null
        : { anchor: sizes.get(anchor) ?? null, counting: countingTubeOf(anchored) };
    const scoreOf = (of: keyof Sizes) => {
      const count =
        bridge === null
          ? direct(size, of)
          : countByBridge(size?.[of] ?? null, bridge.anchor?.[of] ?? null, bridge.counting, options);
      const { value, ciLow, ciHigh } = count;
      if (value === null || ciLow === null || ciHigh === null) return null;
      const limits = (low: number, high: number) => ({
        covered: low <= truth && truth <= high,
        width: value === 0 ? 0 : (high - low) / value,
      });
      const limitsWith = (pairs: 'hidden' | 'none') => {
        const bridged = bridge === null ? null : (anchor ?? null);
        const { low, high } = intervalOf(count, population, bridged, pairs) ?? { low: ciLow, high: ciHigh };
        return limits(low, high);
      };
      return {
        ...{ counted: value, counting: limits(ciLow, ciHigh) },
        ...{ combined: limitsWith('hidden'), withoutPairs: limitsWith('none') },
      };
    };
    const gatedScore = scoreOf('gated');
    if (gatedScore === null) return null;
    const { counted: value, counting, combined, withoutPairs } = gatedScore;
    const perfect = scoreOf('truth');
    return {
      counted: value,
      truth: blood,
      ...combined,
      coveredWithoutPairs: withoutPairs.covered,
      countingCovered: counting.covered,
      countingWidth: counting.width,
      perfect: perfect === null ? null : { counted: perfect.counted, covered: perfect.counting.covered },
    };
  };
}
