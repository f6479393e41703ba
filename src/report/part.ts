// A part of the page: a section with its main figures, and those that support them and are folded away.
// Invariant: what is folded away is on the page all the same, and a link into it opens it.
import type { Figure } from './figure.ts';
import type { ImmuneView } from './immune-view.ts';
import { h, type Child, type Markup } from './markup.ts';
import type { ReportInput } from './model.ts';
import type { Section } from './page.ts';

/** The input of a report with the index of its immune side. */
export type View = Omit<ReportInput, 'immune'> & { readonly immune: ImmuneView | null };

export interface Part {
  readonly section: Section;
  readonly figures: readonly Figure[];
  readonly supporting?: readonly Figure[];
}

/** Stays closed until it is wanted. */
export function folded(summary: string, ...content: (Child | null)[]): Markup {
  return h('details', { class: 'fold' }, h('summary', {}, summary), ...content);
}
