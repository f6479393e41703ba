// Adverse events by term: subjects at their worst grade, stacked, the most frequent terms first.
// Invariant: a subject counts once a bar; bars are per cent of the denominator of the table.
import { scaleLinear } from 'd3';
import type { AeTermRow } from '../../clinical/index.ts';
import { eventsAnchor, linkedMark } from '../anchors.ts';
import { bottomAxis, label11, ticksOf, type Area } from '../axes.ts';
import { figureWidth, type DataCell, type Figure } from '../figure.ts';
import { counted, fitted, textWidth } from '../lettering.ts';
import { h, type Markup } from '../markup.ts';
import { paint } from '../paint.ts';

const grades = [
  { key: 'gMissing', label: 'Grade missing', opacity: 1, fill: paint.grey },
  { key: 'g1', label: 'Grade 1', opacity: 0.3, fill: paint.blue },
  { key: 'g2', label: 'Grade 2', opacity: 0.75, fill: paint.blue },
  { key: 'g3', label: 'Grade 3', opacity: 0.65, fill: paint.orange },
  { key: 'g4', label: 'Grade 4', opacity: 1, fill: paint.orange },
  { key: 'g5', label: 'Grade 5', opacity: 1, fill: paint.red },
] as const;

const most = 20;
const rowHeight = 22;

/** `N` is the denominator; of more than 20 terms the most frequent are drawn, all are in the table. */
export function adverseEventFigure(rows: readonly AeTermRow[], N: number): Figure {
  const terms = rows.filter((row) => row.level === 'PT');
  const shown = [...terms]
    .sort((a, b) => b.nSubj - a.nSubj || b.g3plus - a.g3plus || (a.AEDECOD < b.AEDECOD ? -1 : 1))
    .slice(0, most);
  const used = grades.filter(({ key }) => shown.some((row) => row[key] > 0));
  const legendMarks: Markup[] = [];
  let lx = 6;
  for (const grade of used) {
    legendMarks.push(
      h('rect', {
        x: lx,
        y: 7,
        width: 11,
        height: 11,
        fill: grade.fill,
        'fill-opacity': grade.opacity,
        rx: 1.5,
      }),
      label11(lx + 16, 16, grade.label),
    );
    lx += 16 + textWidth(grade.label, 11) + 14;
  }
  const top = 34;
  const area: Area = {
    left: 214,
    right: figureWidth - 76,
    top,
    bottom: top + 4 + Math.max(1, shown.length) * rowHeight,
  };
  const percent = (n: number): number => (N === 0 ? 0 : (100 * n) / N);
  const scale = scaleLinear(
    [0, Math.max(10, ...shown.map((row) => percent(row.nSubj)))],
    [area.left, area.right],
  ).nice(5);
  const marks: Markup[] = [
    ...legendMarks,
    bottomAxis(area, (value) => scale(value), ticksOf(scale.ticks(5)), `Subjects (% of N = ${N})`),
    ...shown.map((row, i) => {
      const y = area.top + 4 + i * rowHeight;
      let from = 0;
      const parts = used.map((grade) => {
        const [a, b] = [scale(percent(from)), scale(percent(from + row[grade.key]))];
        from += row[grade.key];
        return h('rect', {
          x: a,
          y,
          width: b - a,
          height: rowHeight - 7,
          fill: grade.fill,
          'fill-opacity': grade.opacity,
        });
      });
      return linkedMark(
        eventsAnchor(row.AEBODSYS),
        `${row.AEDECOD}: ${counted(row.nSubj, 'subject')}, ${counted(row.events, 'event')}`,
        label11(area.left - 8, y + 12, fitted(row.AEDECOD, area.left - 16, 11), 'end'),
        h('rect', {
          x: area.left,
          y,
          width: scale(percent(row.nSubj)) - area.left,
          height: rowHeight - 7,
          fill: paint.page,
        }),
        ...parts,
        label11(scale(percent(row.nSubj)) + 6, y + 12, `${row.nSubj} of ${N}`, 'start', paint.muted),
      );
    }),
  ];
  return {
    id: 'adverse-events',
    title: 'Treatment-emergent adverse events by term',
    help: 'Bars count subjects once, at their worst grade; the number beside a bar is subjects of the denominator.',
    n: `${shown.length} of ${counted(terms.length, 'term')}, N = ${N}`,
    description: `Subjects with adverse events by term: ${shown.map((row) => `${row.AEDECOD} ${row.nSubj}`).join(', ')}.`,
    width: figureWidth,
    height: area.bottom + 44,
    marks,
    data: {
      columns: [
        'body system',
        'term',
        'subjects',
        'subjects (%)',
        'events',
        'grade 1',
        'grade 2',
        'grade 3',
        'grade 4',
        'grade 5',
        'grade missing',
      ],
      rows: terms.map((row): DataCell[] => [
        row.AEBODSYS,
        row.AEDECOD,
        row.nSubj,
        row.pct,
        row.events,
        row.g1,
        row.g2,
        row.g3,
        row.g4,
        row.g5,
        row.gMissing,
      ]),
    },
  };
}
