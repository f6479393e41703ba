// The tables of a real run as others read them: Dataset-JSON under the schema that CDISC publishes, XPT through haven in R, each cell
// against study.sqlite, which is read by plain SQL.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportTables, readDatabase, runStudy } from '../../src/run/node.ts';
import { simulateStudy } from '../../src/simulate/index.ts';
import { writeStudy } from '../../src/simulate/node.ts';
import { complaints, type Schema } from '../datasets/json-schema.ts';
import { statsTruth, truthJson } from '../datasets/truth.ts';
import { temporaryFolder } from './study-folder.ts';

const folder = temporaryFolder('formats');
const at = (...parts: string[]) => join(folder.path, ...parts);
afterAll(() => folder.remove());

interface Definition {
  readonly name: string;
  readonly variables: readonly {
    readonly name: string;
    readonly sasName?: string;
    readonly type: 'text' | 'integer' | 'float' | 'date' | 'boolean';
  }[];
}
type Value = string | number | null;
interface Table {
  readonly file: string;
  readonly definition: Definition;
  readonly rows: readonly (readonly Value[])[];
}
let tables: Table[] = [];

beforeAll(async () => {
  const whole = simulateStudy({
    id: 'SIM',
    subjects: 2,
    visits: 2,
    seed: 3,
    panels: ['P1', 'P4'],
    scale: 0.1,
  });
  const quick = {
    ...whole,
    tubes: whole.tubes.map((made) => ({ ...made, tube: { ...made.tube, scale: 0.2 } })),
  };
  writeStudy(quick, at('study'));
  await runStudy({ study: at('study'), out: at('out'), software: 'immunogate test', workers: 1 });
  const db = new Database(at('out', 'study.sqlite'), { readonly: true });
  const registered = db.prepare('SELECT file, definition FROM datasets ORDER BY place').all() as {
    file: string;
    definition: string;
  }[];
  tables = registered.map(({ file, definition }) => ({
    file,
    definition: JSON.parse(definition) as Definition,
    rows: db.prepare(`SELECT * FROM "${file}"`).raw().all() as Value[][],
  }));
  db.close();
}, 600_000);

it('the run has values to compare, of both panels', () => {
  const endpoints = tables.find(({ file }) => file === 'endpoints');
  expect(endpoints?.rows.length).toBeGreaterThan(50);
  expect(tables.reduce((sum, { rows }) => sum + rows.length, 0)).toBeGreaterThan(500);
});

describe.skipIf(statsTruth === null)('Dataset-JSON', () => {
  const schema = statsTruth === null ? {} : truthJson<Schema>('public/dataset-json-1.1.schema.json');

  it('is valid under the published schema, and holds every cell of the database', () => {
    const { files, issues } = exportTables(
      at('out'),
      readDatabase(at('out', 'study.sqlite')),
      'dataset-json',
    );
    expect(issues).toEqual([]);
    for (const file of files) {
      const document: unknown = JSON.parse(readFileSync(at('out', file), 'utf8'));
      expect([file, complaints(document, schema, schema)]).toEqual([file, []]);
    }
    for (const { file, definition, rows } of tables) {
      const document = JSON.parse(readFileSync(at('out', 'tables', `${file}.json`), 'utf8')) as {
        records: number;
        columns: { name: string }[];
        rows: (Value | boolean)[][];
      };
      expect(document.records).toBe(rows.length);
      expect(document.columns.map(({ name }) => name)).toEqual(definition.variables.map(({ name }) => name));
      expect(
        document.rows.map((row) => row.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell))),
      ).toEqual(rows);
    }
  });
});

const haven = spawnSync('Rscript', ['-e', 'cat(requireNamespace("haven", quietly = TRUE))'], {
  encoding: 'utf8',
});
const hasHaven = haven.status === 0 && haven.stdout === 'TRUE';

/** Prints every file as JSON lines: names, then rows; numbers as hexadecimal floats, so that no digit is lost on the way. */
const script = `
args <- commandArgs(TRUE)
text <- function(x) paste0('"', gsub('"', '\\\\\\\\"', gsub('\\\\\\\\', '\\\\\\\\\\\\\\\\', x)), '"')
for (path in args) {
  d <- haven::read_xpt(path)
  cat(paste0('["', paste(names(d), collapse = '","'), '"]'), nrow(d), sep = "\\n")
  columns <- lapply(d, function(v) if (is.character(v)) text(v) else ifelse(is.na(v), "null", paste0('"', sprintf("%a", as.numeric(v)), '"')))
  if (nrow(d) > 0) cat(paste0("[", do.call(paste, c(unname(columns), sep = ",")), "]"), sep = "\\n")
}
`;

/** A C99 hexadecimal float as a number; exact. */
function fromHex(text: string): number {
  const found = /^(-?)0x([0-9a-f])\.?([0-9a-f]*)p([+-]\d+)$/.exec(text);
  if (found === null) throw new Error(`not a hexadecimal float: ${text}`);
  const [, sign, whole, digits, exponent] = found;
  const mantissa = Number(BigInt(`0x${whole}${digits}`));
  return (sign === '-' ? -1 : 1) * mantissa * 2 ** (Number(exponent) - 4 * digits.length);
}

describe(
  hasHaven ? 'XPT, read by haven' : 'XPT, read by haven (skipped: no R with the package haven here)',
  () => {
    it.skipIf(!hasHaven)('holds every cell of the database, digit by digit', () => {
      const { issues } = exportTables(at('out'), readDatabase(at('out', 'study.sqlite')), 'xpt');
      expect(issues).toEqual([]);
      writeFileSync(at('read.R'), script);
      const paths = tables.map(({ file }) => at('out', 'tables', `${file}.xpt`));
      expect(readdirSync(at('out', 'tables')).filter((name) => name.endsWith('.xpt'))).toHaveLength(
        paths.length + 1,
      );
      const lines = execFileSync('Rscript', [at('read.R'), ...paths], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      }).split('\n');
      let next = 0;
      for (const { file, definition, rows } of tables) {
        const names = JSON.parse(lines[next++]) as string[];
        const count = Number(lines[next++]);
        const read = lines.slice(next, next + count).map((line) => JSON.parse(line) as (string | null)[]);
        next += count;
        expect([file, count, names.length]).toEqual([file, rows.length, definition.variables.length]);
        const kinds = definition.variables.map(({ type }) => type);
        const expected = rows.map((row) =>
          row.map((cell, c) => {
            if (kinds[c] === 'text') return cell ?? '';
            // days since 1970: haven turns the days of SAS since 1960 into dates of R
            return kinds[c] === 'date' && cell !== null ? Date.parse(String(cell)) / 86_400_000 : cell;
          }),
        );
        const found = read.map((row) =>
          row.map((cell, c) => (kinds[c] === 'text' ? cell : cell === null ? null : fromHex(cell))),
        );
        expect([file, found]).toEqual([file, expected]);
      }
    });
  },
);
