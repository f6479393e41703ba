// Quality of the samples, worst first: a row a sample, a column a check, what each check found.
// Invariant: the order is that of the quality list (failures, warnings, what could not be checked, name); what is not shown is counted.
import { worstFirst, type QualityRow, type Verdict } from '../../qc/index.ts';
import { linkedMark, sampleAnchor } from '../anchors.ts';
import { label11, legend } from '../axes.ts';
import { figureWidth, type DataCell, type Figure } from '../figure.ts';
import { counted, fitted, numberText } from '../lettering.ts';
import { coordinate, h, type Markup } from '../markup.ts';
import type { SampleLine } from '../model.ts';
import { paint } from '../paint.ts';

const looks: Readonly<
  Record<Verdict, { readonly label: string; readonly fill: string; readonly opacity: number }>
> = {
  fail: { label: 'Fails', fill: paint.red, opacity: 0.6 },
  warn: { label: 'Warning', fill: paint.gold, opacity: 0.45 },
  notEvaluable: { label: 'Not evaluable', fill: paint.grey, opacity: 0.25 },
  ok: { label: 'In order', fill: paint.green, opacity: 0.25 },
};

const mostRows = 40;
const rowHeight = 20;
const left = 206;

export function qualityFigure(samples: readonly SampleLine[]): Figure {
  const checked = worstFirst(samples.filter(({ quality }) => quality.length > 0));
  const shown = checked.slice(0, mostRows);
  const checks = [...new Set(checked.flatMap(({ quality }) => quality.map(columnOf)))];
  const used = (Object.keys(looks) as Verdict[]).filter((verdict) =>
    checked.some(({ quality }) => quality.some((row) => row.verdict === verdict)),
  );
  const key = legend(
    6,
    12,
    figureWidth,
    used.map((verdict) => ({
      label: looks[verdict].label,
      fill: looks[verdict].fill,
      shape: 'square' as const,
    })),
  );
  const top = key.bottom + 92;
  const width = Math.min(64, (figureWidth - left - 74) / Math.max(1, checks.length));
  const marks: Markup[] = [
    ...key.marks,
    label11(6, top - 8, 'Sample, worst first', 'start', paint.muted),
    ...checks.map((check, c) =>
      h(
        'text',
        {
          transform: `translate(${coordinate(left + (c + 0.5) * width)} ${top - 8}) rotate(-40)`,
          fill: paint.ink,
          'font-size': 10.5,
        },
        fitted(check, 104, 10.5),
      ),
    ),
    ...shown.map(({ sample, quality }, s) => {
      const y = top + s * rowHeight;
      return linkedMark(
        sampleAnchor(sample),
        `${sample}: ${quality.flatMap(({ reason }) => (reason === null ? [] : [reason])).join(' ') || 'all in order'}`,
        label11(6, y + 14, fitted(sample, left - 12, 11)),
        ...checks.flatMap((check, c) => {
          const rows = quality.filter((row) => columnOf(row) === check);
          if (rows.length === 0) return [];
          const worst = rows.reduce((most, row) => (rank(row) < rank(most) ? row : most));
          const { fill, opacity } = looks[worst.verdict];
          const text = cellText(worst, width - 3);
          return [
            h('rect', {
              x: left + c * width + 1,
              y: y + 1,
              width: width - 2,
              height: rowHeight - 2,
              rx: 2,
              fill,
              'fill-opacity': opacity,
            }),
            h(
              'text',
              {
                x: left + (c + 0.5) * width,
                y: y + 14,
                fill: paint.ink,
                'font-size': 10,
                'text-anchor': 'middle',
              },
              text,
            ),
          ];
        }),
      );
    }),
  ];
  const failing = checked.filter(({ quality }) => quality.some(({ verdict }) => verdict === 'fail')).length;
  return {
    id: 'quality',
    title: 'Quality of the samples',
    help: 'Each cell is what one check found (per cent, events, or spread y); red fails, yellow warns. Samples with most failures come first.',
    n: `${shown.length} of ${counted(checked.length, 'sample')} with checks shown, ${failing} with a failure`,
    description: `Quality checks of ${checked.length} samples, ${failing} with a failure. Worst: ${shown
      .slice(0, 3)
      .map(({ sample }) => sample)
      .join(', ')}.`,
    width: figureWidth,
    height: top + shown.length * rowHeight + 8,
    marks,
    data: {
      columns: ['sample', 'check', 'value', 'unit', 'target low', 'target high', 'verdict', 'reason'],
      rows: checked.flatMap(({ sample, quality }) =>
        quality.map(({ check, value, unit, low, high, verdict, reason }): DataCell[] => [
          sample,
          check,
          value,
          unit,
          low,
          high,
          verdict,
          reason,
        ]),
      ),
    },
  };
}

/** Checks of one kind share a column whatever population they are about. */
function columnOf({ check }: QualityRow): string {
  const colon = check.indexOf(':');
  return colon < 0 ? check : check.slice(0, colon);
}

function rank({ verdict }: QualityRow): number {
  return Object.keys(looks).indexOf(verdict);
}

/** The longest way to say a value that fits into a cell whole: a number is never cut. */
function cellText(row: QualityRow, width: number): string {
  const { value, unit } = row;
  if (value === null) return '–';
  const shorter = {
    fraction: [`${numberText(100 * value, 0)} %`, numberText(100 * value, 0)],
    events: [`${numberText(value / 1000, 0)}k`],
    y: [numberText(value, 2), numberText(value, 1)],
  }[unit];
  return [valueText(row), ...shorter].find((text) => fitted(text, width, 10) === text) ?? '';
}

export function valueText({ value, unit }: QualityRow): string {
  if (value === null) return 'NE';
  switch (unit) {
    case 'fraction':
      return `${numberText(100 * value, value === 0 || value === 1 ? 0 : 1)} %`;
    case 'events':
      return String(value);
    case 'y':
      return numberText(value, 3);
  }
}
