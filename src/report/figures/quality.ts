// Quality of the samples, worst first: a row a sample, a column a check, what each check found.
// Invariant: the order is that of the quality list (failures, warnings, what could not be checked, name); what is not shown is counted.
import { worstFirst, type QualityRow, type Verdict } from '../../qc/index.ts';
import { linkedMark, sampleAnchor } from '../anchors.ts';
import { label11, legend } from '../axes.ts';
import { figureWidth, type DataCell, type Figure } from '../figure.ts';
import { counted, fitted, numberText, textWidth } from '../lettering.ts';
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
const cellSize = 9.5;

export function qualityFigure(samples: readonly SampleLine[]): Figure {
  const checked = worstFirst(samples.filter(({ quality }) => quality.length > 0));
  const shown = checked.slice(0, mostRows);
  const checks = [...new Set(shown.flatMap(({ quality }) => quality.map(columnOf)))];
  const units = new Map(checks.map((check) => [check, unitOfColumn(check, checked)]));
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
  const top = key.bottom + 106;
  const width = Math.min(64, (figureWidth - left - 62) / Math.max(1, checks.length));
  const marks: Markup[] = [
    ...key.marks,
    label11(6, top - 8, 'Sample, worst first', 'start', paint.muted),
    ...checks.map((check, c) =>
      h(
        'text',
        {
          transform: `translate(${coordinate(left + (c + 0.5) * width)} ${top - 8}) rotate(-60)`,
          fill: paint.ink,
          'font-size': 10.5,
        },
        `${fitted(check, 84, 10.5)}${unitText(units.get(check) ?? null)}`,
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
          const text = cellText(worst, width - 3, units.get(check) === worst.unit);
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
                'font-size': cellSize,
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
    help: 'Each cell is what one check found, in the unit at the head of its column (n: events, k: thousands; y: spread on the scale of the axis); red fails, yellow warns. Samples with most failures come first.',
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

/** The unit that all cells of a column have; null where they differ. */
function unitOfColumn(check: string, samples: readonly SampleLine[]): QualityRow['unit'] | null {
  const units = new Set(
    samples.flatMap(({ quality }) =>
      quality.filter((row) => columnOf(row) === check).map(({ unit }) => unit),
    ),
  );
  const [unit = null] = units;
  return units.size === 1 ? unit : null;
}

function unitText(unit: QualityRow['unit'] | null): string {
  switch (unit) {
    case null:
      return '';
    case 'fraction':
      return ', %';
    case 'events':
      return ', n';
    case 'y':
      return ', y';
  }
}

function rank({ verdict }: QualityRow): number {
  return Object.keys(looks).indexOf(verdict);
}

/** The longest way to say a value that fits into a cell whole: a number is never cut. Without its unit where the head of the column has it. */
function cellText(row: QualityRow, width: number, headed: boolean): string {
  const { value, unit } = row;
  if (value === null) return '–';
  const ways = {
    fraction: [
      valueText(row),
      `${numberText(100 * value, 0)} %`,
      numberText(100 * value, 1),
      numberText(100 * value, 0),
    ],
    events: [valueText(row), `${numberText(value / 1000, 0)}k`],
    y: [numberText(value, 3), numberText(value, 2), numberText(value, 1)],
  }[unit];
  const fit = ways.filter((text) => !headed || !text.endsWith('%'));
  return fit.find((text) => textWidth(text, cellSize) <= width) ?? '';
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
