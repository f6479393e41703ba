// Files on disk: beyond 4 GiB (sparse, so cheap), and what cannot be opened or shrinks meanwhile.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { composeHead, openEventBlocks, readFcs } from '../../src/fcs/index.ts';
import { openFile } from '../../src/fcs/node.ts';
import { buildFcs, defaultKeywords, defaultRows, floats } from './build.ts';

const folder = mkdtempSync(join(tmpdir(), 'fcs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const offsetKeywords = /^\$(BEGIN|END|NEXTDATA)/;

describe('a file of more than 4 GiB', () => {
  it('gives its last events', () => {
    const count = 400_000_000; // x 12 bytes = 4.8 GB
    const keywords = new Map(
      [...defaultKeywords()].filter(([name]) => !offsetKeywords.test(name)).concat([['$TOT', String(count)]]),
    );
    const path = join(folder, 'huge.fcs');
    const head = composeHead('3.1', keywords, count * 12);
    const descriptor = openSync(path, 'w');
    writeSync(descriptor, head);
    ftruncateSync(descriptor, head.length + count * 12);
    writeSync(descriptor, floats(defaultRows), 0, 36, head.length + (count - 3) * 12);
    closeSync(descriptor);
    const source = openFile(path);
    const limited = () => readFcs(source, { limits: { fileBytes: 4 * 2 ** 30 } });
    expect(limited).toThrow(expect.objectContaining({ code: 'E_FCS_LIMIT' }) as Error);
    const file = readFcs(source);
    expect(file.data.eventCount).toBe(count);
    expect(file.findings.filter(({ level }) => level === 'warning')).toEqual([]);
    const blocks = openEventBlocks(source, file, { scaling: 'raw', firstEvent: count - 5 });
    const block = blocks.next();
    expect(block?.first).toBe(count - 5);
    expect([...(block?.rows ?? [])].slice(0, 15)).toEqual([0, 0, 0, 0, 0, 0, ...defaultRows.flat()]);
    expect(blocks.next()).toBeNull();
    source.close();
  });
});

describe('openFile', () => {
  const unreadable = expect.objectContaining({ code: 'E_FILE_UNREADABLE' }) as Error;
  it('refuses what is not there or not a file, without naming it', () => {
    expect(() => openFile(join(folder, 'absent-patient.fcs'))).toThrow(unreadable);
    expect(() => openFile(folder)).toThrow(unreadable);
    try {
      openFile(join(folder, 'absent-patient.fcs'));
    } catch (error) {
      expect(String(error)).not.toContain('absent-patient');
    }
  });
  it('says what it is instead, and does not wait for the writer of a pipe', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(() => openFile(pipe)).toThrow(/not a regular file/);
    expect(() => openFile(folder)).toThrow(/is a folder/);
    expect(() => openFile(join(folder, 'absent.fcs'))).toThrow(/no such file or folder \(ENOENT\)/);
  });
  it('says so when the file shrinks or is closed', () => {
    const path = join(folder, 'shrinking.fcs');
    writeFileSync(path, buildFcs());
    const source = openFile(path);
    const file = readFcs(source);
    truncateSync(path, file.data.begin + 10);
    expect(() => openEventBlocks(source, file, { scaling: 'raw' }).next()).toThrow(unreadable);
    source.close();
    expect(() => source.read(0, 10, new Uint8Array(10))).toThrow(unreadable);
  });
});
