// Waterfall: best change of the tumour sum of every subject, largest growth first, with the RECIST limits.
// Invariant: the order is that of the table (change descending, then subject); who could not be evaluated is named, not drawn.
import { scaleLinear } from 'd3';
import type { SubjectResponse, WaterfallBar } from '../../clinical/index.ts';
import { linkedMark, subjectAnchor } from '../anchors.ts';
import { label11, leftAxis, legend, line, referenceLine, ticksOf, type Area } from '../axes.ts';
import { figureWidth, type Figure } from '../figure.ts';
import { counted, numberText, signedText } from '../lettering.ts';
import { h, type Markup } from '../markup.ts';
import { paint, responsePaint } from '../paint.ts';

const height = 352;

export function waterfallFigure(bars: readonly WaterfallBar[], subjects: readonly SubjectResponse[]): Figure {
  const area: Area = { left: 52, right: figureWidth - 48, top: 54, bottom: 290 };
  const values = bars.map((bar) => bar.BESTPCHG);
  const [low, high] = [Math.min(-40, ...values), Math.max(30, ...values)];
  const scale = scaleLinear([low, high], [area.bottom, area.top]).nice(6);
  const y = (value: number): number => scale(value);
  const pitch = (area.right - area.left) / Math.max(1, bars.length);
  const width = Math.min(34, pitch * 0.78);
  const shown = [...new Set(bars.map((bar) => bar.CBOR))].sort((a, b) => order(a) - order(b));
  const drawn = new Set(bars.map((bar) => bar.USUBJID));
  const missing = subjects.filter((subject) => !drawn.has(subject.USUBJID));
  const key = legend(
    area.left,
    12,
    figureWidth,
    shown.map((response) => ({ label: response, fill: responsePaint[response], shape: 'square' as const })),
  );
  const marks: Markup[] = [
    ...key.marks,
    leftAxis(area, y, ticksOf(scale.ticks(6)), 'Best change of the sum of target diameters (% of baseline)'),
    ...bars.map((bar, i) => {
      const centre = area.left + (i + 0.5) * pitch;
      const [top, bottom] = bar.BESTPCHG >= 0 ? [y(bar.BESTPCHG), y(0)] : [y(0), y(bar.BESTPCHG)];
      return linkedMark(
        subjectAnchor(bar.USUBJID),
        `${bar.USUBJID}: ${signedText(bar.BESTPCHG, 1)} %, ${bar.CBOR}`,
        h('rect', {
          x: centre - width / 2,
          y: top,
          width,
          height: Math.max(1.5, bottom - top),
          fill: responsePaint[bar.CBOR],
        }),
        subjectLabel(bar.USUBJID, centre, area.bottom + 12),
      );
    }),
    line(area.left, y(0), area.right, y(0), paint.ink),
    referenceLine(area, y(20), '+20 %'),
    referenceLine(area, y(-30), '−30 %'),
    ...(bars.length === 0
      ? [label11(area.left + 8, y(0) - 8, 'No subject has a complete sum after baseline.')]
      : []),
  ];
  const without =
    missing.length === 0 ? '' : `; not evaluable: ${missing.map(({ USUBJID }) => USUBJID).join(', ')}`;
  return {
    id: 'waterfall',
    title: 'Best tumour change (waterfall)',
    help: 'One bar a subject, coloured by confirmed best response; below −30 % the sum meets the limit of a partial response.',
    n: `n = ${bars.length} of ${counted(subjects.length, 'subject')}${without}`,
    description: `Bars of best change of ${bars.length} subjects, from ${numberText(values.length === 0 ? null : Math.max(...values), 1)} % to ${numberText(values.length === 0 ? null : Math.min(...values), 1)} %.`,
    width: figureWidth,
    height,
    marks,
    data: {
      columns: ['order', 'subject', 'best change (%)', 'confirmed best response'],
      rows: bars.map((bar) => [bar.ORDER, bar.USUBJID, bar.BESTPCHG, bar.CBOR]),
    },
  };
}

function order(response: string): number {
  return Object.keys(responsePaint).indexOf(response);
}

/** Subject ids upright under the bars; the part after the last hyphen tells subjects of one study apart. */
function subjectLabel(subject: string, x: number, y: number): Markup {
  const short = subject.slice(subject.lastIndexOf('-') + 1).slice(0, 8);
  return h(
    'text',
    {
      transform: `translate(${(x + 4).toFixed(2)} ${y}) rotate(-90)`,
      fill: paint.ink,
      'font-size': 11,
      'text-anchor': 'end',
    },
    short,
  );
}
