// `npm run references`: writes docs/reference/template.md and study.md from the schemas that check these files, and api.md from the sources, so
// that no page can say something else than the program does (a test holds them together). Comments beside the parameters of methods become their descriptions.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { methodNames } from '../src/gating/index.ts';
import { methodSchema } from '../src/gating/methods/registry.ts';
import { studySchema } from '../src/study/schema.ts';
import { entryKinds, templateSchema } from '../src/template/schema.ts';
import { apiReference } from './make-api.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | boolean;
  readonly prefixItems?: readonly Schema[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

const jsonSchema = (schema: z.ZodType): Schema => z.toJSONSchema(schema, { io: 'input' }) as Schema;

/** Values that have a section of their own. */
const elsewhere: Readonly<Record<string, string>> = {
  populations: '[[entry](#entries-of-populations), …]',
  scales: '{ name: [scale](#scales), … }',
  checks: '[[check](#checks), …]',
  on: '[axis](#axes), or [axis, …]',
  quadrant: '[[axis](#axes), axis]',
  gate: 'one of the [drawn gates](#drawn-gates)',
  place: '[method](#methods), or [method, …]',
  cuts: '[cut, cut]: a number, a [method](#methods) or [method, …] for each axis',
};

/** Each alternative of a value on a line of its own. */
function alternatives({ anyOf = [], oneOf = anyOf }: Schema): string {
  return oneOf
    .map((one) => `- ${shape(one)}${one.description === undefined ? '' : `: ${one.description}`}`)
    .join('\n');
}

/** What a value looks like, in the words of someone who writes one. */
function shape(schema: Schema): string {
  if (schema.const !== undefined)
    return `\`${typeof schema.const === 'string' ? schema.const : JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(' \\| ');
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return [...new Set(either.map(shape))].join(' \\| ');
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(shape).join(', ')}]`;
  if (schema.type === 'array') return `[${typeof schema.items === 'object' ? shape(schema.items) : '…'}, …]`;
  if (schema.properties !== undefined) {
    const required = new Set(schema.required ?? []);
    const parts = Object.entries(schema.properties).map(
      ([key, value]) => `${key}${required.has(key) ? '' : '?'}: ${shape(value)}`,
    );
    return `{ ${parts.join(', ')} }`;
  }
  if (typeof schema.additionalProperties === 'object')
    return `{ name: ${shape(schema.additionalProperties)}, … }`;
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : String(schema.type ?? 'anything');
  return `${type === 'integer' ? 'whole number' : type === 'string' ? 'text' : type.replace('string', 'text')}${range(schema)}`;
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
  const limits = [
    ...(minimum !== undefined && minimum > -Number.MAX_SAFE_INTEGER ? [`≥ ${minimum}`] : []),
    ...(exclusiveMinimum !== undefined ? [`> ${exclusiveMinimum}`] : []),
    ...(maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? [`≤ ${maximum}`] : []),
    ...(exclusiveMaximum !== undefined ? [`< ${exclusiveMaximum}`] : []),
  ];
  return limits.length === 0 ? '' : ` ${limits.join(', ')}`;
}

function keyTable(
  schema: Schema,
  comments: ReadonlyMap<string, string> = new Map(),
  sections: Readonly<Record<string, string>> = {},
): string {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(([key, value]) => {
    const fallback =
      value.default === undefined
        ? required.has(key)
          ? 'required'
          : ''
        : `\`${JSON.stringify(value.default)}\``;
    const said = value.description ?? comments.get(key) ?? '';
    return `| \`${key}\` | ${sections[key] ?? shape(value)} | ${fallback} | ${said.replaceAll('|', '\\|')} |`;
  });
  return rows.length === 0
    ? 'No parameters.'
    : ['| key | value | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

/** One-line comments above `key:` in the source of a method. */
function commentsOf(source: string): ReadonlyMap<string, string> {
  return new Map(
    [...source.matchAll(/\/\*\* ([^\n]*?) \*\/\n\s*(\w+):/g)].map(([, comment, key]) => [key, comment]),
  );
}

function methodSections(): string {
  return methodNames
    .map((name) => {
      const schema = methodSchema(name);
      const source = readFileSync(join(root, 'src/gating/methods', `${name}.ts`), 'utf8');
      const about = [...source.matchAll(/^\/\/ ?(.*)$/gm)]
        .map(([, line]) => line)
        .slice(0, leadingComments(source))
        .join(' ');
      const json = jsonSchema(schema);
      const variants = json.oneOf ?? json.anyOf ?? [json];
      const tables = variants.map((variant) => keyTable(variant, commentsOf(source)));
      return `### ${name}\n\n${about}\n\n${tables.join('\n\nor\n\n')}`;
    })
    .join('\n\n');
}

function leadingComments(source: string): number {
  const lines = source.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return end < 0 ? lines.length : end;
}

const made = 'Made by `npm run references` from the schema that checks these files; do not edit.';

export function templateReference(): string {
  const kinds = Object.entries({
    gate: 'A gate that is drawn',
    place: 'A gate that methods place',
    is: 'Logic over other populations',
    quadrant: 'Four populations of two cuts',
  } satisfies Record<keyof typeof entryKinds, string>).map(
    ([kind, title]) =>
      `### ${title}: \`${kind}\`\n\n${keyTable(jsonSchema(entryKinds[kind as keyof typeof entryKinds]), undefined, elsewhere)}`,
  );
  const whole = jsonSchema(templateSchema);
  const part = (name: string): Schema => whole.properties?.[name] ?? {};
  const itemsOf = (schema: Schema): Schema => (typeof schema.items === 'object' ? schema.items : {});
  const scales = part('scales').additionalProperties;
  const drawn = jsonSchema(entryKinds.gate).properties ?? {};
  return `# Gating templates: every key

${made} A template is one YAML (or JSON) file; \`immunogate lint-template FILE\` says everything that is wrong with one, with lines.
A guide with examples is [for the laboratory](../guides/laboratory.md).

## The file

${keyTable(whole, undefined, elsewhere)}

## Entries of \`populations\`

An entry is of the kind that its own word announces.

${kinds.join('\n\n')}

## Axes

${alternatives({ anyOf: drawn['on']?.anyOf?.[0]?.anyOf ?? [] })}

## Scales

${alternatives(typeof scales === 'object' ? scales : {})}

## Drawn gates

Limits and vertices are on the scale of the axis; intervals are half-open, \`null\` is open.

${alternatives(drawn['gate'] ?? {})}

## Checks

${alternatives(itemsOf(part('checks')))}

## Methods

Named in \`place\` and \`cuts\`: \`- valley\`, \`- tail: { k: 4 }\`, \`- fixed: 2.8\`. The first acceptable one of a list places the gate; what was tried before it is recorded.

${methodSections()}
`;
}

export function studyReference(): string {
  return `# study.yaml: every key

${made} The tables that it names are described [for the statistician](../guides/statistician.md).

${keyTable(jsonSchema(studySchema))}
`;
}

export const references: Readonly<Record<string, () => string>> = {
  'docs/reference/template.md': templateReference,
  'docs/reference/study.md': studyReference,
  'docs/reference/api.md': apiReference,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, make] of Object.entries(references)) writeFileSync(join(root, path), make());
}
