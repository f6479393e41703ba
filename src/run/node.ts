// The main job: a study in, gated, analysed and written. A function that the command line and the server call alike.
// Invariant: what cannot be used is said once and stops nothing else; tables depend on the inputs alone, not on workers, order or kills.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { analyseStudy, type StudyResults } from '../analysis/index.ts';
import { gateFiles, openStore, type GateReport, type GateRequest, type Progress } from '../engine/node.ts';
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import type { Sample, Study } from '../study/index.ts';
import { loadStudy, loadTemplates, pathUnder, type PanelTemplate } from './folder/node.ts';
import { companionsOf } from './companions.ts';
import { gatesOfReport } from './gates/node.ts';
import { overviewsOfReport } from './overviews/node.ts';
import { loadEdits, type LoadedEdits } from './edits/node.ts';
import { engineLocks, loadLocks, protocolOf, requireSameProtocol, type StudyLocks } from './locks/node.ts';
import { gatherSamples } from './gathering/node.ts';
import { readFacts } from './heads/node.ts';
import { reportInput } from './report-input.ts';
import { writeStudyTables } from './writing/node.ts';

export { loadStudy, loadTemplates, pathUnder, type LoadedStudy, type PanelTemplate } from './folder/node.ts';
export { editsFile, writeEdits, type SampleEdit } from './edits/node.ts';
export {
  loadLocks,
  locksFile,
  protocolOf,
  writeLocks,
  type LockedProtocol,
  type StudyLocks,
} from './locks/node.ts';
export { gatherSamples } from './gathering/node.ts';
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
  const { root, study, issues, inputs } = loadStudy(request.study);
  if (study === null) throw refusal(issues);
  const { templates, issues: templateIssues } = loadTemplates(root, study);
  const locks = loadLocks(root);
  requireSameProtocol(locks, protocolOf({ root, inputs }, templates));
  const { bySample: edits, issues: editIssues } = await loadEdits(root);
  const plan = planTubes(root, study, templates, edits);
  const report =
    plan.samples.length + plan.refused.length === 0
      ? null
      : await gatePlanned(plan, templates, locks, request);
  onProgress({ stage: 'analysing' });
  const samples = gatherSamples(out, software, study.samples, report?.items ?? [], plan.notGated);
  const facts = readFacts(plan.samples);
  const findings = [...issues, ...templateIssues, ...editIssues];
  const results = analyseStudy(study, samples, { facts, findings });
  onProgress({ stage: 'writing' });
  const auditHead = report === null ? null : auditHeadOf(out, software);
  const gates = gatesOfReport({ out, root, software }, samples, study.definition.report.subject ?? null);
  const overviews = overviewsOfReport(out, software, samples);
  const { files } = writeStudyTables(out, results, {
    ...{ software, inputs, auditHead },
    report: reportInput(results, software, { gates, overviews }),
  });
  return {
    results,
    files,
    gated: report?.done ?? 0,
    reused: report?.reused ?? 0,
    refused: report?.refused ?? 0,
    notGated: plan.notGated.size,
    recovered: report?.recovered ?? 0,
  };
}

function refusal(issues: readonly Issue[]): ImmunogateError {
  const lines = issues.filter(({ level }) => level === 'error').map(({ message }) => `  ${message}`);
  return new ImmunogateError('E_STUDY_INVALID', `The study cannot be run:\n${lines.join('\n')}`);
}

interface TubePlan {
  readonly samples: GateRequest['samples'];
  readonly refused: readonly { readonly sample: string; readonly issues: readonly Issue[] }[];
  /** Samples of panels without a template, with the reason. */
  readonly notGated: ReadonlyMap<string, string>;
}

/** Which file goes with which template. */
function planTubes(
  root: string,
  study: Study,
  templates: readonly PanelTemplate[],
  edits: LoadedEdits['bySample'],
): TubePlan {
  const samples: GateRequest['samples'][number][] = [];
  const baseline = study.definition.visits[0] ?? null;
  const refused: { sample: string; issues: Issue[] }[] = [];
  const notGated = new Map<string, string>();
  for (const tube of study.samples) {
    const { sample, panel, file } = tube;
    const protocol = templates.findIndex((template) => template.panel === panel);
    if (protocol < 0) {
      notGated.set(sample, `Panel ${panel} has no usable template.`);
      continue;
    }
    const path = pathUnder(root, file);
    if (path !== null) {
      const { controls, group } = companionsOf(tube, study.samples, baseline);
      const overrides = edits.get(sample) ?? [];
      samples.push({ sample, path, protocol, controls, overrides, ...(group === null ? {} : { group }) });
    } else refused.push({ sample, issues: [missingFile(sample)] });
  }
  return { samples, refused, notGated };
}

function missingFile(sample: Sample['sample']): Issue {
  return issue('E_FILE_UNREADABLE', `The file of ${sample} is not in the folder of the study.`, sample);
}

async function gatePlanned(
  plan: TubePlan,
  templates: readonly PanelTemplate[],
  locks: StudyLocks,
  request: RunRequest,
): Promise<GateReport> {
  const { out, software, workers, memoryBytes, recompute, waitMilliseconds, signal, onProgress } = request;
  return await gateFiles({
    samples: plan.samples.map((sample) => ({ ...sample, ...lockedResult(locks, sample.sample) })),
    refused: plan.refused,
    protocols: templates.map(({ template }) => ({ kind: 'template', template })),
    locks: engineLocks(locks),
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

function lockedResult({ samples }: StudyLocks, sample: string): { readonly lockedTo?: string } {
  return Object.hasOwn(samples, sample) ? { lockedTo: samples[sample] } : {};
}

function auditHeadOf(out: string, software: string): string | null {
  const store = openStore(out, software);
  try {
    return store.audit().at(-1)?.hash ?? null;
  } finally {
    store.close();
  }
}
