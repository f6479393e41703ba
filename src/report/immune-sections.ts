// The immune sections of the page: the key parameters in full, all others folded away; changes first, then the course of each parameter.
// Invariant: every parameter with values is in each table and has its figures, seen or folded; adjusted p count all parameters of the study.
import { whole, type Figure, type FigurePart } from './figure.ts';
import { correlationFigure } from './figures/correlations.ts';
import { ratioForest, shiftForest } from './figures/forest.ts';
import { heatMapFigure } from './figures/heat-map.ts';
import { pairedFigure } from './figures/paired.ts';
import { patientsFigure } from './figures/patients.ts';
import { trajectoriesFigure } from './figures/trajectories.ts';
import { chosenParameters, labelOf, type ImmuneView, type ParameterView } from './immune-view.ts';
import { counted } from './lettering.ts';
import type { Markup } from './markup.ts';
import { figureGrid } from './page.ts';
import { folded, type Part, type View } from './part.ts';
import * as immuneTables from './tables/immune.ts';

const others: FigurePart = { id: '-others', title: ', other parameters' };

/** More rows than this make a figure of changes higher than a page. */
const mostRows = 30;

/** More parameters than this leave no room for names in a matrix of correlations; correlations.csv has all pairs. */
const mostCorrelated = 40;

export function immuneParts({ immune, outcome }: View): Part[] {
  if (immune === null) return [];
  const chosen = chosenParameters(immune);
  const visit = outcome?.visit?.label ?? 'the landmark visit';
  return [
    changesPart(immune, chosen.key, chosen.others, visit),
    coursesPart(immune, chosen.key, chosen.others),
  ];
}

function changesPart(
  immune: ImmuneView,
  key: readonly ParameterView[],
  rest: readonly ParameterView[],
  visit: string,
): Part {
  const figures = [
    heatMapFigure(immune, key),
    ...correlations(immune, key, visit, whole),
    ...forests(immune, key, whole),
  ];
  const restFigures = inParts(rest).flatMap(({ views, part }) => [
    heatMapFigure(immune, views, part),
    ...forests(immune, views, part),
  ]);
  const all = [...key, ...rest];
  const allPairs =
    rest.length === 0 || all.length > mostCorrelated
      ? []
      : correlations(immune, all, visit, { id: '-all', title: ', all parameters' });
  return {
    section: {
      id: 'changes-section',
      title: 'Immune changes',
      lead:
        rest.length === 0
          ? 'Every parameter against baseline, and what remains after adjustment for the number of parameters.'
          : `${counted(key.length, 'key parameter')} against baseline; the other ${rest.length} unfold below. p is adjusted over all ${all.length}.`,
      content: [
        figureGrid(figures, []),
        immuneTables.comparisonTable(immune, key),
        immuneTables.courseTable(immune, key),
        ...(rest.length === 0
          ? []
          : [
              folded(
                `Changes of the other ${counted(rest.length, 'parameter')}`,
                figureGrid([...restFigures, ...allPairs], []),
                immuneTables.comparisonTable(immune, rest, others),
                immuneTables.courseTable(immune, rest, others),
              ),
            ]),
      ],
    },
    figures,
    supporting: [...restFigures, ...allPairs],
  };
}

function forests(immune: ImmuneView, views: readonly ParameterView[], part: FigurePart): Figure[] {
  const [, ...posts] = immune.windows;
  return posts.flatMap((visit) => [
    shiftForest(immune, views, visit, part),
    ratioForest(immune, views, visit, part),
  ]);
}

function correlations(
  immune: ImmuneView,
  views: readonly ParameterView[],
  visit: string,
  part: FigurePart,
): Figure[] {
  const figure = correlationFigure(immune, views, visit, part);
  return figure === null ? [] : [figure];
}

/** Parameters that are not key, in figures of a page each. */
function inParts(
  views: readonly ParameterView[],
): { readonly views: readonly ParameterView[]; readonly part: FigurePart }[] {
  const parts = Math.ceil(views.length / mostRows);
  const each = Math.ceil(views.length / Math.max(1, parts));
  return Array.from({ length: parts }, (_, k) => ({
    views: views.slice(k * each, (k + 1) * each),
    part:
      parts === 1 ? others : { id: `${others.id}-${k + 1}`, title: `${others.title}, ${k + 1} of ${parts}` },
  }));
}

/** Of key parameters course and pairs are seen and each subject unfolds; of the others course and pairs unfold. */
function coursesPart(
  immune: ImmuneView,
  key: readonly ParameterView[],
  rest: readonly ParameterView[],
): Part {
  const shown = key.map((view) => ({
    view,
    figures: courses(immune, view),
    patients: patients(immune, view),
  }));
  const hidden = rest.map((view) => ({ view, figures: courses(immune, view) }));
  const content: Markup[] = shown.flatMap(({ view, figures, patients: each }) => [
    figureGrid(figures, []),
    ...(each.length === 0 ? [] : [folded(`${view.name}: each subject`, figureGrid(each, []))]),
  ]);
  return {
    section: {
      id: 'courses-section',
      title: 'Immune courses',
      content: [
        ...content,
        immuneTables.descriptionTable(immune, key),
        immuneTables.missingTable(immune, key),
        ...(rest.length === 0
          ? []
          : [
              folded(
                `Courses of the other ${counted(rest.length, 'parameter')}`,
                ...hidden.map(({ view, figures }) => folded(labelOf(view), figureGrid(figures, []))),
                immuneTables.descriptionTable(immune, rest, others),
                immuneTables.missingTable(immune, rest, others),
              ),
            ]),
      ],
    },
    figures: shown.flatMap(({ figures }) => figures),
    supporting: [...shown.flatMap((one) => one.patients), ...hidden.flatMap(({ figures }) => figures)],
  };
}

function courses(immune: ImmuneView, view: ParameterView): Figure[] {
  return [trajectoriesFigure(immune, view), pairedFigure(immune, view)];
}

function patients(immune: ImmuneView, view: ParameterView): Figure[] {
  const figure = patientsFigure(immune, view);
  return figure === null ? [] : [figure];
}
