// A study folder on disk: the description, its tables, and the files below it. Nothing outside the folder is ever opened, and no link
// is followed (reliability S-5). Messages name what the study calls things, never where they lie.
import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { createHash } from 'node:crypto';
import { ImmunogateError, issue, type Issue } from '../../errors.ts';
import {
  buildStudy,
  parseDefinition,
  type Study,
  type StudyDefinition,
  type TableName,
} from '../../study/index.ts';
import { shippedTemplates } from '../../template/node.ts';

export interface LoadedStudy {
  /** The folder of the description, with links resolved. */
  readonly root: string;
  /** null: see the errors among `issues`. */
  readonly study: Study | null;
  readonly issues: readonly Issue[];
  /** Every text that was read, by its name within the study, with its SHA-256. */
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
}

/** Names that a description may have where a folder is given. */
const descriptions = ['study.yaml', 'study.yml', 'study.json', 'config.json'];

/** Keys of `tables` in a description, and the table and usual file of each. */
const tableFiles: readonly (readonly [
  key: keyof StudyDefinition['tables'],
  table: TableName,
  usual: string,
])[] = [
  ['samples', 'samples', 'samples.csv'],
  ['subjects', 'adsl', 'adsl.csv'],
  ['cbc', 'cbc', 'cbc.csv'],
  ['tumour', 'tumour', 'tumour.csv'],
  ['local', 'local', 'local.csv'],
  ['ae', 'ae', 'ae.csv'],
  ['immune', 'immune', 'immune.csv'],
  ['params', 'params', 'params.csv'],
];

/** Reads a study: the path of its description, or of the folder that holds one. Throws E_FILE_UNREADABLE when there is none. */
export function loadStudy(path: string): LoadedStudy {
  const described = descriptionOf(path);
  const root = realpathSync(dirname(described));
  const inputs: { name: string; sha256: string }[] = [];
  const read = (name: string, file: string): string => {
    const bytes = readFileSync(file);
    inputs.push({ name, sha256: createHash('sha256').update(bytes).digest('hex') });
    return bytes.toString('utf8');
  };
  const { definition, issues } = parseDefinition(read('study', described));
  if (definition === null) return { root, study: null, issues, inputs };
  const said: Issue[] = [...issues];
  const texts: Partial<Record<TableName, string>> = {};
  for (const [key, table, usual] of tableFiles) {
    const name = definition.tables[key] ?? usual;
    const file = pathUnder(root, name);
    if (file !== null) texts[table] = read(key, file);
    else if (definition.tables[key] !== undefined) {
      said.push(
        issue(
          'E_TABLE_MISSING',
          `The table ${key} is not there: ${name} is no file in the folder of the study.`,
          key,
        ),
      );
    }
  }
  const built = buildStudy(definition, texts);
  return { root, study: built.study, issues: [...said, ...built.issues], inputs };
}

function descriptionOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() === true) return path;
  if (stat?.isDirectory() === true) {
    for (const name of descriptions) if (existsSync(join(path, name))) return join(path, name);
  }
  throw new ImmunogateError(
    'E_FILE_UNREADABLE',
    `There is no study: give its description, or a folder that holds ${descriptions.slice(0, -1).join(', ')} or ${descriptions.at(-1)}.`,
  );
}

/** The file of that name below a resolved folder; null when it is not there, is no file, lies outside or goes through a link. */
export function pathUnder(root: string, name: string): string | null {
  const parts = normalize(name.replaceAll('\\', '/'));
  if (isAbsolute(name) || /^[A-Za-z]:/.test(name) || parts.split(sep).includes('..') || name.includes('\0'))
    return null;
  const path = join(root, parts);
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null;
  return realpathSync(path) === path ? path : null;
}

/** The file of a template: of the study's folder, else one that comes with the program; null when there is none of that name. */
export function templatePath(root: string, name: string): string | null {
  return pathUnder(root, name) ?? (/[\\/]/.test(name) ? null : pathUnder(shippedTemplates, name));
}
