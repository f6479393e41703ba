// What surrounds a run must not reach its tables: time zone, language, folder, umask, dates of files (reliability D-6), an engine without
// `__proto__` (S-9), a machine without any network (P-5).
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bloodTemplate, writeBlood } from '../engine/blood.ts';

const folder = mkdtempSync(join(tmpdir(), 'immunogate-surroundings-'));
const at = (...names: string[]) => join(folder, ...names);
const command = process.env['IMMUNOGATE_COMMAND'] ?? '';
const names = ['S1.fcs', 'S2.fcs', 'a-b_C.fcs'];

beforeAll(() => {
  writeFileSync(at('blood.yaml'), bloodTemplate);
  names.forEach((name, i) => writeBlood(at(name), i + 1, 3000));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** Where the files lie, and where the command is called. */
  readonly files?: string;
  readonly cwd?: string;
  /** Words before the command. */
  readonly through?: readonly string[];
}

/** Gates all files into a folder of this name and returns its tables. */
function gated(name: string, { env = {}, files = folder, cwd = folder, through = [] }: Surroundings = {}) {
  const call = [process.execPath, command, 'gate', '--template', at('blood.yaml'), '--out', at(name)];
  const words = [...through, ...call, ...names.map((file) => join(files, file))];
  const { status, stderr } = spawnSync(words[0], words.slice(1), {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  const written = [
    ...['populations.csv', 'statistics.csv', 'uncertainty.csv', 'quality.csv', 'issues.csv'],
    ...readdirSync(at(name, 'strategies'))
      .sort()
      .map((file) => join('strategies', file)),
  ];
  return Object.fromEntries(written.map((file) => [file, readFileSync(at(name, file), 'utf8')]));
}

describe('the tables of a run', () => {
  let wanted: Record<string, string> = {};
  beforeAll(() => {
    wanted = gated('plain', { env: { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' } });
    expect(Object.keys(wanted)).toHaveLength(8);
    expect(wanted['populations.csv'].split('\n').length).toBeGreaterThan(10);
  });

  it.each([
    ['Pacific/Kiritimati', 'tr_TR.UTF-8'],
    ['America/St_Johns', 'de_DE.UTF-8'],
  ])('are the same in time zone %s and language %s', (TZ, LANG) => {
    expect(gated(LANG, { env: { TZ, LANG, LC_ALL: LANG } })).toEqual(wanted);
  });

  it('are the same from another folder, of files with other dates, under an open umask; and stay private', () => {
    const files = at('elsewhere', 'Größe µ');
    mkdirSync(files, { recursive: true });
    for (const name of names) {
      copyFileSync(at(name), join(files, name));
      utimesSync(join(files, name), 86_400, 86_400);
    }
    const through = ['sh', '-c', 'umask 000; exec "$@"', 'sh'];
    expect(gated('moved', { files, cwd: files, through })).toEqual(wanted);
    for (const name of ['populations.csv', 'strategies/S1.json', 'provenance.json'])
      expect(statSync(at('moved', name)).mode & 0o777).toBe(0o600);
    expect(statSync(at('moved')).mode & 0o777).toBe(0o700);
  });

  it('hold no folder, host, user or day of the run', () => {
    const said = Object.values(wanted).join('');
    const today = new Date().toISOString().slice(0, 10);
    for (const word of [folder, '.fcs', today]) expect(said).not.toContain(word);
  });

  it('are the same where nothing may touch __proto__', () => {
    const env = { NODE_OPTIONS: '--disable-proto=throw' };
    expect(gated('no-proto', { env })).toEqual(wanted);
  });

  const alone = ['unshare', '--map-root-user', '--net'];
  it.skipIf(spawnSync(alone[0], [...alone.slice(1), 'true']).status !== 0)(
    'need no network (where the system lets a test take it away)',
    () => expect(gated('alone', { through: alone })).toEqual(wanted),
  );
});
