// Elements to be written, and their text. Attributes that are undefined are left out; numbers are shortest round-trip text.
export type Attributes = Readonly<Record<string, string | number | undefined>>;

export interface Markup {
  readonly name: string;
  readonly attributes: Attributes;
  readonly children: readonly Markup[];
  readonly text: string;
}

export function markup(
  name: string,
  attributes: Attributes,
  children: readonly Markup[] = [],
  text = '',
): Markup {
  return { name, attributes, children, text };
}

export function render({ name, attributes, children, text }: Markup, indent: string): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escape(String(value))}"`)
    .join('');
  if (children.length === 0 && text === '') return `${indent}<${name}${written}/>\n`;
  if (children.length === 0) return `${indent}<${name}${written}>${escape(text)}</${name}>\n`;
  const inner = children.map((child) => render(child, `${indent}  `)).join('');
  return `${indent}<${name}${written}>\n${inner}${indent}</${name}>\n`;
}

/** Escapes for text and double-quoted attributes; line ends and tabs as references, or a reader would turn them into spaces. */
function escape(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (c) => `&#${c.codePointAt(0) ?? 32};`);
}
