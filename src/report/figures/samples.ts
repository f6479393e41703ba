// The tubes of a study: subjects by visits, a mark a panel, so that what is missing, refused or failed is seen at a glance.
// Invariant: every tube of the manifest has a mark; a panel that other draws have and this one lacks is an empty ring.
import { linkedMark, sampleAnchor } from '../anchors.ts';
import { label11, legend, symbol, type LegendEntry } from '../axes.ts';
import { figureWidth, type DataCell, type Figure } from '../figure.ts';
import { counted, fitted, textWidth } from '../lettering.ts';
import { h, type Markup } from '../markup.ts';
import type { SampleLine } from '../model.ts';
import { paint } from '../paint.ts';

type State = 'used' | 'failed' | 'refused' | 'not gated' | 'missing';

const looks: Readonly<Record<State, LegendEntry>> = {
  used: { label: 'Gated', fill: paint.green, shape: 'square' },
  failed: { label: 'Gated, failed quality control', fill: paint.red, shape: 'cross' },
  refused: { label: 'File refused', fill: paint.red, shape: 'diamond' },
  'not gated': { label: 'No template', fill: paint.grey, shape: 'dot' },
  missing: { label: 'No tube', fill: paint.orange, shape: 'ring' },
};

const rowHeight = 22;
const left = 104;

/** Stained tubes; controls are counted in the line above the figure. `visits` in order. */
export function samplesFigure(samples: readonly SampleLine[], visits: readonly string[]): Figure {
  const stained = samples.filter(({ role }) => role === 'stained' || role === 'stimulated');
  const subjects = [...new Set(stained.map(({ subject }) => subject))];
  const panels = [...new Set(stained.map(({ panel }) => panel))];
  const shownVisits = [
    ...visits,
    ...new Set(stained.map(({ visit }) => visit).filter((visit) => !visits.includes(visit))),
  ];
  const cells = subjects.flatMap((subject, s) =>
    shownVisits.flatMap((visit, v) =>
      panels.map((panel, p) => {
        const tubes = stained.filter(
          (one) => one.subject === subject && one.visit === visit && one.panel === panel,
        );
        return { subject, visit, panel, s, v, p, tubes, state: stateOf(tubes) };
      }),
    ),
  );
  const used = (Object.keys(looks) as State[]).filter((state) => cells.some((cell) => cell.state === state));
  const key = legend(
    6,
    12,
    figureWidth,
    used.map((state) => looks[state]),
  );
  const top = key.bottom + 42;
  const width = (figureWidth - left - 8) / Math.max(1, shownVisits.length);
  const step = (width - 12) / Math.max(1, panels.length);
  // a name cut to "P6…" is as wide as "P6w": a size smaller says more
  const lettering = panels.every((panel) => textWidth(panel, 9.5) <= step - 1) ? 9.5 : 8.5;
  const marks: Markup[] = [
    ...key.marks,
    label11(6, top - 8, 'Subject', 'start', paint.muted),
    ...shownVisits.flatMap((visit, v) => [
      label11(left + (v + 0.5) * width, top - 26, fitted(visit, width - 4, 11), 'middle'),
      ...panels.map((panel, p) =>
        h(
          'text',
          {
            x: left + v * width + 6 + (p + 0.5) * step,
            y: top - 8,
            fill: paint.muted,
            'font-size': lettering,
            'text-anchor': 'middle',
          },
          fitted(panel, step - 1, lettering),
        ),
      ),
    ]),
    ...subjects.flatMap((subject, s) => [
      h('rect', {
        x: left,
        y: top + s * rowHeight + 1,
        width: figureWidth - left - 8,
        height: rowHeight - 2,
        fill: paint.panel,
      }),
      label11(6, top + s * rowHeight + 15, fitted(subject, left - 12, 11)),
    ]),
    ...cells.map(({ subject, visit, panel, s, v, p, tubes, state }) => {
      const mark = symbol(
        looks[state].shape,
        left + v * width + 6 + (p + 0.5) * step,
        top + (s + 0.5) * rowHeight,
        looks[state].fill,
        Math.min(4.5, step / 2 - 1.5),
      );
      const said = `${subject}, ${visit}, ${panel}: ${looks[state].label}`;
      return tubes.length === 0 ? mark : linkedMark(sampleAnchor(tubes[0].sample), said, mark);
    }),
  ];
  const count = (state: State): number => cells.filter((cell) => cell.state === state).length;
  return {
    id: 'samples',
    title: 'Tubes of the study',
    help: 'One row a subject, one mark a panel at each visit; an empty ring is a tube that is not in the manifest.',
    n: `${counted(samples.length, 'tube')}, ${samples.length - stained.length} of them controls; ${counted(subjects.length, 'subject')}, ${counted(shownVisits.length, 'visit')}, ${counted(panels.length, 'panel')}; ${count('missing')} missing`,
    description: `Tubes by subject, visit and panel: ${used.map((state) => `${looks[state].label} ${count(state)}`).join(', ')}.`,
    width: figureWidth,
    height: top + subjects.length * rowHeight + 8,
    marks,
    data: {
      columns: ['subject', 'visit', 'panel', 'state', 'tubes (n)', 'events (n)'],
      rows: cells.map(({ subject, visit, panel, tubes, state }): DataCell[] => [
        subject,
        visit,
        panel,
        state,
        tubes.length,
        tubes.length === 0 ? null : tubes.reduce((sum, { events }) => sum + (events ?? 0), 0),
      ]),
    },
  };
}

/** The best of the tubes decides: a repeated tube stands for a failed one. */
function stateOf(tubes: readonly SampleLine[]): State {
  if (tubes.length === 0) return 'missing';
  if (tubes.some(({ state, failed }) => state === 'gated' && !failed)) return 'used';
  if (tubes.some(({ state }) => state === 'gated')) return 'failed';
  return tubes.some(({ state }) => state === 'refused') ? 'refused' : 'not gated';
}
