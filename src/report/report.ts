// A report from the tables of a study: which figures and tables there are, in which order. Pure: the same input gives the same bytes.
import { tteLabels } from '../clinical/index.ts';
import { timesAnchor } from './anchors.ts';
import type { Figure } from './figure.ts';
import { adverseEventFigure } from './figures/adverse-events.ts';
import { correlationFigure } from './figures/correlations.ts';
import { ratioForest, shiftForest } from './figures/forest.ts';
import { gatingFigures, visitGridFigures } from './figures/gating.ts';
import { heatMapFigure } from './figures/heat-map.ts';
import { kaplanMeierFigure } from './figures/kaplan-meier.ts';
import { missingnessFigure } from './figures/missingness.ts';
import { overviewFigure } from './figures/overview.ts';
import { pairedFigure } from './figures/paired.ts';
import { patientsFigure } from './figures/patients.ts';
import { qualityFigure } from './figures/quality.ts';
import { samplesFigure } from './figures/samples.ts';
import { spiderFigure } from './figures/spider.ts';
import { swimmerFigure } from './figures/swimmer.ts';
import { trajectoriesFigure } from './figures/trajectories.ts';
import { waterfallFigure } from './figures/waterfall.ts';
import { immuneView, parametersWithValues, type ImmuneView } from './immune-view.ts';
import { counted, numberText } from './lettering.ts';
import { h, type Markup } from './markup.ts';
import type { ReportInput } from './model.ts';
import { figureGrid, pageText, type Fact, type Section } from './page.ts';
import * as clinicalTables from './tables/clinical.ts';
import * as immuneTables from './tables/immune.ts';
import * as listings from './tables/listings.ts';
import { landmarkTable, tumourTable } from './tables/outcome.ts';
import * as sampleTables from './tables/samples.ts';

export interface Report {
  /** The whole page. */
  readonly html: string;
  /** In the order of the page. */
  readonly figures: readonly Figure[];
}

