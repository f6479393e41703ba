// Writes a simulated study into a folder, tube by tube. The one file of this folder that knows the platform.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder, unwritable } from '../results/node.ts';
import { csvText, type Cell } from './csv.ts';
import type { Labels } from './model.ts';
import { makeTube, type PlannedTube, type SimulatedStudy } from './study.ts';
import { tubeBytes } from './tube.ts';

/** What happened to one tube, for progress: its number from 1, and how many there are. */
export interface WrittenTube {
  readonly planned: PlannedTube;
  readonly number: number;
  readonly of: number;
  readonly events: number;
}

/**
 * Writes study.yaml, the tables, `fcs/<sample>.fcs`, `truth/<sample>.csv` (event from 0, label as in labels.ts) and `truth-counts.csv` (events and
 * cells per microlitre of every population). Existing files of these names are replaced. Throws E_DISK_FULL or E_OUTPUT_UNWRITABLE.
 */
export function writeStudy(
  study: SimulatedStudy,
  folder: string,
  onTube: (written: WrittenTube) => void = () => undefined,
): void {
  for (const [name, text] of study.files) writeInto(folder, name, text);
  const counts: Cell[][] = [];
  study.tubes.forEach((planned, at) => {
    const tube = makeTube(planned);
    writeInto(folder, planned.file, tubeBytes(tube));
    writeInto(folder, `truth/${planned.sample}.csv`, labelsText(tube.labels));
    for (const { population, events, cellsPerMicrolitre } of tube.truth)
      counts.push([planned.sample, population, events, cellsPerMicrolitre]);
    onTube({ planned, number: at + 1, of: study.tubes.length, events: tube.events.count });
  });
  writeInto(
    folder,
    'truth-counts.csv',
    csvText(['sample', 'population', 'trueEvents', 'trueCellsPerUl'], counts),
  );
}

/** The truth as CSV: `event,label`, one line an event in file order. */
function labelsText({ names, codes }: Labels): string {
  const lines = ['event,label'];
  for (let e = 0; e < codes.length; e++) lines.push(`${e},${names[codes[e]]}`);
  lines.push('');
  return lines.join('\n');
}

function writeInto(folder: string, name: string, content: string | Uint8Array): void {
  const path = join(folder, name);
  makeFolder(dirname(path));
  try {
    writeFileSync(path, content);
  } catch (cause) {
    throw unwritable('write', cause);
  }
}
