// Samples of one panel by their first two principal components: colour is the visit, a line joins the samples of a subject, outliers have a name.
// Invariant: places, distances and reasons are those of the overview; nothing is decided here.
import { scaleLinear } from 'd3';
import type { Overview } from '../../endpoints/index.ts';
import { figureId, linkedMark, sampleAnchor } from '../anchors.ts';
import { bottomAxis, label11, leftAxis, legend, symbol, ticksOf, type Area } from '../axes.ts';
import { figureWidth, type DataCell, type Figure } from '../figure.ts';
import { counted, fitted, numberText, textWidth } from '../lettering.ts';
import { h, point, type Markup } from '../markup.ts';
import type { SampleLine } from '../model.ts';
import { paint, series } from '../paint.ts';

const height = 430;

export function overviewFigure(panel: string, overview: Overview, samples: readonly SampleLine[]): Figure {
  const lineOf = new Map(samples.map((line) => [line.sample, line]));
  const places = overview.samples.map((place) => ({
    place,
    subject: lineOf.get(place.sample)?.subject ?? '',
    visit: lineOf.get(place.sample)?.visit ?? '',
    x: place.scores[0],
    y: place.scores[1] ?? 0,
  }));
  const order = new Map(samples.map(({ visit }, i) => [visit, i]));
  const visits = [...new Set(places.map(({ visit }) => visit))].sort(
    (a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0),
  );
  const key = legend(8, 12, figureWidth, [
    ...visits.map((visit, v) => ({ label: visit, fill: series[v % series.length], shape: 'dot' as const })),
    { label: 'Outlier', fill: paint.ink, shape: 'ring' },
  ]);
  const area: Area = { left: 56, right: figureWidth - 16, top: key.bottom + 22, bottom: height - 46 };
  const xs = scaleLinear(spread(places.map(({ x }) => x)), [area.left + 10, area.right - 10]).nice(6);
  const ys = scaleLinear(spread(places.map(({ y }) => y)), [area.bottom - 10, area.top + 10]).nice(6);
  const share = (k: number): string => numberText(100 * (overview.components[k]?.explained ?? 0), 1);
  // dots take their places before names do
  const taken = places.map(({ x, y }): Box => ({
    left: xs(x) - 5,
    right: xs(x) + 5,
    top: ys(y) - 5,
    bottom: ys(y) + 5,
  }));
  const outliers = places.filter(({ place }) => place.outlier);
  const marks: Markup[] = [
    ...key.marks,
    leftAxis(area, (v) => ys(v), ticksOf(ys.ticks(6)), `PC2 (${share(1)} % of the variance), robust SD`),
    bottomAxis(area, (v) => xs(v), ticksOf(xs.ticks(6)), `PC1 (${share(0)} % of the variance), robust SD`),
    ...[...new Set(places.map(({ subject }) => subject))].map((subject) => {
      const own = places.filter((one) => one.subject === subject);
      own.sort((a, b) => visits.indexOf(a.visit) - visits.indexOf(b.visit));
      return h('path', {
        d: `M${own.map(({ x, y }) => point(xs(x), ys(y))).join('L')}`,
        fill: 'none',
        stroke: paint.grey,
        'stroke-opacity': 0.3,
      });
    }),
    ...places.map(({ place, subject, visit, x, y }) => {
      const fill = series[visits.indexOf(visit) % series.length];
      const said = `${place.sample} (${subject}, ${visit})${place.outlier ? `: outlier, ${place.reason ?? 'many features'}` : ''}`;
      return linkedMark(
        sampleAnchor(place.sample),
        said,
        place.outlier
          ? h('circle', {
              cx: xs(x),
              cy: ys(y),
              r: 7.5,
              fill: 'none',
              stroke: paint.ink,
              'stroke-width': 1.5,
            })
          : null,
        symbol('dot', xs(x), ys(y), fill, 4),
        place.outlier ? named(place.sample, xs(x), ys(y), area, taken) : null,
      );
    }),
  ];
  return {
    id: figureId('overview', panel),
    title: `Samples of panel ${panel} at a glance`,
    help: 'Samples that were gated alike lie together; a sample far from all others deserves a look. Lines join the visits of a subject.',
    n: `${counted(places.length, 'sample')}, ${counted(overview.features.length, 'feature')}; ${counted(outliers.length, 'outlier')}`,
    description: `Principal components of ${places.length} samples. Outliers: ${outliers.map(({ place }) => `${place.sample} (${place.reason ?? 'many features'})`).join(', ') || 'none'}.`,
    width: figureWidth,
    height,
    marks,
    data: {
      columns: [
        'sample',
        'subject',
        'visit',
        'PC1 (robust SD)',
        'PC2 (robust SD)',
        'distance (robust SD)',
        'residual (robust SD)',
        'outlier',
        'reason',
      ],
      rows: places.map(({ place, subject, visit, x, y }): DataCell[] => [
        place.sample,
        subject,
        visit,
        x,
        y,
        place.distance,
        place.residual,
        place.outlier ? 'Y' : 'N',
        place.reason,
      ]),
    },
  };
}

function spread(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  return low === high ? [-1, 1] : [low, high];
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The name of an outlier right, left, above or below its mark, where it hides nothing; otherwise none: the data have it. */
function named(sample: string, x: number, y: number, area: Area, taken: Box[]): Markup | null {
  const text = fitted(sample, 180, 11);
  const width = textWidth(text, 11);
  const boxes = [
    [x + 11, y],
    [x - 11 - width, y],
    [x - width / 2, y - 17],
    [x - width / 2, y + 17],
  ].map(([left, middle]): Box => ({ left, right: left + width, top: middle - 7, bottom: middle + 7 }));
  const free = boxes.find(
    (box) =>
      box.left >= area.left &&
      box.right <= area.right &&
      taken.every(
        (other) =>
          box.left > other.right ||
          box.right < other.left ||
          box.top > other.bottom ||
          box.bottom < other.top,
      ),
  );
  if (free === undefined) return null;
  taken.push(free);
  return label11(free.left, free.bottom - 3, text);
}