export function buildReport(report: ReportInput): Report {
  const input: View = { ...report, immune: report.immune === null ? null : immuneView(report.immune) };
  const parts = [
    ...overview(input),
    ...qualityParts(input),
    ...gatingParts(input),
    ...immuneParts(input),
    ...clinicalParts(input),
    ...records(input),
  ].filter(({ section }) => section.content.length > 0);
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

function factsOf({ subjects, immune, clinical, samples }: View): Fact[] {
  const facts: Fact[] = [
    { name: 'Subjects', value: String(subjects.length), to: clinicalTables.listingIds.subjects },
  ];
  if (samples.length > 0) {
    const gated = samples.filter(({ state }) => state === 'gated').length;
    facts.push({ name: 'Samples gated', value: `${gated} of ${samples.length}`, to: 'listing-samples' });
  }
  if (immune !== null) {
    facts.push(
      {
        name: 'Immune values analysed',
        value: String(immune.adim.filter((row) => row.ANL01FL === 'Y').length),
        to: 'immune-values',
      },
      { name: 'Analysis visits', value: String(immune.windows.length), to: 't-miss' },
    );
  }
  for (const table of clinical?.timeToEvent ?? []) {
    if (table.PARAMCD === 'LTPL') continue;
    const [median] = table.medianMonths;
    facts.push({
      name: `Median ${table.PARAMCD}`,
      value: median === null ? 'not reached' : `${numberText(median, 1)} months`,
      to: timesAnchor(table.PARAMCD),
    });
  }
  return facts;
}

function overview({ immune, clinical, samples }: View): Part[] {
  const visits = [...new Set(samples.map(({ visit }) => visit))];
  const figures = [
    ...(samples.length === 0 ? [] : [samplesFigure(samples, visits)]),
    ...(immune === null ? [] : [missingnessFigure(immune, parametersWithValues(immune))]),
  ];
  const tables = clinical === null ? [] : [clinicalTables.populationTableMarkup(clinical)];
  return [
    {
      section: { id: 'overview', title: 'Study overview', content: [figureGrid(figures, tables)] },
      figures,
    },
  ];
}

function qualityParts({ samples, issues, overviews }: View): Part[] {
  const checked = samples.some(({ quality }) => quality.length > 0);
  const figures = [
    ...(checked ? [qualityFigure(samples)] : []),
    ...overviews.map(({ panel, overview }) => overviewFigure(panel, overview, samples)),
  ];
  return [
    {
      section: {
        id: 'quality-section',
        title: 'Quality',
        content: [
          ...(checked
            ? [
                figureGrid(figures, []),
                folded('Findings of quality control', sampleTables.qualityTable(samples)),
              ]
            : []),
          ...(issues.length > 0
            ? [folded(counted(issues.length, 'issue'), sampleTables.issueTable(issues))]
            : []),
        ],
      },
      figures,
    },
  ];
}

/** Long lists stay closed until they are wanted; a link into them opens them. */
function folded(summary: string, content: Markup): Markup {
  return h('details', {}, h('summary', {}, summary), content);
}

/** The strategy on the first sample of each panel, then the same gates at all its visits. */
function gatingParts({ gates }: View): Part[] {
  const panels = [...new Set(gates.map(({ panel }) => panel))];
  const figures = panels.flatMap((panel) => {
    const own = gates.filter((one) => one.panel === panel);
    return [...gatingFigures(own[0]), ...(own.length > 1 ? visitGridFigures(own) : [])];
  });
  return [
    {
      section: {
        id: 'gating-section',
        title: 'Gating',
        lead: 'One sample a panel, step by step, and the same gates at all visits of its subject.',
        content: figures.length === 0 ? [] : [figureGrid(figures, [])],
      },
      figures,
    },
  ];
}

function immuneParts({ immune, outcome }: View): Part[] {
  if (immune === null) return [];
  const views = parametersWithValues(immune);
  const [, ...posts] = immune.windows;
  const correlations = correlationFigure(
    immune.correlations,
    views,
    outcome?.visit?.label ?? 'the landmark visit',
  );
  const changes = [
    heatMapFigure(immune, views),
    ...[correlations].filter((figure) => figure !== null),
    ...posts.flatMap((visit) => [shiftForest(immune, views, visit), ratioForest(immune, views, visit)]),
  ];
  const courses = views.flatMap((view) => {
    const patients = patientsFigure(immune, view);
    return [
      trajectoriesFigure(immune, view),
      pairedFigure(immune, view),
      ...(patients === null ? [] : [patients]),
    ];
  });
  return [
    {
      section: {
        id: 'changes-section',
        title: 'Immune changes',
        lead: 'Every parameter against baseline, and what remains after adjustment for the number of parameters.',
        content: [
          figureGrid(changes, []),
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
          figureGrid(courses, []),
          immuneTables.descriptionTable(immune, views),
          immuneTables.missingTable(immune, views),
        ],
      },
      figures: courses,
    },
  ];
}

function clinicalParts({ clinical, immune, outcome }: View): Part[] {
  if (clinical === null) return [];
  const outcomeTables =
    outcome === null || immune === null
      ? []
      : [landmarkTable, tumourTable].map((table) => table(outcome, parametersWithValues(immune)));
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
          figureGrid(efficacy, [clinicalTables.responseTableMarkup(clinical)]),
          clinicalTables.timeTable(clinical),
          ...outcomeTables,
        ],
      },
      figures: efficacy,
    },
    {
      section: {
        id: 'safety-section',
        title: 'Safety',
        content: [
          figureGrid(safety, [clinicalTables.overviewTable(clinical)]),
          clinicalTables.termTable(clinical.aeByTerm, N),
        ],
      },
      figures: safety,
    },
  ];
}

function records(input: View): Part[] {
  const { immune, clinical, samples } = input;
  return [
    {
      section: {
        id: 'records',
        title: 'Records',
        lead: 'Where the numbers come from. Lists unfold; a number above leads to its place here.',
        content: [
          h('h3', {}, 'Subjects'),
          listings.subjectListing(input),
          ...(samples.length === 0 ? [] : [h('h3', {}, 'Samples'), sampleTables.sampleListing(samples)]),
          ...(immune === null
            ? []
            : [
                h('h3', { id: 'immune-values' }, 'Immune values'),
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
