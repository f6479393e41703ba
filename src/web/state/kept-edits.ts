// Unsaved gate edits, kept by the browser for as long as its tab lives: a reload, a sign-in after a pause or a look at another sample loses nothing.
// Invariant: what is kept names the gates that it was made on; for other gates it counts as nothing.
import type { GateEdit } from '../../server/index.ts';

export interface KeptEdits {
  readonly strategySha256: string;
  readonly edits: readonly GateEdit[];
}

function placeOf(study: string, sample: string): string {
  return `immunogate-edits ${JSON.stringify([study, sample])}`;
}

/** Keeps edits in place of those before; none are forgotten. */
export function keepEdits(study: string, sample: string, kept: KeptEdits): void {
  const place = placeOf(study, sample);
  try {
    if (kept.edits.length === 0) sessionStorage.removeItem(place);
    else sessionStorage.setItem(place, JSON.stringify(kept));
  } catch {
    // a full or forbidden storage loses the convenience, not the edit
  }
}

export function keptEdits(study: string, sample: string): KeptEdits | null {
  try {
    return JSON.parse(sessionStorage.getItem(placeOf(study, sample)) ?? 'null') as KeptEdits | null;
  } catch {
    return null;
  }
}
