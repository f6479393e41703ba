// Each patient's course of one parameter in a panel of its own, on one scale, with the interval that counting leaves and what changed.
// Invariant: colour says only what the interval of the ratio to baseline says: above 1, below 1, or unclear; without an interval it is grey.
import type { PatientChange } from '../../endpoints/index.ts';
import { figureId, linkedMark, parameterAnchor, valueAnchor } from '../anchors.ts';
import { label11, legend, line, type Area, type Scale } from '../axes.ts';
import { figureWidth, type DataCell, type Figure } from '../figure.ts';
import { labelOf, unitOf, type AnalysedRow, type ImmuneView, type ParameterView } from '../immune-view.ts';
import { counted, fitted, levelText, numberText, tickText } from '../lettering.ts';
import { h, point, type Markup } from '../markup.ts';
import { paint } from '../paint.ts';
import { valueScale } from './value-scale.ts';

const perRow = 5;
const gap = 10;
const left = 44;
const panelWidth = (figureWidth - left - 6 - (perRow - 1) * gap) / perRow;
const panelHeight = 86;
const pitch = panelHeight + 24;

const changePaint = { up: paint.orange, down: paint.blue, unclear: paint.grey } as const;

/** Null when no value of the parameter has an interval of counting: then the course figure says all there is. */
export function patientsFigure(immune: ImmuneView, parameter: ParameterView): Figure | null {
  const { windows: visits } = immune;
  const { PARAMCD } = parameter;
  const changeOf = new Map(
    immune.changes
      .filter((one) => one.PARAMCD === PARAMCD)
      .map((one) => [JSON.stringify([one.USUBJID, one.AVISITN]), one]),
  );
  const patients = immune.subjects.flatMap((subject) => {
    const points = visits.flatMap((visit, v) => {
      const row = immune.valueOf(PARAMCD, visit.n, subject);
      if (row === null) return [];
      const origin = immune.originOf(row);
      return [
        {
          v,
          visit,
          row,
          low: origin?.ciLow ?? null,
          high: origin?.ciHigh ?? null,
          gatingLow: origin?.gatingLow ?? null,
          gatingHigh: origin?.gatingHigh ?? null,
          change: changeOf.get(JSON.stringify([subject, visit.n])) ?? null,
        },
      ];
    });
    return points.length === 0 ? [] : [{ subject, points }];
  });
  const all = patients.flatMap(({ points }) => points);
  if (all.every(({ low }) => low === null)) return null;
  const rows = Math.ceil(patients.length / perRow);
  const base: Area = { left: 0, right: 0, top: 0, bottom: panelHeight };
  const { y, ticks } = valueScale(
    all.flatMap(({ row, low, high, gatingLow, gatingHigh }) => [
      row.AVAL,
      ...[low, gatingLow].flatMap((end) => (end !== null && (end > 0 || row.AVAL <= 0) ? [end] : [])),
      ...[high, gatingHigh].flatMap((end) => (end === null ? [] : [end])),
    ]),
    base,
  );
  const top = 46;
  const step = panelWidth / visits.length;
  const marks: Markup[] = [
    ...legend(6, 12, figureWidth, [
      { label: 'Above baseline', fill: paint.orange, shape: 'dot' },
      { label: 'Below baseline', fill: paint.blue, shape: 'dot' },
      { label: 'Baseline, or within the interval', fill: paint.grey, shape: 'dot' },
      ...(all.some(({ gatingLow }) => gatingLow !== null)
        ? [{ label: '95 % by gating', fill: paint.purple, shape: 'line' as const }]
        : []),
    ]).marks,
    ...patients.flatMap(({ subject, points }, i) => {
      const x0 = left + (i % perRow) * (panelWidth + gap);
      const y0 = top + Math.floor(i / perRow) * pitch;
      return [
        label11(x0, y0 - 5, fitted(subject, panelWidth, 11)),
        h('g', { transform: `translate(${x0.toFixed(2)} ${y0})` }, ...panelMarks(points, step)),
        ...(i % perRow === 0
          ? ticks
              .filter((_, t) => ticks.length <= 4 || t % 2 === 0)
              .map((tick) => label11(left - 5, y0 + y(tick) + 4, tickText(tick), 'end', paint.muted))
          : []),
      ];
    }),
  ];
  const known = all.filter(({ change }) => change?.change != null);
  const count = (what: PatientChange['change']): number =>
    known.filter(({ change }) => change?.change === what).length;
  return {
    id: figureId('patients', PARAMCD),
    title: `${parameter.name}: patients`,
    help: `Values in ${unitOf(parameter)} at ${visits.map(({ label }) => label).join(', ')}; bars are the 95 % interval of counting, thin ones beside them that of gating; the dashed line is the patient's baseline.`,
    n: `${counted(patients.length, 'subject')}; of ${counted(known.length, 'change')} with an interval ${count('up')} above, ${count('down')} below baseline, ${count('unclear')} unclear`,
    description: `Courses of ${labelOf(parameter)} in ${patients.length} patients.`,
    width: figureWidth,
    height: top + rows * pitch - 8,
    marks,
    records: parameterAnchor(PARAMCD),
    data: {
      columns: [
        'subject',
        'visit',
        `value (${unitOf(parameter)})`,
        'counting lower 95 %',
        'counting upper 95 %',
        'gating lower 95 %',
        'gating upper 95 %',
        'ratio to baseline',
        `ratio lower ${levelText(immune.conf)}`,
        `ratio upper ${levelText(immune.conf)}`,
        'change',
      ],
      rows: all.map(({ visit, row, low, high, gatingLow, gatingHigh, change }): DataCell[] => [
        row.USUBJID,
        visit.label,
        row.AVAL,
        low,
        high,
        gatingLow,
        gatingHigh,
        row.R2BASE,
        change?.ratioLow ?? null,
        change?.ratioHigh ?? null,
        change?.change ?? null,
      ]),
    },
  };

  function panelMarks(points: readonly PatientPoint[], width: number): Markup[] {
    const x = (v: number): number => (v + 0.5) * width;
    const baseline = points.find(({ row }) => row.ABLFL === 'Y');
    return [
      h('rect', { x: 0, y: 0, width: panelWidth, height: panelHeight, fill: paint.panel }),
      ...ticks.map((tick) => line(0, y(tick), panelWidth, y(tick), paint.grid)),
      ...(baseline === undefined
        ? []
        : [
            line(0, y(baseline.row.AVAL), panelWidth, y(baseline.row.AVAL), paint.muted, {
              'stroke-dasharray': '3 3',
              'stroke-opacity': 0.7,
            }),
          ]),
      h('path', {
        d: `M${points.map(({ v, row }) => point(x(v), y(row.AVAL))).join('L')}`,
        fill: 'none',
        stroke: paint.muted,
        'stroke-width': 1,
      }),
      ...points.map(({ v, visit, row, low, high, gatingLow, gatingHigh, change }) => {
        const fill = change?.change == null ? paint.grey : changePaint[change.change];
        const said = `${row.USUBJID}, ${visit.label}: ${numberText(row.AVAL, parameter.decimals)} ${parameter.unit}${low === null || high === null ? '' : ` (${numberText(low, parameter.decimals)} to ${numberText(high, parameter.decimals)})`}`;
        return linkedMark(
          valueAnchor(PARAMCD, visit.n, row.USUBJID),
          said,
          low === null || high === null ? null : bar(x(v), low, high, y, fill, 2),
          gatingLow === null || gatingHigh === null
            ? null
            : bar(x(v) + 4.5, gatingLow, gatingHigh, y, paint.purple, 1.2),
          h('circle', {
            cx: x(v),
            cy: y(row.AVAL),
            r: 3.2,
            fill: row.BLQFL === 'Y' ? paint.page : fill,
            stroke: fill,
          }),
        );
      }),
    ];
  }
}

interface PatientPoint {
  readonly v: number;
  readonly visit: { readonly n: number; readonly label: string };
  readonly row: AnalysedRow;
  readonly low: number | null;
  readonly high: number | null;
  readonly gatingLow: number | null;
  readonly gatingHigh: number | null;
  readonly change: PatientChange | null;
}

/** A lower limit of 0 has no place on a logarithmic scale: the bar then ends at the edge. */
function bar(x: number, low: number, high: number, y: Scale, stroke: string, width: number): Markup {
  const bottom = y(low);
  return line(
    x,
    Math.max(0, y(high)),
    x,
    Number.isFinite(bottom) ? Math.min(panelHeight, bottom) : panelHeight,
    stroke,
    { 'stroke-width': width, 'stroke-opacity': 0.55 },
  );
}
