// immunogate verify-install: does this installation work on this machine? A dated report with versions and hashes; exit 0 or 1.
// Offline; writes only into a folder of its own, which it removes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numericCoreVersion } from '../results/index.ts';
import { exitCodes } from './exit.ts';
import { installationChecks } from './installation-checks.ts';

export async function verifyInstall(software: string, checks = installationChecks): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'immunogate-verify-'));
  const started = performance.now();
  let failed = 0;
  console.log(`${software}, ${new Date().toISOString()}`);
  console.log(
    `Node ${process.version}, ${process.platform} ${process.arch}, numeric core ${numericCoreVersion}, SQLite ${await sqliteVersion()}`,
  );
  try {
    for (const check of checks) {
      try {
        console.log(`ok      ${check.name}: ${await check.run(folder)}`);
      } catch (error) {
        failed++;
        console.log(`FAILED  ${check.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    failed === 0
      ? `All ${checks.length} checks passed in ${seconds} s.`
      : `${failed} of ${checks.length} checks failed: do not use this installation.`,
  );
  return failed === 0 ? exitCodes.done : exitCodes.someRefused;
}

async function sqliteVersion(): Promise<string> {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(':memory:');
  const version =
    db.prepare<[], { readonly v: string }>('SELECT sqlite_version() AS v').get()?.v ?? 'unknown';
  db.close();
  return version;
}
