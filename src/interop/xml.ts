// XML text -> a small tree of elements, for documents that strangers wrote (Gating-ML, FlowJo workspaces).
// Invariants: namespaces are resolved; no DTD, hence no entities but the five predefined and numeric ones; size, depth, elements
// and character references are bounded, so hostile text costs well under a second. Comments and processing instructions are dropped.
import { SaxesParser, type SaxesAttributeNS } from 'saxes';
import { ImmunogateError } from '../errors.ts';

/** One attribute; `namespace` is '' when it has no prefix. */
export interface XmlAttribute {
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

/** One element: resolved namespace ('' = none), local name, its own text joined over child elements, 1-based line of its tag. */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  readonly text: string;
  readonly line: number;
}

/** Upper bounds (reliability section 3); a document beyond one is refused with E_INPUT_LIMIT. `size` in characters. */
export interface XmlLimits {
  readonly size: number;
  readonly depth: number;
  readonly elements: number;
  readonly characterReferences: number;
}

export const defaultXmlLimits: XmlLimits = {
  size: 64 * 1024 * 1024,
  depth: 64,
  elements: 1_000_000,
  characterReferences: 100_000,
};

/** Characters handed to the parser at a time, so that a limit stops it soon. */
const CHUNK = 1 << 16;

/** The root element. Throws E_XML_DTD, E_XML_INVALID (with line and column) or E_INPUT_LIMIT. */
export function parseXml(text: string, limits: Partial<XmlLimits> = {}): XmlElement {
  const bounds = { ...defaultXmlLimits, ...limits };
  if (text.length > bounds.size) throw beyond('size', bounds.size, 'characters');
  if (countUpTo(text, '&#', bounds.characterReferences) > bounds.characterReferences) {
    throw beyond('character references', bounds.characterReferences, 'references');
  }
  const parser = new SaxesParser({ xmlns: true });
  const open: { element: MutableElement; line: number }[] = [];
  let root: XmlElement | null = null;
  let elements = 0;
  let line = 1;

  parser.on('doctype', () => {
    throw new ImmunogateError(
      'E_XML_DTD',
      'The document holds a DTD (<!DOCTYPE …>), which is refused for safety; remove it.',
    );
  });
  parser.on('error', (error) => {
    throw new ImmunogateError('E_XML_INVALID', `The document is not well-formed XML: ${error.message}`, {
      place: `line ${parser.line}`,
    });
  });
  parser.on('opentagstart', () => {
    line = parser.line;
    if (open.length >= bounds.depth) throw beyond('depth', bounds.depth, 'nested elements');
    if (++elements > bounds.elements) throw beyond('elements', bounds.elements, 'elements');
  });
  parser.on('opentag', (tag) => {
    const element: MutableElement = {
      namespace: tag.uri,
      name: tag.local,
      attributes: Object.values(tag.attributes).filter(isNotDeclaration).map(toAttribute),
      children: [],
      text: '',
      line,
    };
    open.at(-1)?.element.children.push(element);
    open.push({ element, line });
  });
  const addText = (content: string): void => {
    const top = open.at(-1);
    if (top !== undefined) top.element.text += content;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed !== undefined && open.length === 0) root = closed.element;
  });

  for (let at = 0; at < text.length; at += CHUNK) parser.write(text.slice(at, at + CHUNK));
  parser.close();
  if (root === null) throw new ImmunogateError('E_XML_INVALID', 'The document has no root element.');
  return root;
}

interface MutableElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

function isNotDeclaration(attribute: SaxesAttributeNS): boolean {
  return attribute.prefix !== 'xmlns' && attribute.name !== 'xmlns';
}

function toAttribute(attribute: SaxesAttributeNS): XmlAttribute {
  return { namespace: attribute.uri, name: attribute.local, value: attribute.value };
}

/** How often `needle` occurs, counted until it is more than `most`. */
function countUpTo(text: string, needle: string, most: number): number {
  let count = 0;
  for (let at = text.indexOf(needle); at >= 0 && count <= most; at = text.indexOf(needle, at + 1)) count++;
  return count;
}

function beyond(what: string, limit: number, unit: string): ImmunogateError {
  return new ImmunogateError(
    'E_INPUT_LIMIT',
    `The document is beyond the limit for ${what}: ${limit} ${unit}.`,
  );
}

// ---- asking an element ---------------------------------------------------------------------------------------------

/** Value of an attribute, null when absent. An attribute without a prefix counts as one of any namespace. */
export function attributeOf(element: XmlElement, namespace: string, name: string): string | null {
  const { attributes } = element;
  const found =
    attributes.find((a) => a.name === name && a.namespace === namespace) ??
    attributes.find((a) => a.name === name && a.namespace === '');
  return found?.value ?? null;
}

/** Child elements of one name, in document order. */
export function childrenOf(element: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.namespace === namespace && child.name === name);
}
