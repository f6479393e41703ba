// What is in a tube before the cytometer: kinds of events with their recipes, how many of each are expected, and how many of the
// artefacts come on top. Labels are made here, so that a label and its recipe cannot part.
import { createRandom, exp, type Random } from '../math/index.ts';
import { unlysedDebrisRatio, type Artefacts, type Failure } from './artefacts.ts';
import { concentrations, separatedShares, type Blood } from './blood.ts';
import { labelOf } from './labels.ts';
import { cellRecipe, type Marginal, type Recipe, type RecipeOptions } from './light.ts';
import type { CellType, Level, Panel } from './model.ts';
import { poisson } from './random-variates.ts';
import { slideBoundary } from './slides.ts';
import { reactivityOf, statesOf, type CellState, type Stimulus } from './stimulation.ts';

/** A kind of single live cell and how many are expected. */
export interface Source {
  /** Of the cells that slid below the boundary on these colours, a bit each: 0 = the kind itself. */
  readonly labelOf: (lost: number) => string;
  readonly state: CellState;
  readonly recipe: Recipe;
  readonly expected: number;
}

export interface CompositionOptions {
  readonly blood: Blood;
  /** Microlitres of blood acquired, null for tubes of separated cells. */
  readonly volume: number | null;
  /** Live cells acquired where there is no volume. */
  readonly liveCells: number;
  readonly stimulus: Stimulus | null;
  readonly levels: 'normal' | 'heavy';
  readonly drift: Drift;
}

/** Labels get a number at their first use. */
export class LabelNames {
  readonly names: string[] = [];
  readonly #codes = new Map<string, number>();

  of(name: string): number {
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    this.#codes.set(name, this.names.length);
    return this.names.push(name) - 1;
  }
}

/** Every kind of live cell of the tube, in table order. Cells of the stimulus (K562) are as many as all others together. */
export function sourcesOf(panel: Panel, recipeOptions: RecipeOptions, options: CompositionOptions): Source[] {
  const { blood, stimulus, drift } = options;
  const { markers, omitted } = recipeOptions;
  const expected = expectedEvents(panel, blood, options.volume, options.liveCells);
  const typical = new Map(panel.cells.map(({ id, levels }) => [id, drifted(levels, drift)]));
  return panel.cells.flatMap((cell) => {
    const added = cell.id === 'K562' && stimulus === 'K562' ? sum(expected.values()) : 0;
    const events = expected.get(cell.id) ?? added;
    return statesOf(panel, cell, stimulus, reactivityOf(blood.profile)).map((state) => {
      const levels = drifted(state.levels, drift);
      const boundaryAt = (marker: string): number =>
        omitted.has(marker)
          ? Number.NEGATIVE_INFINITY
          : slideBoundary(panel, { cell, levels }, marker, typical);
      const own = optionsOf(
        panel,
        { cell, levels: state.levels },
        recipeOptions,
        options.levels === 'heavy' ? boundaryAt : null,
      );
      // a marker that the stimulus took is as lost as one that slid
      const shed = markers.filter((marker) => (levels.get(marker)?.mean ?? Infinity) < boundaryAt(marker));
      return {
        labelOf: (lost) =>
          labelOf(
            { cell: cell.id, marks: state.marks },
            lost === 0 ? [] : markers.filter((marker, c) => (lost >> c) & 1 || shed.includes(marker)),
          ),
        state: { ...state, levels },
        recipe: cellRecipe(cell.cellClass, levels, own),
        expected: events * state.fraction,
      };
    });
  });
}

/** How many events are not single live cells. Fractions refer to all events but beads. */
export function otherEvents(
  random: Random,
  cells: number,
  { deadFraction, debrisFraction, doubletFraction }: Artefacts,
  failure: Failure | null,
): { readonly dead: number; readonly debris: number; readonly doublets: number } {
  const all = cells / (1 - deadFraction - debrisFraction - doubletFraction);
  const dead = poisson(random, all * deadFraction);
  const doublets = poisson(random, all * doubletFraction);
  const debris = poisson(
    random,
    failure?.kind === 'unlysedRedCells'
      ? unlysedDebrisRatio * (cells + dead + doublets)
      : all * debrisFraction,
  );
  return { dead, debris, doublets };
}

/** Chooses a source in proportion to how many of it there are. */
export function pickByCount(counts: readonly number[]): (random: Random) => number {
  const ends = new Float64Array(counts.length);
  let end = 0;
  counts.forEach((count, at) => {
    end += count;
    ends[at] = end;
  });
  return (random) => {
    const target = random.next() * end;
    let at = 0;
    while (at < ends.length - 1 && ends[at] <= target) at++;
    return at;
  };
}

/** Shift of the mean and factor of the spread of each marker at one visit. */
export type Drift = ReadonlyMap<string, { readonly shift: number; readonly spread: number }>;

/** The same for all tubes of one visit. */
export function drawDrift(visit: string, markers: readonly string[], artefacts: Artefacts): Drift {
  const random = createRandom(visit).fork('levels');
  return new Map(
    markers.map((marker) => {
      const stream = random.fork(marker);
      const shift = artefacts.levelShiftSd * stream.normal();
      return [marker, { shift, spread: exp(artefacts.levelSpreadSd * stream.normal()) }];
    }),
  );
}

/** Lowest mean that counts as stained (rank rule of populations section 0). */
const stainedFrom = 1.5;

function drifted(levels: ReadonlyMap<string, Level>, drift: Drift): ReadonlyMap<string, Level> {
  return new Map(
    [...levels].map(([marker, { mean, sd }]) => {
      const { shift, spread } = drift.get(marker) ?? { shift: 0, spread: 1 };
      return [marker, { mean: mean >= stainedFrom ? mean + shift : mean, sd: sd * spread }];
    }),
  );
}

function optionsOf(
  panel: Panel,
  { cell, levels }: { readonly cell: CellType; readonly levels: ReadonlyMap<string, Level> },
  options: RecipeOptions,
  boundaryAt: ((marker: string) => number) | null,
): RecipeOptions {
  const family = panel.families.find(({ cells }) => cells.includes(cell.id));
  return {
    ...options,
    isNk: family?.compartments.includes('NK') === true && family.compartments.length === 1,
    marginalOf:
      boundaryAt === null
        ? null
        : (marker) => ({
            ...heavyMarginal(`${panel.id} ${cell.id} ${marker}`, levels.get(marker) ?? null),
            boundary: boundaryAt(marker),
          }),
  };
}

/**
 * The same for every tube of a panel, so that visits stay comparable: of the level before drift, null = background. Lineage markers (y from
 * 4.8) get no cells in between.
 */
function heavyMarginal(name: string, level: Level | null): Omit<Marginal, 'boundary'> {
  const shapes = ['student', 'skewedUp', 'skewedDown'] as const;
  const random = createRandom(name);
  const slides = level !== null && level.mean >= stainedFrom && level.mean < 4.8;
  return { shape: shapes[random.integer(3)], smear: slides ? 0.04 : 0 };
}

/** Expected live single cells of each type. */
function expectedEvents(
  panel: Panel,
  blood: Blood,
  volume: number | null,
  liveCells: number,
): ReadonlyMap<string, number> {
  if (volume !== null)
    return new Map([...concentrations(panel, blood)].map(([id, count]) => [id, (count ?? 0) * volume]));
  const shares = separatedShares(panel, blood);
  const total = sum(shares.values());
  return new Map([...shares].map(([id, share]) => [id, (share / total) * liveCells]));
}

export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
