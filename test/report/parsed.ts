// A document as an HTML parser sees it, with no more of its interface than the tests ask for.
import { parseHTML } from 'linkedom';

export interface ParsedElement {
  readonly tagName: string;
  readonly id: string;
  readonly textContent: string;
  readonly attributes: ArrayLike<{ readonly name: string; readonly value: string }>;
  getAttribute(name: string): string | null;
}

export function parsed(html: string, selector: string): readonly ParsedElement[] {
  const { document } = parseHTML(html) as unknown as {
    readonly document: { querySelectorAll(selector: string): ArrayLike<ParsedElement> };
  };
  return Array.from(document.querySelectorAll(selector));
}
