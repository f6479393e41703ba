// Names shown in the review: real, or codes that hide which visit a sample is, so that a reader of gates is not led by hope. Pure.
// Invariant: a code depends only on the sample's id, so it is the same in every view and on every day.
import type { SampleSummary } from '../../../server/index.ts';

export interface ShownName {
  readonly title: string;
  readonly detail: string;
}

type Named = Pick<SampleSummary, 'sample' | 'subject' | 'visit' | 'panel' | 'role'>;

export function nameOf(sample: Named, blinded: boolean): ShownName {
  const tube = [sample.panel, sample.role === 'stained' ? null : sample.role]
    .filter((part) => part !== null)
    .join(', ');
  return blinded
    ? { title: `Sample ${codeOf(sample.sample)}`, detail: tube }
    : {
        title: sample.sample,
        detail: [sample.subject, sample.visit, tube]
          .filter((part) => part !== null && part !== '')
          .join(' · '),
      };
}

/** Visits in their order, or by code when blinded, so that neighbours say nothing either. */
export function inShownOrder<T extends Named>(samples: readonly T[], blinded: boolean): readonly T[] {
  return blinded ? [...samples].sort((a, b) => (codeOf(a.sample) < codeOf(b.sample) ? -1 : 1)) : samples;
}

/** Five letters and digits from the id: FNV-1a over its code units. Not a secret; it only takes the words away. */
export function codeOf(sample: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < sample.length; i++) hash = Math.imul(hash ^ sample.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(36).toUpperCase().padStart(7, '0').slice(-5);
}
