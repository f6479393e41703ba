// The results store on disk: one SQLite file in WAL mode with synchronous FULL, one owner at a time, readers never blocked.
// The invariant: every change of an item is one transaction with its result and its audit entry (C-2).
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { ImmunogateError, issue, type Issue } from '../../errors.ts';
import {
  redactedText,
  redactionEvent,
  sealEntry,
  verifyChain,
  type Actor,
  type AuditEntry,
  type AuditEvent,
} from '../audit.ts';
import { canonicalJson } from '../canonical.ts';
import { makeFolder } from '../files/node.ts';
import type { Execution, ProtocolIdentity } from '../model.ts';
import {
  bodyText,
  checkSame,
  decodeBody,
  finishedWork,
  transition,
  type ItemState,
  type OutputRecord,
  type ResultsStore,
  type RunOutcome,
  type StoreContext,
} from '../store.ts';
import { translated } from '../sqlite-errors/node.ts';
import { openDatabase, takeLock } from '../sqlite-opening/node.ts';

export interface SqliteStoreOptions {
  /** How long to wait for another owner to finish, default 0. */
  readonly waitMilliseconds?: number;
}

/**
 * Opens or makes the store at `path` as its only owner; returns unfinished items of dead owners to pending (C-4).
 * Throws E_STORE_LOCKED, E_STORE_CORRUPT, E_STORE_VERSION, E_DISK_FULL or E_OUTPUT_UNWRITABLE.
 */
export function openSqliteStore(
  path: string,
  context: StoreContext,
  options: SqliteStoreOptions = {},
): ResultsStore {
  makeFolder(dirname(path));
  const lock = takeLock(`${path}.lock`, options.waitMilliseconds ?? 0);
  try {
    const db = translated(() => openDatabase(path));
    return translated(() => storeOver(db, lock, context));
  } catch (error) {
    lock.close();
    throw error;
  }
}

interface ItemRow {
  readonly sample: string;
  readonly state: ItemState;
  readonly resultId: string | null;
  readonly issues: string;
}
interface ResultRow {
  readonly body: string;
  readonly execution: string;
}
export interface AuditRow extends Omit<AuditEntry, 'actor'> {
  readonly actor: string;
}

