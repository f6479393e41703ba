// What a person dropped, told apart by name: FCS files, tables of a study, the rest. Pure; the server inspects the bytes.
import type { BodyOf } from '../../../server/index.ts';

export type StudyTable = BodyOf<'importTable'>['table'];
export const studyTables: readonly StudyTable[] = [
  'samples',
  'subjects',
  'cbc',
  'tumour',
  'local',
  'ae',
  'immune',
];

export interface Sorted<F> {
  readonly events: readonly F[];
  readonly tables: readonly { readonly table: StudyTable; readonly file: F }[];
  /** Names of what is neither. */
  readonly other: readonly string[];
}

/** Names that tables of a study also go by. */
const aliases: Readonly<Record<string, StudyTable>> = { adsl: 'subjects' };

/** Tells FCS files, tables of a study (by their name) and the rest apart; order by name. */
export function sortFiles<F extends { readonly name: string }>(files: readonly F[]): Sorted<F> {
  const inOrder = [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const events = inOrder.filter(({ name }) => /\.(fcs|lmd)$/i.test(name));
  const tables = inOrder.flatMap((file) => {
    const [, stem = ''] = /^(.+)\.csv$/.exec(file.name.toLowerCase()) ?? [];
    const table = Object.hasOwn(aliases, stem) ? aliases[stem] : studyTables.find((one) => one === stem);
    return table === undefined ? [] : [{ table, file }];
  });
  const taken = new Set<F>([...events, ...tables.map(({ file }) => file)]);
  return { events, tables, other: inOrder.filter((file) => !taken.has(file)).map(({ name }) => name) };
}
