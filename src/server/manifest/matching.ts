// To which tube of the manifest a file belongs, and why, in words. Pure. Exact names decide before parts of names, and nothing is guessed
// where two tubes fit.
import type { FileMatch } from '../schema.ts';

/** A row of the manifest as far as names go. */
export interface ExpectedTube {
  readonly sample: string;
  readonly file: string;
  readonly subject: string;
  readonly visit: string;
  readonly panel: string;
  readonly role: string;
  readonly stimulus: string;
  readonly omitted: string;
  /** The row has a file already. */
  readonly filled: boolean;
}

/** Whether the file can be of a panel; null = cannot be said. */
export type FitsPanel = (panel: string) => boolean | null;

/** Names decide first. Where they leave several tubes, or name no panel, the markers of the file may leave one. */
export function matchFile(
  name: string,
  tubes: readonly ExpectedTube[],
  fits: FitsPanel = () => null,
): FileMatch {
  const named = tubes.filter(({ file }) => sameText(baseName(file), name));
  const free = named.filter(({ filled }) => !filled);
  if (free.length === 1)
    return found(free[0], 'manifest', `samples.csv expects a file of this name for ${free[0].sample}.`);
  if (named.length === 1 && free.length === 0)
    return none(`${named[0].sample} has a file already; choose in the manifest which of them counts.`, named);
  const stem = stemOf(name);
  const bySample = tubes.filter(({ sample, filled }) => !filled && sameText(sample, stem));
  if (bySample.length === 1)
    return found(bySample[0], 'name', `The file is named like the sample ${bySample[0].sample}.`);
  const words = wordsOf(stem);
  const inName = tubes.filter(
    (tube) => sameText(tube.sample, stem) || partsOf(tube).every((part) => holds(words, part)),
  );
  const fitting = inName.filter(({ filled }) => !filled);
  if (fitting.length === 0 && inName.length > 0)
    return none(
      `${inName.map(({ sample }) => sample).join(', ')} ${inName.length === 1 ? 'has a file' : 'have files'} already; choose in the manifest which of them counts.`,
      inName,
    );
  // a name with more words of the tube in it fits better: `S1 V0 P2 fmo PD1` is not the stained tube, `S1 V0 P2` is
  const scored = fitting.map((tube) => {
    const extras = extrasOf(tube);
    const held = extras.filter((part) => holds(words, part)).length;
    return { tube, score: held === extras.length ? held : held - extras.length };
  });
  const best = Math.max(...scored.map(({ score }) => score));
  const [first, ...others] = scored.filter(({ score }) => score === best).map(({ tube }) => tube);
  if (first === undefined) return byMarkers(words, tubes, fits);
  if (others.length > 0) {
    const able = [first, ...others].filter(({ panel }) => fits(panel) === true);
    if (able.length === 1)
      return found(
        able[0],
        'markers',
        `The name fits ${others.length + 1} tubes; only ${able[0].panel} asks for markers that the file has.`,
      );
    return none(`The name fits ${others.length + 1} tubes; choose one in the manifest.`, [first, ...others]);
  }
  const { subject, visit, panel } = first;
  return found(first, 'name', `The name holds subject ${subject}, visit ${visit} and panel ${panel}.`);
}

/** The name holds a subject and a visit at most; of the stained tubes there, the markers may leave one. */
function byMarkers(words: readonly string[], tubes: readonly ExpectedTube[], fits: FitsPanel): FileMatch {
  const here = tubes.filter(
    ({ subject, visit, filled, role }) =>
      !filled && role === 'stained' && holds(words, subject) && holds(words, visit),
  );
  const able = here.filter(({ panel }) => fits(panel) === true);
  if (able.length === 1) {
    const [{ subject, visit, panel }] = able;
    return found(
      able[0],
      'markers',
      `The name holds subject ${subject} and visit ${visit}; of the tubes there only ${panel} asks for markers that the file has.`,
    );
  }
  return able.length > 1
    ? none(`The name and the markers fit ${able.length} tubes; choose one in the manifest.`, able)
    : none('No free tube of the manifest has its subject, visit and panel in this name.', here);
}

function found({ sample }: ExpectedTube, how: FileMatch['how'], reason: string): FileMatch {
  return { sample, how, reason, candidates: [] };
}

function none(reason: string, candidates: readonly ExpectedTube[]): FileMatch {
  return { sample: null, how: 'none', reason, candidates: candidates.map(({ sample }) => sample) };
}

function partsOf({ subject, visit, panel }: ExpectedTube): string[] {
  return [subject, visit, panel];
}

/** Words that tell tubes of one panel apart. */
function extrasOf({ role, stimulus, omitted }: ExpectedTube): string[] {
  return [role === 'stained' ? '' : role, stimulus, ...omitted.split(/[;, ]+/)].filter((part) => part !== '');
}

/** Whether the words of a part stand together, in order, in a name. */
function holds(words: readonly string[], part: string): boolean {
  const wanted = wordsOf(part);
  if (wanted.length === 0) return false;
  return words.some((_, at) => wanted.every((word, k) => words[at + k] === word));
}

/** `SIM-001_V0_P1` is [sim, 001, v0, p1]. */
function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function sameText(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

export function baseName(path: string): string {
  return path.replace(/^.*[\\/]/, '');
}

export function stemOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
