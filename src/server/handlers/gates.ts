// Handlers of samples, plots and gate edits.
import { ImmunogateError } from '../../errors.ts';
import { writeGatingML } from '../../interop/index.ts';
import { strategyText } from '../../results/index.ts';
import { distanceOf, reach, saveEdit, withdrawEdit, withEdits } from '../gates/edits.ts';
import { keepLocks, requireOpen } from '../gates/locks.ts';
import { changedEndpoints, previewCounts } from '../gates/preview.ts';
import { viewsOf } from '../gates/views.ts';
import type { Handlers } from '../handler.ts';
import { readAcquisition } from '../../run/node.ts';
import { withResults } from '../results-reading.ts';
import { gatedSample, listSamples, locateSample, sampleDetail } from '../samples.ts';
import { personOf, type ReviewAction } from '../study-log.ts';
import type { FileChannel } from '../side/tasks.ts';
import { deadlineOf } from '../side/process.ts';
import type { StudyFolder } from '../workspace.ts';
import type { HandlerContext } from './context.ts';
import { bytesOf } from './studies.ts';

type Gates = Pick<
  Handlers,
  | 'samples'
  | 'sample'
  | 'strategyFile'
  | 'gatingMl'
  | 'densities'
  | 'preview'
  | 'review'
  | 'overrides'
  | 'addOverride'
  | 'undoOverride'
>;

