// Spider plot: change of the tumour sum of every subject over time.
// Invariant: every line starts at 0 % at the start of treatment; assessments without a complete sum leave a gap in the numbers, not a point.
import { range, scaleLinear } from 'd3';
import type { ClinicalResult } from '../../clinical/index.ts';
import { DAYS_PER_MONTH } from '../../study/index.ts';
import { linkedMark, subjectAnchor } from '../anchors.ts';
import { bottomAxis, leftAxis, legend, line, referenceLine, ticksOf, type Area } from '../axes.ts';
import { figureWidth, type Figure } from '../figure.ts';
import { counted, numberText } from '../lettering.ts';
import { h, point, type Markup } from '../markup.ts';
import { paint, responsePaint } from '../paint.ts';

const height = 372;

/** Growth beyond this is cut off, so that response stays visible. */
const highest = 200;

export function spiderFigure({ responses, adsl }: ClinicalResult): Figure {
  const area: Area = { left: 52, right: figureWidth - 42, top: 54, bottom: 316 };
  const lines = adsl.flatMap(({ USUBJID }) => {
    const points = responses.assessments.flatMap((row) =>
      row.USUBJID === USUBJID && row.PCHGBASE !== null && row.ADY !== null
        ? [{ months: row.ADY / DAYS_PER_MONTH, change: row.PCHGBASE }]
        : [],
    );
    const response = responses.subjects.find((row) => row.USUBJID === USUBJID)?.CBOR ?? 'MISSING';
    return points.length === 0 ? [] : [{ USUBJID, response, points: [{ months: 0, change: 0 }, ...points] }];
  });
  const all = lines.flatMap(({ points }) => points);
  const longest = Math.max(6, ...all.map(({ months }) => months));
  const step = longest > 30 ? 6 : 3;
  const end = Math.ceil(longest / step) * step;
  const changes = all.map(({ change }) => change);
  const scale = scaleLinear(
    [Math.min(-40, ...changes), Math.min(highest, Math.max(40, ...changes))],
    [area.bottom, area.top],
  ).nice(6);
  const x = (months: number): number => area.left + (months / end) * (area.right - area.left);
  const y = (change: number): number => scale(Math.min(change, scale.domain()[1]));
  const cut = changes.filter((change) => change > scale.domain()[1]).length;
  const shown = Object.keys(responsePaint).filter((response) =>
    lines.some((one) => one.response === response),
  );
  const marks: Markup[] = [
    ...legend(
      area.left,
      12,
      figureWidth,
      shown.map((response) => ({ label: response, fill: responsePaint[response], shape: 'line' as const })),
    ).marks,
    leftAxis(area, y, ticksOf(scale.ticks(6)), 'Change of the sum of target diameters (% of baseline)'),
    bottomAxis(area, x, ticksOf(range(0, end + 1, step)), 'Months since start of treatment', false),
    line(area.left, y(0), area.right, y(0), paint.rule),
    referenceLine(area, y(20), '+20 %'),
    referenceLine(area, y(-30), '−30 %'),
    ...lines.map(({ USUBJID, response, points }) => {
      const last = points[points.length - 1];
      const stroke = responsePaint[response];
      const said = `${USUBJID}: ${numberText(last.change, 1)} % at ${numberText(last.months, 1)} months, ${response}`;
      return linkedMark(
        subjectAnchor(USUBJID),
        said,
        h('path', {
          d: `M${points.map((one) => point(x(one.months), y(one.change))).join('L')}`,
          fill: 'none',
          stroke,
          'stroke-width': 1.6,
          'stroke-opacity': 0.85,
        }),
        ...points
          .slice(1)
          .map((one) => h('circle', { cx: x(one.months), cy: y(one.change), r: 2.4, fill: stroke })),
      );
    }),
  ];
  return {
    id: 'spider',
    title: 'Tumour change over time (spider plot)',
    help: 'One line a subject; below the dashed line at −30 % the sum meets the limit of a partial response.',
    n: `n = ${counted(lines.length, 'subject')} with a complete sum after baseline, ${all.length - lines.length} assessments${cut === 0 ? '' : `, ${cut} of them above +${highest} % drawn at the upper edge`}`,
    description: `Lines of the change of the tumour sum of ${lines.length} subjects over ${end} months.`,
    width: figureWidth,
    height,
    marks,
    data: {
      columns: ['subject', 'confirmed best response', 'time (months)', 'change (%)'],
      rows: lines.flatMap(({ USUBJID, response, points }) =>
        points.map(({ months, change }) => [USUBJID, response, months, change]),
      ),
    },
  };
}
