// What every results store must do, whatever it is made of. Each store's own test hands in a maker.
import { describe, expect, it } from 'vitest';
import { verifyChain, type ResultsStore, type StoreContext } from '../../src/results/index.ts';
import { testContext } from './conformance-context.ts';
import { execution, sampleResult, strategy } from './sample-result.ts';

const protocols = [{ kind: 'template', id: 'p1-tbnk', version: '1.0.0', sha256: 'a'.repeat(64) }] as const;
const refusal = {
  code: 'E_FCS_TRUNCATED',
  level: 'error',
  message: 'cut at byte 9',
  place: null,
} as const;

export function storeConformance(name: string, open: (context: StoreContext) => ResultsStore): void {
  function withStore(use: (store: ResultsStore) => void): void {
    const store = open(testContext());
    try {
      use(store);
    } finally {
      store.close();
    }
  }

  describe(`${name}: a run`, () => {
    it('takes its items from pending over running to done or refused', () => {
      withStore((store) => {
        const run = store.beginRun({ protocols, samples: ['b', 'a', 'Z'] });
        expect(store.items(run).map(({ sample, state }) => `${sample} ${state}`)).toEqual([
          'Z pending',
          'a pending',
          'b pending',
        ]);
        store.startItem(run, 'a');
        store.startItem(run, 'b');
        store.finishItem(run, sampleResult('b', 'r1'), execution);
        store.refuseItem(run, 'a', [refusal]);
        store.startItem(run, 'Z');
        store.returnItem(run, 'Z');
        store.endRun(run, 'cancelled');
        expect(store.items(run)).toEqual([
          { sample: 'Z', state: 'pending', resultId: null, issues: [] },
          { sample: 'a', state: 'refused', resultId: null, issues: [refusal] },
          { sample: 'b', state: 'done', resultId: 'r1', issues: [] },
        ]);
        expect(store.runs()).toMatchObject([{ run, outcome: 'cancelled', protocols }]);
      });
    });

    it('gives back a result exactly: infinities, matrices and all', () => {
      withStore((store) => {
        const run = store.beginRun({ protocols, samples: ['a'] });
        store.startItem(run, 'a');
        const { sample, ...body } = sampleResult('a', 'r1');
        store.finishItem(run, { sample, ...body }, execution);
        const found = store.result('r1');
        expect(found?.strategy.matrices).toEqual(strategy.matrices);
        expect(found?.strategy.populations[0].gate).toEqual(strategy.populations[0].gate);
        expect({ ...found, strategy: null }).toEqual({ ...body, strategy: null });
        expect(store.execution('r1')).toEqual(execution);
        expect(store.result('r2')).toBeNull();
      });
    });

    it.each([
      ['an unknown sample', (store: ResultsStore, run: number) => store.startItem(run, 'x')],
      [
        'finished work',
        (store: ResultsStore, run: number) => {
          store.refuseItem(run, 'a', [refusal]);
          store.startItem(run, 'a');
        },
      ],
      ['a result that is not there', (store: ResultsStore, run: number) => store.reuseItem(run, 'a', 'r9')],
    ])('refuses to move %s', (_, act) => {
      withStore((store) => {
        const run = store.beginRun({ protocols, samples: ['a'] });
        expect(() => act(store, run)).toThrow(expect.objectContaining({ code: 'E_INTERNAL' }) as Error);
      });
    });
  });

  describe(`${name}: the same work twice`, () => {
    it('changes nothing when it gave the same', () => {
      withStore((store) => {
        const run = store.beginRun({ protocols, samples: ['a', 'copy of a', 'later'] });
        for (const sample of ['a', 'copy of a']) {
          store.startItem(run, sample);
          store.finishItem(run, sampleResult(sample, 'r1'), execution, [
            { kind: 'membership csv', sha256: 'e' },
          ]);
        }
        store.reuseItem(run, 'later', 'r1');
        expect(store.items(run).map(({ resultId }) => resultId)).toEqual(['r1', 'r1', 'r1']);
        expect(store.outputs('r1')).toEqual([{ kind: 'membership csv', sha256: 'e' }]);
        expect(store.audit().map(({ action }) => action)).toEqual([
          'run started',
          'result stored',
          'result repeated',
          'result reused',
        ]);
      });
    });

    it('keeps a record of another version, and says which fields only one of the two has', () => {
      withStore((store) => {
        const run = store.beginRun({ protocols, samples: ['a', 'b'] });
        const older = sampleResult('a', 'r1');
        delete (older.provenance.file as { dataSha256?: string }).dataSha256;
        store.startItem(run, 'a');
        expect(store.finishItem(run, older, execution)).toEqual([]);
        store.startItem(run, 'b');
        expect(store.finishItem(run, sampleResult('b', 'r1'), execution)).toEqual([
          'provenance.file.dataSha256',
        ]);
        expect(store.items(run)[1].state).toBe('done');
        expect(store.result('r1')?.provenance).toEqual(older.provenance);
        const { afterSha256 } = store.audit()[2];
        expect(store.payload(`${afterSha256}`)).toMatchObject({
          otherFields: ['provenance.file.dataSha256'],
        });
        expect(store.verify()).toEqual([]);
      });
    });

    it('names what differs, and who computed it first', () => {
      withStore((store) => {
        const run = store.beginRun({ protocols, samples: ['a', 'b'] });
        store.startItem(run, 'a');
        store.finishItem(run, sampleResult('a', 'r1'), { ...execution, software: 'immunogate 0.0.9' });
        store.startItem(run, 'b');
        expect(() => store.finishItem(run, sampleResult('b', 'r1', 43), execution)).toThrow(
          /immunogate 0\.0\.9 with another populations\.Cells\.count, populations\.Cells\.fractionOfParent,/,
        );
      });
    });

    it.each([
      ['numbers', sampleResult('b', 'r1', 43), 'e'],
      ['output file', sampleResult('b', 'r1'), 'other'],
    ])('is refused loudly when it gave another %s, and replaces nothing', (_, second, hash) => {
      withStore((store) => {
        const run = store.beginRun({ protocols, samples: ['a', 'b'] });
        store.startItem(run, 'a');
        store.finishItem(run, sampleResult('a', 'r1'), execution, [{ kind: 'm', sha256: 'e' }]);
        store.startItem(run, 'b');
        expect(() => store.finishItem(run, second, execution, [{ kind: 'm', sha256: hash }])).toThrow(
          expect.objectContaining({ code: 'E_NONDETERMINISTIC' }) as Error,
        );
        expect(store.items(run)[1].state).toBe('running');
        expect(store.result('r1')?.populations[0].count).toBe(42);
        expect(store.verify()).toEqual([]);
      });
    });
  });

  describe(`${name}: the audit trail`, () => {
    it('chains every change and finds any that was altered', () => {
      withStore((store) => {
        const run = store.beginRun({ protocols, samples: ['a'] });
        store.record({
          action: 'gate moved',
          object: 'Cells/T',
          before: { min: 1 },
          after: { min: 2 },
          reason: 'debris',
        });
        store.endRun(run, 'finished');
        expect(store.verify()).toEqual([]);
        const entries = store.audit();
        expect(entries.map(({ seq, action, reason }) => [seq, action, reason])).toEqual([
          [1, 'run started', null],
          [2, 'gate moved', 'debris'],
          [3, 'run ended', null],
        ]);
        // sha256 of {"min":1} by sha256sum
        expect(entries[1].beforeSha256).toBe(
          '5f18a75eefe7356a7ce51c8726fa4f6cee936e6ef129414164fef9636f6ab2cf',
        );
        const { sha256 } = testContext();
        const tampered = [
          entries.map((entry) => (entry.seq === 2 ? { ...entry, reason: 'tidy' } : entry)),
          entries.filter(({ seq }) => seq !== 2),
          [entries[1], entries[0], entries[2]],
        ];
        for (const chain of tampered) expect(verifyChain(chain, sha256)).not.toEqual([]);
      });
    });

    it('takes a text out of contents and keeps the chain, with a tombstone for each', () => {
      withStore((store) => {
        const held = store.record({
          action: 'file stored',
          object: 'file 1',
          before: ['of Jane Doe', 3, null],
          after: { name: 'Jane Doe.fcs', 'Jane Doe': { deep: [true, 'x Jane Doe y Jane Doe'] } },
        });
        const other = store.record({ action: 'file stored', object: 'file 2', after: { name: 'S2.fcs' } });
        const before = [...store.audit()];
        const contents = store.redact('Jane Doe', { reason: 'entered by mistake' });
        expect([...contents].sort()).toEqual([`${held.beforeSha256}`, `${held.afterSha256}`].sort());
        expect(store.payload(`${held.beforeSha256}`)).toEqual(['of [redacted]', 3, null]);
        expect(store.payload(`${held.afterSha256}`)).toEqual({
          name: '[redacted].fcs',
          '[redacted]': { deep: [true, 'x [redacted] y [redacted]'] },
        });
        expect(store.payload(`${other.afterSha256}`)).toEqual({ name: 'S2.fcs' });
        const after = store.audit();
        expect(after.slice(0, -1)).toEqual(before);
        expect(after.at(-1)).toMatchObject({ action: 'text redacted', reason: 'entered by mistake' });
        expect(store.payload(`${after.at(-1)?.afterSha256}`)).toEqual({ contents: [...contents].sort() });
        expect(store.verify()).toEqual([]);
        expect(store.redact('Jane Doe', { reason: 'once more' })).toEqual([]);
      });
    });

    it('knows who acted, where somebody else than the owner did, and gives back what entered', () => {
      withStore((store) => {
        const analyst = { system: 'tester', stated: 'Ann', knownBy: 'signed-in' } as const;
        const entry = store.record({ action: 'gate moved', object: 'T', after: { min: 2 }, actor: analyst });
        const owned = store.record({ action: 'gate moved', object: 'T' });
        expect([entry.actor, owned.actor]).toEqual([analyst, testContext().actor]);
        expect(store.payload(`${entry.afterSha256}`)).toEqual({ min: 2 });
        expect(store.payload('0'.repeat(64))).toBeNull();
        expect(store.verify()).toEqual([]);
      });
    });
  });
}
