// The main job: a study in, gated, analysed and written. A function that the command line and the server call alike.
// Invariant: what cannot be used is said once and stops nothing else; tables depend on the inputs alone, not on workers, order or kills.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { analyseStudy, type StudyResults } from '../analysis/index.ts';
import { gateFiles, readStore, type GateReport, type Progress } from '../engine/node.ts';
import { ImmunogateError } from '../errors.ts';
import { gatesOfReport } from './gates/node.ts';
import { gatherSamples } from './gathering/node.ts';
import { readFacts } from './heads/node.ts';
import { overviewsOfReport } from './overviews/node.ts';
import { reportInput } from './report-input.ts';
import { gatingOf, planStudy, type PlannedStudy } from './tubes/node.ts';
import { writeStudyTables } from './writing/node.ts';

export { loadStudy, pathUnder, templatePath, type LoadedStudy } from './folder/node.ts';
export { readAcquisition } from './heads/node.ts';
export { loadProtocols, type PanelProtocol } from './protocols/node.ts';
export { editsFile, writeEdits, type SampleEdit } from './edits/node.ts';
export {
  loadLocks,
  locksFile,
  protocolOf,
  writeLocks,
  type LockedProtocol,
  type StudyLocks,
} from './locks/node.ts';
export { reproduceSamples, type Reproduction, type ReproduceRequest } from './reproduction/node.ts';
export { readDatabase, writeDatabase } from './database/node.ts';
export { exportTables, writeStudyTables, type ExportedTables, type WrittenStudy } from './writing/node.ts';

export interface RunRequest {
  /** Path of study.yaml, or of the folder that holds one. */
  readonly study: string;
  /** Folder of the outputs; made when absent. Finished work in it is used. */
  readonly out: string;
  /** Name and version of the program, for records. */
  readonly software: string;
  /** Threads; default all that the system offers. */
  readonly workers?: number;
  readonly memoryBytes?: number;
  /** Insist that `out` holds a run to go on with (E_STUDY_INVALID otherwise). */
  readonly resume?: boolean;
  /** Gate everything anew and compare with what is stored. */
  readonly recompute?: boolean;
  readonly waitMilliseconds?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

/** What the run is at; while gating with its numbers. */
export type RunProgress =
  | { readonly stage: 'reading' | 'analysing' | 'writing' }
  | { readonly stage: 'gating'; readonly gating: Progress };

export interface RunReport {
  readonly results: StudyResults;
  /** Names of what was written, relative to `out`. */
  readonly files: readonly string[];
  readonly gated: number;
  /** Of `gated`: found in the store. */
  readonly reused: number;
  readonly refused: number;
  readonly notGated: number;
  /** Items of a killed run that were put back. */
  readonly recovered: number;
  /** Of `gated`: as stored in every number, by another version of the program. */
  readonly otherVersion: number;
}

/**
 * Runs a study. Throws E_STUDY_INVALID with every problem of the description when there is no study to run, E_PROTOCOL_LOCKED when
 * it is locked and was changed, E_CANCELLED (finished work is stored), E_STORE_*, E_DISK_FULL, E_OUTPUT_UNWRITABLE.
 */
export async function runStudy(request: RunRequest): Promise<RunReport> {
  const { out, software, onProgress = () => undefined } = request;
  onProgress({ stage: 'reading' });
  if (request.resume === true && !existsSync(join(out, '.immunogate', 'run.sqlite')))
    throw new ImmunogateError('E_STUDY_INVALID', 'There is no run in the output folder to go on with.');
  const planned = await planStudy(request.study);
  const { root, study, inputs, tubes } = planned;
  const report =
    tubes.samples.length + tubes.refused.length === 0 ? null : await gatePlanned(planned, request);
  onProgress({ stage: 'analysing' });
  // read beside whoever owns the store next: a run that waited for this one may have begun
  const store = report === null ? null : readStore(out);
  try {
    const facts = readFacts(tubes.samples);
    const times = new Map(facts.map(({ sample, times }) => [sample, times]));
    const samples = gatherSamples(store, study.samples, report?.items ?? [], tubes.notGated, times);
    const results = analyseStudy(study, samples, { facts, findings: planned.issues });
    onProgress({ stage: 'writing' });
    const gates = store === null ? [] : gatesOfReport(store, root, samples, study);
    const overviews = store === null ? [] : overviewsOfReport(store, samples);
    const { files } = writeStudyTables(out, results, {
      ...{ software, inputs, auditHead: report?.auditHead ?? null },
      report: reportInput(results, software, { gates, overviews }),
    });
    return {
      results,
      files,
      gated: report?.done ?? 0,
      reused: report?.reused ?? 0,
      refused: report?.refused ?? 0,
      notGated: tubes.notGated.size,
      recovered: report?.recovered ?? 0,
      otherVersion: report?.otherVersion ?? 0,
    };
  } finally {
    store?.close();
  }
}

async function gatePlanned(planned: PlannedStudy, request: RunRequest): Promise<GateReport> {
  const { out, software, workers, memoryBytes, recompute, waitMilliseconds, signal, onProgress } = request;
  return await gateFiles({
    ...gatingOf(planned),
    out,
    software,
    ...(workers === undefined ? {} : { workers }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(recompute === undefined ? {} : { recompute }),
    ...(waitMilliseconds === undefined ? {} : { waitMilliseconds }),
    ...(signal === undefined ? {} : { signal }),
    onProgress: (gating) => onProgress?.({ stage: 'gating', gating }),
  });
}