export function gateHandlers({ workspace, runs, viewer }: HandlerContext): Gates {
  async function channelsOf(path: string | null, dataset: number): Promise<readonly FileChannel[]> {
    if (path === null) return [];
    try {
      return await viewer.run({ kind: 'channels', path, dataset }, deadlineOf(0));
    } catch (error) {
      // a file that cannot be read has no channels; its own issues say so
      if (error instanceof ImmunogateError && error.code !== 'E_WORKER_CRASHED') return [];
      throw error;
    }
  }

  return {
    samples: ({ params }) => listSamples(workspace.find(params.study)),
    async sample({ params }) {
      const study = workspace.find(params.study);
      return sampleDetail(study, params.sample, await channelsOf(locateSample(study, params.sample).path, 1));
    },
    strategyFile({ params }) {
      const { result } = gatedSample(workspace.find(params.study), params.sample);
      return {
        bytes: strategyText(result.strategy),
        type: 'application/json; charset=utf-8',
        name: `${params.sample}.json`,
      };
    },
    gatingMl({ params }) {
      const { result } = gatedSample(workspace.find(params.study), params.sample);
      return {
        bytes: requireText(writeGatingML(result.strategy)),
        type: 'application/xml; charset=utf-8',
        name: `${params.sample}.xml`,
      };
    },

    async densities({ params, body: { views, bins, mostDots, edits }, by }) {
      const { path, result } = gatedSample(workspace.find(params.study), params.sample);
      const { dataset } = result;
      const strategy = await withEdits(result.strategy, edits, by);
      const asked = await viewsOf(views, strategy, () => channelsOf(path, dataset));
      const made = await viewer.run(
        { kind: 'densities', path, dataset, strategy, views: asked, bins, mostDots },
        deadlineOf(bytesOf(path)),
      );
      return made.map((density) => ({
        ...density,
        x: { ...density.x, ticks: [...density.x.ticks] },
        y: density.y === null ? null : { ...density.y, ticks: [...density.y.ticks] },
        counts: density.counts as number[],
        dots: density.dots as [number, number][] | null,
      }));
    },
    async preview({ params, body: { edits, scope }, by }) {
      const started = performance.now();
      const study = workspace.find(params.study);
      const { path, result, reading } = gatedSample(study, params.sample);
      const edited = await withEdits(result.strategy, edits, by);
      const paths = edits.map((edit) => edit.path);
      const { dataset, resultId, strategy: saved } = result;
      const { populations, after } = await previewCounts(result, edited, paths, (moved) =>
        viewer.run(
          { kind: 'recount', path, dataset, resultId, saved, edited, moved },
          deadlineOf(bytesOf(path)),
        ),
      );
      const defined = reading.study;
      const endpoints =
        defined === null
          ? []
          : withResults(study, (results) =>
              changedEndpoints(
                defined,
                params.sample,
                after,
                (sample) => {
                  const resultId = results.items.get(sample)?.resultId ?? null;
                  return resultId === null ? null : results.result(resultId);
                },
                (tube, of) => readAcquisition(study.folder, defined, tube, of),
              ),
            );
      return {
        milliseconds: performance.now() - started,
        populations,
        endpoints,
        distance: distanceOf(edited, paths[0]),
        touches: reach(scope, params.sample, reading.rows),
      };
    },

    review({ params, body: { action, strategySha256, reason }, by, role }) {
      const study = workspace.find(params.study);
      const { result } = gatedSample(study, params.sample);
      if (strategySha256 !== result.provenance.strategySha256)
        throw new ImmunogateError('E_CONFLICT', 'The gates have changed meanwhile; look again.');
      if (action !== 'lock' && role !== 'approver')
        throw new ImmunogateError('E_ROLE', 'Unlocking and signing need the role approver.');
      if (action === 'sign') requireOtherPerson(study, params.sample, personOf(by).name);
      study.log.record(
        { action: 'sample reviewed', sample: params.sample, review: reviewOf(action) },
        { object: params.sample, by, reason },
      );
      keepLocks(study);
      const state = study.log.state().reviews.get(params.sample);
      return { locked: state?.locked ?? null, signed: state?.signed ?? null };

      function reviewOf(kind: typeof action): ReviewAction {
        switch (kind) {
          case 'lock':
            return { kind, resultId: result.resultId };
          case 'unlock':
            return { kind };
          case 'sign':
            return { kind, strategySha256 };
        }
      }
    },

    overrides({ params, query: { sample } }) {
      const all = [...workspace.find(params.study).log.state().overrides.values()];
      return all.filter((one) => sample === undefined || one.sample === sample).reverse();
    },
    async addOverride({ params, body, by, reply }) {
      const study = workspace.find(params.study);
      const { reading } = locateSample(study, body.sample);
      requireOpen(study.log.state(), [body.sample]);
      const overrides = await withResultsOf(study, (strategyOf) =>
        saveEdit(study, { ...body, by }, reading.rows, strategyOf),
      );
      void reply.status(201);
      return { overrides, run: runs.recount(study, by) };
    },
    async undoOverride({ params, body: { reason }, by }) {
      const study = workspace.find(params.study);
      const override = await withdrawEdit(study, params.override, by, reason);
      return { override, run: runs.recount(study, by) };
    },
  };
}

/** Throws the first reason why gates cannot be written in a format. */
function requireText({ text, issues }: ReturnType<typeof writeGatingML>): string {
  if (text !== null) return text;
  const [first] = issues.filter(({ level }) => level === 'error');
  throw new ImmunogateError(first?.code ?? 'E_GATINGML_UNSUPPORTED', first?.message);
}

/** Strategies of samples by name, null where there is no result. */
function withResultsOf<T>(
  study: StudyFolder,
  use: (strategyOf: (sample: string) => ReturnType<typeof gatedSample>['result']['strategy'] | null) => T,
): T {
  return use((sample) =>
    withResults(study, (results) => {
      const resultId = results.items.get(sample)?.resultId ?? null;
      return resultId === null ? null : results.result(resultId).strategy;
    }),
  );
}

function requireOtherPerson(study: StudyFolder, sample: string, name: string): void {
  const own = [...study.log.state().overrides.values()].some(
    (one) => one.sample === sample && one.undone === null && one.made.name === name,
  );
  if (own)
    throw new ImmunogateError(
      'E_SAME_PERSON',
      'You edited a gate of this sample; somebody else must sign it.',
    );
}
