// Shorthand to explicit entries: one entry a population and parent, paths resolved, booleans parsed, quadrants as their cells.
// Nothing here knows a file; what is left open (which channel, which cut) is settled by bind.ts and by FIT.
import { issue, type Issue } from '../errors.ts';
import type { GatingTemplate, TemplateAxis, TemplateEntry, TemplateGate, TemplateMethods } from './schema.ts';

/** One method as written: name and parameters. */
export interface WrittenMethod {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export type ExplicitRule =
  | { readonly kind: 'gate'; readonly on: readonly TemplateAxis[]; readonly gate: TemplateGate }
  | {
      readonly kind: 'methods';
      readonly on: readonly TemplateAxis[];
      readonly keep: 'above' | 'below';
      readonly attempts: readonly WrittenMethod[];
    }
  | {
      readonly kind: 'quadrant';
      readonly set: string;
      readonly on: readonly TemplateAxis[];
      readonly cuts: readonly (readonly WrittenMethod[])[];
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
  /** Position in the written `populations`. */
  readonly position: number;
}

/** Fitting needs this many events unless an entry says otherwise (populations specification, batch rule). */
const MINIMUM_EVENTS = 200;

/** Expands a template. Entries keep the written order; with errors among the issues the entries are incomplete. */
export function expandTemplate(template: GatingTemplate): {
  readonly entries: readonly ExplicitEntry[];
  readonly issues: readonly Issue[];
} {
  const entries: ExplicitEntry[] = [];
  const issues: Issue[] = [];
  const complain = (position: number, message: string) => {
    issues.push(issue('E_TEMPLATE_REFERENCE', message, `populations.${position}`));
  };
  const open: { entry: ExplicitEntry; words: string }[] = [];
  template.populations.forEach((written, position) => {
    for (const parent of parentsOf(written, entries, (message) => complain(position, message))) {
      for (const entry of entriesOf(written, position, parent)) {
        if (entries.some((earlier) => earlier.path === entry.path)) {
          complain(position, `Population ${entry.path} is defined twice.`);
          continue;
        }
        if (entry.rule.kind === 'boolean' && 'is' in written) open.push({ entry, words: written.is });
        entries.push(entry);
      }
    }
  });
  // booleans last: they may name populations that are defined below them
  for (const { entry, words } of open) {
    const rule = booleanRule(words, entry, entries, (message) => complain(entry.position, message));
    entries[entries.indexOf(entry)] = { ...entry, rule };
  }
  return { entries, issues };
}

/** Parent paths of an entry; null = all events. An id that occurs under several parents means each of them. */
function parentsOf(
  written: TemplateEntry,
  entries: readonly ExplicitEntry[],
  complain: (message: string) => void,
): (string | null)[] {
  const names = typeof written.parent === 'string' ? [written.parent] : written.parent;
  return names.flatMap((name): (string | null)[] => {
    if (name === 'root') return [null];
    const found = entries.filter((entry) => entry.path === name || entry.id === name);
    if (found.length === 0) complain(`Parent ${name} is not defined above this entry.`);
    return found.map((entry) => entry.path);
  });
}

function entriesOf(written: TemplateEntry, position: number, parent: string | null): ExplicitEntry[] {
  const common = {
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

/** `valley`, `{valley: {from: 1}}`, `{fixed: 3}` or a list of them. */
export function methodList(written: TemplateMethods): WrittenMethod[] {
  const list = Array.isArray(written) ? written : [written];
  return list.flatMap((item): WrittenMethod[] => {
    if (typeof item === 'string') return [{ method: item, params: {} }];
    return Object.entries(item).map(([method, params]) => ({
      method,
      params: params === null ? {} : typeof params === 'number' ? { at: params } : params,
    }));
  });
}

/** `not T and not B`, `Eos or Baso`, `!T`, `T & !B`: one kind of joint, no brackets (name a population in between instead). */
function booleanRule(
  words: string,
  entry: ExplicitEntry,
  entries: readonly ExplicitEntry[],
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
      const path = operandPath(token, entry, entries);
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

/** A path, a sibling's id, or an id that occurs once. */
function operandPath(name: string, entry: ExplicitEntry, entries: readonly ExplicitEntry[]): string | null {
  const exact = entries.find((other) => other.path === name);
  if (exact) return exact.path;
  const sibling = entries.find((other) => other.id === name && other.parent === entry.parent);
  if (sibling) return sibling.path;
  const found = entries.filter((other) => other.id === name);
  return found.length === 1 ? found[0].path : null;
}
