// Values against a JSON Schema, as far as the published schema of Dataset-JSON goes. Knows nothing of src/.

/** As much of JSON Schema as the published schema uses; an unknown word of the schema fails the test. */
export interface Schema {
  readonly [word: string]: unknown;
  readonly type?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly additionalProperties?: boolean;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const words = new Set(
  'type $ref properties required items enum pattern minimum additionalProperties $defs description title $id $schema metamodel_version version'.split(
    ' ',
  ),
);

/** What is wrong with a value under a schema, one line each; none = it is valid. */
export function complaints(value: unknown, schema: Schema, root: Schema, place = '$'): string[] {
  const unknown = Object.keys(schema).filter((word) => !words.has(word));
  const said = unknown.map((word) => `${place}: the schema says ${word}, which this test does not know`);
  if (schema.$ref !== undefined) {
    const target = root.$defs?.[schema.$ref.replace('#/$defs/', '')];
    if (target === undefined) return [...said, `${place}: ${schema.$ref} is not there`];
    said.push(...complaints(value, target, root, place));
  }
  if (schema.type !== undefined && !isOfType(value, schema.type))
    return [...said, `${place} is not of type ${schema.type}`];
  if (schema.enum && !schema.enum.includes(value)) said.push(`${place} is none of ${schema.enum.join()}`);
  if (schema.pattern && !new RegExp(schema.pattern).test(String(value)))
    said.push(`${place} breaks ${schema.pattern}`);
  if (schema.minimum !== undefined && Number(value) < schema.minimum)
    said.push(`${place} is below ${schema.minimum}`);
  if (Array.isArray(value)) {
    if (schema.items)
      for (const [i, item] of value.entries())
        said.push(...complaints(item, schema.items, root, `${place}[${i}]`));
  } else if (typeof value === 'object' && value !== null) {
    const fields = value as Record<string, unknown>;
    for (const name of schema.required ?? []) if (!(name in fields)) said.push(`${place} lacks ${name}`);
    for (const [name, field] of Object.entries(fields)) {
      const inner = schema.properties?.[name];
      if (inner) said.push(...complaints(field, inner, root, `${place}.${name}`));
      else if (schema.additionalProperties === false) said.push(`${place} has an extra ${name}`);
    }
  }
  return said;
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
