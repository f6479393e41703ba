// The main job on a simulated study of three patients: the same tables for any number of workers, after a stop, after kill -9; and a study
// that is broken on purpose in nine ways, whose other values stay as they were.
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImmunogateError } from '../../src/errors.ts';
import { fcsBytes } from '../../src/fcs/index.ts';
import { openStore } from '../../src/engine/node.ts';
import { reproduceSamples, runStudy, type RunReport } from '../../src/run/node.ts';
import { makeTube, simulateStudy } from '../../src/simulate/index.ts';
import { writeStudy } from '../../src/simulate/node.ts';
import { tubeBytes } from '../../src/simulate/tube.ts';
import { startCli } from '../cli/run-cli.ts';
import { readRows, temporaryFolder } from './study-folder.ts';

const folder = temporaryFolder('study');
const at = (...parts: string[]) => join(folder.path, ...parts);
const whole = simulateStudy({ id: 'SIM', subjects: 3, visits: 3, seed: 1, panels: ['P1'] });
/** A third of the usual events: enough for every gate, and quick. */
const planned = {
  ...whole,
  tubes: whole.tubes.map((entry) => ({ ...entry, tube: { ...entry.tube, scale: 0.35 } })),
};
const software = 'immunogate test';

beforeAll(() => writeStudy(planned, at('study')), 600_000);
afterAll(() => folder.remove());

/** Every file that a run wrote but those that say when and how: manifest and provenance hold the head of the audit chain. */
function written(out: string): Record<string, string> {
  const names = readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('.immunogate'))
    .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1));
  const told = names.filter((name) => !['manifest.json', 'provenance.json'].includes(name));
  return Object.fromEntries(
    told.sort().map((name) => [name, readFileSync(join(out, name)).toString('latin1')]),
  );
}

