// Text to GatingTemplate: YAML (JSON is YAML), then the schema. Every complaint names its line and column.
import { isMap, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { issue, type Issue } from '../errors.ts';
import { entryKinds, templateSchema, type GatingTemplate, type SchemaProblem } from './schema.ts';

/** Longest template text in characters (reliability section 3). */
const MOST_CHARACTERS = 8 * 1024 * 1024;

export interface ParsedTemplate {
  /** null when there is an error among the issues. */
  readonly template: GatingTemplate | null;
  readonly issues: readonly Issue[];
  /** `line:column` of a path of keys and positions in the text, for later complaints; null where there is none. */
  readonly placeOf: (path: readonly PropertyKey[]) => string | null;
}

/** Reads the written form of a template. Never throws on bad text: the issues say what and where. */
export function parseTemplate(text: string): ParsedTemplate {
  if (text.length > MOST_CHARACTERS) {
    const message = `The template has ${text.length} characters; more than ${MOST_CHARACTERS} are refused.`;
    return { template: null, issues: [issue('E_INPUT_LIMIT', message)], placeOf: () => null };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const placeOf = (path: readonly PropertyKey[]) => place(document, lines, path);
  if (document.errors.length > 0) {
    const issues = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return issue('E_TEMPLATE_SYNTAX', `line ${line}: ${error.message}`, `${line}:${col}`);
    });
    return { template: null, issues, placeOf };
  }
  const hostile = keysOfObjects(document, lines);
  if (hostile.length > 0) return { template: null, issues: hostile, placeOf };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    return { template: null, issues: [issue('E_TEMPLATE_SYNTAX', String(cause))], placeOf };
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'immunogate')) {
    const message = 'It is no gating template: it does not say "immunogate: 1" at its top.';
    return { template: null, issues: [issue('E_TEMPLATE_SCHEMA', message)], placeOf };
  }
  const parsed = templateSchema.safeParse(value);
  if (parsed.success) return { template: parsed.data, issues: [], placeOf };
  const issues = parsed.error.issues
    .flatMap((problem) => explain(problem, value))
    .map(({ path, message }) => {
      const at = placeOf(path);
      const what = path.length > 0 ? `${path.map(String).join('.')}: ` : '';
      return issue(
        'E_TEMPLATE_SCHEMA',
        `${at === null ? '' : `line ${at.split(':')[0]}: `}${what}${message}`,
        at,
      );
    });
  return { template: null, issues, placeOf };
}

/** Keys that mean something to JavaScript objects would vanish on the way to records: they are refused (reliability S-9). */
function keysOfObjects(document: Document, lines: LineCounter): Issue[] {
  const found: Issue[] = [];
  visit(document, {
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== '__proto__') return;
      const place = key.range ? at(lines, key.range[0]) : null;
      const line = place === null ? '' : `line ${place.split(':')[0]}: `;
      found.push(issue('E_TEMPLATE_SCHEMA', `${line}the key __proto__ is refused`, place));
    },
  });
  return found;
}

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** An entry that fits none of the kinds is explained by the kind that its own words announce. */
function explain(problem: SchemaProblem, value: unknown): Problem[] {
  const [first, position] = problem.path;
  if (
    first === 'populations' &&
    typeof position === 'number' &&
    problem.path.length === 2 &&
    problem.code === 'invalid_union'
  ) {
    const entry: unknown = Array.isArray((value as { populations?: unknown }).populations)
      ? (value as { populations: unknown[] }).populations[position]
      : undefined;
    const kind = (Object.keys(entryKinds) as (keyof typeof entryKinds)[]).find(
      (word) => entry !== null && typeof entry === 'object' && Object.hasOwn(entry, word),
    );
    if (kind === undefined) {
      return [{ path: problem.path, message: 'a population needs one of: gate, place, is, quadrant' }];
    }
    const again = entryKinds[kind].safeParse(entry);
    if (!again.success) {
      return again.error.issues.map((inner) => ({
        path: [...problem.path, ...inner.path],
        message: deepest(inner),
      }));
    }
  }
  return [{ path: problem.path, message: deepest(problem) }];
}

/** The message of the alternative that went furthest, where a value fits none of several. */
function deepest(problem: SchemaProblem): string {
  if (problem.code !== 'invalid_union' || problem.errors.length === 0) return problem.message;
  const reached = problem.errors.map((issues) => Math.max(0, ...issues.map((inner) => inner.path.length)));
  const best = problem.errors[reached.indexOf(Math.max(...reached))];
  return best.length === 0
    ? problem.message
    : best
        .map((inner) => (inner.path.length > 0 ? `${inner.path.join('.')}: ` : '') + inner.message)
        .join('; ');
}

/** Position of the deepest part of a path that exists in the text. */
function place(document: Document, lines: LineCounter, path: readonly PropertyKey[]): string | null {
  for (let length = path.length; length > 0; length--) {
    const keys = path.slice(0, length);
    const parent = length === 1 ? document.contents : document.getIn(keys.slice(0, -1), true);
    const last = keys[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => String(item.key) === String(last));
      const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range;
      if (range) return at(lines, range[0]);
    }
    const node = document.getIn(keys, true) as { range?: [number, number, number] | null } | undefined;
    if (node?.range) return at(lines, node.range[0]);
  }
  return null;
}

function at(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${line}:${col}`;
}
