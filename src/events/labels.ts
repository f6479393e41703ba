// Marker <-> channel: how a gate that says CD3, FITC, FSC-A or BL 530/30-A finds its column (populations.md 1.2 and 1.3).
// Invariant: a name finds exactly one channel or it is an error that names the candidates; nothing is matched by prefix.
import { ImmunogateError } from '../errors.ts';
import type { Channel, Pulse } from './channel.ts';
import { fluorochromeByPosition, fluorochromeIn } from './fluorochromes.ts';
import { kindOf, pulseOf, scatterOf } from './kinds.ts';
import { canonicalMarkers, foldText, markerName, namesIsotope } from './markers.ts';

/** What a file says about one parameter; `range` is the top of scale of the values as they will be read. */
export interface NamedParameter {
  readonly name: string;
  readonly stain: string | null;
  readonly range: number | null;
}

/** Kind, pulse and canonical marker of every parameter, in file order. A marker is read from the stain, else from the name. */
export function labelChannels(parameters: readonly NamedParameter[]): Channel[] {
  return parameters.map(({ name, stain, range }) => {
    const kind = kindOf(name, stain);
    return {
      name,
      stain,
      range,
      kind,
      pulse: pulseOf(name),
      marker: kind === 'fluorescence' ? markerOf(name, stain) : null,
    };
  });
}

function markerOf(name: string, stain: string | null): string | null {
  // many instruments copy the detector name into an unused stain: then the stain says no more than the name
  const own = stain !== null && (foldText(stain) !== foldText(name) || namesIsotope(stain));
  const fromStain =
    stain === null ? null : markerName(canonicalMarkers(stain, { free: own && !isDetectorText(stain) }));
  return fromStain ?? markerName(canonicalMarkers(name));
}

/** `FL1 Log`, `V2-A`, `488-513/26`, `FITC-H`: text that names a detector and so no marker of its own. */
function isDetectorText(text: string): boolean {
  return /^(FL ?\d{1,2}([-_ .].*)?|[VBRGYU][GL]?\d{1,2}[-_ ][AHW]|HDR-.*|\d{3}[- ].*)$/.test(foldText(text));
}

/** Position of the channel called `name`: exact, else with every `/` as `_` (FlowJo's spelling). Throws E_CHANNEL_MISSING with the nearest names. */
export function findChannel(channels: readonly Channel[], name: string): number {
  const exact = channels.findIndex((channel) => channel.name === name);
  if (exact >= 0) return exact;
  return only(
    positions(channels, (channel) => channel.name.replaceAll('/', '_') === name),
    channels,
    `channel ${name}`,
    nearestNames(channels, name),
  );
}

/**
 * The same for a name that a person or a document wrote: refused with E_CHANNEL_AMBIGUOUS where the file has the name twice (the second is
 * `name#2`), because nothing says which is meant; `name#2` itself can be asked for.
 */
