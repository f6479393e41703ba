// The folder that is served: a study is a folder with a study.yaml below it (or the folder itself), the same that the command line runs.
// Invariant: ids are names of folders that were listed, never paths that were put together from outside; links are not followed.
import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ImmunogateError } from '../errors.ts';
import type { Actor, ResultsStore } from '../results/index.ts';
import { makeFolder, openSqliteStore, storeContext, writeFileWhole } from '../results/node.ts';
import { openStudyLog, type StudyLog } from './study-log.ts';

export interface StudyFolder {
  readonly study: string;
  readonly folder: string;
  readonly log: StudyLog;
}

export interface Workspace {
  /** In order of ids. */
  list(): readonly StudyFolder[];
  /** Throws E_NOT_FOUND. */
  find(study: string): StudyFolder;
  /** Makes a folder with these texts in it. Throws E_CONFLICT when the name is taken. */
  create(study: string, texts: ReadonlyMap<string, string>): StudyFolder;
  /** What happened to the server itself: users, sign-ins. */
  readonly store: ResultsStore;
  readonly system: Actor;
  close(): void;
}

const idForm = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;

/** Opens the folder as its only server. Throws E_STORE_LOCKED while another has it. */
export function openWorkspace(path: string, software: string): Workspace {
  makeFolder(path);
  const root = realpathSync(path);
  const context = storeContext(software);
  const store = openSqliteStore(join(root, '.immunogate', 'server.sqlite'), context);
  const open = new Map<string, StudyFolder>();
  const openFolder = (study: string, folder: string): StudyFolder => {
    const known = open.get(study);
    if (known !== undefined) return known;
    // what an upload or a write of an earlier server left behind
    rmSync(join(folder, 'incoming'), { recursive: true, force: true });
    const made = { study, folder, log: openStudyLog(folder, software) };
    open.set(study, made);
    return made;
  };
  const folders = (): Map<string, string> => {
    const found = new Map<string, string>();
    if (isStudy(root)) found.set(idForm.test(basename(root)) ? basename(root) : 'study', root);
    for (const { name } of readdirSync(root, { withFileTypes: true })) {
      const folder = join(root, name);
      if (idForm.test(name) && lstatSync(folder).isDirectory() && isStudy(folder)) found.set(name, folder);
    }
    return found;
  };
  return {
    store,
    system: context.actor,
    list: () =>
      [...folders()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([study, folder]) => openFolder(study, folder)),
    find(study) {
      const folder = open.get(study)?.folder ?? folders().get(study);
      if (folder === undefined) throw new ImmunogateError('E_NOT_FOUND', 'There is no study of that name.');
      return openFolder(study, folder);
    },
    create(study, texts) {
      const folder = join(root, study);
      if (!idForm.test(study) || existsSync(folder))
        throw new ImmunogateError('E_CONFLICT', `There is a folder ${study} already; choose another name.`);
      mkdirSync(folder, { mode: 0o700 });
      for (const [name, text] of texts) writeFileWhole(join(folder, name), text);
      return openFolder(study, folder);
    },
    close() {
      for (const { log } of open.values()) log.close();
      store.close();
    },
  };
}

function isStudy(folder: string): boolean {
  return lstatSync(join(folder, 'study.yaml'), { throwIfNoEntry: false })?.isFile() === true;
}
