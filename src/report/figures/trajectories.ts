// Trajectories of one immune parameter: every subject a thin line over the visits, the median with its quartiles on top, phases above.
// Each value has the interval that counting leaves and, beside it, the one that the placement of its cuts leaves.
// Invariant: values below the limit of quantification are hollow; a line joins only visits of the same subject that have values.
import type { VisitWindow } from '../../endpoints/index.ts';
import { figureId, linkedMark, parameterAnchor, valueAnchor } from '../anchors.ts';
import { label11, leftAxis, legend, line, ticksOf, type Area, type Scale } from '../axes.ts';
import { figureWidth, type Figure } from '../figure.ts';
import { labelOf, phaseNames, unitOf, type ImmuneView, type ParameterView } from '../immune-view.ts';
import { counted, fitted, numberText, tickText } from '../lettering.ts';
import { h, point, type Markup } from '../markup.ts';
import { paint } from '../paint.ts';
import { valueScale } from './value-scale.ts';

const height = 366;
const area: Area = { left: 60, right: figureWidth - 14, top: 62, bottom: 290 };

export function trajectoriesFigure(immune: ImmuneView, parameter: ParameterView): Figure {
  const { windows: visits, subjects } = immune;
  const lines = subjects.map((subject) => ({
    subject,
    points: visits.flatMap((visit, v) => {
      const row = immune.valueOf(parameter.PARAMCD, visit.n, subject);
      return row === null ? [] : [{ v, visit, row, origin: immune.originOf(row) }];
    }),
  }));
  const points = lines.flatMap((one) => one.points);
  const summary = visits.map((visit) =>
    immune.descriptions.find(
      (cell) => cell.PARAMCD === parameter.PARAMCD && cell.AVISITN === visit.n && cell.VARIABLE === 'AVAL',
    ),
  );
  const { y, ticks, kind } = valueScale(
    points.map(({ row }) => row.AVAL),
    area,
  );
  const pitch = (area.right - area.left) / visits.length;
  const x = (v: number): number => area.left + (v + 0.5) * pitch;
  const unit = unitOf(parameter);
  const middle = summary.flatMap((cell, v) => {
    const [q1, median, q3] = [cell?.q1 ?? null, cell?.median ?? null, cell?.q3 ?? null];
    return q1 === null || median === null || q3 === null ? [] : [{ v, q1, median, q3 }];
  });
  const key = legend(area.left, 12, figureWidth, [
    { label: 'Subject', fill: paint.grey, shape: 'dot' },
    ...(points.some(({ row }) => row.BLQFL === 'Y')
      ? [{ label: 'Below quantification', fill: paint.grey, shape: 'ring' as const }]
      : []),
    ...(points.some(({ origin }) => origin !== null && origin.ciLow !== null)
      ? [{ label: '95 % by counting', fill: paint.grey, shape: 'line' as const }]
      : []),
    ...(points.some(({ origin }) => origin !== null && origin.gatingLow !== null)
      ? [{ label: '95 % by gating', fill: paint.purple, shape: 'line' as const }]
      : []),
    { label: 'Median and quartiles', fill: paint.blue, shape: 'line' },
  ]);
  const marks: Markup[] = [
    ...key.marks,
    ...phaseBands(visits, pitch),
    leftAxis({ ...area, top: area.top - 8 }, y, ticksOf(ticks), `${unit}${kind === 'log' ? ', log' : ''}`),
    line(area.left, area.bottom, area.right, area.bottom, paint.rule),
    ...lines.map(({ points: own }) =>
      h('path', {
        d: own.length === 0 ? '' : `M${own.map(({ v, row }) => point(x(v), y(row.AVAL))).join('L')}`,
        fill: 'none',
        stroke: paint.grey,
        'stroke-width': 1,
        'stroke-opacity': 0.45,
      }),
    ),
    ...points.map(({ v, visit, row, origin }) => {
      const said = `${row.USUBJID}, ${visit.label}: ${numberText(row.AVAL, parameter.decimals)} ${parameter.unit}`;
      return linkedMark(
        valueAnchor(parameter.PARAMCD, visit.n, row.USUBJID),
        said,
        whisker(origin?.ciLow, origin?.ciHigh, x(v), y, paint.grey),
        whisker(origin?.gatingLow, origin?.gatingHigh, x(v) + 3.5, y, paint.purple),
        h('circle', {
          cx: x(v),
          cy: y(row.AVAL),
          r: 2.6,
          fill: row.BLQFL === 'Y' ? paint.page : paint.grey,
          stroke: paint.grey,
          'fill-opacity': row.BLQFL === 'Y' ? 1 : 0.75,
        }),
      );
    }),
    h('path', {
      d: middle.length === 0 ? '' : `M${middle.map(({ v, median }) => point(x(v), y(median))).join('L')}`,
      fill: 'none',
      stroke: paint.blue,
      'stroke-width': 2.5,
    }),
    ...middle.flatMap(({ v, q1, median, q3 }) => [
      line(x(v), y(q1), x(v), y(q3), paint.blue, { 'stroke-width': 2.5 }),
      line(x(v) - 7, y(q1), x(v) + 7, y(q1), paint.blue, { 'stroke-width': 2 }),
      line(x(v) - 7, y(q3), x(v) + 7, y(q3), paint.blue, { 'stroke-width': 2 }),
      h('circle', { cx: x(v), cy: y(median), r: 4.5, fill: paint.blue, stroke: paint.page }),
    ]),
    ...visits.flatMap((visit, v) => [
      label11(x(v), area.bottom + 18, fitted(visit.label, pitch - 6, 11), 'middle'),
      label11(x(v), area.bottom + 34, `day ${tickText(visit.target)}`, 'middle', paint.muted),
      label11(x(v), area.bottom + 50, `n = ${summary[v]?.n ?? 0}`, 'middle', paint.muted),
    ]),
  ];
  return {
    id: figureId('course', parameter.PARAMCD),
    title: `${parameter.name}: course`,
    help: 'Thin lines are subjects; the thick line joins the medians, its bars span the quartiles. Bars of a value: how far counting moves it, and how far the placement of its cuts does. Days count from the anchor of the visits.',
    n: `${counted(lines.filter((one) => one.points.length > 0).length, 'subject')}, ${counted(points.length, 'value')} in ${unit}`,
    description: `${labelOf(parameter)} by visit. Medians: ${middle.map(({ v, median }) => `${visits[v].label} ${numberText(median, parameter.decimals + 1)}`).join(', ')}.`,
    width: figureWidth,
    height,
    marks,
    records: parameterAnchor(parameter.PARAMCD),
    data: {
      columns: [
        'subject',
        'visit',
        'day',
        'date',
        `value (${unit})`,
        'below quantification',
        'counting lower 95 %',
        'counting upper 95 %',
        'gating lower 95 %',
        'gating upper 95 %',
      ],
      rows: points.map(({ visit, row, origin }) => [
        row.USUBJID,
        visit.label,
        row.ADYA,
        row.ADT,
        row.AVAL,
        row.BLQFL,
        origin?.ciLow ?? null,
        origin?.ciHigh ?? null,
        origin?.gatingLow ?? null,
        origin?.gatingHigh ?? null,
      ]),
    },
  };
}

