// Handlers of studies, their manifest, files and runs.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ImmunogateError } from '../../errors.ts';
import type { Actor } from '../../results/index.ts';
import { receiveFile, shownName } from '../files/receive.ts';
import { receiveForm } from '../files/form.ts';
import { purgeFile } from '../files/purge.ts';
import { keepLocks, presentProtocol, requireOpen } from '../gates/locks.ts';
import { answerHeaders } from '../guard.ts';
import { taken, type Handlers } from '../handler.ts';
import { blobName, expectedTubes, manifestOf, storedFile } from '../manifest/manifest.ts';
import { assignFiles, editManifest } from '../manifest/manifest-edits.ts';
import { panelFit } from '../manifest/panel-fit.ts';
import { expectedHashHeader } from '../routes.ts';
import type { Run, UploadAnswer } from '../schema.ts';
import { readStudy } from '../study-reading.ts';
import { changeDescription, importTable, newDescription, studyDetail, studySummary } from '../study-view.ts';
import { templateList } from '../templates.ts';
import { deadlineOf } from '../side/process.ts';
import type { StudyFolder } from '../workspace.ts';
import type { HandlerContext } from './context.ts';

type Studies = Pick<
  Handlers,
  | 'templates'
  | 'studies'
  | 'createStudy'
  | 'study'
  | 'changeStudy'
  | 'manifest'
  | 'importTable'
  | 'editManifest'
  | 'files'
  | 'putFile'
  | 'postFiles'
  | 'purgeFile'
  | 'runs'
  | 'startRun'
  | 'run'
  | 'cancelRun'
  | 'runEvents'
>;

