// The one way from data to markup: escaping, and what may not stand in a document (reliability S-6).
import { describe, expect, it } from 'vitest';
import { escaped, h, markupText } from '../../src/report/index.ts';
import { parsed } from './parsed.ts';
import { payloads } from './payloads.ts';

describe('text', () => {
  it.each(payloads)('stays text: %j', (payload) => {
    const all = parsed(
      `<html><body>${markupText(h('p', { title: payload }, payload))}</body></html>`,
      'body *',
    );
    expect(all).toHaveLength(1);
    const [p] = all;
    expect(p.attributes).toHaveLength(1);
    // what no document may hold is replaced; all else comes back unchanged

    const kept = payload.replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/gu,
      '\ufffd',
    );
    expect(p.textContent).toBe(kept);
    expect(p.getAttribute('title')).toBe(kept);
  });

  it('knows the five characters', () => {
    expect(escaped(`<a href="x">&'`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#39;');
  });
});

describe('what may not stand in a document', () => {
  const refused: readonly (readonly [string, () => string])[] = [
    ['a script', () => markupText(h('script', {}, 'alert(1)'))],
    ['foreignObject', () => markupText(h('svg', {}, h('foreignObject')))],
    ['an image from elsewhere', () => markupText(h('image', { href: 'https://example.org/a.png' }))],
    ['an event attribute', () => markupText(h('rect', { onclick: 'alert(1)' }))],
    ['an event attribute in capitals', () => markupText(h('rect', { ONLOAD: 'alert(1)' }))],
    ['an inline style', () => markupText(h('p', { style: 'background:url(//example.org)' }))],
    ['a link to elsewhere', () => markupText(h('a', { href: 'https://example.org' }, 'x'))],
    ['a script link', () => markupText(h('a', { href: 'javascript:alert(1)' }, 'x'))],
    ['a style sheet that loads', () => markupText(h('style', {}, '@import "x.css"'))],
    ['a style sheet that ends early', () => markupText(h('style', {}, '</style><script>'))],
    ['a tag with more in its name', () => markupText(h('p onclick=alert(1)'))],
    ['a coordinate that is no number', () => markupText(h('rect', { x: Number.NaN }))],
  ];

  it.each(refused)('%s', (_, make) => {
    expect(make).toThrow();
  });
});

describe('colours', () => {
  it('are tokens on a page and written out in a file', () => {
    const rect = h('rect', { fill: 'var(--blue)', x: 1.23456 });
    expect(markupText(rect)).toBe('<rect fill="var(--blue)" x="1.23"/>');
    expect(markupText(rect, 'light')).toBe('<rect fill="#0067a5" x="1.23"/>');
  });
});
