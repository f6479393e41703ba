// The page: sections of figures and tables, put around the figures that report.ts made. One document, no script, no network.
// Invariant: the policy in its head forbids everything but its own style, so even a defect here could load nothing.
import { withMinus } from '../stats/index.ts';
import { linked, type Anchor } from './anchors.ts';
import { figureSvg, type DataCell, type Figure } from './figure.ts';
import { h, htmlDocument, type Markup } from './markup.ts';
import type { ReportInput } from './model.ts';
import { styleSheet } from './style.ts';
import { tableMarkup } from './tables/table.ts';

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly lead?: string;
  readonly content: readonly Markup[];
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly to: Anchor;
}

export function pageText(input: ReportInput, facts: readonly Fact[], sections: readonly Section[]): string {
  const { study, software, generatedUtc } = input;
  const head = [
    h('meta', { charset: 'utf-8' }),
    h('meta', {
      'http-equiv': 'Content-Security-Policy',
      content: "default-src 'none'; style-src 'unsafe-inline'",
    }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('title', {}, `${study.title}: report`),
    h('style', {}, styleSheet()),
  ];
  const body = [
    h('a', { class: 'skip', href: '#content' }, 'Skip to the content'),
    h(
      'header',
      { class: 'top' },
      h('h1', {}, study.title),
      h(
        'p',
        { class: 'lead' },
        `Study ${study.id}. Every number leads to the records that made it; figures have their data beneath.`,
      ),
      h(
        'dl',
        { class: 'facts' },
        ...facts.map(({ name, value, to }) =>
          h('div', {}, h('dt', {}, name), h('dd', {}, linked(to, value))),
        ),
      ),
    ),
    h(
      'nav',
      { class: 'sections', 'aria-label': 'Sections' },
      h('ul', {}, ...sections.map(({ id, title }) => h('li', {}, h('a', { href: `#${id}` }, title)))),
    ),
    h('main', { id: 'content' }, ...sections.map(sectionMarkup)),
    h(
      'footer',
      { class: 'foot' },
      h(
        'p',
        { class: 'paper' },
        'Lists and figures that are folded on the screen are not printed; unfold those that are wanted.',
      ),
      h(
        'p',
        {},
        `Made by ${software}${generatedUtc === null ? '' : ` on ${generatedUtc}`}. The same tables give the same bytes.`,
      ),
    ),
  ];
  return htmlDocument(head, body);
}

function sectionMarkup({ id, title, lead, content }: Section): Markup {
  return h(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    h('h2', { id: `${id}-title` }, title),
    lead === undefined ? null : h('p', { class: 'lead' }, lead),
    ...content,
  );
}

/** Figures side by side where there is room, after them tables that fit beside one. */
export function figureGrid(figures: readonly Figure[], tables: readonly Markup[]): Markup {
  return h('div', { class: 'figures' }, ...figures.map(figureMarkup), ...tables);
}

function figureMarkup(figure: Figure): Markup {
  const { id, title, help, n, records } = figure;
  return h(
    'figure',
    { id },
    h('h3', {}, title),
    h('p', { class: 'help' }, help),
    h('p', { class: 'n' }, n),
    figureSvg(figure),
    records === undefined
      ? dataMarkup(figure)
      : h('p', { class: 'n' }, linked(records, 'Values and their origin')),
  );
}

function dataMarkup({ id, title, data }: Figure): Markup {
  return h(
    'details',
    {},
    h('summary', {}, 'Data of this figure'),
    tableMarkup({
      id: `${id}-data`,
      caption: title,
      note: data.rows.length > shownRows ? `The first ${shownRows} of ${data.rows.length} rows.` : '',
      columns: data.columns.map((column) => ({ title: column })),
      rows: data.rows.slice(0, shownRows).map((row) => row.map((cell) => ({ text: cellText(cell) }))),
    }),
  );
}

const shownRows = 100;

/** Six digits are enough to read; the CSV has them all. */
function cellText(cell: DataCell): string {
  if (cell === null) return '';
  return typeof cell === 'string' ? cell : withMinus(String(Number(cell.toPrecision(6))));
}
