// What a person dropped: files, and everything inside folders. Browser only; what a file is follows from its name, the server inspects the bytes.
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

export interface Sorted {
  readonly events: readonly File[];
  readonly tables: readonly { readonly table: StudyTable; readonly file: File }[];
  /** Names of what is neither. */
  readonly other: readonly string[];
}

/** Tells FCS files, tables of a study (by their name) and the rest apart; order by name. */
export function sortFiles(files: readonly File[]): Sorted {
  const inOrder = [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const events = inOrder.filter(({ name }) => /\.(fcs|lmd)$/i.test(name));
  const tables = inOrder.flatMap((file) => {
    const table = studyTables.find((one) => file.name.toLowerCase() === `${one}.csv`);
    return table === undefined ? [] : [{ table, file }];
  });
  const taken = new Set<File>([...events, ...tables.map(({ file }) => file)]);
  return { events, tables, other: inOrder.filter((file) => !taken.has(file)).map(({ name }) => name) };
}

/** Every file of a drop, folders opened. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].flatMap((item) => {
    const entry = item.webkitGetAsEntry();
    return entry === null ? [] : [entry];
  });
  return (await Promise.all(entries.map(filesOf))).flat();
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [
      await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)),
    ];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  for (;;) {
    // readEntries hands out at most a hundred at a time, and an empty list at the end
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.map(filesOf))).flat();
}
