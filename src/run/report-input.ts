// StudyResults as the report wants them. Pure selection.
import type { GatedSample, StudyResults } from '../analysis/index.ts';
import type { Issue } from '../errors.ts';
import type { ReportInput, SampleLine } from '../report/index.ts';

export function reportInput(
  results: StudyResults,
  software: string,
  { gates, overviews }: Pick<ReportInput, 'gates' | 'overviews'>,
): ReportInput {
  const { study, immune, clinical, findings, samples } = results;
  return {
    study: { id: study.id, title: study.title },
    software,
    generatedUtc: null,
    subjects: study.subjects,
    immune: { ...immune, origins: originsOf(results) },
    clinical,
    samples: samples.map((sample) => sampleLine(sample, results.failedSamples)),
    gates,
    overviews,
    outcome: results.outcome,
    issues: [...findings, ...samples.flatMap(sampleIssues)],
  };
}

function sampleLine(
  { sample, state, reason, eventCount, fileSha256, strategySha256, resultId, quality }: GatedSample,
  failed: readonly string[],
): SampleLine {
  const { subject, visit, panel, role } = sample;
  return {
    ...{ sample: sample.sample, subject, visit, panel, role, state, reason },
    failed: failed.includes(sample.sample),
    events: eventCount,
    ...{ fileSha256, strategySha256, resultId, quality },
  };
}

function sampleIssues({ sample, issues }: GatedSample): Issue[] {
  return issues
    .filter(({ level }) => level !== 'info')
    .map((found) => ({
      ...found,
      place: `${sample.sample}${found.place === null ? '' : ` ${found.place}`}`,
    }));
}

function originsOf({ endpoints, samples }: StudyResults): NonNullable<ReportInput['immune']>['origins'] {
  const sampleOf = new Map(samples.map((sample) => [sample.sample.sample, sample]));
  return endpoints.map(({ specimen, paramcd, sources, ...row }) => ({
    SPECID: specimen,
    PARAMCD: paramcd,
    ciLow: row.ciLow,
    ciHigh: row.ciHigh,
    gatingLow: row.gatingLow,
    gatingHigh: row.gatingHigh,
    totalLow: row.totalLow,
    totalHigh: row.totalHigh,
    status: row.status,
    populations: sources.flatMap(({ sample, paths }) =>
      paths.map((path) => {
        const row = sampleOf.get(sample)?.populations.find((population) => population.path === path);
        return {
          sample,
          path,
          count: row?.count ?? null,
          parentCount: row?.parentCount ?? null,
          method: row?.method ?? null,
          status: row?.status ?? 'notEvaluable',
        };
      }),
    ),
  }));
}
