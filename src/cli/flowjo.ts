// `gate --template X.wsp`: each file under the gates that the FlowJo workspace holds for it, found by the file's name.
import { basename, extname } from 'node:path';
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import type { PlannedSample } from '../engine/index.ts';
import type { Protocol } from '../engine/node.ts';
import { readFcs, type ReadOptions } from '../fcs/index.ts';
import { openFile } from '../fcs/node.ts';
import { bindFlowJo, readFlowJo, type FlowJoSample } from '../interop/index.ts';
import { readText } from './documents.ts';
import { complaints, type ChosenProtocols } from './chosen-protocols.ts';
import { printable } from './text.ts';

/** Throws UsageError when the document is no workspace; a file without gates in it is refused alone. */
export function workspaceProtocols(
  path: string,
  samples: readonly PlannedSample[],
  readOptions: ReadOptions,
): ChosenProtocols {
  const workspace = readFlowJo(readText(path), { id: basename(path, extname(path)) });
  if (workspace.samples.length === 0) throw complaints(path, workspace.issues);
  const protocols: Protocol[] = [];
  const of = new Map<string, number>();
  const refused: { sample: string; issues: readonly Issue[] }[] = [];
  for (const { sample, path: file } of samples) {
    const found = sampleOf(file, workspace.samples);
    if (typeof found === 'string') {
      refused.push({ sample, issues: [issue('E_FLOWJO_SAMPLE', found)] });
      continue;
    }
    for (const { level, code, message } of found.issues)
      if (level !== 'error') console.error(`${code}: ${printable(message)}`);
    const protocol = bound(found, file, readOptions);
    if (protocol.kind === 'refused') refused.push({ sample, issues: protocol.issues });
    else of.set(sample, protocols.push(protocol) - 1);
  }
  return { protocols, of, refused };
}

function sampleOf(file: string, samples: readonly FlowJoSample[]): FlowJoSample | string {
  const name = basename(file);
  const fitting = samples.filter((sample) => sample.file === name || sample.name === name);
  if (fitting.length === 1) return fitting[0];
  return fitting.length === 0
    ? `The workspace has no sample called ${name}.`
    : `The workspace has ${fitting.length} samples called ${name}.`;
}

function bound(
  { strategy, issues }: FlowJoSample,
  file: string,
  readOptions: ReadOptions,
): Protocol | { readonly kind: 'refused'; readonly issues: readonly Issue[] } {
  if (strategy === null) return { kind: 'refused', issues };
  try {
    const source = openFile(file);
    try {
      const channels = readFcs(source, readOptions).parameters.map(({ name }) => name);
      return { kind: 'strategy', strategy: bindFlowJo(strategy, channels) };
    } finally {
      source.close();
    }
  } catch (error) {
    if (!(error instanceof ImmunogateError)) throw error;
    return { kind: 'refused', issues: [error.toIssue()] };
  }
}
