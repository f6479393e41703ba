// Canonical JSON: one text for one value, whatever made it. The input of every hash (resultId, protocol, audit chain) and the stored form.
// Invariant: keys in order of code units, numbers as shortest round-trip text, -0 as 0; typed arrays as lists; non-finite numbers as the
// strings "Infinity", "-Infinity", "NaN", which JSON lacks; fields that are undefined are left out.

/** Throws TypeError for what has no canonical text: functions, symbols, bigints, maps, class instances. */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? String(value === 0 ? 0 : value) : JSON.stringify(String(value));
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : canonicalObject(value);
    case 'undefined':
    case 'function':
    case 'symbol':
    case 'bigint':
      throw new TypeError(`A ${typeof value} has no canonical JSON.`);
  }
}

function canonicalObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value instanceof Float64Array || value instanceof Float32Array || value instanceof Int32Array) {
    return `[${Array.from(value, canonicalJson).join(',')}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError('An instance of a class has no canonical JSON.');
  }
  const fields = value as Readonly<Record<string, unknown>>;
  let text = '';
  // the default order of sort() is that of code units
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key];
    if (field !== undefined)
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(field)}`;
  }
  return `{${text}}`;
}
