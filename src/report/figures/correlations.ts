// Correlations between the changes of parameters: Spearman's rho of the ratios to baseline (differences where there are none) at one visit, below the diagonal.
// A column has the code of its parameter at its head, on the diagonal, so that the row of the same parameter tells its name.
// Invariant: colour and number are the coefficient; a star says that its p, adjusted over all pairs, is below 0.05.
import { legend } from '../axes.ts';
import { figureWidth, whole, type DataCell, type Figure, type FigurePart } from '../figure.ts';
import type { ImmuneView, ParameterView } from '../immune-view.ts';
import { fitted, fromTo, levelText, numberText, signedText, textWidth, wrapped } from '../lettering.ts';
import { h, type Markup } from '../markup.ts';
import { paint } from '../paint.ts';

const left = 208;
const top = 34;
/** Room for the code of the last column, right of its cell. */
const right = 62;

/** Of the pairs among `parameters`; `visit` in words. Null when no pair has a coefficient. */
export function correlationFigure(
  { correlations, conf }: Pick<ImmuneView, 'correlations' | 'conf'>,
  parameters: readonly ParameterView[],
  visit: string,
  part: FigurePart = whole,
): Figure | null {
  const level = levelText(conf);
  const codes = new Set(parameters.map(({ PARAMCD }) => PARAMCD));
  const cells = correlations.filter(({ x, y }) => codes.has(x) && codes.has(y));
  const known = cells.filter(({ rho }) => rho !== null);
  const shown = parameters.filter(({ PARAMCD }) => known.some(({ x, y }) => x === PARAMCD || y === PARAMCD));
  if (shown.length < 2) return null;
  const size = Math.min(38, (figureWidth - left - right) / shown.length);
  const at = new Map(shown.map(({ PARAMCD }, i) => [PARAMCD, i]));
  const letters = Math.min(11, size + 1);
  const marks: Markup[] = [
    ...legend(6, 12, figureWidth, [
      { label: 'Opposite (−1)', fill: paint.blue, shape: 'square' },
      { label: 'Together (+1)', fill: paint.orange, shape: 'square' },
    ]).marks,
    ...shown.flatMap(({ name, PARAMCD }, i) => {
      const y = top + (i + 0.5) * size + letters / 3;
      const lines = size >= 24 ? wrapped(name, left - 12, letters) : [fitted(name, left - 12, letters)];
      return [
        ...lines.map((part, l) =>
          text(left - 6, y + (lines.length === 1 ? 0 : 12 * l - 6), part, letters, 'end'),
        ),
        text(left + i * size + 4, y, PARAMCD, letters, null, paint.muted),
      ];
    }),
    ...known.flatMap(({ x, y, n, rho, pBH }) => {
      const [i, j] = [at.get(x), at.get(y)];
      if (i === undefined || j === undefined || rho === null) return [];
      const [column, row] = i < j ? [i, j] : [j, i];
      const [px, py] = [left + column * size, top + row * size];
      const said = `${signedText(rho, 1).replace('0.', '.')}${pBH !== null && pBH < 0.05 ? '★' : ''}`;
      return [
        h(
          'rect',
          {
            x: px + 0.5,
            y: py + 0.5,
            width: size - 1,
            height: size - 1,
            fill: rho < 0 ? paint.blue : paint.orange,
            'fill-opacity': 0.8 * Math.abs(rho),
          },
          h('title', {}, `${x} and ${y}: rho ${numberText(rho, 2)}, n ${n}`),
        ),
        ...(textWidth(said, 9.5) < size - 2
          ? [text(px + size / 2, py + size / 2 + 3.5, said, 9.5, 'middle')]
          : []),
      ];
    }),
  ];
  const ns = known.map(({ n }) => n);
  return {
    id: `correlations${part.id}`,
    title: `Correlation of changes at ${visit}${part.title}`,
    help: "Spearman's rho between the ratios to baseline of two parameters, of IG4PCT and PD1RO the differences; ★ adjusted p below 0.05 (Benjamini-Hochberg over all pairs of the study). Codes head the columns, names the rows.",
    n: `${shown.length} parameters, n = ${fromTo(ns)} subjects a pair`,
    description: `Spearman correlations of ${shown.length} parameters at ${visit}.`,
    width: figureWidth,
    height: top + shown.length * size + 8,
    marks,
    data: {
      columns: [
        'parameter',
        'with parameter',
        'n',
        'rho',
        `lower ${level}`,
        `upper ${level}`,
        'p',
        'p adjusted (BH)',
      ],
      rows: cells.map(({ x, y, n, rho, low, high, p, pBH }): DataCell[] => [x, y, n, rho, low, high, p, pBH]),
    },
  };
}

function text(
  x: number,
  y: number,
  said: string,
  size: number,
  anchor: 'middle' | 'end' | null,
  fill: string = paint.ink,
): Markup {
  return h('text', { x, y, fill, 'font-size': size, 'text-anchor': anchor }, said);
}
