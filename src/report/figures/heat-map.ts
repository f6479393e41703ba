// Heat map of change: median ratio to baseline of every parameter at every later visit, as a logarithm to the base 2.
// Invariant: blue is fall and orange rise, equally strong for a halving and a doubling; a cell says its number, so colour is never alone.
import { log } from '../../math/index.ts';
import { median } from '../../stats/index.ts';
import { linkedMark, valuesAnchor } from '../anchors.ts';
import { label11, legend } from '../axes.ts';
import { figureWidth, whole, type DataCell, type Figure, type FigurePart } from '../figure.ts';
import { isByDifference, type ImmuneView, type ParameterView } from '../immune-view.ts';
import { fitted, numberText, signedText, wrapped } from '../lettering.ts';
import { h, type Markup } from '../markup.ts';
import { paint } from '../paint.ts';

const rowHeight = 26;
const left = 190;
const top = 62;
const strongest = 2;

export function heatMapFigure(
  immune: ImmuneView,
  parameters: readonly ParameterView[],
  part: FigurePart = whole,
): Figure {
  const [, ...posts] = immune.windows;
  const cells = parameters.map((parameter) =>
    posts.map((visit) => {
      const pairs = immune.pairsOf(parameter.PARAMCD, visit.n);
      const comparison = immune.comparisons.find(
        (cell) => cell.PARAMCD === parameter.PARAMCD && cell.AVISITN === visit.n,
      );
      // of a parameter that goes below 0 those above it would stand for all
      const hasNone =
        (comparison !== undefined && isByDifference(comparison)) ||
        pairs.some(({ base, value }) => base < 0 || value < 0);
      const ratios = hasNone
        ? []
        : pairs.flatMap(({ base, value }) => (base > 0 && value > 0 ? [log(value / base) / log(2)] : []));
      return {
        visit,
        n: ratios.length,
        value: ratios.length === 0 ? null : median(ratios),
        pBH: comparison?.pBH ?? null,
      };
    }),
  );
  const width = (figureWidth - left - 8) / Math.max(1, posts.length);
  const marks: Markup[] = [
    ...legend(6, 12, figureWidth, [
      { label: 'Fall', fill: paint.blue, shape: 'square' },
      { label: 'Rise', fill: paint.orange, shape: 'square' },
    ]).marks,
    label11(
      160,
      16,
      '★ adjusted p below 0.05;  +1 = doubled, −1 = halved;  in brackets: n',
      'start',
      paint.muted,
    ),
    ...posts.map((visit, v) =>
      label11(left + (v + 0.5) * width, top - 10, fitted(visit.label, width - 6, 11), 'middle', paint.ink),
    ),
    ...parameters.flatMap((parameter, p) => {
      const y = top + p * rowHeight;
      return [
        ...nameMarks(parameter.name, y),
        ...cells[p].map(({ visit, n, value, pBH }, v) => {
          const strength = value === null ? 0 : Math.min(1, Math.abs(value) / strongest);
          const x = left + v * width;
          const star = pBH !== null && pBH < 0.05 ? ' ★' : '';
          const text = value === null ? 'NE' : `${signedText(value, 2)}${star}`;
          return linkedMark(
            valuesAnchor(parameter.PARAMCD, visit.n),
            `${parameter.name}, ${visit.label}: ${text} log2, n ${n}`,
            h('rect', { x: x + 1, y: y + 1, width: width - 2, height: rowHeight - 2, fill: paint.panel }),
            h('rect', {
              x: x + 1,
              y: y + 1,
              width: width - 2,
              height: rowHeight - 2,
              fill: (value ?? 0) < 0 ? paint.blue : paint.orange,
              'fill-opacity': 0.75 * strength,
            }),
            label11(x + width / 2, y + rowHeight / 2 + 4, `${text} (${n})`, 'middle'),
          );
        }),
      ];
    }),
  ];
  return {
    id: `changes${part.id}`,
    title: `Changes from baseline${part.title}`,
    help: 'Median over subjects of log2(visit / baseline): 0 is no change, +1 a doubling, −1 a halving; colours are full at ±2. NE: there are no pairs, or some values are below 0, which have no ratio.',
    n: `${parameters.length} parameters, ${posts.length} visits`,
    description: `Median log2 ratios to baseline. ${parameters.map((parameter, p) => `${parameter.name}: ${cells[p].map(({ value }) => numberText(value, 2)).join(', ')}`).join('; ')}.`,
    width: figureWidth,
    height: top + parameters.length * rowHeight + 8,
    marks,
    data: {
      columns: ['parameter', 'visit', 'n', 'median log2 ratio', 'p adjusted (BH)'],
      rows: parameters.flatMap((parameter, p) =>
        cells[p].map(({ visit, n, value, pBH }): DataCell[] => [
          parameter.PARAMCD,
          visit.label,
          n,
          value,
          pBH,
        ]),
      ),
    },
  };
}

/** The name of a parameter left of its row, in two lines where one is too narrow. */
function nameMarks(name: string, y: number): Markup[] {
  const lines = wrapped(name, left - 14, 11);
  return lines.map((text, i) =>
    label11(6, y + rowHeight / 2 + 4 + (lines.length === 1 ? 0 : 12 * i - 6), text),
  );
}
