// events/: tables of events and what their columns are called.
export type { Channel, ChannelKind, Pulse } from './channel.ts';
export type { Column, EventTable } from './table.ts';
export type { Spillover } from './spillover.ts';
export {
  findChannel,
  findFluorochrome,
  findMarker,
  findNamedChannel,
  findScatter,
  labelChannels,
  type NamedParameter,
} from './labels.ts';
export { canonicalMarkers, markerName } from './markers.ts';
