// Samples of a study as a list that begins with the worst, and one sample with everything that is known of it.
import { ImmunogateError } from '../errors.ts';
import { reasonsOf, verdictOf, worstFirst, type QualityRow } from '../qc/index.ts';
import { strategyText, type ItemRecord } from '../results/index.ts';
import type { SampleDetail, SampleRow, SampleSummary } from './schema.ts';
import type { WireStrategy } from './shapes/sample.ts';
import { fileOf, readStudy, type StudyReading } from './study-reading.ts';
import type { StudyState } from './study-log.ts';
import { baseName } from './manifest/matching.ts';
import { withResults, type ResultsReading } from './results-reading.ts';
import type { FileChannel } from './side/tasks.ts';
import type { StudyFolder } from './workspace.ts';

/** What the list shows of a result; a result id names its content, so it is worked out once. */
interface Brief {
  readonly eventCount: number;
  readonly quality: readonly QualityRow[];
  readonly warnings: number;
  readonly errors: number;
  readonly strategySha256: string;
}

const briefs = new Map<string, Brief>();

function briefOf(results: ResultsReading, resultId: string): Brief {
  const known = briefs.get(resultId);
  if (known !== undefined) return known;
  const { eventCount, quality, issues, provenance } = results.result(resultId);
  const count = (level: string) => issues.filter((one) => one.level === level).length;
  const brief = {
    eventCount,
    quality,
    warnings: count('warning'),
    errors: count('error'),
    strategySha256: provenance.strategySha256,
  };
  briefs.set(resultId, brief);
  return brief;
}

export function listSamples(study: StudyFolder): SampleSummary[] {
  const { rows } = readStudy(study.folder);
  const state = study.log.state();
  return withResults(study, (results) => {
    const all = rows.map((row) => {
      const item = results.items.get(row.sample) ?? null;
      const brief = item?.resultId == null ? null : briefOf(results, item.resultId);
      return { sample: row.sample, quality: brief?.quality ?? [], row, item, brief };
    });
    // refused samples need somebody most
    const refused = all.filter(({ item }) => item?.state === 'refused');
    const others = worstFirst(all.filter(({ item }) => item?.state !== 'refused'));
    return [...refused, ...others].map((one, rank) => summaryOf(one.row, one.item, one.brief, rank, state));
  });
}

function summaryOf(
  row: SampleRow,
  item: ItemRecord | null,
  brief: Brief | null,
  rank: number,
  state: StudyState,
): SampleSummary {
  const review = state.reviews.get(row.sample) ?? { locked: null, signed: null };
  const refusal = item?.issues.find(({ level }) => level === 'error')?.message ?? '';
  const verdict = brief === null ? null : verdictOf(brief.quality);
  const inForce = [...state.overrides.values()].filter(
    ({ sample, undone }) => sample === row.sample && undone === null,
  );
  return {
    sample: row.sample,
    subject: row.subject,
    visit: row.visit,
    panel: row.panel,
    role: row.role,
    state: item?.state ?? 'pending',
    eventCount: brief?.eventCount ?? null,
    rank,
    verdict:
      item?.state === 'refused'
        ? 'fail'
        : verdict === 'ok'
          ? 'pass'
          : verdict === 'notEvaluable'
            ? null
            : verdict,
    headline: item?.state === 'refused' ? refusal : brief === null ? '' : (reasonsOf(brief.quality)[0] ?? ''),
    warnings: brief?.warnings ?? 0,
    errors: (brief?.errors ?? 0) + (item?.issues.filter(({ level }) => level === 'error').length ?? 0),
    overrides: inForce.length,
    review: {
      locked: review.locked,
      signed:
        review.signed === null
          ? null
          : { ...review.signed, valid: review.signed.strategySha256 === brief?.strategySha256 },
    },
  };
}

export interface LocatedSample {
  readonly row: SampleRow;
  readonly reading: StudyReading;
  /** Of the FCS file; null when it is not there. */
  readonly path: string | null;
}

/** Throws E_NOT_FOUND. */
export function locateSample(study: StudyFolder, sample: string): LocatedSample {
  const reading = readStudy(study.folder);
  const row = reading.rows.find((one) => one.sample === sample);
  if (row === undefined) throw new ImmunogateError('E_NOT_FOUND', 'The manifest has no sample of that name.');
  return { row, reading, path: fileOf(study.folder, row) };
}

/** The sample and its newest result. Throws E_NOT_FOUND, E_CONFLICT before it was gated. */
export function gatedSample(study: StudyFolder, sample: string) {
  const located = locateSample(study, sample);
  return withResults(study, (results) => {
    const resultId = results.items.get(sample)?.resultId ?? null;
    if (resultId === null || located.path === null)
      throw new ImmunogateError('E_CONFLICT', 'This sample has not been gated yet; run the study first.');
    return { ...located, path: located.path, result: results.result(resultId) };
  });
}

export function sampleDetail(
  study: StudyFolder,
  sample: string,
  channels: readonly FileChannel[],
): SampleDetail {
  const { row } = locateSample(study, sample);
  const summary = listSamples(study).find((one) => one.sample === sample);
  if (summary === undefined) throw new ImmunogateError('E_NOT_FOUND');
  const state = study.log.state();
  return withResults(study, (results) => {
    const item = results.items.get(sample) ?? null;
    const result = item?.resultId == null ? null : results.result(item.resultId);
    const uploaded = [...state.files.values()].find(({ sha256 }) => row.file === `blobs/${sha256}`);
    return {
      ...summary,
      fileName: uploaded?.name ?? (row.file === '' ? null : baseName(row.file)),
      fileSha256: result?.fileSha256 ?? uploaded?.sha256 ?? null,
      resultId: result?.resultId ?? null,
      strategy: result === null ? null : (JSON.parse(strategyText(result.strategy)) as WireStrategy),
      strategySha256: result?.provenance.strategySha256 ?? null,
      channels: channels.map((channel) => ({ ...channel })),
      populations: (result?.populations ?? []).map((population) => ({ ...population })),
      quality: (result?.quality ?? []).map(({ check, verdict, value, reason }) => ({
        rule: check,
        verdict: verdict === 'ok' ? 'pass' : verdict,
        value,
        message: reason ?? `${check}: as it should be`,
      })),
      issues: [...(result?.issues ?? item?.issues ?? [])],
      overrideList: [...state.overrides.values()].filter(
        (one) => one.sample === sample && one.undone === null,
      ),
      provenance: result?.provenance ?? null,
    };
  });
}
