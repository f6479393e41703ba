// Files that appear whole or not at all (reliability C-3).
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  makeFolder,
  openFileWriter,
  removeOrphans,
  unwritable,
  writeFileWhole,
} from '../../src/results/node.ts';

const folder = mkdtempSync(join(tmpdir(), 'immunogate-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file written whole', () => {
  it('appears at commit with all its bytes, and not before', () => {
    const path = join(folder, 'a.csv');
    writeFileSync(path, 'old');
    const writer = openFileWriter(path);
    const line = 'é,1\n'.repeat(1000);
    for (let i = 0; i < 100; i++) writer.write(line);
    writer.write(Uint8Array.of(33));
    expect(readFileSync(path, 'utf8')).toBe('old');
    writer.commit();
    writer.discard();
    expect(readFileSync(path, 'utf8')).toBe(`${line.repeat(100)}!`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['a.csv']);
  });

  it('takes bytes as they are at the time of the call', () => {
    const path = join(folder, 'reused.bin');
    const writer = openFileWriter(path);
    const chunk = Uint8Array.of(1);
    for (const value of [1, 2, 3]) {
      chunk[0] = value;
      writer.write(chunk);
    }
    writer.commit();
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
  });

  it('leaves nothing behind when it is given up', () => {
    const path = join(folder, 'never.csv');
    const writer = openFileWriter(path);
    writer.write('x'.repeat(1 << 20));
    writer.discard();
    writer.discard();
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('never'))).toEqual([]);
  });

  it('says why it could not be written, without its path, and cleans up', () => {
    mkdirSync(join(folder, 'in the way'));
    const attempts = [
      () => writeFileWhole(join(folder, 'absent', 'x.csv'), 'x'),
      () => writeFileWhole(join(folder, 'in the way'), 'x'),
      () => makeFolder(join(folder, 'a.csv', 'below a file')),
    ];
    for (const attempt of attempts) {
      expect(attempt).toThrow(
        expect.objectContaining({
          code: 'E_OUTPUT_UNWRITABLE',
          message: expect.not.stringContaining(folder) as string,
        }) as Error,
      );
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it.runIf(existsSync('/proc/self'))('ends where the system makes no folder', () => {
    expect(() => makeFolder('/proc/no/such')).toThrow(
      expect.objectContaining({ code: 'E_OUTPUT_UNWRITABLE' }) as Error,
    );
  });

  it('is E_DISK_FULL when the disk says so', () => {
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
    expect(unwritable('write', full)).toMatchObject({ code: 'E_DISK_FULL', cause: full });
  });
});

describe('orphans of a killed run', () => {
  it('are removed, everything else stays', () => {
    const place = join(folder, 'orphans');
    mkdirSync(place);
    const kept = ['data.csv', '.hidden', '.note.tmp', 'x.0123456789ab.tmp'];
    for (const name of [...kept, '.populations.csv.0123456789ab.tmp']) writeFileSync(join(place, name), '');
    expect(removeOrphans(place)).toBe(1);
    expect(readdirSync(place).sort()).toEqual([...kept].sort());
    expect(removeOrphans(join(folder, 'absent'))).toBe(0);
  });
});