/** An interval of one value, cut at the ends of the plot; a lower limit of 0 has no place on a log scale. */
function whisker(
  from: number | null | undefined,
  to: number | null | undefined,
  x: number,
  y: Scale,
  stroke: string,
): Markup | null {
  if (from == null || to == null) return null;
  const [low, high] = [y(from), y(to)];
  const bottom = Number.isFinite(low) ? Math.min(area.bottom, low) : area.bottom;
  return line(x, Math.max(area.top, high), x, bottom, stroke, { 'stroke-width': 1.2, 'stroke-opacity': 0.6 });
}

/** A band a phase, every other one shaded, with its name on top. */
function phaseBands(visits: readonly VisitWindow[], pitch: number): Markup[] {
  const bands: { readonly phase: VisitWindow['phase']; readonly from: number; to: number }[] = [];
  visits.forEach(({ phase }, v) => {
    const last = bands.at(-1);
    if (last !== undefined && last.phase === phase) last.to = v + 1;
    else bands.push({ phase, from: v, to: v + 1 });
  });
  return bands.flatMap(({ phase, from, to }, i) => [
    h('rect', {
      x: area.left + from * pitch,
      y: area.top - 20,
      width: (to - from) * pitch,
      height: area.bottom - area.top + 20,
      fill: paint.panel,
      'fill-opacity': i % 2 === 0 ? 1 : 0,
    }),
    label11(area.left + ((from + to) / 2) * pitch, area.top - 7, phaseNames[phase], 'middle', paint.muted),
  ]);
}
