// immunogate reproduce: results of a study made once more from their files, and held against what its output folder holds. Writes nothing.
import { ImmunogateError } from '../errors.ts';
import type { Difference } from '../results/index.ts';
import { reproduceSamples, type Reproduction } from '../run/node.ts';
import { exitCodeOf, exitCodes, sayError } from './exit.ts';
import { stopSignals } from './signals.ts';
import { printable } from './text.ts';

export interface ReproduceOptions {
  readonly out: string;
  readonly sample?: readonly string[];
  readonly workers?: number;
  readonly memory?: number;
  readonly json?: boolean;
}

/** 0 when every number came out as stored, 1 when one did not. Throws what ends a command. */
export async function reproduce(study: string, options: ReproduceOptions, software: string): Promise<number> {
  const { out, sample, workers, memory, json } = options;
  const stop = stopSignals();
  try {
    const found = await reproduceSamples({
      ...{ study, out, software, signal: stop.signal },
      ...(sample === undefined ? {} : { samples: sample }),
      ...(workers === undefined ? {} : { workers }),
      ...(memory === undefined ? {} : { memoryBytes: memory * 1024 * 1024 }),
    });
    const text = found.map((one) => (json === true ? JSON.stringify(one) : described(one))).join('\n');
    process.stdout.write(`${text}\n`);
    return found.some(({ outcome }) => outcome === 'different') ? exitCodes.someRefused : exitCodes.done;
  } catch (error) {
    if (!(error instanceof ImmunogateError)) throw error;
    sayError(error);
    return ['E_STUDY_INVALID', 'E_FILE_UNREADABLE', 'E_NOT_FOUND'].includes(error.code)
      ? exitCodes.usage
      : (stop.exitCode() ?? exitCodeOf(error));
  } finally {
    stop.release();
  }
}

const mostPlaces = 10;

function described({ sample, outcome, resultId, differences, reason }: Reproduction): string {
  const head = `${printable(sample)}: `;
  const result = resultId === null ? 'refused' : `result ${resultId.slice(0, 12)}`;
  switch (outcome) {
    case 'identical':
      return `${head}identical (${result})`;
    case 'otherForm':
      return `${head}every number is the same (${result}); its record is of another version of the program, which differs in ${differences.map(({ place }) => place).join(', ')}`;
    case 'different': {
      if (reason !== null) return `${head}DIFFERENT (${result}): refused now. ${printable(reason)}`;
      const places = `${differences.length} ${differences.length === 1 ? 'place' : 'places'}`;
      const lines = differences.slice(0, mostPlaces).map(differenceLine);
      if (differences.length > mostPlaces) lines.push(`  … and ${differences.length - mostPlaces} more`);
      return [`${head}DIFFERENT in ${places} (${result})`, ...lines].join('\n');
    }
  }
}

function differenceLine({ place, before, after }: Difference): string {
  return `  ${printable(place)}: ${shown(before)} is stored, ${shown(after)} was made`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = printable(JSON.stringify(value));
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}
