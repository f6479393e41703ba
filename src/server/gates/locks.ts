// Locks of a study and of its samples, as runs are held to them. The log decides; locks.json in the study folder says it to whoever runs the study.
// Invariant: locks.json holds exactly the locks in force.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ImmunogateError } from '../../errors.ts';
import {
  loadStudy,
  loadProtocols,
  locksFile,
  protocolOf,
  writeLocks,
  type LockedProtocol,
} from '../../run/node.ts';
import type { StudyState } from '../study-log.ts';
import type { StudyFolder } from '../workspace.ts';

/** Writes the locks in force where runs look for them. Also called when a study is opened. A study without locks gets no file. */
export function keepLocks({ folder, log }: StudyFolder): void {
  const { locks } = log.state();
  const isEmpty = locks.protocol === null && Object.keys(locks.samples).length === 0;
  if (!isEmpty || existsSync(join(folder, locksFile))) writeLocks(folder, locks);
}

/** The protocol that a lock of the study holds; null while the study is not complete enough to have one. */
export function presentProtocol({ folder }: StudyFolder): LockedProtocol | null {
  const loaded = loadStudy(folder);
  if (loaded.study === null) return null;
  return protocolOf(loaded, loadProtocols(loaded.root, loaded.study).protocols);
}

/** Throws E_STUDY_LOCKED for a study, or the first of the samples, that is locked. */
export function requireOpen(state: StudyState, samples: readonly string[]): void {
  if (state.locked !== null) throw new ImmunogateError('E_STUDY_LOCKED', 'The study is locked.');
  const locked = samples.find((sample) => (state.reviews.get(sample)?.locked ?? null) !== null);
  if (locked !== undefined) throw new ImmunogateError('E_STUDY_LOCKED', `The gates of ${locked} are locked.`);
}
