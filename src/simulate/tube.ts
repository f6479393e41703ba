// One stained tube: blood, panel and artefacts in, columns of raw detector values and the truth about every event out.
// Order of the work: how many of what (Poisson), where in the file each lands, its light, then the detectors with spillover and noise.
// The invariant: everything follows from the options; single cells alone are counted in the truth, artefacts come on top of them.
import type { EventTable, Spillover } from '../events/index.ts';
import { fcsBytes } from '../fcs/index.ts';
import { createRandom } from '../math/index.ts';
import {
  arrivalTimes,
  clogged,
  drawClog,
  shuffledPlaces,
  usualArtefacts,
  type Artefacts,
  type Clog,
  type Failure,
} from './artefacts.ts';
import { drawBlood, type Blood } from './blood.ts';
import { drawDrift, LabelNames, otherEvents, pickByCount, sourcesOf, sum } from './composition.ts';
import { channelsOf, detectorName, makeDetectors, requireMarker, timestep } from './detectors.ts';
import {
  beadRecipe,
  deadRecipe,
  debrisRecipe,
  drawLight,
  joinLight,
  newLight,
  type Recipe,
  type RecipeOptions,
} from './light.ts';
import type { Labels, Panel, PanelId, SimulatedTube } from './model.ts';
import { instruments, type StainStyle, type Vendor } from './naming.ts';
import { panels } from './panels.ts';
import { thawedDeadFraction } from './panels/preparation.ts';
import { poisson } from './random-variates.ts';
import { misset, spilloverMatrix } from './spillover.ts';
import type { Stimulus } from './stimulation.ts';
import { truthOf } from './truth.ts';

export interface TubeOptions {
  readonly panel: PanelId;
  /** Decides every random choice of this tube. */
  readonly seed: string;
  /** Default: a patient's baseline without biological variation. */
  readonly blood?: Blood;
  /** Names the visit whose shifts of level the tube shares with its sisters; default the seed. */
  readonly drift?: string;
  /** Part of the usual acquisition: of the blood volume or of the live cells. Default 1. */
  readonly scale?: number;
  readonly stimulus?: Stimulus | null;
  /** Markers left out (FMO). */
  readonly omitted?: readonly string[];
  /** Share of PD-1 that carries drug; default that of the blood's visit. */
  readonly occupancy?: number;
  readonly artefacts?: Partial<Artefacts>;
  /** Mononuclear cells that were frozen: more of them are dead. */
  readonly thawed?: boolean;
  readonly failure?: Failure | null;
  readonly vendor?: Vendor;
  readonly stains?: StainStyle;
  /** Write a $SPILLOVER whose coefficients are off by this part of themselves; `true` = by 10 to 20 percent. */
  readonly misset?: boolean | number;
  /** `heavy`: skewed and heavy-tailed levels with cells in between, instead of normal ones; the truth of those is what they show. */
  readonly levels?: 'normal' | 'heavy';
  /** Further keywords ($DATE, $SRC, …). */
  readonly keywords?: ReadonlyMap<string, string>;
}

/** Events per second; with the number of events it gives the length of the run, at least `shortestRun` seconds. */
const eventRate = 2500;
const shortestRun = 10;

