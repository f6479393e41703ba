// Shorthand to explicit entries: one entry a population and parent, paths resolved, booleans parsed, quadrants as their cells.
// Nothing here knows a file; what is left open (which channel, which cut) is settled by bind.ts and by FIT.
import { issue, type Issue } from '../errors.ts';
import { referenceOf, type MethodCall, type Pool, type SharedNeeds } from '../gating/index.ts';
import type { GatingTemplate, TemplateAxis, TemplateEntry, TemplateGate, TemplateMethods } from './schema.ts';

export type ExplicitRule =
  | { readonly kind: 'gate'; readonly on: readonly TemplateAxis[]; readonly gate: TemplateGate }
  | {
      readonly kind: 'methods';
      readonly on: readonly TemplateAxis[];
      readonly keep: 'above' | 'below';
      readonly attempts: readonly MethodCall[];
    }
  | {
      readonly kind: 'quadrant';
      readonly set: string;
      readonly on: readonly TemplateAxis[];
      readonly cuts: readonly (readonly MethodCall[])[];
      readonly cell: readonly (number | null)[];
    }
  | {
      readonly kind: 'boolean';
      readonly operator: 'and' | 'or' | 'not';
      readonly operands: readonly { readonly population: string; readonly complement: boolean }[];
    };

export interface ExplicitEntry {
  readonly id: string;
  readonly path: string;
  readonly parent: string | null;
  readonly rule: ExplicitRule;
  readonly optional: boolean | 'as-parent';
  readonly minimumEvents: number;
  readonly pool: Pool | null;
  /** Position in the written `populations`. */
  readonly position: number;
}

/** Most populations, counted with every parent, and most levels of the tree (reliability section 3). */
const MOST_POPULATIONS = 10_000;
const MOST_LEVELS = 64;

/** Fitting needs this many events unless an entry says otherwise (populations specification, batch rule). */
const MINIMUM_EVENTS = 200;

/** Expands a template. Entries keep the written order; with errors among the issues the entries are incomplete. */
export function expandTemplate(template: GatingTemplate): {
  readonly entries: readonly ExplicitEntry[];
  readonly issues: readonly Issue[];
} {
  const defined = new Definitions();
  const issues: Issue[] = [];
  const complain = (position: number, message: string) => {
    issues.push(issue('E_TEMPLATE_REFERENCE', message, `populations.${position}`));
  };
  const refuse = (position: number, message: string) => {
    issues.push(issue('E_INPUT_LIMIT', message, `populations.${position}`));
  };
  const open: { at: number; entry: ExplicitEntry; words: string }[] = [];
  for (const [position, written] of template.populations.entries()) {
    for (const parent of parentsOf(written, defined, (message) => complain(position, message))) {
      for (const entry of entriesOf(written, position, parent, template.pool ?? 'none')) {
        if (defined.byPath.has(entry.path)) {
          complain(position, `Population ${entry.path} is defined twice.`);
          continue;
        }
        // several parents multiply: a few lines can stand for more populations than any file has events
        if (defined.entries.length === MOST_POPULATIONS) {
          refuse(
            position,
            `With all its parents the template has more than ${MOST_POPULATIONS} populations.`,
          );
          return { entries: defined.entries, issues };
        }
        if (entry.path.split('/').length > MOST_LEVELS) {
          refuse(position, `Population ${entry.id} lies more than ${MOST_LEVELS} levels deep.`);
          return { entries: defined.entries, issues };
        }
        if (entry.rule.kind === 'boolean' && 'is' in written) {
          open.push({ at: defined.entries.length, entry, words: written.is });
        }
        defined.add(entry);
      }
    }
  }
  // booleans and internal references last: they may name populations that are defined below them
  const entries = defined.entries.map((entry) =>
    withReferences(entry, (name) => {
      const path = operandPath(name, entry, defined);
      if (path === null)
        complain(
          entry.position,
          `${entry.id}: the reference ${name} is not one population (write its path).`,
        );
      return path ?? name;
    }),
  );
  for (const { at, entry, words } of open) {
    const rule = booleanRule(words, entry, defined, (message) => complain(entry.position, message));
    entries[at] = { ...entry, rule };
  }
  return { entries, issues };
}

/** The control tubes and pools that a template's gates look at. */
export function sharedNeeds(template: GatingTemplate): SharedNeeds {
  const { entries } = expandTemplate(template);
  const calls = entries.flatMap(({ rule }) =>
    rule.kind === 'methods' ? rule.attempts : rule.kind === 'quadrant' ? rule.cuts.flat() : [],
  );
  return {
    tubes: [...new Set(calls.flatMap(({ tube }) => tube ?? []))].sort(),
    pools: [...new Set(entries.flatMap(({ pool }) => pool ?? []))].sort(),
  };
}

/** The entries so far, by path and by id. */
class Definitions {
  readonly entries: ExplicitEntry[] = [];
  readonly byPath = new Map<string, ExplicitEntry>();
  private readonly byId = new Map<string, ExplicitEntry[]>();

  add(entry: ExplicitEntry): void {
    this.entries.push(entry);
    this.byPath.set(entry.path, entry);
    const same = this.byId.get(entry.id);
    if (same === undefined) this.byId.set(entry.id, [entry]);
    else same.push(entry);
  }

  named(id: string): readonly ExplicitEntry[] {
    return this.byId.get(id) ?? [];
  }
}

