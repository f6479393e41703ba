// Paired change of one immune parameter: baseline against every later visit, each pair a line, with the Hodges-Lehmann shift above.
// Invariant: the pairs are those of the test (both values measured), and the shift, its interval and the adjusted p are the table's.
import { formatP } from '../../stats/index.ts';
import { figureId, linkedMark, parameterAnchor, valueAnchor, valuesAnchor } from '../anchors.ts';
import { label11, leftAxis, legend, line, ticksOf, type Area } from '../axes.ts';
import { figureWidth, type Figure } from '../figure.ts';
import { labelOf, unitOf, type ImmuneView, type ParameterView } from '../immune-view.ts';
import { counted, fitted, levelText, numberText, signedInterval, signedText } from '../lettering.ts';
import { h, type Markup } from '../markup.ts';
import { paint } from '../paint.ts';
import { valueScale } from './value-scale.ts';

const height = 366;
const area: Area = { left: 60, right: figureWidth - 14, top: 96, bottom: 308 };

export function pairedFigure(immune: ImmuneView, parameter: ParameterView): Figure {
  const { PARAMCD, decimals, unit } = parameter;
  const [baseline, ...posts] = immune.windows;
  const panels = posts.map((visit) => ({
    visit,
    comparison: immune.comparisons.find((cell) => cell.PARAMCD === PARAMCD && cell.AVISITN === visit.n),
    pairs: immune.pairsOf(PARAMCD, visit.n),
  }));
  const { y, ticks, kind } = valueScale(
    panels.flatMap(({ pairs }) => pairs.flatMap(({ base, value }) => [base, value])),
    area,
  );
  const pitch = (area.right - area.left) / Math.max(1, panels.length);
  const shownUnit = unitOf(parameter);
  const marks: Markup[] = [
    ...legend(area.left, 12, figureWidth, [
      { label: 'Rise', fill: paint.orange, shape: 'line' },
      { label: 'Fall', fill: paint.blue, shape: 'line' },
      { label: 'No change', fill: paint.grey, shape: 'line' },
    ]).marks,
    leftAxis({ ...area, top: 44 }, y, ticksOf(ticks), `${shownUnit}${kind === 'log' ? ', log' : ''}`),
    line(area.left, area.bottom, area.right, area.bottom, paint.rule),
    ...panels.flatMap(({ visit, comparison, pairs }, i) => {
      const [x0, x1] = [area.left + (i + 0.24) * pitch, area.left + (i + 0.76) * pitch];
      const middle = (x0 + x1) / 2;
      const shift = comparison?.hodgesLehmann;
      return [
        ...(i === 0 ? [] : [line(area.left + i * pitch, 44, area.left + i * pitch, area.bottom, paint.grid)]),
        ...pairs.map(({ USUBJID, base, value }) => pairMark(PARAMCD, visit.n, USUBJID, base, value, x0, x1)),
        linkedMark(
          valuesAnchor(PARAMCD, visit.n),
          `Pairs of ${visit.label}`,
          label11(middle, 52, `shift ${signedText(shift?.estimate ?? null, decimals + 1)}`, 'middle'),
          label11(
            middle,
            67,
            signedInterval([shift?.ciLow ?? null, shift?.ciHigh ?? null], decimals + 1, pitch - 10),
            'middle',
            paint.muted,
          ),
          label11(middle, 82, `p adj. ${formatP(comparison?.pBH ?? null) || 'NE'}`, 'middle', paint.muted),
        ),
        ...(pairs.length === 0
          ? [label11(middle, (area.top + area.bottom) / 2, 'no pairs', 'middle', paint.muted)]
          : []),
        label11(middle, area.bottom + 18, fitted(visit.label, pitch - 8, 11), 'middle'),
        label11(middle, area.bottom + 34, `${counted(pairs.length, 'pair')}`, 'middle', paint.muted),
      ];
    }),
  ];
  return {
    id: figureId('paired', PARAMCD),
    title: `${parameter.name}: change from ${baseline.label.toLowerCase()}`,
    help: `Left dot ${baseline.label.toLowerCase()}, right dot the visit; above: Hodges-Lehmann shift in ${shownUnit} with ${levelText(immune.conf)} interval, and the Wilcoxon p adjusted by Benjamini-Hochberg. A value below detection makes no pair, unless the parameter is compared by difference alone.`,
    n: panels.map(({ visit, pairs }) => `${visit.label} n = ${pairs.length}`).join(', '),
    description: `Pairs of ${labelOf(parameter)}: ${panels.map(({ visit, comparison }) => `${visit.label} shift ${numberText(comparison?.hodgesLehmann.estimate ?? null, decimals + 1)}`).join(', ')}.`,
    width: figureWidth,
    height,
    marks,
    records: parameterAnchor(PARAMCD),
    data: {
      columns: [
        'visit',
        'subject',
        `baseline (${shownUnit})`,
        `visit (${shownUnit})`,
        `change (${shownUnit})`,
      ],
      rows: panels.flatMap(({ visit, pairs }) =>
        pairs.map(({ USUBJID, base, value }) => [visit.label, USUBJID, base, value, value - base]),
      ),
    },
  };

  function pairMark(
    code: string,
    visit: number,
    subject: string,
    before: number,
    after: number,
    x0: number,
    x1: number,
  ): Markup {
    const stroke = after > before ? paint.orange : after < before ? paint.blue : paint.grey;
    const said = `${subject}: ${numberText(before, decimals)} to ${numberText(after, decimals)} ${unit}`;
    return linkedMark(
      valueAnchor(code, visit, subject),
      said,
      line(x0, y(before), x1, y(after), stroke, { 'stroke-width': 1.2, 'stroke-opacity': 0.7 }),
      h('circle', { cx: x0, cy: y(before), r: 2.6, fill: stroke }),
      h('circle', { cx: x1, cy: y(after), r: 2.6, fill: stroke }),
    );
  }
}
