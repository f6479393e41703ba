// How a command ends: exit codes (reliability C-9) and what is said on stderr. A defect is said with its trace, trouble without.
import { ImmunogateError } from '../errors.ts';

export const exitCodes = {
  done: 0,
  someRefused: 1,
  usage: 2,
  defect: 70,
  io: 74,
  locked: 75,
  interrupted: 130,
  terminated: 143,
} as const;

/** The call itself is wrong: a file that is no template, options that contradict each other. */
export class UsageError extends Error {}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage;
  if (!(error instanceof ImmunogateError)) return exitCodes.defect;
  switch (error.code) {
    case 'E_STORE_LOCKED':
      return exitCodes.locked;
    case 'E_DISK_FULL':
    case 'E_OUTPUT_UNWRITABLE':
    case 'E_STORE_CORRUPT':
    case 'E_STORE_VERSION':
      return exitCodes.io;
    case 'E_PROTOCOL_LOCKED':
      return exitCodes.usage;
    case 'E_CANCELLED':
      return exitCodes.interrupted;
    case 'E_INTERNAL':
      return exitCodes.defect;
    default:
      return exitCodes.someRefused;
  }
}

export function sayError(error: unknown): void {
  if (error instanceof UsageError) console.error(`error: ${error.message}`);
  else if (error instanceof ImmunogateError) console.error(`${error.code}: ${error.message}`);
  else console.error('A defect of the program; please report it with this trace.\n', error);
}
