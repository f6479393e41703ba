// What of a study is locked: locks.json in the study folder. Whoever runs the study, from the command line or a browser, is held to it (reliability
// a locked protocol runs unchanged or not at all, and a sample with locked gates keeps the result that a person locked.
// Invariant: a file of locks that cannot be read locks everything; it never counts as none.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { protocolIdentity, type ProtocolLocks } from '../../engine/index.ts';
import { ImmunogateError } from '../../errors.ts';
import { canonicalJson } from '../../results/index.ts';
import { sha256, writeFileWhole } from '../../results/node.ts';
import { editsFile } from '../edits/node.ts';
import { pathUnder, type LoadedStudy } from '../folder/node.ts';
import type { PanelProtocol } from '../protocols/node.ts';

export const locksFile = 'locks.json';

/** The protocol of a study by content; all hashes are SHA-256 in lower-case hex. */
export interface LockedProtocol {
  /** Of the description, study.yaml. */
  readonly description: string;
  /** Of the moved gates, edits.json; null = there is none. */
  readonly edits: string | null;
  /** Identity of the protocol of every panel that has tubes: its template, and the matrix that the study gives for it. */
  readonly panels: Readonly<Record<string, { readonly id: string; readonly sha256: string }>>;
}

export interface StudyLocks {
  readonly protocol: LockedProtocol | null;
  /** Id of the result that a sample with locked gates keeps, by sample. */
  readonly samples: Readonly<Record<string, string>>;
}

const nothing: StudyLocks = { protocol: null, samples: {} };

/** Throws E_PROTOCOL_LOCKED when there are locks that cannot be read. */
export function loadLocks(root: string): StudyLocks {
  const path = pathUnder(root, locksFile);
  if (path === null) return nothing;
  try {
    const { protocol, samples } = JSON.parse(readFileSync(path, 'utf8')) as StudyLocks;
    const isRecord = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isRecord(samples) && Object.values(samples).every((id) => typeof id === 'string')) {
      if (protocol === null || (isRecord(protocol) && isRecord(protocol.panels)))
        return { protocol, samples };
    }
  } catch {
    // said below
  }
  throw new ImmunogateError(
    'E_PROTOCOL_LOCKED',
    `${locksFile} cannot be read, so nothing of this study may run. Serve the study once; its log writes the file anew.`,
  );
}

export function writeLocks(root: string, { protocol, samples }: StudyLocks): void {
  const inOrder = Object.fromEntries(Object.entries(samples).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileWhole(join(root, locksFile), `${canonicalJson({ protocol, samples: inOrder })}\n`);
}

/** The protocol as it is now. */
export function protocolOf(
  { root, inputs }: Pick<LoadedStudy, 'root' | 'inputs'>,
  protocols: readonly PanelProtocol[],
): LockedProtocol {
  const edits = pathUnder(root, editsFile);
  return {
    description: inputs.find(({ name }) => name === 'study')?.sha256 ?? '',
    edits: edits === null ? null : createHash('sha256').update(readFileSync(edits)).digest('hex'),
    panels: Object.fromEntries(
      protocols.map(({ panel, protocol }) => {
        const identity = protocolIdentity(protocol, sha256);
        return [panel, { id: identity.id, sha256: identity.sha256 }];
      }),
    ),
  };
}

/** Throws E_PROTOCOL_LOCKED, naming the first part that is not as it was locked. */
export function requireSameProtocol({ protocol: locked }: StudyLocks, now: LockedProtocol): void {
  if (locked === null) return;
  const refuse = (what: string, place: string): never => {
    throw new ImmunogateError(
      'E_PROTOCOL_LOCKED',
      `The study is locked, and ${what} is not what was locked. Nothing was run. Put it back, or unlock the study.`,
      { place },
    );
  };
  if (locked.description !== now.description) refuse('its description, study.yaml,', 'study');
  if (locked.edits !== now.edits) refuse('the list of moved gates', 'edits');
  for (const panel of new Set([...Object.keys(locked.panels), ...Object.keys(now.panels)])) {
    const [was, is] = [locked, now].map(({ panels }) =>
      Object.hasOwn(panels, panel) ? panels[panel].sha256 : null,
    );
    if (was !== is) refuse(`the template or the compensation of panel ${panel}`, `panel ${panel}`);
  }
}

/** The same for the engine, which knows protocols by their names. */
export function engineLocks({ protocol }: StudyLocks): ProtocolLocks {
  const locks: Record<string, string[]> = {};
  for (const { id, sha256: hash } of Object.values(protocol?.panels ?? {}))
    locks[id] = [...(Object.hasOwn(locks, id) ? locks[id] : []), hash];
  return locks;
}
