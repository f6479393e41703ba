// immunogate simulate: a study folder with known truth. The same options write the same bytes on every machine.
import { join } from 'node:path';
import { panels, simulateStudy, type PanelId } from '../simulate/index.ts';
import { writeStudy } from '../simulate/node.ts';
import { exitCodes, UsageError } from './exit.ts';
import { grouped, printable } from './text.ts';

export interface SimulateOptions {
  readonly out: string;
  /** Patients, default 20. */
  readonly subjects?: number;
  /** Visits a patient, 1 to 5, default 4. */
  readonly visits?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Panel ids separated by commas, default all but P6p. */
  readonly panels?: string;
  /** Part of the usual acquisition; 1 writes some 150 MB a patient and visit. Default 0.1 (P1 is always whole). */
  readonly scale?: number;
  /** False: no FMO and no drug-saturated tubes. */
  readonly controls?: boolean;
  /** Share of stained tubes that went wrong, 0 to 1, default 0. */
  readonly failures?: number;
  /** Skewed and heavy-tailed levels with cells in between, which are counted by what they show. */
  readonly heavy?: boolean;
}

const quickScale = 0.1;

export function simulate(options: SimulateOptions): number {
  const { out, scale = quickScale, failures = 0, visits = 4 } = options;
  if (!(scale > 0 && scale <= 100)) throw new UsageError('--scale must be above 0 and at most 100.');
  if (!(failures >= 0 && failures <= 1)) throw new UsageError('--failures must be a share from 0 to 1.');
  if (visits > 5) throw new UsageError('--visits must be 1 to 5.');
  const chosen = options.panels === undefined ? undefined : panelsOf(options.panels);
  const study = simulateStudy({
    scale,
    visits,
    failureRate: failures,
    ...(options.subjects === undefined ? {} : { subjects: options.subjects }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(chosen === undefined ? {} : { panels: chosen }),
    ...(options.controls === undefined ? {} : { controls: options.controls }),
    levels: options.heavy === true ? 'heavy' : 'normal',
  });
  const stream = process.stderr;
  let events = 0;
  writeStudy(study, out, (written) => {
    events += written.events;
    if (stream.isTTY) stream.write(`\r\u001b[K${written.number} of ${written.of} files`);
  });
  if (stream.isTTY) stream.write('\r\u001b[K');
  process.stdout.write(
    `${study.tubes.length} FCS files with ${grouped(events)} events of known truth; the study is ${printable(join(out, 'study.yaml'))}\n`,
  );
  return exitCodes.done;
}

function panelsOf(list: string): PanelId[] {
  return list.split(',').map((name) => {
    const id = Object.keys(panels).find((known) => known.toLowerCase() === name.trim().toLowerCase());
    if (id === undefined)
      throw new UsageError(
        `There is no panel ${printable(name)}; known are ${Object.keys(panels).join(', ')}.`,
      );
    return id as PanelId;
  });
}
