// The audit trail of a study as people read it: what they did, and what the store of results recorded, each chain checked (reliability A-2).
import type { AuditEntry } from '../results/index.ts';
import { csvCell, headerLine, verifyChain } from '../results/index.ts';
import { sha256 } from '../results/node.ts';
import { withResults } from './results-reading.ts';
import type { Audit } from './schema.ts';
import { personOf, type StudyState } from './study-log.ts';
import type { StudyFolder } from './workspace.ts';

type Entry = Audit['entries'][number];

export interface AuditFilter {
  readonly object?: string | undefined;
  readonly person?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export function auditOf(
  study: StudyFolder,
  { offset, limit, ...filter }: AuditFilter & { readonly offset: number; readonly limit: number },
): Audit {
  const chains = chainsOf(study);
  const { effects } = study.log.state();
  const entries = chains
    .flatMap(({ chain, entries: all }) => all.map((entry) => shown(chain, entry, effects)))
    .filter((entry) => passes(entry, filter))
    .sort(newestFirst);
  return {
    entries: entries.slice(offset, offset + limit),
    total: entries.length,
    issues: chains.flatMap(({ entries: all }) => verifyChain(all, sha256)),
    heads: chains.flatMap(({ chain, entries: all }) => {
      const last = all.at(-1);
      return last === undefined ? [] : [{ chain, seq: last.seq, hash: last.hash }];
    }),
  };
}

const columns = [
  'chain',
  'seq',
  'utc',
  'person',
  'knownBy',
  'action',
  'object',
  'reason',
  'beforeSha256',
  'afterSha256',
  'software',
  'hash',
  'effect',
];

/** The whole trail, oldest first, chain by chain: as it is checked. */
export function auditCsv(study: StudyFolder): string {
  const { effects } = study.log.state();
  const lines = chainsOf(study).flatMap(({ chain, entries }) =>
    entries.map((entry) => {
      const { person, effect, ...rest } = shown(chain, entry, effects);
      const names = { person: person.name, knownBy: person.knownBy, effect: effectText(effect) };
      const cells = { ...rest, ...names } as Readonly<Record<string, string | number | null>>;
      return `${columns.map((name) => csvCell(cells[name])).join(',')}\n`;
    }),
  );
  return headerLine(columns) + lines.join('');
}

function chainsOf(
  study: StudyFolder,
): { readonly chain: Entry['chain']; readonly entries: readonly AuditEntry[] }[] {
  return [
    { chain: 'study', entries: study.log.store.audit() },
    { chain: 'results', entries: withResults(study, (results) => results.audit()) },
  ];
}

/** Every change in one cell: `CD4T 812 > 790; CD4ABS 863.5 > 840.1 cells/uL`. */
function effectText(effect: Entry['effect']): string | null {
  if (effect === null) return null;
  const number = (value: number | null): string => (value === null ? 'none' : String(value));
  return [
    ...effect.populations.map(({ path, before, after }) => `${path} ${number(before)} > ${number(after)}`),
    ...effect.endpoints.map(
      ({ parameter, unit, before, after }) => `${parameter} ${number(before)} > ${number(after)} ${unit}`,
    ),
  ].join('; ');
}

function shown(chain: Entry['chain'], entry: AuditEntry, effects: StudyState['effects']): Entry {
  const { seq, utc, action, object, beforeSha256, afterSha256, reason, software, hash } = entry;
  const person = personOf(entry.actor);
  const found = chain === 'study' ? effects.get(seq) : undefined;
  return {
    ...{ chain, seq, utc, person, action, object, beforeSha256, afterSha256, reason, software, hash },
    effect:
      found === undefined ? null : { populations: [...found.populations], endpoints: [...found.endpoints] },
  };
}

function passes({ object, person, utc }: Entry, filter: AuditFilter): boolean {
  const { from = '', to } = filter;
  return (
    (filter.object === undefined || object.includes(filter.object)) &&
    (filter.person === undefined || person.name === filter.person) &&
    utc >= from &&
    (to === undefined || to === '' || utc < to)
  );
}

/** The clock decides what is shown first, never what is true: within a chain the sequence does (reliability C-7). */
function newestFirst(a: Entry, b: Entry): number {
  if (a.chain === b.chain) return b.seq - a.seq;
  return a.utc < b.utc ? 1 : a.utc > b.utc ? -1 : 0;
}
