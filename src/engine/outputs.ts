// What a run writes (architecture section 6), from the store: the same results give the same bytes, however and in whatever order
// they were computed. Pure; where the text goes is handed in.
import {
  headerLine,
  issueColumns,
  issueLines,
  populationColumns,
  populationLines,
  qualityColumns,
  qualityLines,
  statisticColumns,
  statisticLines,
  strategyText,
  uncertaintyColumns,
  uncertaintyLines,
  uncertaintyRows,
  type ResultsStore,
  type SampleResult,
} from '../results/index.ts';
import { transformsOf } from './provenance.ts';

/** Takes the text of one file piece by piece; `name` is relative, with `/`. */
export interface TextFiles {
  open(name: string): { write(text: string): void; commit(): void; discard(): void };
}

export interface OutputOptions {
  readonly phase: 'fit' | 'count';
  readonly software: string;
}

/** Writes every table of a run, samples in order of code units, and each sample's strategy. */
export function writeOutputs(
  store: ResultsStore,
  run: number,
  files: TextFiles,
  options: OutputOptions,
): void {
  const items = store.items(run);
  const counted = options.phase === 'count';
  const populations = counted ? table(files, 'populations.csv', populationColumns) : null;
  const statistics = counted ? table(files, 'statistics.csv', statisticColumns) : null;
  const quality = counted ? table(files, 'quality.csv', qualityColumns) : null;
  const uncertainty = counted ? table(files, 'uncertainty.csv', uncertaintyColumns) : null;
  const issues = table(files, 'issues.csv', issueColumns);
  const provenance = table(files, 'provenance.json', null);
  const open = [populations, statistics, quality, uncertainty, issues, provenance].filter(
    (file) => file !== null,
  );
  try {
    const head = store.audit().at(-1)?.hash ?? null;
    provenance.write(
      `{\n"software": ${JSON.stringify(options.software)},\n"auditHead": ${JSON.stringify(head)},\n"samples": [`,
    );
    let separator = '\n';
    for (const { sample, resultId, issues: refusals } of items) {
      const result = resultId === null ? null : store.result(resultId);
      issues.write(issueLines(sample, result?.issues ?? refusals));
      if (result === null || resultId === null) continue;
      populations?.write(populationLines(sample, result.populations));
      statistics?.write(statisticLines(sample, result.statistics));
      quality?.write(qualityLines(sample, result.quality));
      uncertainty?.write(uncertaintyLines(sample, uncertaintyRows(result.strategy, result.populations)));
      provenance.write(`${separator}${JSON.stringify(recordOf(sample, resultId, result, store))}`);
      separator = ',\n';
      const strategy = files.open(`strategies/${sample}.json`);
      strategy.write(strategyText(result.strategy));
      strategy.commit();
    }
    provenance.write('\n]\n}\n');
    for (const file of open) file.commit();
  } catch (error) {
    for (const file of open) file.discard();
    throw error;
  }
}

/** The provenance record of one result (reliability A-1): what made it, what was found on the way, what it counted, when and where. */
function recordOf(
  sample: string,
  resultId: string,
  result: Omit<SampleResult, 'sample'>,
  store: ResultsStore,
) {
  return {
    sample,
    resultId,
    ...result.provenance,
    transforms: transformsOf(result.strategy),
    findings: result.issues.map(({ code, level, place }) => ({ code, level, place })),
    counts: Object.fromEntries(result.populations.map(({ path, count }) => [path, count])),
    execution: store.execution(resultId),
  };
}

function table(files: TextFiles, name: string, columns: readonly string[] | null) {
  const file = files.open(name);
  if (columns !== null) file.write(headerLine(columns));
  return file;
}
