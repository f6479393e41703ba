// Channels: what one column of an event table is. Row 1; knows nothing of files.

/** What a channel measures. `other` = event numbers, classifiers, anything that is neither light nor time. */
export type ChannelKind = 'scatter' | 'fluorescence' | 'time' | 'other';

/** Which property of the pulse a channel holds: area, height, width; null where the name does not say. */
export type Pulse = 'A' | 'H' | 'W' | null;

/**
 * One column of an event table.
 * `name` is unique in its table (`$PnN`; a second one of the same name is `name#2`, a missing one `P<n>`).
 * `stain` is `$PnS` as written, null when absent or blank. `marker` is the canonical marker of `labelChannels`, or null.
 * `range` is the top of scale ($PnR divided by the gain where one was applied), null when the file gives none that is usable.
 */
export interface Channel {
  readonly name: string;
  readonly stain: string | null;
  readonly marker: string | null;
  readonly kind: ChannelKind;
  readonly pulse: Pulse;
  readonly range: number | null;
}