/** Throws RangeError for a marker that the panel lacks and an instrument that cannot hold the panel. */
export function simulateTube(options: TubeOptions): SimulatedTube {
  const { seed, blood = drawBlood(), scale = 1, failure = null, vendor = 'BD', stains = 'marker' } = options;
  const panel = panels[options.panel];
  const { preparation } = panel;
  const artefacts: Artefacts = {
    ...usualArtefacts,
    ...preparation,
    ...(options.thawed === true ? { deadFraction: thawedDeadFraction } : {}),
    ...options.artefacts,
  };
  const random = createRandom(seed);
  const markers = panel.colours.map(({ marker }) => marker);
  const recipeOptions: RecipeOptions = {
    markers,
    omitted: omittedOf(panel, options),
    occupancy: options.occupancy ?? blood.occupancy,
    isNk: false,
    marginalOf: null,
  };
  const labels = new LabelNames();
  const volume = preparation.acquired === null ? null : preparation.acquired * scale;
  const sources = sourcesOf(panel, recipeOptions, {
    blood,
    volume,
    liveCells: (preparation.liveCells ?? 0) * scale,
    stimulus: options.stimulus ?? null,
    levels: options.levels ?? 'normal',
    drift: drawDrift(options.drift ?? seed, markers, artefacts),
  });
  const codesOf = sources.map(({ labelOf }) => {
    const known = [labels.of(labelOf(0))];
    return (lost: number) => (known[lost] ??= labels.of(labelOf(lost)));
  });

  const amounts = random.fork('amounts');
  const counts = sources.map((source) => poisson(amounts, source.expected));
  const others = otherEvents(amounts, sum(counts), artefacts, failure);
  const beads = failure?.kind === 'beadsMissing' ? 0 : poisson(amounts, expectedBeads(panel, volume));
  const total = sum(counts) + others.dead + others.debris + others.doublets + beads;

  const arrival = random.fork('arrival');
  const clog = drawClog(arrival, artefacts.clogProbability);
  const times = arrivalTimes(arrival, total, clog);
  const places = shuffledPlaces(arrival, total);
  const detectors = makeDetectors(panel, random, total, artefacts, vendor);
  const codes = new Uint16Array(total);
  const stream = random.fork('events');
  const light = newLight(markers.length);
  const second = newLight(markers.length);
  let made = 0;
  type Coded = number | ((lost: number) => number);
  const emit = (code: Coded, recipe: Recipe, partner: Recipe | null = null, mayClip = true): void => {
    const place = places[made++];
    const yShift = isClogged(times[place], clog) ? clogged.yShift : 0;
    const lost = drawLight(stream, recipe, yShift, light);
    codes[place] = typeof code === 'number' ? code : code(lost);
    if (partner !== null) {
      drawLight(stream, partner, yShift, second);
      joinLight(stream, light, second);
    }
    detectors.record(place, light, mayClip);
  };
  const repeat = (count: number, code: Coded, recipe: Recipe, mayClip = true): void => {
    for (let i = 0; i < count; i++) emit(code, recipe, null, mayClip);
  };

  sources.forEach(({ recipe }, at) => repeat(counts[at], codesOf[at], recipe));
  const pick = pickByCount(counts);
  const partners = random.fork('partners');
  const deadKinds = sources.map(({ state }) => ({
    recipe: deadRecipe(state.levels, recipeOptions),
    label: labels.of(`DEAD_${state.cell.id}`),
  }));
  for (let i = 0; i < others.dead; i++) {
    const { label, recipe } = deadKinds[pick(partners)];
    emit(label, recipe);
  }
  repeat(others.debris, labels.of('DEBRIS'), debrisRecipe(recipeOptions));
  const doublet = labels.of('DBL');
  for (let i = 0; i < others.doublets; i++)
    emit(doublet, sources[pick(partners)].recipe, sources[pick(partners)].recipe);
  repeat(beads, labels.of('BEAD'), beadRecipe(recipeOptions), false);

  const fluors = panel.colours.map(({ fluor }) => fluor);
  const trueSpillover: Spillover = {
    detectors: fluors.map((fluor) => detectorName(panel, fluor, vendor)),
    matrix: spilloverMatrix(fluors),
  };
  const seconds = Math.max(shortestRun, total / eventRate);
  const events: EventTable = {
    count: total,
    channels: channelsOf(panel, { vendor, stains, failure, seconds }),
    columns: [...detectors.columns, Float32Array.from(times, (time) => (time * seconds) / timestep)],
  };
  const { misset: wrong = false } = options;
  const limits = typeof wrong === 'number' ? ([wrong, wrong] as const) : undefined;
  const truth: Labels = { names: labels.names, codes };
  return {
    events,
    labels: truth,
    trueSpillover,
    spillover: wrong === false ? trueSpillover : misset(trueSpillover, random.fork('misset'), limits),
    keywords: keywordsOf(panel, options, volume),
    truth: truthOf(panel, blood, sources, truth),
    acquiredVolume: volume,
  };
}

/** The tube as an FCS 3.1 file. The truth is not in it. */
export function tubeBytes(tube: SimulatedTube): Uint8Array {
  return fcsBytes(tube.events, { spillover: tube.spillover, keywords: tube.keywords, dataType: 'F' });
}

function omittedOf(panel: Panel, { omitted = [], failure = null }: TubeOptions): ReadonlySet<string> {
  const markers = new Set([...omitted, ...(failure?.kind === 'dyeOmitted' ? [failure.marker] : [])]);
  for (const marker of markers) requireMarker(panel, marker);
  return markers;
}

function expectedBeads({ preparation }: Panel, volume: number | null): number {
  if (preparation.beadsPerTube === null || volume === null) return 0;
  return (preparation.beadsPerTube * volume) / preparation.bloodPerTube;
}

function keywordsOf(panel: Panel, options: TubeOptions, volume: number | null): ReadonlyMap<string, string> {
  const keywords = new Map([
    ['$CYT', instruments[options.vendor ?? 'BD'].cytometer],
    ['$TIMESTEP', String(timestep)],
  ]);
  const nanolitres = volume === null ? null : Math.round(volume * panel.preparation.dilution * 1000);
  if (nanolitres !== null) keywords.set('$VOL', String(nanolitres));
  for (const [name, value] of options.keywords ?? []) keywords.set(name, value);
  return keywords;
}

function isClogged(time: number, clog: Clog | null): boolean {
  return clog !== null && time >= clog.begin && time < clog.end;
}
