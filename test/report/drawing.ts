// Reads figures back: the marks of a drawing as a flat list, the points of a path.
import type { Child, Markup } from '../../src/report/index.ts';

export function elements(children: readonly Child[]): Markup[] {
  return children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...elements(child.children)]));
}

export function textsOf(children: readonly Child[]): string[] {
  return elements(children)
    .filter(({ tag }) => tag === 'text')
    .map(({ children: inside }) => inside.filter((child) => typeof child === 'string').join(''));
}

/** The points of a path that consists of M, L and Z. */
export function pointsOf(d: unknown): { readonly x: number; readonly y: number }[] {
  return [...String(d).matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => ({
    x: Number(x),
    y: Number(y),
  }));
}
