// Forest plots of one visit over all parameters: Hodges-Lehmann shifts, and geometric mean ratios.
// Shifts have the units of their parameters, so the axis shows them as per cent of the median at baseline; the text gives the unit.
// Invariant: estimate and interval are those of the comparison table; what lies beyond the axis ends in an arrow, never in silence.
import { scaleLinear, scaleLog } from 'd3';
import { signedRankP, type VisitComparison, type VisitWindow } from '../../endpoints/index.ts';
import { formatP } from '../../stats/index.ts';
import { linkedMark, valuesAnchor } from '../anchors.ts';
import { bottomAxis, label11, line, symbol, ticksOf, type Area, type Scale, type Tick } from '../axes.ts';
import { figureWidth, whole, type DataCell, type Figure, type FigurePart } from '../figure.ts';
import { isByDifference, type ImmuneView, type ParameterView } from '../immune-view.ts';
import { counted, fromTo, levelText, numberText, signedInterval, signedText, wrapped } from '../lettering.ts';
import { h, point, type Markup } from '../markup.ts';
import { paint } from '../paint.ts';

interface Row {
  readonly parameter: ParameterView;
  readonly cell: VisitComparison;
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The estimate, and below it its interval: side by side long numbers would not fit. */
  readonly text: string;
  readonly interval: string;
}

/** The axis of shifts goes no further: of a baseline near 0, as of a bound drug, every shift is thousands of per cent. */
const mostPercent = 300;
/** The same of ratios. */
const mostTimes = 16;

/** Hodges-Lehmann shifts against baseline; without a mark where the median at baseline is no whole that a part can be of: at 0 or below, or about 0. */
export function shiftForest(
  immune: ImmuneView,
  parameters: readonly ParameterView[],
  visit: VisitWindow,
  part: FigurePart = whole,
): Figure {
  const level = levelText(immune.conf);
  const rows = rowsOf(immune, parameters, visit, (cell, { decimals }) => {
    const { estimate, ciLow, ciHigh } = cell.hodgesLehmann;
    const base = isByDifference(cell) || (cell.medianBase ?? 0) <= 0 ? null : cell.medianBase;
    const percent = (value: number | null): number | null =>
      value === null || base === null ? null : (100 * value) / base;
    const d = decimals + 1;
    return {
      estimate: percent(estimate),
      low: percent(ciLow),
      high: percent(ciHigh),
      text: signedText(estimate, d),
      interval: signedInterval([ciLow, ciHigh], d, figureWidth - textLeft - pWidth),
    };
  });
  const values = rows
    .flatMap(({ estimate, low, high }) => [estimate, low, high])
    .filter((value) => value !== null);
  const limit = Math.max(20, ...values.map(Math.abs).filter((value) => value <= mostPercent));
  return forest({
    id: `shift-${visit.n}${part.id}`,
    title: `Shift from baseline at ${visit.label}${part.title}`,
    help: `Hodges-Lehmann shift with its ${level} interval, drawn as per cent of the median at baseline where that is above 0 and not about 0 by its nature (IG4PCT, PD1RO); an arrow: beyond the axis. p by Wilcoxon, adjusted by Benjamini-Hochberg over the parameters.`,
    rows,
    axisTitle: 'Shift (% of median at baseline)',
    heading: `Shift, ${level} CI`,
    zero: 0,
    scale: (area) => {
      const scale = scaleLinear([-limit, limit], [area.left, area.right]).nice(5);
      return { x: (value) => scale(value), ticks: ticksOf(scale.ticks(5)) };
    },
    data: {
      columns: [
        'parameter',
        'unit',
        'pairs',
        'HL shift',
        `lower ${level}`,
        `upper ${level}`,
        'median at baseline',
        'p',
        'p adjusted (BH)',
        'p adjusted (Holm)',
      ],
      rows: rows.map(({ parameter, cell }): DataCell[] => [
        parameter.PARAMCD,
        parameter.unit,
        cell.nPairs,
        cell.hodgesLehmann.estimate,
        cell.hodgesLehmann.ciLow,
        cell.hodgesLehmann.ciHigh,
        cell.medianBase,
        signedRankP(cell),
        cell.pBH,
        cell.pHolm,
      ]),
    },
  });
}

/** Geometric mean ratios to baseline. */
export function ratioForest(
  immune: ImmuneView,
  parameters: readonly ParameterView[],
  visit: VisitWindow,
  part: FigurePart = whole,
): Figure {
  const level = levelText(immune.conf);
  const rows = rowsOf(immune, parameters, visit, ({ logT }) => {
    const [estimate, low, high] = [logT?.gmr ?? null, logT?.ciLow ?? null, logT?.ciHigh ?? null];
    return {
      estimate,
      low,
      high,
      text: numberText(estimate, 2),
      interval: `(${numberText(low, 2)}, ${numberText(high, 2)})`,
    };
  });
  const values = rows
    .flatMap(({ estimate, low, high }) => [estimate, low, high])
    .filter((value) => value !== null);
  const factors = values.map((value) => Math.max(value, 1 / value));
  const factor = Math.max(1.5, ...factors.filter((one) => one <= mostTimes));
  const shown = [0.0625, 0.125, 0.25, 0.5, 0.8, 1, 1.25, 2, 4, 8, 16].filter(
    (value) => Math.max(value, 1 / value) <= factor && (factor < 3 || (value !== 0.8 && value !== 1.25)),
  );
  return forest({
    id: `ratio-${visit.n}${part.id}`,
    title: `Ratio to baseline at ${visit.label}${part.title}`,
    help: `Geometric mean ratio to baseline with its ${level} t interval on the log scale; left of 1 the parameter fell. p adjusted by Benjamini-Hochberg (Wilcoxon).`,
    rows,
    axisTitle: 'Geometric mean ratio, visit / baseline (log scale)',
    heading: `Ratio, ${level} CI`,
    zero: 1,
    scale: (area) => {
      // a little beyond the farthest mark, which rounding may else put outside
      const scale = scaleLog([1 / (1.05 * factor), 1.05 * factor], [area.left, area.right]);
      return { x: (value) => scale(value), ticks: ticksOf(shown) };
    },
    data: {
      columns: [
        'parameter',
        'pairs',
        'GMR',
        `lower ${level}`,
        `upper ${level}`,
        'p (log t)',
        'p adjusted (BH, Wilcoxon)',
      ],
      rows: rows.map(({ parameter, cell }): DataCell[] => [
        parameter.PARAMCD,
        cell.nPairs,
        cell.logT?.gmr ?? null,
        cell.logT?.ciLow ?? null,
        cell.logT?.ciHigh ?? null,
        cell.logT?.p ?? null,
        cell.pBH,
      ]),
    },
  });
}

