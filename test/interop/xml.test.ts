// The XML reader: namespaces, text and lines on ordinary documents; attacks are refused, each in under a second.
import { describe, expect, it } from 'vitest';
import { ImmunogateError } from '../../src/errors.ts';
import { attributeOf, childrenOf, parseXml } from '../../src/interop/xml.ts';

describe('parseXml', () => {
  it('resolves namespaces whatever the prefix', () => {
    const root = parseXml(
      '<g:a xmlns:g="urn:one" xmlns="urn:two" g:x="1" x="2">\n<b y="3">p<![CDATA[<q>]]>&amp;&#x3b1;</b></g:a>',
    );
    expect(root).toMatchObject({ namespace: 'urn:one', name: 'a', line: 1 });
    expect(attributeOf(root, 'urn:one', 'x')).toBe('1');
    const [b] = childrenOf(root, 'urn:two', 'b');
    expect(b).toMatchObject({ text: 'p<q>&α', line: 2 });
    expect(attributeOf(b, 'urn:two', 'y')).toBe('3');
    expect(attributeOf(b, 'urn:two', 'z')).toBeNull();
  });

  it('reads past a byte-order mark, a declaration, comments and processing instructions', () => {
    expect(parseXml('\uFEFF<?xml version="1.0"?><!-- <!DOCTYPE a> --><?x y?><a/>').name).toBe('a');
  });
});

const dtd = (inner: string, body: string) => `<?xml version="1.0"?><!DOCTYPE a [${inner}]><a>${body}</a>`;
const laughs = [...'bcdefghij']
  .map((c, i) => `<!ENTITY ${c} "${`&${'abcdefghi'[i]};`.repeat(10)}">`)
  .join('');

const hostile = [
  ['billion laughs', () => dtd(`<!ENTITY a "ha">${laughs}`, '&j;'), 'E_XML_DTD'],
  ['quadratic entity', () => dtd(`<!ENTITY a "${'x'.repeat(100_000)}">`, '&a;'.repeat(100_000)), 'E_XML_DTD'],
  ['external entity', () => dtd('<!ENTITY a SYSTEM "file:///etc/passwd">', '&a;'), 'E_XML_DTD'],
  ['external DTD', () => '<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>', 'E_XML_DTD'],
  ['a million numeric references', () => `<a>${'&#65;'.repeat(1_000_000)}</a>`, 'E_INPUT_LIMIT'],
  ['100,000 levels', () => '<a>'.repeat(100_000) + '</a>'.repeat(100_000), 'E_INPUT_LIMIT'],
  ['too many elements', () => `<a>${'<b/>'.repeat(1_000_000)}</a>`, 'E_INPUT_LIMIT'],
  ['too large', () => `<a>${' '.repeat(64 * 1024 ** 2)}</a>`, 'E_INPUT_LIMIT'],
  ['undefined entity', () => '<a>&nbsp;</a>', 'E_XML_INVALID'],
  ['tags that do not match', () => '<a><b></a>', 'E_XML_INVALID'],
  ['cut short', () => '<a><b/>', 'E_XML_INVALID'],
  ['two attributes of one name', () => '<a x="1" x="2"/>', 'E_XML_INVALID'],
  ['unbound prefix', () => '<g:a/>', 'E_XML_INVALID'],
  ['text after the root', () => '<a/>b', 'E_XML_INVALID'],
  ['nothing', () => '', 'E_XML_INVALID'],
  ['not XML', () => '{"a": 1}', 'E_XML_INVALID'],
] as const;

describe('hostile documents', () => {
  it.each(hostile)('refuses %s', (_, make, code) => {
    const text = make();
    expect(() => parseXml(text)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses the five attacks of reliability S-8 in less than a second each', () => {
    for (const [name, make] of hostile.slice(0, 6)) {
      const text = make();
      const start = performance.now();
      expect(() => parseXml(text), name).toThrow(ImmunogateError);
      expect(performance.now() - start, name).toBeLessThan(1000);
    }
  });

  it('says the line of what is wrong', () => {
    const attempt = () => parseXml('<a>\n<b>\n</c>\n</a>');
    expect(attempt).toThrow(ImmunogateError);
    expect(attempt).toThrow(expect.objectContaining({ place: 'line 3' }));
  });
});
