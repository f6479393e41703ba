// Densities of a file on disk, and where they are kept beside the other outputs of a run.
import { join } from 'node:path';
import { readFcs, type ReadOptions } from '../../fcs/index.ts';
import { openFile } from '../../fcs/node.ts';
import type { GatingStrategy } from '../../gating/index.ts';
import { makeFolder, writeFileWhole } from '../../results/node.ts';
import { densitiesText, sampleDensities, type DensitiesOptions, type SampleDensities } from '../densities.ts';

/** Opens a file and bins the plots of all gates. Throws what reading and counting throw. */
export function densitiesOfFile(
  sample: string,
  path: string,
  strategy: GatingStrategy,
  options: DensitiesOptions & { readonly readOptions?: ReadOptions } = {},
): SampleDensities {
  const { readOptions = {}, ...rest } = options;
  const source = openFile(path);
  try {
    return sampleDensities(sample, { source, file: readFcs(source, readOptions) }, strategy, rest);
  } finally {
    source.close();
  }
}

/** Writes `densities/<sample>.json` below an output folder. Throws E_DISK_FULL or E_OUTPUT_UNWRITABLE. */
export function writeDensities(out: string, densities: SampleDensities): void {
  const folder = join(out, 'densities');
  makeFolder(folder);
  writeFileWhole(join(folder, `${densities.sample}.json`), densitiesText(densities));
}
