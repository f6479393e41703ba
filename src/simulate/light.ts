// One event at a time: from what a cell is (scatter, level of every dye) to the light of each dye before any detector sees it.
// Drawing is the inner loop of the simulator: a recipe holds numbers only, nothing is looked up by name per event.
import { exp, sinh, type Random } from '../math/index.ts';
import { classes, dead, debrisCd45, heightOverArea, nkForwardFactor } from './classes.ts';
import type { CellClass, Level } from './model.ts';
import { gamma, lognormalFrom } from './random-variates.ts';

/** Unit of y: light = 150 x sinh(y). */
export const cofactor = 150;

/**
 * How the spread around a level is shaped. All have mean 0 and variance 1; `smear` is the share that slides towards the background, and
 * what slid below `boundary` no longer shows the marker (-Infinity: nobody asks).
 */
export interface Marginal {
  readonly shape: 'normal' | 'student' | 'skewedUp' | 'skewedDown';
  readonly smear: number;
  readonly boundary: number;
}

/** A kind of event. Arrays have one entry a colour, levels on y. */
export interface Recipe {
  readonly forwardMu: number;
  readonly forwardSigma: number;
  readonly sideMu: number;
  readonly sideSigma: number;
  readonly means: Float64Array;
  readonly sds: Float64Array;
  readonly background: Level;
  /** Null: all normal. */
  readonly marginals: readonly Marginal[] | null;
  /** Colours of PD-1 and of the anti-IgG4 that sees bound drug, where these cells bear PD-1 and the drug is there. */
  readonly masking: { readonly pd1: number; readonly igg4: number; readonly occupancy: number } | null;
}

/** One event before the detectors: light of each dye, areas and heights of scatter. Reused from event to event. */
export interface Light {
  readonly dyes: Float64Array;
  forwardArea: number;
  forwardHeight: number;
  sideArea: number;
  sideHeight: number;
}

export interface RecipeOptions {
  readonly markers: readonly string[];
  /** Markers whose dye is not in the tube. */
  readonly omitted: ReadonlySet<string>;
  readonly occupancy: number;
  readonly isNk: boolean;
  readonly marginalOf: ((marker: string) => Marginal) | null;
}

export function newLight(colours: number): Light {
  return { dyes: new Float64Array(colours), forwardArea: 0, forwardHeight: 0, sideArea: 0, sideHeight: 0 };
}

/** Recipe of living cells: `levels` where the table has one, else the background of the class. */
export function cellRecipe(
  cellClass: CellClass,
  levels: ReadonlyMap<string, Level>,
  options: RecipeOptions,
): Recipe {
  const { markers, omitted, occupancy, marginalOf } = options;
  const { background, forward, side } = classes[cellClass];
  const levelAt = markers.map((marker) =>
    omitted.has(marker) ? background : (levels.get(marker) ?? background),
  );
  const factor = options.isNk && cellClass === 'L' ? nkForwardFactor : 1;
  const { mu: forwardMu, sigma: forwardSigma } = lognormalFrom(forward.mean * factor, forward.cv);
  const { mu: sideMu, sigma: sideSigma } = lognormalFrom(side.mean, side.cv);
  const pd1 = markers.indexOf('PD1');
  const igg4 = markers.indexOf('IGG4');
  const masked = occupancy > 0 && pd1 >= 0 && levels.has('PD1');
  return {
    ...{ forwardMu, forwardSigma, sideMu, sideSigma, background },
    means: Float64Array.from(levelAt, ({ mean }) => mean),
    sds: Float64Array.from(levelAt, ({ sd }) => sd),
    marginals: marginalOf === null ? null : markers.map(marginalOf),
    masking: masked ? { pd1, igg4: omitted.has('IGG4') ? -1 : igg4, occupancy } : null,
  };
}

/** The same cells dead: scatter and background of the dead, stained by the viability dye, antigens at a part of their y. */
export function deadRecipe(levels: ReadonlyMap<string, Level>, options: RecipeOptions): Recipe {
  const kept = [...levels].map(
    ([marker, { mean, sd }]) => [marker, { mean: dead.antigenKept * mean, sd }] as const,
  );
  return cellRecipe('X', new Map([...kept, ['VIAB', dead.viability] as const]), { ...options, isNk: false });
}