export function studyHandlers(context: HandlerContext): Studies {
  const { workspace, runs, viewer, inspector, limits } = context;

  /** A stored file, looked at once, and given to its tube. */
  async function keep(
    study: StudyFolder,
    name: string,
    source: Readable,
    by: Actor,
    announced: number | null,
    expected: string | null,
  ): Promise<UploadAnswer> {
    const { sha256, bytes, already } = await receiveFile(study.folder, source, {
      limits,
      announced,
      expected,
    });
    const known = [...study.log.state().files.values()].find((file) => file.sha256 === sha256);
    const inspection =
      known?.inspection ??
      (await inspector.run(
        { kind: 'inspect', path: join(study.folder, blobName(sha256)) },
        deadlineOf(bytes),
      ));
    const same = study.log.state().files.get(name);
    if (same?.sha256 !== sha256)
      study.log.record(
        { action: 'file stored', file: { name, sha256, bytes, inspection } },
        // names may name people; only contents can be redacted
        { object: `file ${sha256.slice(0, 12)}`, by },
      );
    if (study.log.state().locked === null) assignFiles(study, by);
    const stored = study.log.state().files.get(name);
    if (stored === undefined) throw new ImmunogateError('E_INTERNAL', 'A stored file is not in the log.');
    const cell = manifestOf(study).cells.find(({ row }) => row.file === blobName(sha256));
    const reading = readStudy(study.folder);
    const fit = panelFit(study.folder, reading.definition?.panels ?? {});
    const shown = storedFile(stored, expectedTubes(study.folder, reading.rows), fit);
    return { ...shown, ...(cell === undefined ? {} : { match: cell.match }), already };
  }

  return {
    templates: () => templateList(),
    studies: () => workspace.list().map((study) => studySummary(study, runs)),
    createStudy({ body: { study, title, panels }, by, reply }) {
      const made = workspace.create(study, new Map([['study.yaml', newDescription(study, title, panels)]]));
      made.log.record({ action: 'study created' }, { object: study, by, after: { title, panels } });
      void reply.status(201);
      return studyDetail(made, runs);
    },
    study: ({ params }) => studyDetail(workspace.find(params.study), runs),
    changeStudy({ params, body: { locked, ...change }, by, role }) {
      const study = workspace.find(params.study);
      changeDescription(study, change, by);
      if (locked !== undefined && locked !== (study.log.state().locked !== null)) {
        if (role !== 'approver')
          throw new ImmunogateError('E_ROLE', 'Locking a study needs the role approver.');
        study.log.record(
          locked
            ? { action: 'study locked', protocol: presentProtocol(study) }
            : { action: 'study unlocked' },
          { object: params.study, by, reason: change.reason },
        );
        keepLocks(study);
      }
      return studyDetail(study, runs);
    },

    manifest: ({ params }) => manifestOf(workspace.find(params.study)),
    importTable({ params, body: { table, csv, dryRun, reason = null }, by }) {
      const { issues, ...rest } = importTable(
        workspace.find(params.study),
        { table, csv, dryRun, reason },
        by,
      );
      return { ...rest, issues: [...issues] };
    },
    editManifest({ params, body, by }) {
      const study = workspace.find(params.study);
      requireOpen(study.log.state(), [...body.remove, ...body.put.map(({ sample }) => sample)]);
      editManifest(study, body, by);
      return manifestOf(study);
    },

    files({ params }) {
      const study = workspace.find(params.study);
      const { rows, definition } = readStudy(study.folder);
      const fit = panelFit(study.folder, definition?.panels ?? {});
      const cells = new Map(manifestOf(study).cells.map(({ row, match }) => [row.file, match]));
      const tubes = expectedTubes(study.folder, rows);
      return [...study.log.state().files.values()].map((file) => {
        const match = cells.get(blobName(file.sha256));
        return { ...storedFile(file, tubes, fit), ...(match === undefined ? {} : { match }) };
      });
    },
    async putFile({ params, request, by }) {
      const study = workspace.find(params.study);
      const announced = Number(request.headers['content-length'] ?? NaN);
      const expected = request.headers[expectedHashHeader];
      return await keep(
        study,
        shownName(params.name),
        request.raw,
        by,
        Number.isSafeInteger(announced) ? announced : null,
        typeof expected === 'string' ? expected : null,
      );
    },
    async postFiles({ params, request, by }) {
      const study = workspace.find(params.study);
      return await receiveForm(request, async (name, source) =>
        keep(study, shownName(name), source, by, null, null),
      );
    },

    async purgeFile({ params, body, by }) {
      const study = workspace.find(params.study);
      requireOpen(study.log.state(), []);
      const purged = await purgeFile(study, { ...body, by }, [viewer, inspector]);
      return { sha256: body.sha256, purged };
    },

    runs: ({ params }) => [...runs.list(workspace.find(params.study))],
    startRun({ params, body: { recompute }, by, reply }) {
      void reply.status(202);
      return runs.start(workspace.find(params.study), { why: 'run', by, recompute });
    },
    run: ({ params }) => runs.find(workspace.find(params.study), params.run),
    cancelRun: ({ params }) => runs.cancel(workspace.find(params.study), params.run),
    runEvents({ params, request, reply }) {
      const study = workspace.find(params.study);
      runs.find(study, params.run);
      const last = Number(request.headers['last-event-id'] ?? -1);
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, { ...answerHeaders, 'content-type': 'text/event-stream; charset=utf-8' });
      raw.write(': the whole run each time\n\n');
      let stop: () => void = () => undefined;
      // a line that says nothing keeps the connection, and shows the server when it is gone
      const beat = setInterval(() => raw.write(': \n\n'), 15_000);
      const end = (): void => {
        clearInterval(beat);
        stop();
        raw.end();
      };
      raw.on('close', end);
      stop = runs.watch(study, params.run, (run: Run, number: number) => {
        if (number > last || run.state !== 'running')
          raw.write(`id: ${number}\nevent: run\ndata: ${JSON.stringify(run)}\n\n`);
        if (run.state !== 'running') setImmediate(end);
      });
      return taken;
    },
  };
}

/** Bytes of a file of a study, for deadlines. */
export function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