function rowsOf(
  immune: ImmuneView,
  parameters: readonly ParameterView[],
  visit: VisitWindow,
  of: (cell: VisitComparison, parameter: ParameterView) => Omit<Row, 'parameter' | 'cell'>,
): Row[] {
  return parameters.flatMap((parameter) => {
    const cell = immune.comparisons.find(
      (one) => one.PARAMCD === parameter.PARAMCD && one.AVISITN === visit.n,
    );
    return cell === undefined ? [] : [{ parameter, cell, ...of(cell, parameter) }];
  });
}

interface ForestPlan extends Pick<Figure, 'id' | 'title' | 'help' | 'data'> {
  readonly rows: readonly Row[];
  readonly axisTitle: string;
  readonly heading: string;
  /** Where nothing changes. */
  readonly zero: number;
  readonly scale: (area: Area) => { readonly x: Scale; readonly ticks: readonly Tick[] };
}

const rowHeight = 33;
/** Where the text right of the plot begins. */
const textLeft = 436;
/** What the adjusted p takes at the right, with a gap. */
const pWidth = 58;

function forest(plan: ForestPlan): Figure {
  const { rows } = plan;
  const area: Area = { left: 206, right: textLeft - 14, top: 30, bottom: 34 + rows.length * rowHeight };
  const { x, ticks } = plan.scale(area);
  const marks: Markup[] = [
    label11(6, 18, 'Parameter, unit and pairs', 'start', paint.muted),
    label11(textLeft, 18, plan.heading, 'start', paint.muted),
    label11(figureWidth - 6, 18, 'p adj.', 'end', paint.muted),
    bottomAxis(area, x, ticks, plan.axisTitle),
    line(x(plan.zero), area.top, x(plan.zero), area.bottom, paint.muted, { 'stroke-width': 1.4 }),
    ...rows.map((row, i) => rowMarks(row, area.top + (i + 0.5) * rowHeight + 2, area, x)),
  ];
  const pairs = rows.map(({ cell }) => cell.nPairs);
  const clear = rows.filter(({ cell }) => cell.pBH !== null && cell.pBH < 0.05);
  return {
    id: plan.id,
    title: plan.title,
    help: plan.help,
    n: `${rows.length} parameters, ${fromTo(pairs)} pairs each`,
    description: `${plan.title}. Adjusted p below 0.05: ${clear.map(({ parameter }) => parameter.name).join(', ') || 'none'}.`,
    width: figureWidth,
    height: area.bottom + 48,
    marks,
    data: plan.data,
  };
}

function rowMarks(row: Row, y: number, area: Area, x: Scale): Markup {
  const { parameter, cell, estimate, low, high } = row;
  const within = (value: number): number => Math.min(area.right, Math.max(area.left, x(value)));
  const clear = cell.pBH !== null && cell.pBH < 0.05;
  // a long name goes on in the line of its unit
  const [name, rest = ''] = wrapped(parameter.name, area.left - 14, 11);
  const fill = clear ? paint.orange : paint.blue;
  const whisker =
    low === null || high === null ? [] : [line(within(low), y, within(high), y, fill, { 'stroke-width': 2 })];
  const ends = [estimate, low, high].flatMap((value) => (value === null ? [] : [x(value)]));
  const arrows = [
    ...(ends.some((end) => end < area.left) ? [h('path', { d: arrow(area.left, y, -1), fill })] : []),
    ...(ends.some((end) => end > area.right) ? [h('path', { d: arrow(area.right, y, 1), fill })] : []),
  ];
  const dot =
    estimate === null || x(estimate) < area.left || x(estimate) > area.right
      ? null
      : symbol('square', x(estimate), y, fill, 3.5);
  return linkedMark(
    valuesAnchor(parameter.PARAMCD, cell.AVISITN),
    `${parameter.name}: ${row.text} ${row.interval}, adjusted p ${formatP(cell.pBH) || 'NE'}`,
    label11(6, y - 2, name),
    h(
      'text',
      { x: 6, y: y + 12, fill: paint.muted, 'font-size': 10.5 },
      [rest, parameter.unit, counted(cell.nPairs, 'pair')].filter((part) => part !== '').join(', '),
    ),
    ...whisker,
    ...arrows,
    dot,
    label11(textLeft, y - 2, row.text),
    label11(textLeft, y + 12, row.interval, 'start', paint.muted),
    h(
      'text',
      {
        x: figureWidth - 6,
        y: y + 4,
        fill: paint.ink,
        'font-size': 11,
        'text-anchor': 'end',
        'font-weight': clear ? 'bold' : null,
      },
      formatP(cell.pBH) || 'NE',
    ),
  );
}

function arrow(x: number, y: number, direction: number): string {
  return `M${point(x + direction * 7, y)}L${point(x, y - 4)}L${point(x, y + 4)}Z`;
}
