// Gating-ML 2.0 compliance: both official sets (and the one-gate-a-document form of the first), every gate against the
// truth of ISAC, event by event. Documents of other programs are read as well, without truth of their own.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventTable, Spillover } from '../../src/events/index.ts';
import { memorySource, readEvents, readFcs } from '../../src/fcs/index.ts';
import { evaluateStrategy, type GatingStrategy } from '../../src/gating/index.ts';
import { readGatingML } from '../../src/interop/index.ts';
import { sharedData } from '../shared-data.ts';

interface GateTruth {
  readonly count: number;
  readonly truth: string;
}
interface DocumentTruth {
  readonly gating_ml: string;
  readonly fcs: string;
  readonly events: number;
  readonly gates: Readonly<Record<string, GateTruth>>;
}

const folder = sharedData('data') ?? '';
const documents =
  folder === ''
    ? {}
    : (
        JSON.parse(readFileSync(join(folder, 'expected/gatingml.json'), 'utf8')) as {
          documents: Readonly<Record<string, DocumentTruth>>;
        }
      ).documents;

/** Gates that gml_all_gates.xml leaves out, and the truth whose gate has another id. */
const elsewhere: Readonly<Record<string, { readonly document: string; readonly id: string }>> = {
  Ellipsoid3D: { document: 'gml_ellipsoid3d_gate.xml', id: 'Ellipsoid3D' },
  ParQuadRect: { document: 'gml_parent_quadrant_rect_gate.xml', id: 'ParRectangle1' },
};
const perGate = 'gatingml/official_per_gate/gml';

const read = (path: string): GatingStrategy => {
  const { strategy, issues } = readGatingML(readFileSync(join(folder, path), 'utf8'));
  expect(issues.filter((i) => i.level === 'error')).toEqual([]);
  if (strategy === null) throw new Error(`${path} gave no strategy`);
  return strategy;
};

const samples = new Map<string, { readonly table: EventTable; readonly spillover: Spillover | null }>();
const sample = (path: string) => {
  const known = samples.get(path);
  if (known !== undefined) return known;
  const source = memorySource(readFileSync(join(folder, path)));
  const file = readFcs(source);
  const made = { table: readEvents(source, file, { scaling: 'scaled' }).table, spillover: file.spillover };
  samples.set(path, made);
  return made;
};

const byId = (strategy: GatingStrategy, fcs: string): Map<string, Uint8Array> => {
  const { table, spillover } = sample(fcs);
  const memberships = evaluateStrategy(strategy, table, spillover);
  return new Map([...memberships].map(([path, m]) => [path.slice(path.lastIndexOf('/') + 1), m]));
};

/** 0/1 an event, one a line. */
const truthOf = (path: string): Uint8Array =>
  Uint8Array.from(readFileSync(join(folder, path), 'utf8').trim().split(/\s+/), Number);

/** Positions of the events on which two memberships differ. */
const differing = (a: Uint8Array, b: Uint8Array): number[] =>
  [...a.keys()].filter((e) => a[e] !== b[e]).concat(a.length === b.length ? [] : [-1]);

let compared = 0;

describe.skipIf(folder === '')('official gates (skipped without ../shared)', () => {
  for (const [name, document] of Object.entries(documents)) {
    describe(name, () => {
      let members = new Map<string, Uint8Array>();
      it('is read and evaluated', () => {
        members = byId(read(document.gating_ml), document.fcs);
        expect(members.size).toBeGreaterThan(30);
      });
      it.each(Object.entries(document.gates))('%s', (gate, { truth, count }) => {
        const other = name === 'official_per_gate' ? elsewhere[gate] : undefined;
        const found =
          other === undefined
            ? members.get(gate)
            : byId(read(join(perGate, other.document)), document.fcs).get(other.id);
        if (found === undefined) throw new Error(`gate ${gate} was not found`);
        const expected = truthOf(truth);
        expect(expected.length).toBe(document.events);
        expect(differing(found, expected)).toEqual([]);
        expect(found.reduce((sum, m) => sum + m, 0)).toBe(count);
        compared++;
      });
    });
  }

  it('compared all of them', () => {
    expect(compared).toBe(151);
  });

  it('gives the same events when each gate is a document of its own', () => {
    const { gates, fcs } = documents['official_per_gate'];
    let seen = 0;
    for (const name of readdirSync(join(folder, perGate))) {
      for (const [id, found] of byId(read(join(perGate, name)), fcs)) {
        const truth = gates[id];
        if (truth === undefined) continue;
        expect(differing(found, truthOf(truth.truth)), `${id} of ${name}`).toEqual([]);
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(100);
  });
});

describe.skipIf(folder === '')('documents of other programs (skipped without ../shared)', () => {
  it.each([
    ['cytobank_logt.xml', 10, 7],
    ['flowrepository_export_166889.xml', 2, 0],
    ['flowutils_example1.xml', 14, 1],
  ])('reads %s', (name, populations, matrices) => {
    const strategy = read(`gatingml/foreign/${name}`);
    expect(strategy.populations.length).toBe(populations);
    expect(Object.keys(strategy.matrices).length).toBe(matrices);
  });
});

describe.skipIf(folder === '')('damaged documents (skipped without ../shared)', () => {
  it('give a strategy or an error, never a throw', () => {
    const text = readFileSync(join(folder, 'gatingml/foreign/flowutils_example1.xml'), 'utf8');
    let state = 7;
    const below = (n: number): number => {
      state = (state * 48271) % 2147483647;
      return state % n;
    };
    let refused = 0;
    const rounds = 600;
    for (let round = 0; round < rounds; round++) {
      const at = below(text.length);
      const span = 1 + below(round % 2 === 0 ? 4 : 400);
      // what is cut out is lost, doubled, or replaced by another part of the document
      const from = below(text.length);
      const put = ['', text.slice(at, at + span).repeat(2), text.slice(from, from + span)][below(3)];
      const { strategy, issues } = readGatingML(text.slice(0, at) + put + text.slice(at + span));
      const errors = issues.filter((i) => i.level === 'error');
      expect(strategy === null).toBe(errors.length > 0);
      if (strategy === null) refused++;
    }
    expect(refused).toBeGreaterThan(rounds / 4);
    expect(refused).toBeLessThan(rounds);
  });
});
