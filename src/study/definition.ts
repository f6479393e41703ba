// study.yaml (or the same as JSON) to a StudyDefinition. Every complaint names its line and column; nothing is guessed.
import { isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { issue, type Issue } from '../errors.ts';
import { studySchema, type StudyDefinition } from './schema.ts';

/** Longest text in characters (reliability section 3). */
const mostCharacters = 8 * 1024 * 1024;

export interface ParsedDefinition {
  /** null when there is an error among the issues. */
  readonly definition: StudyDefinition | null;
  readonly issues: readonly Issue[];
}

/** Reads the written form of a study. Never throws on bad text. */
export function parseDefinition(text: string): ParsedDefinition {
  if (text.length > mostCharacters) {
    const message = `The study has ${text.length} characters; more than ${mostCharacters} are refused.`;
    return { definition: null, issues: [issue('E_INPUT_LIMIT', message)] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const said: Issue[] = [];
  const say = (offset: number | null, message: string): void => {
    const at = offset === null ? null : lines.linePos(offset);
    const where = at === null ? '' : `line ${at.line}: `;
    said.push(
      issue('E_STUDY_INVALID', `${where}${message}`, at === null ? 'study' : `study ${at.line}:${at.col}`),
    );
  };
  for (const error of document.errors) say(error.pos[0], error.message);
  visit(document, {
    // such a key would vanish on the way to records (reliability S-9)
    Pair(_, { key }) {
      if (isScalar(key) && key.value === '__proto__')
        say(key.range?.[0] ?? null, 'the key __proto__ is refused');
    },
  });
  if (said.length > 0) return { definition: null, issues: said };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    return { definition: null, issues: [issue('E_STUDY_INVALID', String(cause), 'study')] };
  }
  const parsed = studySchema.safeParse(value);
  if (parsed.success) return { definition: parsed.data, issues: [] };
  for (const { path, message } of parsed.error.issues) {
    const what = path.length > 0 ? `${path.map(String).join('.')}: ` : '';
    say(offsetOf(document.contents, path), `${what}${message}`);
  }
  return { definition: null, issues: said };
}

/** Where the deepest part of a path that exists begins in the text. */
function offsetOf(contents: unknown, path: readonly PropertyKey[]): number | null {
  let node = contents;
  let offset = rangeOf(node);
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key: name }) => String(name) === String(key));
      if (pair === undefined) break;
      offset = rangeOf(pair.key) ?? offset;
      node = pair.value;
    } else {
      const items: unknown = (node as { items?: unknown } | null)?.items;
      if (!Array.isArray(items) || typeof key !== 'number' || items[key] === undefined) break;
      node = items[key];
      offset = rangeOf(node) ?? offset;
    }
  }
  return offset;
}

function rangeOf(node: unknown): number | null {
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  return range === null || range === undefined ? null : range[0];
}
