// Where the person is: the part of the address after `#`, as `study/view/open?name=value`. Pure; the address bar is state/navigation.svelte.ts.
// Invariant: formatRoute and parseRoute undo each other for any text in segments and values.

/** The six views of a study, in the order of the work. */
export const views = ['study', 'run', 'review', 'compare', 'tables', 'audit'] as const;
export type ViewName = (typeof views)[number];

export interface Route {
  /** null: the list of studies. */
  readonly study: string | null;
  readonly view: ViewName;
  /** What is open in the view: a sample, a table. */
  readonly open: string | null;
  readonly query: Readonly<Record<string, string>>;
}

/** Unknown views lead to the study. */
export function parseRoute(hash: string): Route {
  const text = hash.replace(/^#?\/?/, '');
  const mark = text.indexOf('?');
  const [study = '', name, open = ''] = (mark < 0 ? text : text.slice(0, mark)).split('/').map(decoded);
  return {
    study: study === '' ? null : study,
    view: views.find((view) => view === name) ?? 'study',
    open: open === '' ? null : open,
    query: Object.fromEntries(new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1))),
  };
}

export function formatRoute({ study, view, open, query }: Route): string {
  if (study === null) return '#/';
  const search = new URLSearchParams(query).toString();
  const path = [study, view, ...(open === null ? [] : [open])].map(encodeURIComponent).join('/');
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
