// Which samples a list of files holds. Every naming problem is said here, before any file is opened.
import { issue, type Issue } from '../errors.ts';

export interface PlannedSample {
  readonly sample: string;
  readonly path: string;
}

export interface SamplePlan {
  /** By sample id in order of code units: the order of every table. */
  readonly samples: readonly PlannedSample[];
  /** Samples that cannot be told apart; their files are not read. */
  readonly refused: readonly { readonly sample: string; readonly issues: readonly Issue[] }[];
}

/**
 * Sample id = file name without its extension. The same path twice is one sample; two files of one name are refused together,
 * because no order of arguments may decide which of them counts.
 */
export function planSamples(paths: readonly string[]): SamplePlan {
  const bySample = new Map<string, Set<string>>();
  for (const path of paths) {
    const sample = sampleIdOf(path);
    const known = bySample.get(sample);
    if (known === undefined) bySample.set(sample, new Set([path]));
    else known.add(path);
  }
  const ordered = [...bySample].sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return {
    samples: ordered.flatMap(([sample, [path, ...others]]) =>
      others.length === 0 ? [{ sample, path }] : [],
    ),
    refused: ordered.flatMap(([sample, files]) =>
      files.size === 1
        ? []
        : [
            {
              sample,
              issues: [
                issue(
                  'E_DUPLICATE_SAMPLE',
                  `${files.size} files have the sample name ${sample}. Rename them so that every name is unique.`,
                  sample,
                ),
              ],
            },
          ],
    ),
  };
}

/** `/data/S01 pre.fcs` is `S01 pre`; a name that is only an extension stays whole. */
export function sampleIdOf(path: string): string {
  const name = path.replace(/[\\/]+$/, '').replace(/^.*[\\/]/, '');
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}
