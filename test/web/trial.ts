// A small simulated trial for browser tests: the study folder without files, as a statistician prepares it, and the files apart, as they come
// from the cytometer. Deterministic.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulateStudy, simulateTube, tubeBytes } from '../../src/simulate/index.ts';

export interface TrialFolders {
  /** Where `serve` is started; the study is `TRIAL` in it. */
  readonly served: string;
  /** Paths of the FCS files. */
  readonly files: readonly string[];
}

/** Part of the usual acquisition of a tube: about 15,000 events, with enough counting beads for absolute counts. */
const scale = 0.2;

/** `subjects` × `visits` TBNK tubes. */
export function writeTrial(folder: string, subjects: number, visits: number): TrialFolders {
  const served = join(folder, 'served');
  const trial = join(served, 'TRIAL');
  const arrived = join(folder, 'from the cytometer');
  mkdirSync(trial, { recursive: true });
  mkdirSync(arrived, { recursive: true });
  const study = simulateStudy({ id: 'TRIAL', subjects, visits, seed: 4, panels: ['P1'] });
  for (const [name, text] of study.files)
    if (!name.startsWith('truth')) writeFileSync(join(trial, name), text);
  const files = study.tubes.map((planned) => {
    const path = join(arrived, `${planned.sample}.fcs`);
    writeFileSync(path, tubeBytes(simulateTube({ ...planned.tube, scale })));
    return path;
  });
  return { served, files };
}
