// A report from the tables of a study: which figures and tables there are, in which order. Pure: the same input gives the same bytes.
import { tteLabels } from '../clinical/index.ts';
import { linked, sampleAnchor, timesAnchor } from './anchors.ts';
import type { Figure } from './figure.ts';
import { adverseEventFigure } from './figures/adverse-events.ts';
import { gatingFigures, visitGridFigures } from './figures/gating.ts';
import { kaplanMeierFigure } from './figures/kaplan-meier.ts';
import { missingnessFigure } from './figures/missingness.ts';
import { overviewFigure } from './figures/overview.ts';
import { qualityFigure } from './figures/quality.ts';
import { samplesFigure } from './figures/samples.ts';
import { spiderFigure } from './figures/spider.ts';
import { swimmerFigure } from './figures/swimmer.ts';
import { waterfallFigure } from './figures/waterfall.ts';
import { immuneParts } from './immune-sections.ts';
import { chosenParameters, immuneView, parametersWithValues } from './immune-view.ts';
import { counted, numberText } from './lettering.ts';
import { h, type Child, type Markup } from './markup.ts';
import type { ReportInput } from './model.ts';
import { figureGrid, pageText, type Fact } from './page.ts';
import { folded, type Part, type View } from './part.ts';
import * as clinicalTables from './tables/clinical.ts';
import * as listings from './tables/listings.ts';
import { landmarkTable, respondersTable, tumourTable } from './tables/outcome.ts';
import * as sampleTables from './tables/samples.ts';
import { valueListings } from './tables/values.ts';

export interface Report {
  /** The whole page. */
  readonly html: string;
  /** What a reader should see: key parameters, the strategy of each panel, outcome; in the order of the page. */
  readonly figures: readonly Figure[];
  /** All others, which are folded away on the page. */
  readonly supporting: readonly Figure[];
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
    supporting: parts.flatMap(({ supporting = [] }) => supporting),
  };
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

/** Of more panels figures a panel are folded away. */
const openPanels = 2;

function qualityParts({ samples, issues, overviews }: View): Part[] {
  const checked = samples.some(({ quality }) => quality.length > 0);
  const quality = checked ? [qualityFigure(samples)] : [];
  const glances = overviews.map(({ panel, overview }) => overviewFigure(panel, overview, samples));
  const short = overviews.length <= openPanels;
  const seen = short ? [...quality, ...glances] : quality;
  return [
    {
      section: {
        id: 'quality-section',
        title: 'Quality',
        content: [
          ...(seen.length > 0 ? [figureGrid(seen, [])] : []),
          ...(short ? [] : [folded('Samples of each panel at a glance', figureGrid(glances, []))]),
          ...(checked ? [folded('Findings of quality control', sampleTables.qualityTable(samples))] : []),
          ...(issues.length > 0
            ? [folded(counted(issues.length, 'issue'), sampleTables.issueTable(issues))]
            : []),
        ],
      },
      figures: [...quality, ...glances],
    },
  ];
}

/** The strategy on the first sample of each panel that can be drawn; the same gates at all its visits unfold. */
function gatingParts({ gates }: View): Part[] {
  const panels = [...new Set(gates.map(({ panel }) => panel))].map((panel) => {
    const own = gates.filter((one) => one.panel === panel);
    const first = own.find(({ unavailable }) => unavailable === null);
    return {
      ...{ panel, own },
      steps: first === undefined ? [] : gatingFigures(first),
      visits: first === undefined || own.length < 2 ? [] : visitGridFigures(own),
    };
  });
  const steps = panels.flatMap((panel) => panel.steps);
  const short = panels.length <= openPanels;
  return [
    {
      section: {
        id: 'gating-section',
        title: 'Gating',
        lead: 'One sample a panel, step by step, and the same gates at all visits of its subject.',
        content: [
          ...panels.flatMap(({ panel, own }) => notDrawn(panel, own)),
          ...(short && steps.length > 0 ? [figureGrid(steps, [])] : []),
          ...panels.flatMap(({ panel, own, steps: open, visits }) => {
            const inside = short ? visits : [...open, ...visits];
            const title = `Panel ${panel}${short ? '' : ', step by step, and'} at all visits of ${own[0].subject}`;
            return inside.length === 0 ? [] : [folded(title, figureGrid(inside, []))];
          }),
        ],
      },
      figures: steps,
      supporting: panels.flatMap((panel) => panel.visits),
    },
  ];
}

/** In the place of a figure: which samples are not drawn, and why. */
function notDrawn(panel: string, gates: View['gates']): Markup[] {
  const missing = gates.filter(({ unavailable }) => unavailable !== null);
  if (missing.length === 0) return [];
  const reasons = missing.flatMap(({ sample, unavailable }, i): Child[] => [
    i === 0 ? ' ' : '; ',
    linked(sampleAnchor(sample), sample),
    `: ${unavailable ?? ''}`,
  ]);
  return [
    h('p', { class: 'absent' }, h('strong', {}, `Gates of panel ${panel} that are not drawn.`), ...reasons),
  ];
}

function clinicalParts({ clinical, immune, outcome }: View): Part[] {
  if (clinical === null) return [];
  const outcomeTables = outcome === null || immune === null ? [] : outcomeMarkup(outcome, immune);
  const efficacy = [
    ...clinical.timeToEvent.map((table) => kaplanMeierFigure(table, tteLabels[table.PARAMCD], clinical.conf)),
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
          folded(
            'Other rules of progression-free survival, duration of response, local progression',
            clinicalTables.sensitivityMarkup(clinical),
            ...(clinical.localProgression.length === 0
              ? []
              : [clinicalTables.localProgressionMarkup(clinical)]),
          ),
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

/** Key parameters first, the others folded. */
function outcomeMarkup(outcome: NonNullable<View['outcome']>, immune: NonNullable<View['immune']>): Markup[] {
  const { key, others } = chosenParameters(immune);
  const tables = [landmarkTable, respondersTable, tumourTable];
  const part = { id: '-others', title: ', other parameters' };
  return [
    ...tables.map((table) => table(outcome, key)),
    ...(others.length === 0
      ? []
      : [
          folded(
            `Outcome and the other ${counted(others.length, 'parameter')}`,
            ...tables.map((table) => table(outcome, others, part)),
          ),
        ]),
  ];
}

function records(input: View): Part[] {
  const { immune, clinical, samples } = input;
  const values = immune === null ? [] : parametersWithValues(immune);
  return [
    {
      section: {
        id: 'records',
        title: 'Records',
        lead: 'Where the numbers come from. Lists unfold; a number above leads to its place here.',
        content: [
          h('h3', {}, 'Subjects and samples'),
          folded(counted(input.subjects.length, 'subject'), listings.subjectListing(input)),
          ...(samples.length === 0
            ? []
            : [folded(counted(samples.length, 'sample'), sampleTables.sampleListing(samples))]),
          ...(immune === null
            ? []
            : [
                h('h3', { id: 'immune-values' }, 'Immune values'),
                folded(counted(values.length, 'parameter'), ...valueListings(immune, values)),
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
