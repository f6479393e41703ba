// A report from the tables of a study: which figures and tables there are, in which order. Pure: the same input gives the same bytes.
import { tteLabels } from '../clinical/index.ts';
import type { Figure } from './figure.ts';
import { adverseEventFigure } from './figures/adverse-events.ts';
import { ratioForest, shiftForest } from './figures/forest.ts';
import { heatMapFigure } from './figures/heat-map.ts';
import { kaplanMeierFigure } from './figures/kaplan-meier.ts';
import { missingnessFigure } from './figures/missingness.ts';
import { pairedFigure } from './figures/paired.ts';
import { spiderFigure } from './figures/spider.ts';
import { swimmerFigure } from './figures/swimmer.ts';
import { trajectoriesFigure } from './figures/trajectories.ts';
import { waterfallFigure } from './figures/waterfall.ts';
import { immuneView, parametersWithValues, type ImmuneView } from './immune-view.ts';
import { h } from './markup.ts';
import type { ReportInput } from './model.ts';
import { figureGrid, pageText, type Fact, type Section } from './page.ts';
import * as clinicalTables from './tables/clinical.ts';
import * as immuneTables from './tables/immune.ts';
import * as listings from './tables/listings.ts';

export interface Report {
  /** The whole page. */
  readonly html: string;
  /** In the order of the page. */
  readonly figures: readonly Figure[];
}

export function buildReport(report: ReportInput): Report {
  const input: View = { ...report, immune: report.immune === null ? null : immuneView(report.immune) };
  const parts = [...overview(input), ...immuneParts(input), ...clinicalParts(input), ...records(input)];
  return {
    html: pageText(
      input,
      factsOf(input),
      parts.map(({ section }) => section),
    ),
    figures: parts.flatMap(({ figures }) => figures),
  };
}

type View = Omit<ReportInput, 'immune'> & { readonly immune: ImmuneView | null };

interface Part {
  readonly section: Section;
  readonly figures: readonly Figure[];
}

function factsOf({ subjects, immune, clinical }: View): Fact[] {
  const facts: Fact[] = [{ name: 'Subjects', value: String(subjects.length) }];
  if (immune !== null) {
    facts.push(
      {
        name: 'Immune values analysed',
        value: String(immune.adim.filter((row) => row.ANL01FL === 'Y').length),
      },
      { name: 'Visits', value: String(immune.windows.length) },
    );
  }
  for (const table of clinical?.timeToEvent ?? []) {
    if (table.PARAMCD === 'LTPL') continue;
    const [median] = table.medianMonths;
    facts.push({
      name: `Median ${table.PARAMCD}`,
      value: median === null ? 'not reached' : `${median.toFixed(1)} months`,
    });
  }
  return facts;
}

function overview(input: View): Part[] {
  const { immune, clinical } = input;
  const figures = immune === null ? [] : [missingnessFigure(immune, parametersWithValues(immune))];
  const tables = clinical === null ? [] : [clinicalTables.populationTableMarkup(clinical)];
  return [
    {
      section: {
        id: 'overview',
        title: 'Study overview',
        content: [
          h(
            'div',
            { class: 'figures' },
            ...tables,
            ...figureGrid(figures).children.filter((child) => typeof child !== 'string'),
          ),
        ],
      },
      figures,
    },
  ];
}

function immuneParts({ immune }: View): Part[] {
  if (immune === null) return [];
  const views = parametersWithValues(immune);
  const [, ...posts] = immune.windows;
  const changes = [
    heatMapFigure(immune, views),
    ...posts.flatMap((visit) => [shiftForest(immune, views, visit), ratioForest(immune, views, visit)]),
  ];
  const courses = views.flatMap((view) => [trajectoriesFigure(immune, view), pairedFigure(immune, view)]);
  return [
    {
      section: {
        id: 'changes-section',
        title: 'Immune changes',
        lead: 'Every parameter against baseline, and what remains after adjustment for the number of parameters.',
        content: [
          figureGrid(changes),
          immuneTables.comparisonTable(immune, views),
          immuneTables.courseTable(immune, views),
        ],
      },
      figures: changes,
    },
    {
      section: {
        id: 'courses-section',
        title: 'Immune courses',
        content: [
          figureGrid(courses),
          immuneTables.descriptionTable(immune, views),
          immuneTables.missingTable(immune, views),
        ],
      },
      figures: courses,
    },
  ];
}

function clinicalParts({ clinical }: View): Part[] {
  if (clinical === null) return [];
  const efficacy = [
    ...clinical.timeToEvent.map((table) => kaplanMeierFigure(table, tteLabels[table.PARAMCD])),
    waterfallFigure(clinical.waterfall, clinical.responses.subjects),
    spiderFigure(clinical),
    swimmerFigure(clinical),
  ];
  const N = clinical.aeOverview.anyAe.N;
  const safety = [adverseEventFigure(clinical.aeByTerm, N)];
  return [
    {
      section: {
        id: 'efficacy-section',
        title: 'Efficacy',
        content: [
          figureGrid(efficacy),
          clinicalTables.timeTable(clinical),
          clinicalTables.responseTableMarkup(clinical),
        ],
      },
      figures: efficacy,
    },
    {
      section: {
        id: 'safety-section',
        title: 'Safety',
        content: [
          figureGrid(safety),
          clinicalTables.overviewTable(clinical),
          clinicalTables.termTable(clinical.aeByTerm, N),
        ],
      },
      figures: safety,
    },
  ];
}

function records(input: View): Part[] {
  const { immune, clinical } = input;
  return [
    {
      section: {
        id: 'records',
        title: 'Records',
        lead: 'Where the numbers come from. Lists unfold; a number above leads to its place here.',
        content: [
          h('h3', {}, 'Subjects'),
          listings.subjectListing(input),
          ...(immune === null
            ? []
            : [
                h('h3', {}, 'Immune values'),
                ...listings.valueListings(immune, parametersWithValues(immune)),
              ]),
          ...(clinical === null
            ? []
            : [
                h('h3', {}, 'Times to event'),
                ...listings.timeListings(clinical),
                h('h3', {}, 'Adverse events'),
                listings.eventListing(clinical),
              ]),
        ],
      },
      figures: [],
    },
  ];
}
