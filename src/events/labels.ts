// What a channel is, from its names alone: kind, pulse and canonical marker. Rules of the populations specification, 1.2;
// a name that says nothing known has no marker (null), it is never guessed from a prefix.
import { fluorochromes, lineageMarkers, markerAliases, viabilityPattern } from './aliases.ts';
import type { Channel, ChannelKind, Pulse } from './channel.ts';

const aliasToMarker = new Map<string, string>();
for (const [marker, aliases] of Object.entries(markerAliases)) {
  aliasToMarker.set(marker, marker);
  for (const alias of aliases) aliasToMarker.set(alias, marker);
}
const dyeToName = new Map<string, string>();
const detectorToName = new Map<string, string>();
for (const { name, dyes, detectors } of fluorochromes) {
  dyeToName.set(fold(name), name);
  for (const dye of dyes) dyeToName.set(dye, name);
  for (const detector of detectors) detectorToName.set(detector, name);
}
/** Words that stand beside a marker without being one: clones, lots, isotypes. */
const noise =
  /^(CLONE|LOT|ANTI|HU|HUMAN|MS|MOUSE|RAT|IGG1|IGG2A|IGG2B|SPARK|BUV\d+|BV\d+|BB\d+|RB\d+|RY\d+|SB\d+|CY\d.*|H7|TEXAS|RED|FLUOR|ALEXA|PACIFIC|BLUE|VIOLET|\d{3}NM)$/;

/** A parameter as its file names it. */
export interface NamedParameter {
  readonly name: string;
  readonly stain: string | null;
  readonly range: number | null;
}

/** Channels of parameters, in their order. */
export function labelChannels(parameters: readonly NamedParameter[]): Channel[] {
  return parameters.map(({ name, stain, range }) => {
    const kind = kindOf(name, stain);
    return {
      name,
      stain,
      marker: kind === 'fluorescence' ? markerOf(stain, name) : null,
      kind,
      pulse: pulseOf(name),
      range,
    };
  });
}

/**
 * Canonical markers that a stain or channel text names: [] when none is known, one for a simple channel, several for a mixture;
 * CD16 with CD56 is CD16_56, two or more lineage markers are LIN.
 */
export function canonicalMarkers(text: string): string[] {
  const found: string[] = [];
  for (const token of tokensOf(text)) {
    const marker = markerOfToken(token);
    if (marker !== null && !found.includes(marker)) found.push(marker);
  }
  if (found.length === 2 && found.includes('CD16') && found.includes('CD56')) return ['CD16_56'];
  if (found.length > 1 && found.filter((marker) => lineageMarkers.has(marker)).length >= 2) return ['LIN'];
  return found;
}

/** Canonical fluorochrome of a channel: by a dye in its name, else by the vendor's detector name, else null. */
export function fluorochromeOf(name: string): string | null {
  const folded = withoutEndings(fold(name));
  const exact =
    dyeToName.get(folded) ?? dyeToName.get(folded.replaceAll(' ', '')) ?? detectorToName.get(folded);
  if (exact !== undefined) return exact;
  const parts = folded.split(/[ _:;|/]+/);
  for (const part of parts) {
    const dye = dyeToName.get(part);
    if (dye !== undefined) return dye;
  }
  return null;
}

/** Upper case; Greek alpha, beta, gamma, delta and epsilon as Latin letters; compatibility forms unified. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(
      /[ΑαΒβΓγΔδΕε]/gu,
      (letter) => ({ Α: 'A', Β: 'B', Γ: 'G', Δ: 'D', Ε: 'E' })[letter.toUpperCase()] ?? letter,
    )
    .trim();
}

/** Drops pulse endings, compensation prefixes and leading masses. */
function withoutEndings(folded: string): string {
  return folded
    .replace(/^(FJ)?COMP-/, '')
    .replace(/(-|[ _])(A|H|W|AREA|HEIGHT|WIDTH|INT|LIN|LOG|PEAK|TOF)$/, '')
    .replace(/^\d{2,3}[A-Z]{1,2}_/, '')
    .trim();
}

