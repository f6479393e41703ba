// Correlations between the changes of parameters: Spearman's rho of the ratios to baseline at one visit, below the diagonal.
// Invariant: colour and number are the coefficient; a star says that its p, adjusted over all pairs, is below 0.05.
import type { CorrelationCell } from '../../endpoints/index.ts';
import { label11, legend } from '../axes.ts';
import { figureWidth, type DataCell, type Figure } from '../figure.ts';
import type { ParameterView } from '../immune-view.ts';
import { fitted, fromTo, numberText, signedText } from '../lettering.ts';
import { coordinate, h, type Markup } from '../markup.ts';
import { paint } from '../paint.ts';

const left = 176;
const top = 150;

/** `visit` in words; null when no pair has a coefficient. */
export function correlationFigure(
  cells: readonly CorrelationCell[],
  parameters: readonly ParameterView[],
  visit: string,
): Figure | null {
  const known = cells.filter(({ rho }) => rho !== null);
  const shown = parameters.filter(({ PARAMCD }) => known.some(({ x, y }) => x === PARAMCD || y === PARAMCD));
  if (shown.length < 2) return null;
  const size = Math.min(38, (figureWidth - left - 8) / shown.length);
  const at = new Map(shown.map(({ PARAMCD }, i) => [PARAMCD, i]));
  const numbers = size >= 26;
  const marks: Markup[] = [
    ...legend(6, 12, figureWidth, [
      { label: 'Opposite (−1)', fill: paint.blue, shape: 'square' },
      { label: 'Together (+1)', fill: paint.orange, shape: 'square' },
    ]).marks,
    ...shown.map(({ name }, i) =>
      label11(left - 6, top + (i + 0.5) * size + 4, fitted(name, left - 12, 11), 'end'),
    ),
    ...shown.map(({ name }, i) =>
      h(
        'text',
        {
          transform: `translate(${coordinate(left + (i + 0.5) * size + 4)} ${top - 6}) rotate(-90)`,
          fill: paint.ink,
          'font-size': 11,
        },
        fitted(name, 112, 11),
      ),
    ),
    ...known.flatMap(({ x, y, n, rho, pBH }) => {
      const [i, j] = [at.get(x), at.get(y)];
      if (i === undefined || j === undefined || rho === null) return [];
      const [column, row] = i < j ? [i, j] : [j, i];
      const [px, py] = [left + column * size, top + row * size];
      const text = `${signedText(rho, 1).replace('0.', '.')}${pBH !== null && pBH < 0.05 ? '★' : ''}`;
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
        ...(numbers
          ? [
              h(
                'text',
                {
                  x: px + size / 2,
                  y: py + size / 2 + 3.5,
                  fill: paint.ink,
                  'font-size': 9.5,
                  'text-anchor': 'middle',
                },
                text,
              ),
            ]
          : []),
      ];
    }),
  ];
  const ns = known.map(({ n }) => n);
  return {
    id: 'correlations',
    title: `Correlation of changes at ${visit}`,
    help: "Spearman's rho between the ratios to baseline of two parameters; ★ adjusted p below 0.05 (Benjamini-Hochberg over all pairs).",
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
        'lower 95 %',
        'upper 95 %',
        'p',
        'p adjusted (BH)',
      ],
      rows: cells.map(({ x, y, n, rho, low, high, p, pBH }): DataCell[] => [x, y, n, rho, low, high, p, pBH]),
    },
  };
}
