// Finding a channel: by exact name, by marker, by fluorochrome. Never the first of several: an ambiguity is an error that
// names the candidates.
import { ImmunogateError } from '../errors.ts';
import type { Channel } from './channel.ts';
import { canonicalMarkers, fluorochromeOf } from './labels.ts';

/**
 * Position of the channel named `name`: exactly, else with `/` written as `_` (as FlowJo does), else without regard to case.
 * Throws E_CHANNEL_MISSING or E_CHANNEL_AMBIGUOUS.
 */
export function findChannel(channels: readonly Channel[], name: string): number {
  const spellings: ((channel: Channel) => string)[] = [
    (channel) => channel.name,
    (channel) => channel.name.replaceAll('/', '_'),
    (channel) => channel.name.toUpperCase(),
  ];
  for (const [k, spelling] of spellings.entries()) {
    const wanted = k === 2 ? name.toUpperCase() : name;
    const found = positions(channels, (channel) => spelling(channel) === wanted);
    if (found.length === 1) return found[0];
    if (found.length > 1) throw ambiguous(`channel ${name}`, channels, found);
  }
  throw new ImmunogateError(
    'E_CHANNEL_MISSING',
    `The file has no channel ${name}; it has ${list(channels)}.`,
    { place: name },
  );
}

/**
 * Position of the one area (or, where a file has none, height) fluorescence channel that carries a marker, in any accepted spelling.
 * Throws E_CHANNEL_MISSING or E_CHANNEL_AMBIGUOUS.
 */
export function findMarker(channels: readonly Channel[], marker: string): number {
  const wanted = [...canonicalMarkers(marker)].sort().join('+') || marker.toUpperCase();
  const carriers = positions(channels, (channel) => channel.marker === wanted);
  const areas = carriers.filter((c) => channels[c].pulse === 'A');
  const found = areas.length > 0 ? areas : carriers;
  if (found.length === 1) return found[0];
  if (found.length > 1) throw ambiguous(`marker ${marker}`, channels, found);
  const markers = channels.flatMap((channel) => (channel.marker === null ? [] : [channel.marker]));
  throw new ImmunogateError(
    'E_CHANNEL_MISSING',
    `No channel carries marker ${marker}; the file names ${markers.length > 0 ? markers.join(', ') : 'no marker at all'}.`,
    { place: marker },
  );
}

/** Position of the one area channel of a fluorochrome (any dye or vendor name of the same detector). Throws as `findMarker`. */
export function findFluorochrome(channels: readonly Channel[], fluorochrome: string): number {
  const wanted = fluorochromeOf(fluorochrome);
  const carriers = positions(
    channels,
    (channel) =>
      channel.kind === 'fluorescence' && wanted !== null && fluorochromeOf(channel.name) === wanted,
  );
  const areas = carriers.filter((c) => channels[c].pulse === 'A');
  const found = areas.length > 0 ? areas : carriers;
  if (found.length === 1) return found[0];
  if (found.length > 1) throw ambiguous(`fluorochrome ${fluorochrome}`, channels, found);
  throw new ImmunogateError(
    'E_CHANNEL_MISSING',
    `No detector for ${fluorochrome}; the file has ${list(channels)}.`,
    { place: fluorochrome },
  );
}

function positions(channels: readonly Channel[], fits: (channel: Channel) => boolean): number[] {
  return channels.flatMap((channel, c) => (fits(channel) ? [c] : []));
}

function ambiguous(what: string, channels: readonly Channel[], found: readonly number[]): ImmunogateError {
  const names = found.map((c) => channels[c].name).join(', ');
  return new ImmunogateError('E_CHANNEL_AMBIGUOUS', `More than one channel fits ${what}: ${names}.`, {
    place: what,
  });
}

function list(channels: readonly Channel[]): string {
  const names = channels.slice(0, 40).map((channel) => channel.name);
  return names.join(', ') + (channels.length > 40 ? ', …' : '');
}
