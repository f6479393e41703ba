// Gates that people moved in a study: edits.json in the study folder, a list of edits with the sample of each. Whoever runs the study, from the
// command line or a browser, applies the same edits.
// Invariant: an edit that cannot be used is an error of its own; it is never left out in silence.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImmunogateError, issue, type Issue } from '../../errors.ts';
import type { GateOverride } from '../../gating/index.ts';
import { canonicalJson, parseOverride } from '../../results/index.ts';
import { writeFileWhole } from '../../results/node.ts';
import { pathUnder } from '../folder/node.ts';

export const editsFile = 'edits.json';

export interface SampleEdit {
  readonly sample: string;
  readonly edit: GateOverride;
}

export interface LoadedEdits {
  /** By sample, in the order of the file. */
  readonly bySample: ReadonlyMap<string, readonly GateOverride[]>;
  readonly issues: readonly Issue[];
}

/** The edits of a study; none without the file. */
export async function loadEdits(root: string): Promise<LoadedEdits> {
  const path = pathUnder(root, editsFile);
  const bySample = new Map<string, GateOverride[]>();
  if (path === null) return { bySample, issues: [] };
  const issues: Issue[] = [];
  const refuse = (message: string): void =>
    void issues.push(issue('E_EDIT_INVALID', `${editsFile}: ${message}`, 'edits'));
  for (const entry of listOf(readFileSync(path, 'utf8'), refuse)) {
    const { sample, ...edit } = entry as { readonly sample?: unknown };
    if (typeof sample !== 'string') {
      refuse('an edit does not name its sample.');
      continue;
    }
    try {
      const checked = await parseOverride(edit);
      const known = bySample.get(sample);
      if (known === undefined) bySample.set(sample, [checked]);
      else known.push(checked);
    } catch (error) {
      if (!(error instanceof ImmunogateError)) throw error;
      refuse(`${sample}: ${error.message}`);
    }
  }
  return { bySample, issues };
}

function listOf(text: string, refuse: (message: string) => void): readonly object[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.every((entry) => typeof entry === 'object' && entry !== null))
      return value as object[];
  } catch {
    // said below
  }
  refuse('it is not a list of edits.');
  return [];
}

/** Writes all edits of a study, in the order in which they apply. */
export function writeEdits(root: string, edits: readonly SampleEdit[]): void {
  const lines = edits.map(({ sample, edit }) => canonicalJson({ sample, ...edit }));
  writeFileWhole(join(root, editsFile), lines.length === 0 ? '[]\n' : `[\n${lines.join(',\n')}\n]\n`);
}
