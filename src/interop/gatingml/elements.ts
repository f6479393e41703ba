// The vocabulary of Gating-ML 2.0 and the ways to ask its elements for values, each with a complaint that says which line.
// Invariant: numbers are finite and written as XML Schema doubles; anything else is refused, never guessed.
import { ImmunogateError, type IssueCode } from '../../errors.ts';
import { attributeOf, childrenOf, type XmlElement } from '../xml.ts';

export const GATING = 'http://www.isac-net.org/std/Gating-ML/v2.0/gating';
export const TRANSFORMS = 'http://www.isac-net.org/std/Gating-ML/v2.0/transformations';
export const DATATYPES = 'http://www.isac-net.org/std/Gating-ML/v2.0/datatypes';

/** An error about one element; its place is the line. */
export function fault(
  message: string,
  element: XmlElement,
  code: IssueCode = 'E_GATINGML_INVALID',
): ImmunogateError {
  return new ImmunogateError(code, message, { place: `line ${element.line}` });
}

/** A required attribute that is not empty. */
export function textAttribute(element: XmlElement, namespace: string, name: string): string {
  const value = attributeOf(element, namespace, name)?.trim() ?? '';
  if (value === '') throw fault(`<${element.name}> has no ${name}.`, element);
  return value;
}

/** A required attribute that is a finite number. */
export function numberAttribute(element: XmlElement, namespace: string, name: string): number {
  return numberOf(textAttribute(element, namespace, name), name, element);
}

/** A finite number, or null when the attribute is absent. */
export function optionalNumber(element: XmlElement, namespace: string, name: string): number | null {
  const text = attributeOf(element, namespace, name);
  return text === null ? null : numberOf(text, name, element);
}

/** true or false (XML Schema also writes 1 and 0); `otherwise` when absent. */
export function booleanAttribute(
  element: XmlElement,
  namespace: string,
  name: string,
  otherwise: boolean,
): boolean {
  const text = attributeOf(element, namespace, name)?.trim().toLowerCase();
  if (text === undefined) return otherwise;
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw fault(`${name} of <${element.name}> is "${text}", not true or false.`, element);
}

/** Parses an XML Schema double; infinities and NaN are refused. */
export function numberOf(text: string, what: string, element: XmlElement): number {
  const trimmed = text.trim();
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (!Number.isFinite(value)) {
    throw fault(`${what} of <${element.name}> is "${trimmed}", not a finite number.`, element);
  }
  return value;
}

/** The one child of that name. */
export function onlyChild(element: XmlElement, namespace: string, name: string): XmlElement {
  const found = childrenOf(element, namespace, name);
  if (found.length !== 1) {
    throw fault(`<${element.name}> needs exactly one <${name}>, but has ${found.length}.`, element);
  }
  return found[0];
}

/** Names of the <fcs-dimension> children, in order. */
export function dimensionNames(element: XmlElement): readonly string[] {
  return childrenOf(element, DATATYPES, 'fcs-dimension').map((child) =>
    textAttribute(child, DATATYPES, 'name'),
  );
}
