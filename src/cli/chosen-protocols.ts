// What the documents of a command line come to: the protocol of each sample, or in plain words what is wrong with a document.
import type { Issue } from '../errors.ts';
import type { Protocol } from '../engine/node.ts';
import { UsageError } from './exit.ts';
import { printable } from './text.ts';

export interface ChosenProtocols {
  readonly protocols: readonly Protocol[];
  /** Position of each sample's protocol. */
  readonly of: ReadonlyMap<string, number>;
  /** Samples for which there is none. */
  readonly refused: readonly { readonly sample: string; readonly issues: readonly Issue[] }[];
}

/** Everything that is wrong with a document, a line each. */
export function complaints(path: string, issues: readonly Issue[]): UsageError {
  const lines = issues.map(({ code, message }) => `  ${code}: ${printable(message)}`);
  return new UsageError(`${printable(path)} cannot be used:\n${lines.join('\n')}`);
}
