// Looking things up in the tubes of a specimen: which tube, how many events, which median.
// Invariant: a population that is not there, or is there twice, is null and never zero.
import type { PopulationRow } from '../../results/index.ts';
import type { Measured } from '../indicators/indicator.ts';
import type { Draw, Source, Tube } from './endpoint.ts';

/** Stimuli by panel in order of preference: the first that was used is the one reported (populations.md section 6). */
const primaryStimuli: Readonly<Record<string, readonly string[]>> = {
  P2: ['SATURATED'],
  P4: ['K562'],
  P5: ['LPS', 'R848'],
};

/** The stained tube without a stimulus. */
export function stainedTube({ tubes }: Draw, panel: string): Tube | null {
  const stained = tubes.filter(({ sample }) => sample.panel === panel && sample.role === 'stained');
  return (
    stained.find(({ sample: { stimulus } }) => stimulus === null || isUnstimulated(stimulus)) ??
    stained[0] ??
    null
  );
}

function isUnstimulated(stimulus: string): boolean {
  return /^un/i.test(stimulus);
}

export function stimulatedTube({ tubes }: Draw, panel: string): Tube | null {
  const stimulated = tubes.filter(({ sample }) => sample.panel === panel && sample.role === 'stimulated');
  for (const stimulus of primaryStimuli[panel] ?? []) {
    const found = stimulated.find(({ sample }) => sample.stimulus?.toUpperCase() === stimulus);
    if (found !== undefined) return found;
  }
  return stimulated.length === 1 && panel !== 'P2' ? stimulated[0] : null;
}

/**
 * The FMO tube that lacks a marker, of the specimen, else of the subject's baseline, where most controls are stained once; with the
 * stimulus of `tube`, else without one.
 */
export function blankTube(draw: Draw, baseline: Draw | null, tube: Tube, marker: string): Tube | null {
  const { panel } = tube.sample;
  const blanksOf = (of: Draw | null): readonly Tube[] =>
    (of?.tubes ?? []).filter(
      ({ sample }) => sample.panel === panel && sample.role === 'fmo' && sample.omitted.includes(marker),
    );
  const stimulusOf = ({ sample: { stimulus } }: Tube): string =>
    stimulus === null || isUnstimulated(stimulus) ? '' : stimulus.toUpperCase();
  const blanks = [...blanksOf(draw), ...(baseline === draw ? [] : blanksOf(baseline))];
  return (
    [stimulusOf(tube), ''].flatMap((wanted) => blanks.filter((of) => stimulusOf(of) === wanted))[0] ?? null
  );
}

/** A population by its id; where it stands under several parents, the one below `within`. */
export function populationOf(tube: Tube, id: string, within: string | null = null): PopulationRow | null {
  const found = (tube.result?.populations ?? []).filter(({ population }) => population === id);
  if (found.length === 1) return found[0];
  const inside = found.filter(({ path }) => within !== null && path.split('/').includes(within));
  return inside.length === 1 ? inside[0] : null;
}

export interface Counted {
  readonly events: Measured;
  readonly paths: readonly string[];
  /** Why `events` is null. */
  readonly reason: string | null;
}

/** Events of populations added; null where one of them was not evaluable. `A|B` stands for the first of them that the template has. */
export function countOf(tube: Tube, ids: readonly string[], within: string | null = null): Counted {
  if (tube.result === null) return { events: null, paths: [], reason: tube.reason };
  let events = 0;
  const paths: string[] = [];
  for (const names of ids) {
    const row = firstOf(tube, names, within);
    if (row === null) {
      return {
        events: null,
        paths,
        reason: `The gates of ${tube.sample.sample} have no population ${names.replaceAll('|', ' or ')}.`,
      };
    }
    paths.push(row.path);
    if (row.count === null) {
      return {
        events: null,
        paths,
        reason: `${row.population} of ${tube.sample.sample}: ${row.reason ?? 'not evaluable'}.`,
      };
    }
    events += row.count;
  }
  return { events, paths, reason: null };
}

function firstOf(tube: Tube, names: string, within: string | null): PopulationRow | null {
  for (const id of names.split('|')) {
    const row = populationOf(tube, id, within);
    if (row !== null) return row;
  }
  return null;
}

export interface MedianFound {
  readonly median: Measured;
  /** Of the values that the median is of: their robust SD, and how many they are. */
  readonly robustSd: Measured;
  readonly n: Measured;
  readonly events: Measured;
  readonly paths: readonly string[];
}

/** Median of a marker in a population, linear compensated units. */
export function medianOf(
  tube: Tube,
  names: string,
  marker: string,
  within: string | null = null,
): MedianFound {
  const row = firstOf(tube, names, within);
  if (row === null) return { median: null, robustSd: null, n: null, events: null, paths: [] };
  const statistic = tube.result?.statistics.find(
    (entry) => entry.path === row.path && entry.marker === marker,
  );
  const { median = null, robustSd = null, n = null } = statistic ?? {};
  return { median, robustSd, n, events: row.count, paths: [row.path] };
}

export function sourceOf(tube: Tube, ...paths: readonly (readonly string[])[]): Source {
  return {
    sample: tube.sample.sample,
    resultId: tube.result?.resultId ?? null,
    paths: [...new Set(paths.flat())],
  };
}
