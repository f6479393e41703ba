// What a run leaves in its output folder besides the gating: the tables as CSV, the database, the issues, the dictionary, the manifest.
// Invariant: bytes depend on the results alone; every file appears whole or not at all.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { StudyResults } from '../../analysis/index.ts';
import {
  csvText,
  dataDictionary,
  defineJson,
  fileEndings,
  manifestJson,
  studyDatasets,
  writeDataset,
  xlsxBytes,
  type NamedDataset,
  type TableFormat,
} from '../../datasets/index.ts';
import { ImmunogateError, issue, type Issue } from '../../errors.ts';
import {
  canonicalJson,
  headerLine,
  issueColumns,
  issueLines,
  numericCoreVersion,
} from '../../results/index.ts';
import { buildReport, reportText, type ReportInput } from '../../report/index.ts';
import { makeFolder, sha256, writeFileWhole } from '../../results/node.ts';
import { writeDatabase } from '../database/node.ts';

export interface WrittenStudy {
  readonly tables: readonly NamedDataset[];
  /** Names of the files, relative to the output folder. */
  readonly files: readonly string[];
}

export interface WriteContext {
  readonly software: string;
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
  readonly auditHead: string | null;
  readonly report: ReportInput;
}

/** Writes all tables of a study. Throws E_DISK_FULL or E_OUTPUT_UNWRITABLE. */
export function writeStudyTables(out: string, results: StudyResults, context: WriteContext): WrittenStudy {
  makeFolder(out);
  const tables = studyDatasets(results);
  const outputs: {
    file: string;
    sha256: string;
    bytes: number;
    dataset: string | null;
    rows: number | null;
  }[] = [];
  const write = (file: string, text: string, named: NamedDataset | null = null): void => {
    const bytes = Buffer.from(text, 'utf8');
    writeFileWhole(join(out, file), bytes);
    outputs.push({
      file,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.byteLength,
      dataset: named?.dataset.name ?? null,
      rows: named?.dataset.rows.length ?? null,
    });
  };
  for (const table of tables) write(`${table.file}.csv`, csvText(table.dataset), table);
  const definitions = tables.map(({ dataset }) => dataset);
  write('dictionary.csv', csvText(dataDictionary(definitions)));
  write('define.json', defineJson(definitions));
  write('issues.csv', issuesText(results));
  write('report.html', buildReport(context.report).html);
  write('report.json', reportText(context.report));
  writeDatabase(join(out, 'study.sqlite'), tables);
  const manifest = manifestJson({
    toolkit: { version: context.software, numericCore: numericCoreVersion },
    configSha256: sha256(canonicalJson(results.study.definition)),
    inputs: context.inputs,
    seed: 'of each result: its identity',
    outputs,
    warnings: results.findings,
    auditHead: context.auditHead,
    created: null,
  });
  writeFileWhole(join(out, 'manifest.json'), manifest);
  return { tables, files: [...outputs.map(({ file }) => file), 'study.sqlite', 'manifest.json'] };
}

/** Issues of the study first, then those of each sample in order of code units. */
function issuesText({ findings, samples }: StudyResults): string {
  const ordered = [...samples].sort((a, b) => (a.sample.sample < b.sample.sample ? -1 : 1));
  return (
    headerLine(issueColumns) +
    issueLines('', findings) +
    ordered.map(({ sample, issues }) => issueLines(sample.sample, issues)).join('')
  );
}

export interface ExportedTables {
  /** Names relative to the output folder. */
  readonly files: readonly string[];
  /** Tables that the format cannot hold without loss; they are not written. */
  readonly issues: readonly Issue[];
}

/** All tables in one format below `DIR/tables/`: a file a table, for xlsx one workbook. */
export function exportTables(
  out: string,
  tables: readonly NamedDataset[],
  format: TableFormat,
): ExportedTables {
  const folder = join(out, 'tables');
  makeFolder(folder);
  const files: string[] = [];
  const issues: Issue[] = [];
  const write = (name: string, bytes: () => Uint8Array): void => {
    try {
      writeFileWhole(join(folder, name), bytes());
      files.push(`tables/${name}`);
    } catch (error) {
      if (!(error instanceof ImmunogateError) || error.code !== 'E_FORMAT_LIMIT') throw error;
      issues.push(issue('E_FORMAT_LIMIT', error.message, name));
    }
  };
  if (format === 'xlsx') {
    write('study.xlsx', () => xlsxBytes(tables.map(({ dataset }) => dataset)));
    return { files, issues };
  }
  const dictionary = dataDictionary(tables.map(({ dataset }) => dataset));
  for (const { file, dataset } of [...tables, { file: 'define', dataset: dictionary }])
    write(`${file}${fileEndings[format]}`, () => writeDataset(dataset, format));
  return { files, issues };
}
