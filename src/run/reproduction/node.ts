// Doing a result over (reliability A-1): samples of a study gated once more from their files, and held against what the output folder holds.
// Invariant: nothing is written; what the folder holds is neither used for the numbers nor changed.
import { readStore, regateFiles } from '../../engine/node.ts';
import { ImmunogateError } from '../../errors.ts';
import { canonicalJson, differencesOf, isOtherForm, type Difference } from '../../results/index.ts';
import { gatingOf, planStudy } from '../tubes/node.ts';

export interface ReproduceRequest {
  /** Path of study.yaml, or of the folder that holds one. */
  readonly study: string;
  /** Output folder of the run that is held to account. */
  readonly out: string;
  /** Name and version of the program. */
  readonly software: string;
  /** Default every sample of the newest run. */
  readonly samples?: readonly string[];
  readonly workers?: number;
  readonly memoryBytes?: number;
  readonly signal?: AbortSignal;
}

/** How a sample came out. `otherForm`: every number as stored, and a record that another version of the program wrote. */
export interface Reproduction {
  readonly sample: string;
  readonly outcome: 'identical' | 'otherForm' | 'different';
  /** What the folder holds; null where the sample was refused. */
  readonly resultId: string | null;
  /** Stored before, made after; none where it was not made. */
  readonly differences: readonly Difference[];
  /** Why it was not made now; null where it was. */
  readonly reason: string | null;
}

/** In the order of sample ids. Throws E_STUDY_INVALID, E_NOT_FOUND for a sample or folder without a stored result, E_CANCELLED, E_STORE_*. */
export async function reproduceSamples(request: ReproduceRequest): Promise<readonly Reproduction[]> {
  const { out, software, workers, memoryBytes, signal } = request;
  const planned = await planStudy(request.study);
  const store = readStore(out);
  if (store === null) throw new ImmunogateError('E_NOT_FOUND', 'The output folder holds no results.');
  try {
    const items = store.latestItems();
    const wanted = request.samples ?? [...items.keys()];
    const absent = wanted.find((sample) => !items.has(sample));
    if (absent !== undefined)
      throw new ImmunogateError(
        'E_NOT_FOUND',
        `The newest run of the output folder has no sample ${absent}.`,
      );
    const regated = await regateFiles(
      {
        ...gatingOf(planned),
        // whatever was locked, the question is what the protocol gives now
        samples: planned.tubes.samples,
        ...{ out, software },
        ...(workers === undefined ? {} : { workers }),
        ...(memoryBytes === undefined ? {} : { memoryBytes }),
        ...(signal === undefined ? {} : { signal }),
      },
      new Set(wanted),
    );
    const refusals = new Map(planned.tubes.refused.map(({ sample, issues }) => [sample, issues]));
    for (const { item } of regated) if (item.state === 'refused') refusals.set(item.sample, item.issues);
    const madeOf = new Map(regated.map(({ item, result }) => [item.sample, result]));
    return [...wanted].sort().map((sample): Reproduction => {
      const resultId = items.get(sample)?.resultId ?? null;
      const stored = resultId === null ? null : store.result(resultId);
      const made = madeOf.get(sample) ?? null;
      if (made === null) {
        const reason = refusals.get(sample)?.[0].message ?? 'The study has no such sample now.';
        const outcome = stored === null ? 'identical' : 'different';
        return { sample, outcome, resultId, differences: [], reason };
      }
      const differences = differencesOf(plain(stored), plain(made));
      const outcome =
        differences.length === 0 ? 'identical' : isOtherForm(differences) ? 'otherForm' : 'different';
      return { sample, outcome, resultId, differences, reason: null };
    });
  } finally {
    store.close();
  }
}

/** As stored: numbers of typed arrays as lists, open sides as words. */
function plain(result: object | null): unknown {
  return JSON.parse(canonicalJson(result ?? {}));
}
