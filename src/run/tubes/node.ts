// A study on its way to the engine: read, held to its locks, and every tube with its file, template, controls, group and moved gates.
// Invariant: what cannot be used is said once, and its tubes are left out with the reason; the others are planned as if it were not there.
import type { GateRequest, RequestedSample } from '../../engine/node.ts';
import { ImmunogateError, issue, type Issue } from '../../errors.ts';
import type { Study } from '../../study/index.ts';
import { companionsOf } from '../companions.ts';
import { readingIssues, readOptionsOf } from '../reading.ts';
import { loadEdits, type LoadedEdits } from '../edits/node.ts';
import { loadStudy, pathUnder, type LoadedStudy } from '../folder/node.ts';
import { loadProtocols, type PanelProtocol } from '../protocols/node.ts';
import { engineLocks, loadLocks, protocolOf, requireSameProtocol, type StudyLocks } from '../locks/node.ts';

export interface PlannedStudy extends Pick<LoadedStudy, 'root' | 'inputs'> {
  readonly study: Study;
  /** Of the study, its protocols and its moved gates. */
  readonly issues: readonly Issue[];
  readonly protocols: readonly PanelProtocol[];
  readonly locks: StudyLocks;
  readonly tubes: TubePlan;
}

/** Throws E_STUDY_INVALID with every problem of the description when there is no study to run, E_PROTOCOL_LOCKED when it is locked and was changed. */
export async function planStudy(path: string): Promise<PlannedStudy> {
  const { root, study, issues, inputs } = loadStudy(path);
  if (study === null) throw refusal(issues);
  const { protocols, issues: protocolIssues } = loadProtocols(root, study);
  const locks = loadLocks(root);
  requireSameProtocol(locks, protocolOf({ root, inputs }, protocols));
  const { bySample: edits, issues: editIssues } = await loadEdits(root);
  return {
    ...{ root, inputs, study, protocols, locks },
    issues: [...issues, ...protocolIssues, ...readingIssues(study), ...editIssues],
    tubes: planTubes(root, study, protocols, edits),
  };
}

/** What the engine is asked for a planned study; files and protocols only. */
export function gatingOf({
  tubes,
  protocols,
  locks,
  inputs,
}: PlannedStudy): Pick<GateRequest, 'samples' | 'refused' | 'protocols' | 'locks' | 'documents'> {
  return {
    samples: tubes.samples.map((tube) => ({ ...tube, ...lockedResult(locks, tube.sample) })),
    refused: tubes.refused,
    protocols: protocols.map(({ protocol }) => protocol),
    locks: engineLocks(locks),
    documents: inputs,
  };
}

function refusal(issues: readonly Issue[]): ImmunogateError {
  const lines = issues.filter(({ level }) => level === 'error').map(({ message }) => `  ${message}`);
  return new ImmunogateError('E_STUDY_INVALID', `The study cannot be run:\n${lines.join('\n')}`);
}

export interface TubePlan {
  readonly samples: readonly RequestedSample[];
  readonly refused: readonly { readonly sample: string; readonly issues: readonly Issue[] }[];
  /** Samples of panels without a template, with the reason. */
  readonly notGated: ReadonlyMap<string, string>;
}

/** Which file goes with which protocol. */
function planTubes(
  root: string,
  study: Study,
  protocols: readonly PanelProtocol[],
  edits: LoadedEdits['bySample'],
): TubePlan {
  const samples: RequestedSample[] = [];
  const baseline = study.definition.visits[0] ?? null;
  const refused: { sample: string; issues: Issue[] }[] = [];
  const notGated = new Map<string, string>();
  for (const tube of study.samples) {
    const { sample, panel, file } = tube;
    const protocol = protocols.findIndex((own) => own.panel === panel);
    if (protocol < 0) {
      notGated.set(sample, `Panel ${panel} has no usable template.`);
      continue;
    }
    const path = pathUnder(root, file);
    if (path !== null) {
      const { controls, group } = companionsOf(tube, study.samples, baseline);
      const overrides = edits.get(sample) ?? [];
      const readOptions = readOptionsOf(study, tube);
      samples.push({
        ...{ sample, path, protocol, controls, overrides, readOptions },
        ...(group === null ? {} : { group }),
      });
    } else refused.push({ sample, issues: [missingFile(sample)] });
  }
  return { samples, refused, notGated };
}

function missingFile(sample: string): Issue {
  return issue('E_FILE_UNREADABLE', `The file of ${sample} is not in the folder of the study.`, sample);
}

function lockedResult({ samples }: StudyLocks, sample: string): { readonly lockedTo?: string } {
  return Object.hasOwn(samples, sample) ? { lockedTo: samples[sample] } : {};
}