describe('the same bytes', () => {
  let wanted: Record<string, string>;
  let first: RunReport;
  beforeAll(async () => {
    first = await runStudy({ study: at('study'), out: at('one'), software, workers: 1 });
    wanted = written(at('one'));
  }, 600_000);

  it('every table is there, and every tube was gated', () => {
    expect(first.gated).toBe(9);
    expect(Object.keys(wanted)).toEqual(
      expect.arrayContaining(['adim.csv', 'comparisons.csv', 'endpoints.csv', 'report.html', 'study.sqlite']),
    );
    expect(first.results.findings.filter(({ level }) => level === 'error')).toEqual([]);
    const counts = readRows(at('one'), 'endpoints.csv').filter(({ paramcd }) => paramcd === 'CD4ABS');
    expect(counts.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => 'OK'));
  });

  it('under two workers, and again in the same folder', async () => {
    await runStudy({ study: at('study', 'study.yaml'), out: at('two'), software, workers: 2 });
    expect(written(at('two'))).toEqual(wanted);
    const again = await runStudy({ study: at('study'), out: at('two'), software, workers: 2, resume: true });
    expect(again.reused).toBe(9);
    expect(written(at('two'))).toEqual(wanted);
  }, 600_000);

  it('after a stop and the same run again', async () => {
    const stop = new AbortController();
    const stopped = runStudy({
      ...{ study: at('study'), out: at('stopped'), software, workers: 1, signal: stop.signal },
      onProgress: (progress) => {
        if (progress.stage === 'gating' && progress.gating.done >= 2) stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'E_CANCELLED' });
    expect(existsSync(at('stopped', 'adim.csv'))).toBe(false);
    const again = await runStudy({ study: at('study'), out: at('stopped'), software });
    expect(again.reused).toBeGreaterThanOrEqual(2);
    expect(written(at('stopped'))).toEqual(wanted);
  }, 600_000);

  it('after kill -9 and the same run again', async () => {
    const { child, finished } = startCli(['run', at('study'), '--out', at('killed'), '--workers', '1']);
    while (!existsSync(at('killed', '.immunogate', 'run.sqlite')) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill('SIGKILL');
    await finished;
    await runStudy({ study: at('study'), out: at('killed'), software });
    expect(written(at('killed'))).toEqual(wanted);
  }, 600_000);

  it('while the next run that waited for the store has it already', async () => {
    let next: ReturnType<typeof openStore> | null = null;
    const report = await runStudy({
      ...{ study: at('study'), out: at('two'), software },
      onProgress: ({ stage }) => {
        if (stage === 'analysing') next = openStore(at('two'), software);
      },
    });
    next!.close();
    expect(report.reused).toBe(9);
    expect(written(at('two'))).toEqual(wanted);
  }, 600_000);

  it('made once more: a sample is identical, or what differs is named, and the folder stays as it is', async () => {
    const { sample } = planned.tubes[0];
    const ask = { study: at('study'), out: at('one'), software, samples: [sample] };
    const before = written(at('one'));
    const [same] = await reproduceSamples(ask);
    expect(same).toMatchObject({ sample, outcome: 'identical', differences: [] });
    const db = new Database(join(at('one'), '.immunogate', 'run.sqlite'));
    const change = (from: string, to: string) =>
      db
        .prepare('UPDATE results SET body = replace(body, ?, ?) WHERE resultId = ?')
        .run(from, to, `${same.resultId}`);
    db.exec('DROP TRIGGER results_no_update');
    change('"readOptions":{},', '');
    const [older] = await reproduceSamples(ask);
    expect(older).toMatchObject({ outcome: 'otherForm', differences: [{ place: 'provenance.readOptions' }] });
    change('"eventCount":', '"eventCount":1');
    const [other] = await reproduceSamples(ask);
    expect(other.outcome).toBe('different');
    expect(other.differences.map(({ place }) => place)).toEqual(['eventCount', 'provenance.readOptions']);
    change('"eventCount":1', '"eventCount":');
    db.close();
    await expect(reproduceSamples({ ...ask, samples: ['nobody'] })).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
    expect(written(at('one'))).toEqual(before);
    const { code, stdout } = await startCli([
      'reproduce',
      at('study'),
      '--out',
      at('one'),
      '--sample',
      sample,
    ]).finished;
    expect([code, stdout]).toEqual([0, expect.stringContaining('of another version of the program')]);
  }, 600_000);

  it('refuses to go on with what was never begun, and a folder without a study', async () => {
    const nothing = runStudy({ study: at('study'), out: at('never'), software, resume: true });
    await expect(nothing).rejects.toMatchObject({ code: 'E_STUDY_INVALID' });
    await expect(runStudy({ study: folder.path, out: at('never'), software })).rejects.toMatchObject({
      code: 'E_FILE_UNREADABLE',
    });
  });
});

describe('a broken study', () => {
  const tube = (subject: number, visit: number) =>
    planned.tubes.find((entry) => entry.subject === `SIM-00${subject}` && entry.visit === `V${visit}`)!;
  const study = at('broken');
  const nameOf = (subject: number, visit: number) => tube(subject, visit).sample;
  let report: RunReport;

  beforeAll(async () => {
    cpSync(at('study'), study, { recursive: true });
    const edit = (file: string, change: (text: string) => string) =>
      writeFileSync(join(study, file), change(readFileSync(join(study, file), 'utf8')));
    const fileOf = (subject: number, visit: number) => join(study, tube(subject, visit).file);
    // a file that never came, a tube that the manifest lacks, two files exchanged, one file under two names
    rmSync(fileOf(1, 0));
    edit('samples.csv', (text) =>
      text
        .split('\n')
        .filter((line) => !line.includes(nameOf(1, 1)))
        .join('\n'),
    );
    const [a, b] = [fileOf(2, 1), fileOf(3, 1)];
    copyFileSync(a, join(study, 'x'));
    copyFileSync(b, a);
    copyFileSync(join(study, 'x'), b);
    // a visit that occurs twice, from other events of the same blood
    const again = tube(3, 2);
    writeFileSync(
      join(study, 'fcs', 'again.fcs'),
      tubeBytes(makeTube({ ...again, tube: { ...again.tube, seed: 'x' } })),
    );
    edit('samples.csv', (text) => {
      const line = text.split('\n').find((row) => row.includes(again.sample))!;
      return `${text.trimEnd()}\n${line.replace(again.file, 'fcs/again.fcs').replace(again.sample, 'again')}\n`;
    });
    // a blood count in cells per microlitre
    edit('cbc.csv', (text) =>
      text.replace(
        /^(SIM-002,V2,[^,]*),(\d+\.\d+)/m,
        (_, head: string, wbc: string) => `${head},${Number(wbc) * 1000}`,
      ),
    );
    // a matrix without an inverse, a marker that no stain names, no events at all
    const singular = makeTube(tube(1, 2));
    const matrix = new Float64Array(singular.spillover.matrix.length).fill(1);
    writeFileSync(fileOf(1, 2), tubeBytes({ ...singular, spillover: { ...singular.spillover, matrix } }));
    const nameless = tube(2, 2);
    writeFileSync(
      fileOf(2, 2),
      tubeBytes(makeTube({ ...nameless, tube: { ...nameless.tube, stains: 'blank' } })),
    );
    const empty = makeTube(tube(3, 0));
    const none = { ...empty.events, count: 0, columns: empty.events.columns.map(() => new Float64Array(0)) };
    writeFileSync(fileOf(3, 0), fcsBytes(none, { spillover: empty.spillover, keywords: empty.keywords }));
    report = await runStudy({ study, out: at('broken-out'), software });
  }, 600_000);

  it('refuses three tubes, each with one error that says why', () => {
    const refused = report.results.samples.filter(({ state }) => state === 'refused');
    const errors = refused.map(({ sample, issues }) => [
      sample.sample,
      issues.filter(({ level }) => level === 'error').map(({ code }) => code),
    ]);
    expect(errors).toEqual([
      [nameOf(1, 0), ['E_FILE_UNREADABLE']],
      [nameOf(1, 2), [expect.stringMatching(/^E_COMP_/)]],
      [nameOf(2, 2), ['E_CHANNEL_MISSING']],
    ]);
  });

  it('says each problem of the study once', () => {
    const { findings } = report.results;
    const of = (code: string) =>
      findings.filter((found) => found.code === code).map(({ message }) => message);
    expect(of('W_TUBE_MISSING')).toEqual(['SIM-001 has no tubes at V1.']);
    expect(of('W_TUBE_REPEATED')).toEqual([
      expect.stringMatching(/^SIM-003 has more than one P1 stained .* at V2/),
    ]);
    expect(of('W_CBC_IMPLAUSIBLE')).toEqual([expect.stringMatching(/^SIM-002 V2: a WBC of \d+/)]);
    expect(of('W_SAMPLE_SWAPPED')).toEqual([
      expect.stringMatching(new RegExp(`${nameOf(2, 1)} and ${nameOf(3, 1)} seem to be swapped`)),
    ]);
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('gives a file without events no value and no zero', () => {
    const empty = report.results.endpoints.filter(({ sources }) => sources[0]?.sample === nameOf(3, 0));
    expect(empty.length).toBeGreaterThan(10);
    // that nothing was acquired is a fact of quality: no beads, no blood
    for (const { value, status, reason } of empty.filter(({ paramcd }) => !paramcd.startsWith('QC'))) {
      expect([value, status]).toEqual([null, 'NE']);
      expect(reason).toMatch(/\w/);
    }
  });

  it('leaves every other value as it was', () => {
    const key = (row: Record<string, string>) => `${row['specimen']} ${row['panel']} ${row['paramcd']}`;
    const before = new Map(readRows(at('one'), 'endpoints.csv').map((row) => [key(row), row]));
    const touched = [
      'SIM-001_V0',
      'SIM-001_V1',
      'SIM-001_V2',
      'SIM-002_V1',
      'SIM-002_V2',
      'SIM-003_V0',
      'SIM-003_V1',
      'SIM-003_V2_2',
    ];
    const rest = readRows(at('broken-out'), 'endpoints.csv').filter(
      ({ specimen }) => !touched.includes(specimen),
    );
    expect(rest.length).toBeGreaterThan(30);
    for (const row of rest) expect(row).toEqual(before.get(key(row)));
  });

  it('writes every table, and a repeated tube as an average', () => {
    const tables = Object.keys(written(at('one'))).filter((name) => /^[a-z_]+\.csv$/.test(name));
    expect(readdirSync(at('broken-out'))).toEqual(expect.arrayContaining(tables));
    const averaged = readRows(at('broken-out'), 'adim.csv').filter(({ DTYPE }) => DTYPE === 'AVERAGE');
    expect(new Set(averaged.map(({ USUBJID, AVISITN }) => `${USUBJID} ${AVISITN}`))).toEqual(
      new Set(['SIM-003 2']),
    );
    expect(averaged.map(({ PARAMCD }) => PARAMCD)).toContain('CD4ABS');
  });
});

it('an error of the description ends the run with its line', async () => {
  writeFileSync(at('bad.yaml'), 'windows:\n  - { n: 0, label: B, phase: BEFORE, target: -1, lo: -28 }\n');
  const error = await runStudy({ study: at('bad.yaml'), out: at('bad'), software }).catch(
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(ImmunogateError);
  expect((error as ImmunogateError).message).toMatch(/line 2: windows\.0\.phase/);
});
