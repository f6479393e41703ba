// A table of the report: caption with units, header cells that know what they head, number cells that lead to their records.
// Invariant: a table scrolls inside its own box, so that the page never does; a cell without a value says NE or is blank on purpose.
import { linked, type Anchor } from '../anchors.ts';
import { h, type Attributes, type Child, type Markup } from '../markup.ts';

export interface Column {
  readonly title: string;
  /** Shown small below the title. */
  readonly unit?: string;
  readonly align?: 'number';
}

export interface Cell {
  readonly text: string;
  /** The records behind it. */
  readonly to?: Anchor | null;
  readonly strong?: boolean;
  /** Levels of indentation of a row head. */
  readonly indent?: number;
}

export interface TablePlan {
  readonly id: string;
  readonly caption: string;
  readonly note?: string;
  readonly columns: readonly Column[];
  /** The first cell of a row is its head; a blank one belongs to the head above. */
  readonly rows: readonly (readonly (Cell | string)[])[];
  /** Anchor of a row, by index. */
  readonly rowAnchor?: (row: number) => Anchor | null;
}

export function tableMarkup(plan: TablePlan): Markup {
  const { id, caption, note, columns, rows, rowAnchor } = plan;
  return h(
    'div',
    { class: 'table', role: 'region', 'aria-labelledby': `${id}-caption`, tabindex: '0' },
    h(
      'table',
      { id },
      h(
        'caption',
        { id: `${id}-caption` },
        h('strong', {}, caption),
        note === undefined ? null : h('span', { class: 'note' }, ` ${note}`),
      ),
      headMarkup(columns),
      h(
        'tbody',
        {},
        ...rows.map((row, r) =>
          h(
            'tr',
            { id: rowAnchor?.(r) ?? null },
            ...row.map((cell, c) =>
              c > 0
                ? bodyCell(cell, columns[c])
                : textOf(cell) === ''
                  ? null
                  : rowHead(cell, columns[c], spanOf(rows, r)),
            ),
          ),
        ),
      ),
    ),
  );
}

export function headMarkup(columns: readonly Column[]): Markup {
  return h('thead', {}, h('tr', {}, ...columns.map(headCell)));
}

function headCell({ title, unit, align }: Column): Markup {
  return h(
    'th',
    { scope: 'col', class: align === 'number' ? 'num' : null },
    title,
    unit === undefined || unit === '' ? null : h('span', { class: 'unit' }, unit),
  );
}

function textOf(cell: Cell | string): string {
  return typeof cell === 'string' ? cell : cell.text;
}

/** Rows that a head covers: those below it without a head of their own. */
function spanOf(rows: TablePlan['rows'], from: number): number {
  const next = rows.findIndex((row, r) => r > from && textOf(row[0]) !== '');
  return (next < 0 ? rows.length : next) - from;
}

function rowHead(cell: Cell | string, column: Column, span: number): Markup {
  const { attributes, content } = shownAs(cell, column);
  const scope = span > 1 ? { scope: 'rowgroup', rowspan: span } : { scope: 'row' };
  return h('th', { ...scope, ...attributes }, content);
}

function bodyCell(cell: Cell | string, column: Column): Markup {
  const { attributes, content } = shownAs(cell, column);
  return h('td', attributes, content);
}

function shownAs(
  cell: Cell | string,
  column: Column,
): { readonly attributes: Attributes; readonly content: Child } {
  const { text, to = null, strong = false, indent = 0 } = typeof cell === 'string' ? { text: cell } : cell;
  const said = column.align === 'number' ? unbroken(text) : text;
  const shown: Child = strong ? h('strong', {}, said) : said;
  const content = to === null || text === '' ? shown : linked(to, shown);
  const names = [column.align === 'number' ? 'num' : '', indent > 0 ? `indent-${indent}` : ''].filter(
    (name) => name !== '',
  );
  return { attributes: { class: names.length === 0 ? null : names.join(' ') }, content };
}

/** On narrow paper an estimate and its interval may be two lines, but neither breaks within. */
function unbroken(text: string): string {
  return text.replace(/, | to | \(\d+\.?\d*%\)/g, (found) => found.replaceAll(' ', '\u00a0'));
}
