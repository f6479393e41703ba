// Densities of a file on disk, and where they are kept beside the other outputs of a run.
import { join } from 'node:path';
import { ImmunogateError } from '../../errors.ts';
import { readFcs, type ReadOptions } from '../../fcs/index.ts';
import { openFile } from '../../fcs/node.ts';
import type { GatingStrategy } from '../../gating/index.ts';
import { makeFolder, writeFileWhole } from '../../results/node.ts';
import { densitiesText, sampleDensities, type DensitiesOptions, type SampleDensities } from '../densities.ts';
import { hashOf } from '../hash/node.ts';

/**
 * Opens a file and bins the plots of all gates. Throws what reading and counting throw; E_FILE_CHANGED when `sha256` is given and the file
 * has other bytes.
 */
export function densitiesOfFile(
  sample: string,
  path: string,
  strategy: GatingStrategy,
  options: DensitiesOptions & { readonly readOptions?: ReadOptions; readonly sha256?: string } = {},
): SampleDensities {
  const { readOptions = {}, sha256, ...rest } = options;
  const source = openFile(path);
  try {
    if (sha256 !== undefined && hashOf(source) !== sha256)
      throw new ImmunogateError('E_FILE_CHANGED', 'The file has changed since it was gated.');
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