/** Parent paths of an entry; null = all events. An id that occurs under several parents means each of them. */
function parentsOf(
  written: TemplateEntry,
  defined: Definitions,
  complain: (message: string) => void,
): (string | null)[] {
  const names = typeof written.parent === 'string' ? [written.parent] : written.parent;
  return names.flatMap((name): (string | null)[] => {
    if (name === 'root') return [null];
    // a population at the top has its id for its path
    const exact = name.includes('/') ? defined.byPath.get(name) : undefined;
    const found = exact === undefined ? defined.named(name) : [exact];
    if (found.length === 0) complain(`Parent ${name} is not defined above this entry.`);
    return found.map((entry) => entry.path);
  });
}

function entriesOf(
  written: TemplateEntry,
  position: number,
  parent: string | null,
  defaultPool: Pool | 'none',
): ExplicitEntry[] {
  const pool = 'place' in written || 'quadrant' in written ? (written.pool ?? defaultPool) : 'none';
  const common = {
    pool: pool === 'none' ? null : pool,
    parent,
    position,
    optional: written.optional ?? false,
    minimumEvents: written.minimumEvents ?? MINIMUM_EVENTS,
  };
  const entry = (id: string, rule: ExplicitRule): ExplicitEntry => ({
    ...common,
    id,
    path: parent === null ? id : `${parent}/${id}`,
    rule,
  });
  if ('quadrant' in written) {
    const cuts = written.cuts.map((cut) =>
      typeof cut === 'number' ? [{ method: 'fixed', params: { at: cut } }] : methodList(cut),
    );
    const set = Object.keys(written.cells).join('_');
    return Object.entries(written.cells).map(([id, signs]) =>
      entry(id, {
        kind: 'quadrant',
        set,
        on: written.quadrant,
        cuts,
        cell: [...signs].map((sign) => (sign === '*' ? null : sign === '+' ? 1 : 0)),
      }),
    );
  }
  if ('is' in written) return [entry(written.id, { kind: 'boolean', operator: 'and', operands: [] })];
  const on: readonly TemplateAxis[] = Array.isArray(written.on) ? written.on : [written.on];
  if ('gate' in written) return [entry(written.id, { kind: 'gate', on, gate: written.gate })];
  return [
    entry(written.id, {
      kind: 'methods',
      on,
      keep: written.keep ?? 'above',
      attempts: methodList(written.place),
    }),
  ];
}

/** `valley`, `{valley: {from: 1}}`, `{fixed: 3}` or a list of them; `tube` among the parameters says whose events are looked at. */
export function methodList(methods: TemplateMethods): MethodCall[] {
  const list = Array.isArray(methods) ? methods : [methods];
  return list.flatMap((item): MethodCall[] => {
    if (typeof item === 'string') return [{ method: item, params: {} }];
    return Object.entries(item).map(([method, written]) => {
      if (written === null) return { method, params: {} };
      if (typeof written === 'number') return { method, params: { at: written } };
      const { tube, ...params } = written;
      return tube === undefined ? { method, params } : { method, params, tube: String(tube) };
    });
  });
}

/** `not T and not B`, `Eos or Baso`, `!T`, `T & !B`: one kind of joint, no brackets (name a population in between instead). */
function booleanRule(
  words: string,
  entry: ExplicitEntry,
  defined: Definitions,
  complain: (message: string) => void,
): ExplicitRule {
  const tokens = words
    .replace(
      /[!&|()]/g,
      (sign) => ` ${{ '!': 'not', '&': 'and', '|': 'or', '(': '(', ')': ')' }[sign] ?? ''} `,
    )
    .split(/\s+/)
    .filter((token) => token !== '');
  const operands: { population: string; complement: boolean }[] = [];
  const joints = new Set<'and' | 'or'>();
  let complement = false;
  let expectOperand = true;
  for (const token of tokens) {
    if (token === 'not' && expectOperand) complement = !complement;
    else if ((token === 'and' || token === 'or') && !expectOperand) {
      joints.add(token);
      expectOperand = true;
    } else if (expectOperand && !['and', 'or', 'not', '(', ')'].includes(token)) {
      const path = operandPath(token, entry, defined);
      if (path === null) complain(`${entry.id}: ${token} is not one population (write its path).`);
      else operands.push({ population: path, complement });
      complement = false;
      expectOperand = false;
    } else {
      complain(
        `${entry.id}: cannot read "${words}" at "${token}"; use names joined by "and" or by "or", each with "not" before it where needed.`,
      );
      return { kind: 'boolean', operator: 'and', operands };
    }
  }
  if (expectOperand) complain(`${entry.id}: "${words}" ends too early.`);
  if (joints.size > 1)
    complain(`${entry.id}: "${words}" mixes "and" with "or"; name a population in between.`);
  return { kind: 'boolean', operator: joints.has('or') ? 'or' : 'and', operands };
}

/** The entry with the paths of the populations that its methods refer to. */
function withReferences(entry: ExplicitEntry, pathOf: (name: string) => string): ExplicitEntry {
  const resolved = (calls: readonly MethodCall[]) =>
    calls.map((call) => {
      const name = referenceOf(call.params);
      return name === null ? call : { ...call, params: { ...call.params, population: pathOf(name) } };
    });
  const { rule } = entry;
  if (rule.kind === 'methods') return { ...entry, rule: { ...rule, attempts: resolved(rule.attempts) } };
  if (rule.kind === 'quadrant') return { ...entry, rule: { ...rule, cuts: rule.cuts.map(resolved) } };
  return entry;
}

/** A path, a sibling's id, or an id that occurs once. */
function operandPath(name: string, entry: ExplicitEntry, defined: Definitions): string | null {
  if (defined.byPath.has(name)) return name;
  const sibling = entry.parent === null ? name : `${entry.parent}/${name}`;
  if (defined.byPath.has(sibling)) return sibling;
  const found = defined.named(name);
  return found.length === 1 ? found[0].path : null;
}
