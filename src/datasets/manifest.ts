// The manifest of a bundle of tables (statistics section 22, reliability A-1): what made it, from what, and what it holds.
// Invariant: a pure function of its input, lists in order of code units; the only time in it is handed in.
import type { Issue } from '../errors.ts';

export interface ManifestInput {
  /** Version of this toolkit and of its numeric core. */
  readonly toolkit: { readonly version: string; readonly numericCore: string };
  /** SHA-256 of the canonical configuration. */
  readonly configSha256: string;
  /** Files that were read: name within the study and SHA-256 of the bytes. */
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
  readonly seed: string;
  /** Files that were written; `rows` is null for a file that is no table. */
  readonly outputs: readonly {
    readonly file: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly dataset: string | null;
    readonly rows: number | null;
  }[];
  readonly warnings: readonly Issue[];
  /** Head of the audit chain, null when there is no store. */
  readonly auditHead: string | null;
  /** ISO time of the run, or null for none; two bundles of one content differ here only. */
  readonly created: string | null;
}

/** JSON, two spaces deep, ending in LF. */
export function manifestJson(input: ManifestInput): string {
  const { toolkit, configSha256, inputs, seed, outputs, warnings, auditHead, created } = input;
  const manifest = {
    manifestVersion: '1',
    toolkit: { name: 'immunogate', version: toolkit.version, numericCore: toolkit.numericCore },
    created,
    configSha256,
    seed,
    auditHead,
    inputs: sorted(inputs, ({ name }) => name).map(({ name, sha256 }) => ({ name, sha256 })),
    outputs: sorted(outputs, ({ file }) => file).map(({ file, dataset, rows, bytes, sha256 }) => ({
      file,
      dataset,
      rows,
      bytes,
      sha256,
    })),
    warnings: sorted(warnings, ({ code, place, message }) => `${code}\0${place ?? ''}\0${message}`).map(
      ({ code, level, place, message }) => ({ code, level, place, message }),
    ),
    reading: {
      xpt: 'haven::read_xpt(file)',
      parquet: 'arrow::read_parquet(file)',
      'dataset-json': 'jsonlite::fromJSON(file)',
      csv: 'read.csv(file, na.strings = "", encoding = "UTF-8")',
    },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function sorted<Item>(items: readonly Item[], key: (item: Item) => string): Item[] {
  return items
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ item }) => item);
}
