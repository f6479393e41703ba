// Missing samples: subjects by visits, how many parameters were analysed and, where none was, why not.
// Invariant: every subject of the analysis set and every visit has a cell; the reasons are those of the visit grid.
import type { VisitStatus } from '../../endpoints/index.ts';
import { linkedMark, subjectAnchor } from '../anchors.ts';
import { label11, legend } from '../axes.ts';
import { figureWidth, type DataCell, type Figure } from '../figure.ts';
import type { ImmuneView, ParameterView } from '../immune-view.ts';
import { counted, fitted } from '../lettering.ts';
import { h, type Markup } from '../markup.ts';
import { paint } from '../paint.ts';

interface Look {
  readonly letter: string;
  readonly label: string;
  readonly fill: string;
}

const looks: Readonly<Record<VisitStatus, Look>> = {
  received: { letter: '', label: 'Analysed', fill: paint.green },
  'no value': { letter: 'V', label: 'V: no value', fill: paint.gold },
  'QC failed': { letter: 'Q', label: 'Q: failed quality control', fill: paint.red },
  'out of window': { letter: 'W', label: 'W: out of window', fill: paint.purple },
  'after death': { letter: '†', label: '†: after death', fill: paint.grey },
  'not received': { letter: '–', label: '–: not received', fill: paint.orange },
};

const rowHeight = 22;
const left = 104;

export function missingnessFigure(immune: ImmuneView, parameters: readonly ParameterView[]): Figure {
  const { windows: visits, subjects } = immune;
  const codes = new Set(parameters.map(({ PARAMCD }) => PARAMCD));
  const statusesOf = new Map<string, VisitStatus[]>();
  for (const { USUBJID, AVISITN, PARAMCD, status } of immune.grid) {
    if (!codes.has(PARAMCD)) continue;
    const key = JSON.stringify([USUBJID, AVISITN]);
    statusesOf.set(key, [...(statusesOf.get(key) ?? []), status]);
  }
  const cells = subjects.flatMap((subject, s) =>
    visits.map((visit, v) => {
      const statuses = statusesOf.get(JSON.stringify([subject, visit.n])) ?? [];
      const received = statuses.filter((status) => status === 'received').length;
      return { subject, visit, s, v, received, status: leading(statuses) };
    }),
  );
  const present = (Object.keys(looks) as VisitStatus[]).filter(
    (status) => status === 'received' || cells.some((cell) => cell.status === status),
  );
  const key = legend(
    6,
    12,
    figureWidth,
    present.map((status) => ({
      label: looks[status].label,
      fill: looks[status].fill,
      shape: 'square' as const,
    })),
  );
  const top = key.bottom + 26;
  const width = (figureWidth - left - 8) / visits.length;
  const marks: Markup[] = [
    ...key.marks,
    label11(6, top - 10, 'Subject', 'start', paint.muted),
    ...visits.map((visit, v) =>
      label11(left + (v + 0.5) * width, top - 10, fitted(visit.label, width - 4, 11), 'middle'),
    ),
    ...subjects.map((subject, s) => label11(6, top + s * rowHeight + 15, fitted(subject, left - 12, 11))),
    ...cells.map(({ subject, visit, s, v, received, status }) => {
      const { letter, fill, label } = looks[status];
      const text = received > 0 ? `${received}${status === 'received' ? '' : ` ${letter}`}` : letter;
      return linkedMark(
        subjectAnchor(subject),
        `${subject}, ${visit.label}: ${received} of ${parameters.length} parameters, ${label}`,
        h('rect', {
          x: left + v * width + 1,
          y: top + s * rowHeight + 1,
          width: width - 2,
          height: rowHeight - 2,
          rx: 2,
          fill,
          'fill-opacity':
            status === 'received' ? 0.18 + 0.2 * (received / Math.max(1, parameters.length)) : 0.34,
        }),
        label11(left + (v + 0.5) * width, top + s * rowHeight + 15, text, 'middle'),
      );
    }),
  ];
  const complete = cells.filter(({ received }) => received === parameters.length).length;
  return {
    id: 'missing',
    title: 'Samples received and missing',
    help: 'Each cell counts the parameters analysed at that visit; a letter says why others, or all, are not there.',
    n: `${counted(subjects.length, 'subject')} × ${counted(visits.length, 'visit')}, ${counted(parameters.length, 'parameter')}; ${complete} of ${cells.length} cells complete`,
    description: `Matrix of ${subjects.length} subjects and ${visits.length} visits. ${present.map((status) => `${status}: ${cells.filter((cell) => cell.status === status).length}`).join(', ')} cells.`,
    width: figureWidth,
    height: top + subjects.length * rowHeight + 8,
    marks,
    data: {
      columns: ['subject', 'visit', 'parameters analysed', 'parameters', 'leading reason'],
      rows: cells.map(({ subject, visit, received, status }): DataCell[] => [
        subject,
        visit.label,
        received,
        parameters.length,
        status,
      ]),
    },
  };
}

/** `received` when every parameter is there, otherwise the reason that most of the missing ones share (first of the list on a tie). */
function leading(statuses: readonly VisitStatus[]): VisitStatus {
  const missing = statuses.filter((status) => status !== 'received');
  if (statuses.length === 0) return 'not received';
  if (missing.length === 0) return 'received';
  const counts = (Object.keys(looks) as VisitStatus[]).map((status) => ({
    status,
    n: missing.filter((one) => one === status).length,
  }));
  return counts.reduce((most, one) => (one.n > most.n ? one : most)).status;
}
