// Markup as plain data, and the one place where it becomes text: figures (SVG) and the page (HTML) are both made of these elements.
// Invariant (reliability S-6): text reaches a document only through `escaped`; a tag or an attribute that is not listed here, an event
// attribute, or a reference to anything outside the document throws. Nothing in this folder joins markup by hand.
import { ImmunogateError } from '../errors.ts';
import { lightPaint } from './paint.ts';

export interface Markup {
  readonly tag: string;
  /** Null attributes are left out; numbers are written to two decimals. */
  readonly attributes: Attributes;
  readonly children: readonly Child[];
}

export type Child = Markup | string;
export type Attributes = Readonly<Record<string, string | number | null>>;

/** An element. Children that are null are left out, which lets a caller say "only if". */
export function h(tag: string, attributes: Attributes = {}, ...children: (Child | null)[]): Markup {
  return { tag, attributes, children: children.filter((child) => child !== null) };
}

/** `theme`: colours stay CSS variables, for a page that defines them; `light`: colours are written out, for a file that stands alone. */
export type Colours = 'theme' | 'light';

/** The text of an element and all below it. */
export function markupText(node: Child, colours: Colours = 'theme'): string {
  const parts: string[] = [];
  write(node, colours, parts);
  return parts.join('');
}

/** A whole HTML document. */
export function htmlDocument(head: readonly Markup[], body: readonly Markup[]): string {
  return `<!doctype html>\n${markupText(h('html', { lang: 'en' }, h('head', {}, ...head), h('body', {}, ...body)))}\n`;
}

/** Text as it may stand between tags and inside quoted attributes. Characters that no document may hold become U+FFFD. */
export function escaped(text: string): string {
  return text
    .replace(forbidden, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

// control characters, lone surrogates, non-characters
const forbidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const voidTags = new Set(['meta', 'br', 'col']);
const svgTags = 'svg g a title desc path line rect circle text tspan polygon polyline defs clipPath pattern';
const htmlTags =
  'html head meta body header footer nav main section article figure figcaption details summary div span p h1 h2 h3 h4 ' +
  'ul ol li dl dt dd table caption colgroup col thead tbody tr th td strong em code small br';
const allowedTags = new Set(`${svgTags} ${htmlTags} style`.split(' '));
const allowedAttributes = new Set(
  (
    'id class lang role href scope colspan rowspan tabindex title charset name content http-equiv viewBox width height x y x1 x2 y1 y2 ' +
    'cx cy r rx dx dy d points fill fill-opacity stroke stroke-width stroke-dasharray stroke-opacity stroke-linejoin stroke-linecap ' +
    'opacity transform text-anchor dominant-baseline font-size font-weight font-style font-family clip-path clip-rule fill-rule ' +
    'patternUnits xmlns open focusable aria-label aria-labelledby aria-describedby aria-hidden'
  ).split(' '),
);

function write(node: Child, colours: Colours, parts: string[]): void {
  if (typeof node === 'string') {
    parts.push(escaped(node));
    return;
  }
  const { tag, children } = node;
  if (!allowedTags.has(tag)) throw new ImmunogateError('E_INTERNAL', `<${tag}> may not stand in a document.`);
  parts.push('<', tag);
  for (const [name, value] of Object.entries(node.attributes)) {
    if (value === null) continue;
    parts.push(' ', name, '="', attributeText(name, value, colours), '"');
  }
  if (children.length === 0 && svgLeaf.has(tag)) {
    parts.push('/>');
    return;
  }
  parts.push('>');
  if (voidTags.has(tag)) return;
  if (tag === 'style') parts.push(styleText(children));
  else for (const child of children) write(child, colours, parts);
  parts.push('</', tag, '>');
}

const svgLeaf = new Set(['path', 'line', 'rect', 'circle', 'polygon', 'polyline']);

function attributeText(name: string, value: string | number, colours: Colours): string {
  if (!allowedAttributes.has(name))
    throw new ImmunogateError('E_INTERNAL', `The attribute ${name} may not stand in a document.`);
  if (typeof value === 'number') return coordinate(value);
  if (name === 'href' && !value.startsWith('#'))
    throw new ImmunogateError('E_INTERNAL', 'A document may refer to itself only.');
  return escaped(colours === 'light' && (name === 'fill' || name === 'stroke') ? lightPaint(value) : value);
}

/** Style sheets are ours, never text from outside; this only makes sure that nobody ends one early. */
function styleText(children: readonly Child[]): string {
  const text = children.filter((child) => typeof child === 'string').join('');
  if (/<|@import|url\(/i.test(text))
    throw new ImmunogateError('E_INTERNAL', 'A style sheet may hold neither tags nor references.');
  return text;
}

/** Two decimals are a hundredth of a pixel; no "-0", no exponent. */
export function coordinate(value: number): string {
  if (!Number.isFinite(value))
    throw new ImmunogateError('E_INTERNAL', 'A coordinate is not a finite number.');
  const rounded = Math.round(value * 100) / 100;
  return String(rounded === 0 ? 0 : rounded);
}

/** A point of a path or a polygon. */
export function point(x: number, y: number): string {
  return `${coordinate(x)} ${coordinate(y)}`;
}
