// The engine on a platform: files of one run, a pool of threads or this thread, the store beside the outputs.
// Invariant: everything that a run learned is in the store before it is in a table; running again continues where it ended.
import { join } from 'node:path';
import { ImmunogateError } from '../errors.ts';
import {
  memoryStore,
  type ItemRecord,
  type ResultBody,
  type ResultsStore,
  type SampleResult,
} from '../results/index.ts';
import {
  makeFolder,
  openFileWriter,
  removeFile,
  openSqliteStore,
  readSqliteStore,
  removeOrphans,
  sha256,
  storeContext,
  syncFolder,
  type StoreReader,
} from '../results/node.ts';
import { runJobs } from './jobs/node.ts';
import { writeOutputs } from './outputs.ts';
import { protocolIdentity, requireUnlocked } from './provenance.ts';
import type { GateRequest } from './request.ts';

export { densitiesOfFile, writeDensities } from './densities/node.ts';
export type { Progress, Protocol, SampleGroup } from './model.ts';
export type { GateRequest, InputDocument, RequestedSample } from './request.ts';

export interface GateReport {
  readonly items: readonly ItemRecord[];
  readonly done: number;
  readonly refused: number;
  /** Of `done`: found in the store. */
  readonly reused: number;
  /** Items of a killed run that were put back. */
  readonly recovered: number;
  /** Of `done`: the numbers came out as stored, but the stored record is of another version of the program. */
  readonly otherVersion: number;
  /** Hash of the last entry of the audit trail. */
  readonly auditHead: string | null;
  /** The first few results, for a summary. */
  readonly preview: readonly SampleResult[];
}

const previewed = 3;

/**
 * Gates files into a folder: counts, statistics, strategies, issues, provenance. Refused samples have rows and stop nothing.
 * Throws E_PROTOCOL_LOCKED, E_CANCELLED (finished work is stored), E_STORE_*, E_DISK_FULL, E_OUTPUT_UNWRITABLE.
 */
export async function gateFiles(request: GateRequest): Promise<GateReport> {
  const { out, phase = 'count', software } = request;
  const identities = request.protocols.map((protocol) => protocolIdentity(protocol, sha256));
  requireUnlocked(identities, request.locks ?? {});
  makeFolder(join(out, 'strategies'));
  if (request.membership) makeFolder(join(out, 'membership'));
  const store = openStore(out, software, request.waitMilliseconds ?? 0);
  try {
    for (const folder of ['', 'strategies', 'membership']) removeOrphans(join(out, folder));
    const names = [...request.samples, ...(request.refused ?? [])].map(({ sample }) => sample);
    const known = knownResults(store);
    const run = store.beginRun({ protocols: identities, samples: names });
    try {
      for (const { sample, issues } of request.refused ?? []) store.refuseItem(run, sample, issues);
      const otherVersion = new Set<string>();
      const onOtherFields = (sample: string) => otherVersion.add(sample);
      const progress = await runJobs(request, { store, run, known, onOtherFields });
      const files = outputFiles(out);
      writeOutputs(store, run, files, { phase, software, documents: request.documents ?? [] });
      files.end();
      store.endRun(run, 'finished');
      const items = store.items(run);
      const count = (state: ItemRecord['state']) => items.filter((item) => item.state === state).length;
      return {
        items,
        done: count('done'),
        refused: count('refused'),
        reused: progress.reused,
        recovered: store.recovered.items,
        otherVersion: otherVersion.size,
        auditHead: store.audit().at(-1)?.hash ?? null,
        preview: previewOf(store, items),
      };
    } catch (error) {
      const cancelled = error instanceof ImmunogateError && error.code === 'E_CANCELLED';
      store.endRun(run, cancelled ? 'cancelled' : 'failed');
      throw error;
    }
  } finally {
    store.close();
  }
}

export interface Regated {
  readonly item: ItemRecord;
  /** Null where the sample was refused. */
  readonly result: ResultBody | null;
}

/**
 * Gates some samples of a request once more, in memory: what each comes to among the others of its request, whatever is stored. Writes
 * nothing. Throws E_CANCELLED.
 */
export async function regateFiles(
  request: GateRequest,
  only: ReadonlySet<string>,
): Promise<readonly Regated[]> {
  const store = memoryStore(storeContext(request.software));
  const samples = request.samples.map(({ sample }) => sample).filter((sample) => only.has(sample));
  const run = store.beginRun({ protocols: [], samples });
  await runJobs(request, { store, run, known: new Set(), only });
  return store.items(run).map((item) => ({
    item,
    result: item.resultId === null ? null : store.result(item.resultId),
  }));
}

function previewOf(store: ResultsStore, items: readonly ItemRecord[]): SampleResult[] {
  const done = items.filter(({ state }) => state === 'done').slice(0, previewed);
  return done.flatMap(({ sample, resultId }) => {
    const body = resultId === null ? null : store.result(resultId);
    return body === null ? [] : [{ sample, ...body }];
  });
}

/** The store of an output folder, as its owner. */
export function openStore(out: string, software: string, waitMilliseconds = 0): ResultsStore {
  return openSqliteStore(storePath(out), storeContext(software), { waitMilliseconds });
}

/** The store of an output folder, to be read while others may write; null where there is none. */
export function readStore(out: string): StoreReader | null {
  return readSqliteStore(storePath(out));
}

function storePath(out: string): string {
  return join(out, '.immunogate', 'run.sqlite');
}

function knownResults(store: ResultsStore): ReadonlySet<string> {
  return new Set(
    store.runs().flatMap(({ run }) => store.items(run).flatMap(({ resultId }) => resultId ?? [])),
  );
}

/** Files of an output folder; their folders are made durable once, at the end. */
function outputFiles(out: string) {
  return {
    open: (name: string) => {
      const writer = openFileWriter(join(out, ...name.split('/')));
      return { ...writer, commit: () => writer.commit({ durable: false }) };
    },
    remove: (name: string) => removeFile(join(out, ...name.split('/'))),
    end: () => ['strategies', ''].forEach((folder) => syncFolder(join(out, folder))),
  };
}
