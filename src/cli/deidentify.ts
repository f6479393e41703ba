// immunogate deidentify: files without the keywords that identify people, under names that say nothing or what a manifest says.
// Originals are never altered; report.csv says which keywords went, link.csv (readable by its owner alone) which file became which.
import { createHash } from 'node:crypto';
import { existsSync, realpathSync, renameSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { ImmunogateError } from '../errors.ts';
import { readFcs, writeDeidentified } from '../fcs/index.ts';
import { openFile } from '../fcs/node.ts';
import { csvCell } from '../results/index.ts';
import { makeFolder, openFileWriter, writeFileWhole } from '../results/node.ts';
import { readText } from './documents.ts';
import { exitCodes, UsageError } from './exit.ts';
import { printable } from './text.ts';

export interface DeidentifyOptions {
  readonly out: string;
  /** samples.csv of a study: names become <study>-<subject>-<visit>-<n>.fcs. */
  readonly samples?: string;
  readonly study?: string;
  readonly dataset?: number;
}

export function deidentify(files: readonly string[], options: DeidentifyOptions): number {
  const names = options.samples === undefined ? null : namesOf(options.samples, options.study ?? 'study');
  makeFolder(options.out);
  requireFresh(options.out, files);
  const report = ['output,dropped'];
  const link = ['original,output'];
  const written = new Set<string>();
  let refused = 0;
  for (const path of files) {
    try {
      const name = names === null ? null : nameOf(path, names);
      const { output, dropped } = writeOne(path, name, options);
      report.push([output, csvCell(dropped.join(' '))].join(','));
      link.push([csvCell(path), output].join(','));
      const twin = written.has(output) ? ', the same as another of these files' : '';
      written.add(output);
      console.log(`${output}: ${dropped.length} keywords dropped${twin}`);
    } catch (error) {
      if (!(error instanceof ImmunogateError)) throw error;
      refused++;
      console.log(`refused ${printable(basename(path))}: ${error.code}: ${printable(error.message)}`);
    }
  }
  writeFileWhole(join(options.out, 'report.csv'), `${report.join('\n')}\n`);
  writeFileWhole(join(options.out, 'link.csv'), `${link.join('\n')}\n`);
  console.log(
    `${files.length - refused} written, ${refused} refused. This supports de-identification under the rules in docs/deidentification.md; ` +
      'whether the data is de-identified is for you to determine.',
  );
  return refused === 0 ? exitCodes.done : exitCodes.someRefused;
}

/** Throws UsageError where an original could be overwritten, or the links of an earlier call. */
function requireFresh(out: string, files: readonly string[]): void {
  const folder = realpathSync(out);
  if (files.some((path) => existsSync(path) && realpathSync(dirname(path)) === folder))
    throw new UsageError('--out must be another folder than that of the files: originals are never altered.');
  if (existsSync(join(out, 'link.csv')))
    throw new UsageError(
      `${printable(out)} holds the link.csv of an earlier call, which says what its files were; choose another folder.`,
    );
}

function writeOne(path: string, name: string | null, options: DeidentifyOptions) {
  const source = openFile(path);
  try {
    const file = readFcs(source, options.dataset === undefined ? {} : { dataset: options.dataset });
    const hash = createHash('sha256');
    const temporary = join(options.out, 'unnamed.fcs');
    const writer = openFileWriter(temporary);
    let dropped: readonly string[];
    try {
      ({ dropped } = writeDeidentified(source, file, (chunk) => {
        hash.update(chunk);
        writer.write(chunk);
      }));
      writer.commit();
    } catch (error) {
      writer.discard();
      throw error;
    }
    const output = name ?? `${hash.digest('hex').slice(0, 32)}.fcs`;
    renameSync(temporary, join(options.out, output));
    return { output, dropped };
  } finally {
    source.close();
  }
}

interface ManifestName {
  /** Of the file, as the manifest places it: relative to its own folder. */
  readonly path: string;
  readonly name: string;
}

/**
 * The name of a file: of the row that names this very file, else of the only row with its base name. A name that fits several rows, or none,
 * is refused, because another patient's name on a file is worse than no file.
 */
function nameOf(path: string, names: readonly ManifestName[]): string {
  const exact = names.filter((row) => row.path === resolve(path));
  const fitting = exact.length > 0 ? exact : names.filter((row) => basename(row.path) === basename(path));
  if (fitting.length === 1) return fitting[0].name;
  throw new ImmunogateError(
    'E_SAMPLE_INVALID',
    fitting.length === 0
      ? 'The manifest has no row for it.'
      : `The manifest has ${fitting.length} rows for a file of that name; write the paths of its column file relative to the manifest.`,
  );
}

/** Names from a manifest, numbered within subject and visit in its order. */
function namesOf(path: string, study: string): readonly ManifestName[] {
  let rows: readonly Readonly<Record<string, string>>[];
  try {
    rows = parse(readText(path), { columns: true, bom: true, skip_empty_lines: true });
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(`${printable(path)} is not a readable CSV.`, { cause });
  }
  const seen = new Map<string, number>();
  return rows.map(({ file, subject, visit }) => {
    const words = [study, subject, visit];
    if (!file || words.some((word) => !/^[A-Za-z0-9_.-]+$/.test(word)))
      throw new UsageError(
        'The manifest needs file, subject and visit in every row, of letters, digits, _ . and - only.',
      );
    const stem = words.join('-');
    const n = (seen.get(stem) ?? 0) + 1;
    seen.set(stem, n);
    return { path: resolve(dirname(path), file), name: `${stem}-${n}.fcs` };
  });
}
