// Two results side by side: which places differ, and whether that is more than the form of the record.
// Invariant: a number that differs is never taken for a matter of form.

/** A place such as `populations.Live/CD3.count`, and what stands there; undefined where one of the two has nothing. */
export interface Difference {
  readonly place: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Every place at which two plain values differ, in the order of the first. Empty: they are equal. */
export function differencesOf(before: unknown, after: unknown, place = ''): Difference[] {
  if (Object.is(before, after)) return [];
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after))
    return [{ place, before, after }];
  const [left, right] = [named(before), named(after)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    differencesOf(left.get(key), right.get(key), place === '' ? key : `${place}.${key}`),
  );
}

/** Whether two results differ only in fields of provenance that one of them does not have: another version of the program wrote it. */
export function isOtherForm(differences: readonly Difference[]): boolean {
  return differences.every(
    ({ place, before, after }) =>
      place.startsWith('provenance.') && (before === undefined || after === undefined),
  );
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Fields by name, rows of a table by the path, check or place that tells them apart, other entries by position. */
function named(tree: object): ReadonlyMap<string, unknown> {
  if (!Array.isArray(tree)) return new Map(Object.entries(tree));
  const entries = tree as readonly unknown[];
  const names = entries.map((entry, at) => nameOf(entry) ?? String(at));
  return new Map(
    entries.map((entry, at) => [names.indexOf(names[at]) === at ? names[at] : `${names[at]} (${at})`, entry]),
  );
}

function nameOf(entry: unknown): string | null {
  if (!isTree(entry)) return null;
  const { path, channel, check } = entry as Readonly<Record<string, unknown>>;
  const words = [path, channel, check].filter((word) => typeof word === 'string');
  return words.length === 0 ? null : words.join(' ');
}
