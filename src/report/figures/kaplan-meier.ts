// Kaplan-Meier curve of one time-to-event parameter: steps, log-log band, censor ticks, median, table of subjects at risk.
// Invariant: the step heights are those of the table; the band is drawn only where its limits exist.
import { range } from 'd3';
import type { TteTable } from '../../clinical/index.ts';
import { DAYS_PER_MONTH } from '../../study/index.ts';
import { timesAnchor, linkedMark } from '../anchors.ts';
import { bottomAxis, label11, leftAxis, line, ticksOf, type Area } from '../axes.ts';
import { figureWidth, type Figure } from '../figure.ts';
import { levelText, numberText } from '../lettering.ts';
import { h, point, type Markup } from '../markup.ts';
import { paint } from '../paint.ts';

const height = 372;
const area: Area = { left: 58, right: figureWidth - 18, top: 30, bottom: 268 };

/** `label` is the parameter in words, `conf` the level of the table; times of the table are days, drawn as months of 30.4375 days. */
export function kaplanMeierFigure(table: TteTable, label: string, conf = 0.95): Figure {
  const level = levelText(conf);
  const ones = table.PARAMCD === 'LTPL' ? 'lesions' : 'subjects';
  const name = label.replace(/\s*\(months\)$/i, '');
  const { time, surv, nCensor, nRisk, nEvent } = table.table;
  const { lower, upper } = table.ci.loglog;
  const months = time.map((days) => days / DAYS_PER_MONTH);
  const last = months.at(-1) ?? 0;
  const step = last > 60 ? 12 : last > 18 ? 6 : 3;
  const end = Math.max(step, Math.ceil(last / step - 1e-9) * step);
  const x = (value: number): number => area.left + (value / end) * (area.right - area.left);
  const y = (fraction: number): number => area.bottom - fraction * (area.bottom - area.top);
  const xTicks = ticksOf(range(0, end + 1, step));
  const [median, medianLow, medianHigh] = table.medianMonths;
  const anchor = timesAnchor(table.PARAMCD);
  const medianText =
    median === null
      ? 'median not reached'
      : `median ${numberText(median, 1)} months (${level} CI ${numberText(medianLow, 1)} to ${numberText(medianHigh, 1)})`;
  const marks: Markup[] = [
    leftAxis(
      area,
      y,
      ticksOf([0, 0.25, 0.5, 0.75, 1], (v) => `${v * 100}`),
      `${capital(ones)} without an event (%)`,
    ),
    bottomAxis(area, x, xTicks, 'Months since start', false),
    h('path', { d: bandPath(months, lower, upper, surv, x, y), fill: paint.blue, 'fill-opacity': 0.14 }),
    h('path', { d: stepPath(months, surv, x, y), fill: 'none', stroke: paint.blue, 'stroke-width': 2 }),
    ...months.flatMap((month, i) =>
      nCensor[i] === 0
        ? []
        : [line(x(month), y(surv[i]) - 5, x(month), y(surv[i]) + 5, paint.ink, { 'stroke-width': 1.4 })],
    ),
    ...(median === null ? [] : [medianMark(median, x, y)]),
    linkedMark(anchor, `Records of ${name}`, label11(area.right, area.top - 10, medianText, 'end')),
    atRisk(
      table,
      ones,
      xTicks.map(({ at }) => at),
      x,
    ),
  ];
  return {
    id: `km-${table.PARAMCD}`,
    title: name,
    help: `The curve falls at each event; small strokes are censored ${ones}, the band is the pointwise ${level} log-log interval.`,
    n: `n = ${table.n}, events = ${table.events}, censored = ${table.n - table.events}`,
    description: `Kaplan-Meier curve of ${name}; ${medianText}. ${table.events} of ${table.n} had an event.`,
    width: figureWidth,
    height,
    marks,
    data: {
      columns: [
        'time (days)',
        'at risk',
        'events',
        'censored',
        'survival',
        `lower ${level}`,
        `upper ${level}`,
      ],
      rows: time.map((t, i) => [t, nRisk[i], nEvent[i], nCensor[i], surv[i], lower[i], upper[i]]),
    },
  };
}

type Scale = (value: number) => number;

function stepPath(months: readonly number[], surv: readonly number[], x: Scale, y: Scale): string {
  let path = `M${point(x(0), y(1))}`;
  let level = 1;
  months.forEach((month, i) => {
    path += `L${point(x(month), y(level))}`;
    if (surv[i] !== level) path += `L${point(x(month), y(surv[i]))}`;
    level = surv[i];
  });
  return path;
}

/** Before the first event both limits are 1; where S reaches 0 the band ends. */
function bandPath(
  months: readonly number[],
  lower: readonly (number | null)[],
  upper: readonly (number | null)[],
  surv: readonly number[],
  x: Scale,
  y: Scale,
): string {
  const above: string[] = [];
  const below: string[] = [];
  let [low, high] = [1, 1];
  let from = 0;
  for (const [i, month] of months.entries()) {
    above.push(point(x(from), y(high)), point(x(month), y(high)));
    below.push(point(x(from), y(low)), point(x(month), y(low)));
    const [nextLow, nextHigh] = surv[i] === 1 ? [1, 1] : [lower[i], upper[i]];
    if (nextLow === null || nextHigh === null) break;
    [low, high, from] = [nextLow, nextHigh, month];
  }
  return above.length === 0 ? '' : `M${above.join('L')}L${below.reverse().join('L')}Z`;
}

function medianMark(median: number, x: Scale, y: Scale): Markup {
  return h('path', {
    d: `M${point(x(0), y(0.5))}L${point(x(median), y(0.5))}L${point(x(median), y(0))}`,
    fill: 'none',
    stroke: paint.muted,
    'stroke-dasharray': '4 4',
  });
}

/** Those whose time is not before the tick, subjects or lesions: still under observation just before it. */
function atRisk(table: TteTable, ones: string, at: readonly number[], x: Scale): Markup {
  const { time, nRisk } = table.table;
  const top = area.bottom + 62;
  const count = (months: number): number => {
    const next = time.findIndex((days) => days >= months * DAYS_PER_MONTH - 1e-9);
    return next < 0 ? 0 : nRisk[next];
  };
  return h(
    'g',
    {},
    h('text', { x: 6, y: top, fill: paint.muted, 'font-size': 11.5 }, `${capital(ones)} at risk (n)`),
    line(area.left, top + 7, area.right, top + 7, paint.grid),
    ...at.map((months) => label11(x(months), top + 24, String(count(months)), 'middle')),
  );
}

function capital(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}