export function debrisRecipe(options: RecipeOptions): Recipe {
  return cellRecipe('R', new Map([['CD45', debrisCd45]]), options);
}

export function beadRecipe(options: RecipeOptions): Recipe {
  return cellRecipe('Q', new Map(), { ...options, omitted: new Set() });
}

/**
 * Draws one event of a recipe into `light`; `yShift` is added to every level. The answer has a bit for each colour on which the cell slid
 * below the boundary.
 */
export function drawLight(random: Random, recipe: Recipe, yShift: number, light: Light): number {
  const { means, sds, marginals, masking, background } = recipe;
  const { dyes } = light;
  let lost = 0;
  if (marginals === null) {
    for (let c = 0; c < dyes.length; c++) {
      dyes[c] = cofactor * sinh(means[c] + sds[c] * random.normal() + yShift);
    }
  } else {
    for (let c = 0; c < dyes.length; c++) {
      const { shape, smear, boundary } = marginals[c];
      let y = means[c] + sds[c] * shapedDeviate(random, shape);
      if (smear > 0 && random.next() < smear) {
        const low = background.mean + background.sd * random.normal();
        y = low + (y - low) * random.next();
        if (y < boundary) lost |= 1 << c;
      }
      dyes[c] = cofactor * sinh(y + yShift);
    }
  }
  if (masking !== null) {
    const { pd1, igg4, occupancy } = masking;
    const bare = cofactor * sinh(background.mean + background.sd * random.normal() + yShift);
    if (igg4 >= 0) dyes[igg4] += dyes[pd1] * occupancy;
    dyes[pd1] = dyes[pd1] * (1 - occupancy) + bare * occupancy;
  }
  light.forwardArea = exp(recipe.forwardMu + recipe.forwardSigma * random.normal());
  light.sideArea = exp(recipe.sideMu + recipe.sideSigma * random.normal());
  light.forwardHeight = light.forwardArea * singleRatio(random);
  light.sideHeight = light.sideArea * singleRatio(random);
  return lost;
}

const shareDraws = 2048;

/** Expected part of a recipe's cells that slides below the boundary of colour `c`: a mean over levels, exact over the slide. */
export function shareLost(random: Random, { means, sds, marginals, background }: Recipe, c: number): number {
  if (marginals === null) return 0;
  const { shape, smear, boundary } = marginals[c];
  if (smear === 0 || boundary === Number.NEGATIVE_INFINITY) return 0;
  let sum = 0;
  for (let i = 0; i < shareDraws; i++) {
    const y = means[c] + sds[c] * shapedDeviate(random, shape);
    const low = background.mean + background.sd * random.normal();
    const part = Math.min(1, Math.max(0, (boundary - low) / (y - low)));
    sum += y > low ? part : 1 - part;
  }
  return (smear * sum) / shareDraws;
}

/** Adds `other` to `light`, as two cells that pass together: areas and light add, heights overlap. */
export function joinLight(random: Random, light: Light, other: Light): void {
  for (let c = 0; c < light.dyes.length; c++) light.dyes[c] += other.dyes[c];
  light.forwardArea += other.forwardArea;
  light.sideArea += other.sideArea;
  light.forwardHeight = (1.05 + 0.4 * random.next()) * Math.max(light.forwardHeight, other.forwardHeight);
  light.sideHeight = (1.05 + 0.4 * random.next()) * Math.max(light.sideHeight, other.sideHeight);
}

function singleRatio(random: Random): number {
  return heightOverArea.mean * (1 + heightOverArea.cv * random.normal());
}

/** Degrees of freedom of the heavy tail, and shape of the skewed gamma (skewness 2 / sqrt(shape) = 0.9). */
const tailDegrees = 5;
const skewShape = 5;

function shapedDeviate(random: Random, shape: Marginal['shape']): number {
  switch (shape) {
    case 'normal':
      return random.normal();
    case 'student':
      return random.normal() * Math.sqrt((tailDegrees - 2) / (2 * gamma(random, tailDegrees / 2)));
    case 'skewedUp':
      return (gamma(random, skewShape) - skewShape) / Math.sqrt(skewShape);
    case 'skewedDown':
      return (skewShape - gamma(random, skewShape)) / Math.sqrt(skewShape);
  }
}
