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
  type ResultBody,
  type ResultsStore,
} from '../results/index.ts';
import { transformsOf } from './provenance.ts';
import type { InputDocument } from './request.ts';

/** Takes the text of one file piece by piece; `name` is relative, with `/`. */
export interface TextFiles {
  open(name: string): { write(text: string): void; commit(): void; discard(): void };
  /** Takes a file away, if it is there. */
  remove(name: string): void;
}

export interface OutputOptions {
  readonly phase: 'fit' | 'count';
  readonly software: string;
  readonly documents: readonly InputDocument[];
}

/**
 * Writes every table of a run, samples in order of code units, and each sample's strategy. The folder shows this run alone: what an earlier
 * one left of a sample that has no result now, refused or no longer asked for, is taken away, and stays in the store.
 */
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
    const { software, documents } = options;
    const top = JSON.stringify({ software, documents, auditHead: head }).slice(0, -1);
    provenance.write(`${top},"samples":[`);
    const before = resultsBefore(store, run);
    const now = new Map(items.map((item) => [item.sample, item.resultId]));
    let separator = '\n';
    for (const { sample, resultId, issues: refusals } of items) {
      const result = resultId === null ? null : store.result(resultId);
      issues.write(issueLines(sample, result?.issues ?? refusals));
      if (result === null) continue;
      populations?.write(populationLines(sample, result.populations));
      statistics?.write(statisticLines(sample, result.statistics));
      quality?.write(qualityLines(sample, result.quality));
      uncertainty?.write(uncertaintyLines(sample, uncertaintyRows(result.strategy, result.populations)));
      const parents = parentsOf(result, now, before.get(sample) ?? null);
      provenance.write(`${separator}${JSON.stringify({ ...recordOf(sample, result, store), parents })}`);
      separator = ',\n';
      const strategy = files.open(`strategies/${sample}.json`);
      strategy.write(strategyText(result.strategy));
      strategy.commit();
    }
    provenance.write('\n]}\n');
    for (const file of open) file.commit();
    for (const sample of before.keys()) {
      if ((now.get(sample) ?? null) !== null) continue;
      for (const name of [
        `strategies/${sample}.json`,
        `membership/${sample}.csv`,
        `membership/${sample}.parquet`,
      ])
        files.remove(name);
    }
  } catch (error) {
    for (const file of open) file.discard();
    throw error;
  }
}

/** The provenance record of one result (reliability A-1): what made it, what was found on the way, what it counted, when and where. */
function recordOf(sample: string, result: ResultBody, store: ResultsStore) {
  return {
    sample,
    resultId: result.resultId,
    ...result.provenance,
    transforms: transformsOf(result.strategy),
    findings: result.issues.map(({ code, level, place }) => ({ code, level, place })),
    counts: Object.fromEntries(result.populations.map(({ path, count }) => [path, count])),
    execution: store.execution(result.resultId),
  };
}

/** A record that a result goes back to; `resultId` null where that tube has none in this run. */
type Parent =
  | { readonly kind: 'strategy'; readonly sha256: string }
  | {
      readonly kind: 'tube';
      readonly source: string;
      readonly sample: string;
      readonly fileSha256: string;
      readonly resultId: string | null;
    }
  | { readonly kind: 'replaced'; readonly resultId: string };

/**
 * The strategy that was handed in (its hash is `strategySha256` of the record that placed it), the tubes that cuts come from, and the result
 * that the sample had in this folder before.
 */
function parentsOf(
  { resultId, provenance: { protocol, shared = [] } }: ResultBody,
  resultOf: ReadonlyMap<string, string | null>,
  before: string | null,
): Parent[] {
  return [
    ...(protocol.kind === 'strategy' ? [{ kind: 'strategy', sha256: protocol.sha256 } as const] : []),
    ...shared.map(({ source, sample, sha256: fileSha256 }): Parent => {
      return { kind: 'tube', source, sample, fileSha256, resultId: resultOf.get(sample) ?? null };
    }),
    ...(before === null || before === resultId ? [] : [{ kind: 'replaced', resultId: before } as const]),
  ];
}

/** The last result of each sample before a run. */
function resultsBefore(store: ResultsStore, run: number): ReadonlyMap<string, string> {
  const earlier = store.runs().filter((one) => one.run < run);
  return new Map(
    earlier.flatMap((one) =>
      store
        .items(one.run)
        .flatMap(({ sample, resultId }): [string, string][] =>
          resultId === null ? [] : [[sample, resultId]],
        ),
    ),
  );
}

function table(files: TextFiles, name: string, columns: readonly string[] | null) {
  const file = files.open(name);
  if (columns !== null) file.write(headerLine(columns));
  return file;
}