function storeOver(db: Database.Database, lock: Database.Database, context: StoreContext): ResultsStore {
  const sql = {
    newRun: db.prepare('INSERT INTO runs (outcome, protocols, startedUtc) VALUES (?, ?, ?)'),
    endRun: db.prepare('UPDATE runs SET outcome = ?, endedUtc = ? WHERE run = ?'),
    runs: db.prepare<
      [],
      { run: number; outcome: RunOutcome; protocols: string; startedUtc: string; endedUtc: string | null }
    >('SELECT run, outcome, protocols, startedUtc, endedUtc FROM runs ORDER BY run'),
    newItem: db.prepare("INSERT INTO items (run, sample, state, issues) VALUES (?, ?, 'pending', '[]')"),
    setItem: db.prepare('UPDATE items SET state = ?, resultId = ?, issues = ? WHERE run = ? AND sample = ?'),
    item: db.prepare<[number, string], { state: ItemState }>(
      'SELECT state FROM items WHERE run = ? AND sample = ?',
    ),
    items: db.prepare<[number], ItemRow>('SELECT sample, state, resultId, issues FROM items WHERE run = ?'),
    newResult: db.prepare('INSERT INTO results (resultId, body, bodySha256, execution) VALUES (?, ?, ?, ?)'),
    result: db.prepare<[string], ResultRow>('SELECT body, execution FROM results WHERE resultId = ?'),
    results: db.prepare<[], { resultId: string; body: string; bodySha256: string }>(
      'SELECT resultId, body, bodySha256 FROM results ORDER BY resultId',
    ),
    newOutput: db.prepare('INSERT OR IGNORE INTO outputs (resultId, kind, sha256) VALUES (?, ?, ?)'),
    outputs: db.prepare<[string], OutputRecord>(
      'SELECT kind, sha256 FROM outputs WHERE resultId = ? ORDER BY kind',
    ),
    newEntry: db.prepare(
      'INSERT INTO audit (seq, utc, actor, action, object, beforeSha256, afterSha256, reason, software, previous, hash) ' +
        'VALUES (@seq, @utc, @actor, @action, @object, @beforeSha256, @afterSha256, @reason, @software, @previous, @hash)',
    ),
    newPayload: db.prepare('INSERT OR IGNORE INTO payloads (sha256, body) VALUES (?, ?)'),
    payload: db.prepare<[string], { body: string }>('SELECT body FROM payloads WHERE sha256 = ?'),
    payloads: db.prepare<[], { sha256: string; body: string }>(
      'SELECT sha256, body FROM payloads ORDER BY sha256',
    ),
    setPayload: db.prepare('UPDATE payloads SET body = ? WHERE sha256 = ?'),
    lastEntry: db.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY seq DESC LIMIT 1'),
    entries: db.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY seq'),
  };

  function append(event: AuditEvent): AuditEntry {
    const row = sql.lastEntry.get();
    const last = row === undefined ? null : entryOf(row);
    const entry = sealEntry(last, event, { ...context, utc: context.utc() }, context.sha256);
    for (const [hash, value] of [
      [entry.beforeSha256, event.before],
      [entry.afterSha256, event.after],
    ]) {
      if (hash !== null) sql.newPayload.run(hash, canonicalJson(value));
    }
    sql.newEntry.run({ ...entry, actor: canonicalJson(entry.actor) });
    return entry;
  }
  function move(
    run: number,
    sample: string,
    to: ItemState,
    resultId: string | null,
    issues: readonly Issue[],
  ): void {
    transition(sql.item.get(run, sample)?.state ?? null, to, sample);
    sql.setItem.run(to, resultId, canonicalJson(issues), run, sample);
  }
  function atomically<T>(run: () => T): T {
    return translated(() => db.transaction(run).immediate());
  }

  /** Results against their own hash, and against what the audit trail says was stored. */
  function verifyResults(entries: readonly AuditEntry[]): Issue[] {
    const faults = new Map<string, string>();
    const hashes = new Map<string, string>();
    for (const { resultId, body, bodySha256 } of sql.results.iterate()) {
      hashes.set(resultId, bodySha256);
      if (context.sha256(body) !== bodySha256) faults.set(resultId, 'A stored result was altered.');
    }
    for (const { action, afterSha256 } of entries) {
      const text = afterSha256 === null ? undefined : sql.payload.get(afterSha256)?.body;
      // contents that were redacted are known by their own entry, and name no result
      if (action !== 'result stored' || text === undefined || context.sha256(text) !== afterSha256) continue;
      const { resultId, bodySha256 } = JSON.parse(text) as { resultId: string; bodySha256: string };
      const found = hashes.get(resultId);
      if (found === undefined) faults.set(resultId, 'A stored result is missing.');
      else if (found !== bodySha256) faults.set(resultId, 'A stored result was altered.');
    }
    return [...faults].map(([resultId, message]) => issue('E_STORE_CORRUPT', message, resultId));
  }

  const recovered = atomically(() => {
    const runs = db
      .prepare("UPDATE runs SET outcome = 'interrupted' WHERE outcome = 'running'")
      .run().changes;
    const items = db.prepare("UPDATE items SET state = 'pending' WHERE state = 'running'").run().changes;
    if (runs > 0) append({ action: 'store recovered', object: 'store', after: { runs, items } });
    return { runs, items };
  });

  return {
    recovered,
    beginRun: ({ protocols, samples }) =>
      atomically(() => {
        const run = Number(
          sql.newRun.run('running', canonicalJson(protocols), context.utc()).lastInsertRowid,
        );
        for (const sample of samples) sql.newItem.run(run, sample);
        append({ action: 'run started', object: `run ${run}`, after: { protocols, samples } });
        return run;
      }),
    endRun: (run, outcome) =>
      atomically(() => {
        sql.endRun.run(outcome, context.utc(), run);
        append({ action: 'run ended', object: `run ${run}`, after: { outcome } });
      }),
    startItem: (run, sample) => atomically(() => move(run, sample, 'running', null, [])),
    returnItem: (run, sample) => atomically(() => move(run, sample, 'pending', null, [])),
    finishItem: (run, { sample, ...body }, execution, outputs = []) =>
      atomically(() => {
        const text = bodyText(body);
        const bodySha256 = context.sha256(text);
        const known = sql.result.get(body.resultId);
        let otherFields: readonly string[] = [];
        if (known === undefined) sql.newResult.run(body.resultId, text, bodySha256, canonicalJson(execution));
        else {
          const { software } = JSON.parse(known.execution) as Execution;
          const before = { text: known.body, outputs: sql.outputs.all(body.resultId), software };
          otherFields = checkSame(before, text, outputs);
        }
        for (const { kind, sha256 } of outputs) sql.newOutput.run(body.resultId, kind, sha256);
        move(run, sample, 'done', body.resultId, []);
        append({
          action: known === undefined ? 'result stored' : 'result repeated',
          object: sample,
          after: finishedWork(body.resultId, bodySha256, outputs, otherFields),
        });
        return otherFields;
      }),
    reuseItem: (run, sample, resultId) =>
      atomically(() => {
        if (sql.result.get(resultId) === undefined)
          throw new ImmunogateError('E_INTERNAL', `The store has no result ${resultId}.`);
        move(run, sample, 'done', resultId, []);
        append({ action: 'result reused', object: sample, after: { resultId } });
      }),
    refuseItem: (run, sample, issues) =>
      atomically(() => {
        move(run, sample, 'refused', null, issues);
        append({ action: 'sample refused', object: sample, after: { issues } });
      }),
    runs: () =>
      translated(() =>
        sql.runs
          .all()
          .map((row) => ({ ...row, protocols: JSON.parse(row.protocols) as readonly ProtocolIdentity[] })),
      ),
    items: (run) =>
      translated(() =>
        sql.items
          .all(run)
          .map((row) => ({ ...row, issues: JSON.parse(row.issues) as readonly Issue[] }))
          .sort((a, b) => (a.sample < b.sample ? -1 : 1)),
      ),
    result(resultId) {
      const row = translated(() => sql.result.get(resultId));
      return row === undefined ? null : decodeBody(row.body);
    },
    execution(resultId) {
      const row = translated(() => sql.result.get(resultId));
      return row === undefined ? null : (JSON.parse(row.execution) as Execution);
    },
    outputs: (resultId) => translated(() => sql.outputs.all(resultId)),
    record: (event) => atomically(() => append(event)),
    audit: () => translated(() => sql.entries.all().map(entryOf)),
    redact: (text, why) => {
      const contents = atomically(() => {
        const masked = [...sql.payloads.iterate()].flatMap(({ sha256, body }) => {
          const after = redactedText(body, text);
          return after === null ? [] : [{ sha256, after }];
        });
        for (const { sha256, after } of masked) sql.setPayload.run(after, sha256);
        const hashes = masked.map(({ sha256 }) => sha256);
        append(redactionEvent(hashes, why));
        return hashes;
      });
      // what was there must not stay in the pages of the log
      db.pragma('wal_checkpoint(TRUNCATE)');
      return contents;
    },
    payload: (sha256) => JSON.parse(translated(() => sql.payload.get(sha256))?.body ?? 'null') as unknown,
    verify: () =>
      translated(() => {
        const entries = sql.entries.all().map(entryOf);
        return [...verifyResults(entries), ...verifyChain(entries, context.sha256)];
      }),
    close() {
      db.close();
      lock.close();
    },
  };
}

export function entryOf(row: AuditRow): AuditEntry {
  return { ...row, actor: JSON.parse(row.actor) as Actor };
}
