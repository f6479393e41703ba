// The files of the workloads, made once and kept in bench/.cache (not tracked). A file's name holds everything that made it.
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFcs, type FileRequest } from './fcs-file.ts';

const cache = fileURLToPath(new URL('../.cache/', import.meta.url));

/** Path of a file; written when it is not there yet. Raise `workloadVersion` when the generator changes what it draws. */
export function workloadFile(request: FileRequest): string {
  const { events, parameters, seed, repeats = 1 } = request;
  const path = join(cache, `v${workloadVersion}-${events}x${parameters}-seed${seed}-times${repeats}.fcs`);
  if (!existsSync(path)) {
    mkdirSync(cache, { recursive: true });
    writeFcs(`${path}.partial`, request);
    renameSync(`${path}.partial`, path);
  }
  return path;
}

const workloadVersion = 1;

const tree = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** 1,000,000 events x 24 parameters (96 MB), thirty gates. */
export const big = (): { files: string[]; tree: string } => ({
  files: [workloadFile({ events: 1_000_000, parameters: 24, seed: 1 })],
  tree: tree('big-tree.xml'),
});

/** 20 files of 200,000 events x 16 parameters (256 MB in all), the gates that twelve colours allow. */
export const batch = (): { files: string[]; tree: string } => ({
  files: Array.from({ length: 20 }, (_, k) =>
    workloadFile({ events: 200_000, parameters: 16, seed: 101 + k }),
  ),
  tree: tree('batch-tree.xml'),
});

/** The BIG events 45 times over: 45,000,000 events, 4.3 GB. Every count is 45 times that of BIG. */
export const huge = (): { files: string[]; tree: string } => ({
  files: [workloadFile({ events: 1_000_000, parameters: 24, seed: 1, repeats: 45 })],
  tree: tree('big-tree.xml'),
});
