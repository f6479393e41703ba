// The results store in memory: the obvious twin of the SQLite one, for tests and for callers that keep nothing.
import { ImmunogateError, type Issue } from '../errors.ts';
import { canonicalJson } from './canonical.ts';
import {
  redactedText,
  redactionEvent,
  sealEntry,
  verifyChain,
  type AuditEntry,
  type AuditEvent,
} from './audit.ts';
import type { Execution } from './model.ts';
import {
  bodyText,
  checkSame,
  decodeBody,
  finishedWork,
  transition,
  type ItemRecord,
  type ItemState,
  type OutputRecord,
  type ResultsStore,
  type RunRecord,
  type StoreContext,
} from './store.ts';

/** A store that forgets with the process: the contract of the one on disk, for tests and for a browser. */
export function memoryStore(context: StoreContext): ResultsStore {
  const runs: RunRecord[] = [];
  const itemsOf = new Map<number, Map<string, ItemRecord>>();
  const results = new Map<string, { text: string; execution: Execution; outputs: readonly OutputRecord[] }>();
  const entries: AuditEntry[] = [];
  const payloads = new Map<string, string>();

  function record(event: AuditEvent): AuditEntry {
    const entry = sealEntry(
      entries.at(-1) ?? null,
      event,
      { ...context, utc: context.utc() },
      context.sha256,
    );
    entries.push(entry);
    if (entry.beforeSha256 !== null) payloads.set(entry.beforeSha256, canonicalJson(event.before));
    if (entry.afterSha256 !== null) payloads.set(entry.afterSha256, canonicalJson(event.after));
    return entry;
  }
  function move(
    run: number,
    sample: string,
    to: ItemState,
    resultId: string | null,
    issues: readonly Issue[],
  ): void {
    const items = itemsOf.get(run);
    transition(items?.get(sample)?.state ?? null, to, sample);
    items?.set(sample, { sample, state: to, resultId, issues });
  }

  return {
    recovered: { runs: 0, items: 0 },
    beginRun({ protocols, samples }) {
      const run = runs.length + 1;
      runs.push({ run, outcome: 'running', protocols, startedUtc: context.utc(), endedUtc: null });
      itemsOf.set(
        run,
        new Map(samples.map((sample) => [sample, { sample, state: 'pending', resultId: null, issues: [] }])),
      );
      record({ action: 'run started', object: `run ${run}`, after: { protocols, samples } });
      return run;
    },
    endRun(run, outcome) {
      runs[run - 1] = { ...runs[run - 1], outcome, endedUtc: context.utc() };
      record({ action: 'run ended', object: `run ${run}`, after: { outcome } });
    },
    startItem: (run, sample) => move(run, sample, 'running', null, []),
    returnItem: (run, sample) => move(run, sample, 'pending', null, []),
    finishItem(run, { sample, ...body }, execution, outputs = []) {
      const text = bodyText(body);
      const known = results.get(body.resultId);
      let otherFields: readonly string[] = [];
      if (known === undefined) results.set(body.resultId, { text, execution, outputs });
      else {
        otherFields = checkSame({ ...known, software: known.execution.software }, text, outputs);
        const kinds = new Set(known.outputs.map(({ kind }) => kind));
        known.outputs = [...known.outputs, ...outputs.filter(({ kind }) => !kinds.has(kind))];
      }
      move(run, sample, 'done', body.resultId, []);
      record({
        action: known === undefined ? 'result stored' : 'result repeated',
        object: sample,
        after: finishedWork(body.resultId, context.sha256(text), outputs, otherFields),
      });
      return otherFields;
    },
    reuseItem(run, sample, resultId) {
      if (!results.has(resultId))
        throw new ImmunogateError('E_INTERNAL', `The store has no result ${resultId}.`);
      move(run, sample, 'done', resultId, []);
      record({ action: 'result reused', object: sample, after: { resultId } });
    },
    refuseItem(run, sample, issues) {
      move(run, sample, 'refused', null, issues);
      record({ action: 'sample refused', object: sample, after: { issues } });
    },
    runs: () => runs,
    items: (run) => [...(itemsOf.get(run)?.values() ?? [])].sort((a, b) => (a.sample < b.sample ? -1 : 1)),
    result(resultId) {
      const found = results.get(resultId);
      return found === undefined ? null : decodeBody(found.text);
    },
    execution: (resultId) => results.get(resultId)?.execution ?? null,
    outputs: (resultId) => results.get(resultId)?.outputs ?? [],
    record,
    audit: () => entries,
    redact(text, why) {
      const contents: string[] = [];
      for (const sha256 of [...payloads.keys()].sort()) {
        const after = redactedText(payloads.get(sha256) ?? 'null', text);
        if (after === null) continue;
        payloads.set(sha256, after);
        contents.push(sha256);
      }
      record(redactionEvent(contents, why));
      return contents;
    },
    payload: (sha256) => JSON.parse(payloads.get(sha256) ?? 'null') as unknown,
    verify: () => verifyChain(entries, context.sha256),
    close: () => undefined,
  };
}