export function findNamedChannel(channels: readonly Channel[], name: string): number {
  const own = channels[findChannel(channels, name)].name;
  const twins = positions(
    channels,
    (channel) => channel.name === own || (channel.name.startsWith(`${own}#`) && /#\d+$/.test(channel.name)),
  );
  return only(twins, channels, `channel ${name}`, []);
}

/**
 * Position of the one fluorescence channel with a marker; the asked name goes through the same table (`CD279` finds PD-1). Where a
 * marker has area, height and width, the area counts; files without areas give their height. Throws E_CHANNEL_MISSING or
 * E_CHANNEL_AMBIGUOUS with all candidates.
 */
export function findMarker(channels: readonly Channel[], marker: string): number {
  const wanted = markerName(canonicalMarkers(marker, { free: true })) ?? foldText(marker);
  const found = positions(
    channels,
    (channel) => channel.kind === 'fluorescence' && channel.marker === wanted,
  );
  return only(bestPulse(channels, found), channels, `marker ${marker}`, markersOf(channels));
}

/** Position of the one channel of a fluorochrome, by its detector name, its stain, or the maker's order of detectors. */
export function findFluorochrome(channels: readonly Channel[], fluorochrome: string): number {
  const wanted = fluorochromeIn(foldText(fluorochrome));
  const names = channels.map((channel) => foldText(channel.name));
  const found =
    wanted === null
      ? []
      : positions(
          channels,
          (channel, c) =>
            channel.kind === 'fluorescence' && fluorochromeOf(channel, names[c], names) === wanted,
        );
  return only(
    bestPulse(channels, found),
    channels,
    `fluorochrome ${fluorochrome}`,
    nearestNames(channels, fluorochrome),
  );
}

function fluorochromeOf(channel: Channel, name: string, names: readonly string[]): string | null {
  const inName = fluorochromeIn(name);
  if (inName !== null) return inName;
  const inStain = channel.stain === null ? null : fluorochromeIn(foldText(channel.stain));
  return inStain ?? fluorochromeByPosition(name, names);
}

/**
 * Position of a scatter channel by what it measures: `FSC-A` also finds `FS INT`, `FSC.A` or `FSC-Area`. An asked area is met by a channel
 * that names no pulse when there is no other. null when the file has none; throws E_CHANNEL_AMBIGUOUS when several fit.
 */
export function findScatter(channels: readonly Channel[], name: string): number | null {
  const scatter = scatterOf(name, null);
  if (scatter === null) return null;
  const exact = channels.findIndex((channel) => channel.kind === 'scatter' && channel.name === name);
  if (exact >= 0) return exact;
  const pulse = pulseOf(name);
  const all = positions(
    channels,
    (channel) => channel.kind === 'scatter' && scatterOf(channel.name, channel.stain) === scatter,
  );
  const fitting = all.filter((c) => channels[c].pulse === pulse);
  const unnamed = pulse === 'A' ? all.filter((c) => channels[c].pulse === null) : [];
  const found = fitting.length > 0 ? fitting : unnamed;
  return found.length === 0 ? null : only(found, channels, `channel ${name}`, []);
}

function positions(channels: readonly Channel[], test: (channel: Channel, c: number) => boolean): number[] {
  return channels.flatMap((channel, c) => (test(channel, c) ? [c] : []));
}

/** Of one signal's pulses the area, else the unnamed, else the height, else the width. */
function bestPulse(channels: readonly Channel[], found: readonly number[]): number[] {
  const order: readonly Pulse[] = ['A', null, 'H', 'W'];
  for (const pulse of order) {
    const fitting = found.filter((c) => channels[c].pulse === pulse);
    if (fitting.length > 0) return fitting;
  }
  return [];
}

function only(
  found: readonly number[],
  channels: readonly Channel[],
  what: string,
  near: readonly string[],
): number {
  if (found.length === 1) return found[0];
  if (found.length === 0) {
    const hint = near.length === 0 ? '' : ` The file has: ${near.join(', ')}.`;
    throw new ImmunogateError('E_CHANNEL_MISSING', `The file has no ${what}.${hint}`, { place: what });
  }
  const names = found.map((c) => describe(channels[c])).join(', ');
  throw new ImmunogateError('E_CHANNEL_AMBIGUOUS', `More than one channel fits ${what}: ${names}.`, {
    place: what,
  });
}

function describe(channel: Channel): string {
  return channel.stain === null ? channel.name : `${channel.name} (${channel.stain})`;
}

function markersOf(channels: readonly Channel[]): string[] {
  return [...new Set(channels.flatMap((channel) => (channel.marker === null ? [] : [channel.marker])))].slice(
    0,
    40,
  );
}

/** Up to five names, nearest first by edit distance of their folded letters and digits. */
function nearestNames(channels: readonly Channel[], name: string): string[] {
  const key = (text: string): string => foldText(text).replace(/[^A-Z0-9]/g, '');
  const wanted = key(name);
  return channels
    .slice(0, 200)
    .map((channel) => ({ text: describe(channel), distance: editDistance(key(channel.name), wanted) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 5)
    .map(({ text }) => text);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
