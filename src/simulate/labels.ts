// What the label of an event says: `NKdim57n+CD107A~CD56` is a cell of the type NKdim57n, in a state that its stimulus gave it (CD107A),
// that no longer shows CD56 (decision 0021). Before the first `~` stands descent; populations are by what the cell shows.
import type { Panel } from './model.ts';

export function labelOf(
  { cell, marks }: { readonly cell: string; readonly marks: readonly string[] },
  lost: readonly string[],
): string {
  return [[cell, ...marks].join('+'), ...lost].join('~');
}

export function partsOf(label: string): {
  readonly cell: string;
  readonly marks: readonly string[];
  readonly lost: readonly string[];
} {
  const [state, ...lost] = label.split('~');
  const [cell, ...marks] = state.split('+');
  return { cell, marks, lost };
}

/** The label without what the cell no longer shows. */
export function descentOf(label: string): string {
  return label.split('~')[0];
}

/** Gated populations of a panel that an event of that label is in; none for what is not a single live cell. */
export function populationsOf(panel: Panel, label: string): ReadonlySet<string> {
  const { cell, marks, lost } = partsOf(label);
  let inside: ReadonlySet<string> = new Set(
    panel.groups
      .filter(
        ({ cells, response = [] }) => cells.includes(cell) && response.every((mark) => marks.includes(mark)),
      )
      .map(({ id }) => id),
  );
  for (const marker of lost) {
    const slide = panel.slides.find((other) => other.marker === marker && Object.hasOwn(other.towards, cell));
    const before = inside;
    const changes = (slide?.changes ?? []).filter(
      ({ leaves }) => leaves.length === 0 || before.has(leaves[0]),
    );
    const after = new Set(before);
    for (const { leaves } of changes) leaves.forEach((id) => after.delete(id));
    for (const { enters } of changes) enters.forEach((id) => after.add(id));
    inside = after;
  }
  return inside;
}
