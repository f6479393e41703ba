// What a figure is: a drawing, the words around it, and the numbers that it shows. Figure functions are pure: plain data in, this out;
// the report puts it on a page, the browser may too, node.ts writes it as SVG, PNG, PDF and CSV.
import type { Anchor } from './anchors.ts';
import type { Child, Markup } from './markup.ts';
import { h, markupText, type Colours } from './markup.ts';
import { paint } from './paint.ts';

export type DataCell = string | number | null;

/** The numbers behind a figure, in full precision; `columns` name units. */
export interface FigureData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly DataCell[])[];
}

export interface Figure {
  /** Letters, digits, dots and hyphens: a file name and an anchor. */
  readonly id: string;
  readonly title: string;
  /** One sentence on how to read it. */
  readonly help: string;
  /** How many of what are shown, and what is not. */
  readonly n: string;
  /** What a reader who cannot see it needs to know. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Child[];
  readonly data: FigureData;
  /** Where the records of the page hold the same numbers; absent: the page lists `data` below the figure. */
  readonly records?: Anchor;
}

/** Of parameters that are spread over several figures: what tells one from the others. */
export interface FigurePart {
  /** Behind the id. */
  readonly id: string;
  /** Behind the title. */
  readonly title: string;
}

export const whole: FigurePart = { id: '', title: '' };

/** Width of every figure in pixels: one column of a page of 1400 px, the whole of one of 700 px, and 17 cm on paper. */
export const figureWidth = 640;

/** The drawing as an element whose colours are tokens. */
export function figureSvg(figure: Figure): Markup {
  const { id, title, description, width, height, marks } = figure;
  return h(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'graphics-document',
      'aria-labelledby': `${id}-t`,
      'aria-describedby': `${id}-d`,
      'font-size': 12,
    },
    h('title', { id: `${id}-t` }, title),
    h('desc', { id: `${id}-d` }, description),
    ...marks,
  );
}

/** The drawing as a file of its own: light colours, a white ground, a named font, a heading. */
export function standaloneSvg(figure: Figure, colours: Colours = 'light'): string {
  const top = 46;
  const svg = figureSvg(figure);
  const { width, height } = figure;
  const whole: Markup = {
    ...svg,
    attributes: {
      ...svg.attributes,
      viewBox: `0 0 ${width} ${height + top}`,
      height: height + top,
      'font-family': 'DejaVu Sans, Verdana, sans-serif',
    },
    children: [
      ...svg.children.slice(0, 2),
      h('rect', { width, height: height + top, fill: paint.page }),
      h('text', { x: 8, y: 20, fill: paint.ink, 'font-size': 14, 'font-weight': 'bold' }, figure.title),
      h('text', { x: 8, y: 38, fill: paint.muted, 'font-size': 11 }, figure.n),
      h('g', { transform: `translate(0 ${top})` }, ...svg.children.slice(2).map(unlinked)),
    ],
  };
  return `${markupText(whole, colours)}\n`;
}

/** Links lead to records of the page; in a file of its own they would lead nowhere. */
function unlinked(node: Child): Child {
  if (typeof node === 'string') return node;
  const children = node.children.map(unlinked);
  return node.tag === 'a' ? h('g', {}, ...children) : { ...node, children };
}
