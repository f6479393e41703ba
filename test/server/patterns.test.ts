// Rules of the source that only its text can show (reliability S-10): patterns that cannot take for ever, SQL without values in its text.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../src/', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

/** Every node of a file that `pick` makes something of. */
function found<T>(name: string, pick: (node: ts.Node) => T | null): T[] {
  const source = ts.createSourceFile(name, readFileSync(join(root, name), 'utf8'), ts.ScriptTarget.Latest);
  const all: T[] = [];
  const visit = (node: ts.Node): void => {
    const one = pick(node);
    if (one !== null) all.push(one);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return all;
}

/** A repeated group of nothing but repeated characters, so that a text can be parted in many ways: `(a+)+`, `(a*b*)*`, not `(a+,)*`. */
function nestsQuantifiers(pattern: string): boolean {
  const plain = pattern.replace(/\\./g, 'e').replace(/\[[^\]]*\]/g, 'c');
  const repeated = [...plain.matchAll(/\(([^()]*)\)(?:[*+]|\{\d+,\})/g)];
  return repeated.some(([, inner]) =>
    inner
      .replace(/^\?:/, '')
      .split('|')
      .some((way) => /^([^*+?][*+?])+$/.test(way) && /[*+]/.test(way)),
  );
}

describe('patterns', () => {
  it.each([
    ['(\\w+)+', true],
    ['^([a-z]*[0-9]*)*$', true],
    ['(?:[ab]+)*x', true],
    ['(\\d+,)*', false],
    ['[a-z]+-\\d+', false],
    ['(?:\\.\\d+)?', false],
  ])('%s nests quantifiers: %s', (pattern, nests) => expect(nestsQuantifiers(pattern)).toBe(nests));

  it('of the source do not', () => {
    const patterns = files.flatMap((name) =>
      found(name, (node) => (ts.isRegularExpressionLiteral(node) ? `${name}: ${node.text}` : null)),
    );
    expect(patterns.length).toBeGreaterThan(100);
    expect(patterns.filter((text) => nestsQuantifiers(text.slice(text.indexOf(': ') + 2)))).toEqual([]);
  });
});

describe('SQL', () => {
  it('is put together in one file only, from names that are quoted', () => {
    const texts = files.flatMap((name) =>
      found(name, (node) => {
        if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
        const [argument] = node.arguments;
        if (!['prepare', 'exec'].includes(node.expression.name.text) || argument === undefined) return null;
        if (!ts.isTemplateExpression(argument)) return null;
        const text = readFileSync(join(root, name), 'utf8');
        return `${name}: ${argument.templateSpans.map(({ expression: at }) => text.slice(at.pos, at.end)).join(' ')}`;
      }),
    );
    // marks are question marks; columns are quoted where they are listed
    expect(texts.sort()).toEqual([
      'run/database/node.ts: quoted(file)',
      "run/database/node.ts: quoted(file) columns.join(', ')",
      'run/database/node.ts: quoted(file) marks',
    ]);
  });
});