function tokensOf(text: string): string[] {
  const folded = withoutEndings(fold(text))
    .replace(/\bCD (\d+[A-Z]*)\b/g, 'CD$1')
    .replace(/\bHLA[ -]?DR\b/g, 'HLADR')
    .replace(/\bL\/D\b/g, 'LD');
  const slashed = folded
    .replace(/\bCD16[/+]56\b/g, 'CD16 CD56')
    .replace(/\bCD56[/+]16\b/g, 'CD56 CD16')
    .replace(/\b16[/+]56\b/g, 'CD16 CD56');
  return slashed
    .split(/[ _:;|/+,()]+/)
    .filter((token) => token !== '')
    .flatMap(splitDash);
}

/** A dash parts a marker from its dye (`CD3-FITC`), but is kept where the whole is one word (`PD-1`, `PE-CY7`). */
function splitDash(token: string): string[] {
  if (!token.includes('-') || aliasToMarker.has(token) || dyeToName.has(token)) return [token];
  for (let at = token.indexOf('-'); at > 0; at = token.indexOf('-', at + 1)) {
    const right = token.slice(at + 1);
    if (isDye(right)) return [token.slice(0, at), right];
  }
  const left = token.slice(0, token.indexOf('-'));
  return isDye(left) ? [left, token.slice(left.length + 1)] : [token];
}

function isDye(token: string): boolean {
  return dyeToName.has(token) || detectorToName.has(token) || noise.test(token);
}

function markerOfToken(token: string): string | null {
  const known = aliasToMarker.get(token);
  if (known !== undefined) return known;
  if (viabilityPattern.test(token)) return 'VIAB';
  if (isDye(token)) return null;
  return /^CD\d+[A-Z]{0,2}$/.test(token) ? token : null;
}

/** One canonical word, or `A+B` for a mixture that has no name of its own. */
function markerOf(stain: string | null, name: string): string | null {
  const fromStain = stain === null ? [] : canonicalMarkers(stain);
  const markers = fromStain.length > 0 ? fromStain : canonicalMarkers(name);
  return markers.length === 0 ? null : [...markers].sort().join('+');
}

function pulseOf(name: string): Pulse {
  const folded = fold(name);
  const ending = /[- _](A|H|W|AREA|HEIGHT|WIDTH|INT|PEAK|TOF)(?: (?:LIN|LOG))?$/.exec(folded)?.[1];
  switch (ending) {
    case 'A':
    case 'AREA':
    case 'INT':
      return 'A';
    case 'H':
    case 'HEIGHT':
    case 'PEAK':
      return 'H';
    case 'W':
    case 'WIDTH':
    case 'TOF':
      return 'W';
    default:
      return null;
  }
}

function kindOf(name: string, stain: string | null): ChannelKind {
  const folded = fold(name);
  if (/^(HDR-T|TIME\d*|TIME[- _.].*|.*[- _]TIME|TIMESTAMP)$/.test(folded)) return 'time';
  if (/^(FSC|SSC|FS|SS|FALS|BSC|FORWARD|SIDE|FSC\d|SSC\d|[A-Z]?FSC|[A-Z]?SSC)(\d*)([- _.(].*)?$/.test(folded))
    return 'scatter';
  if (
    /^(EVENT|EVENT[- _#].*|EVENT_LENGTH|CELL_LENGTH|CENTER|OFFSET|WIDTH|RESIDUAL|BEAD_DIST|FILENUM|INDEX|DROP.*|SORT.*|BARCODE|PULSE WIDTH|LABEL|.*CLASSIF.*)$/.test(
      folded,
    )
  ) {
    return stain !== null && canonicalMarkers(stain).length > 0 ? 'fluorescence' : 'other';
  }
  return 'fluorescence';
}
