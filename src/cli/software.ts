// Which program made a result: name, version, and where it is known the commit and the lock file that it was built from (A-1).
import { existsSync, readFileSync } from 'node:fs';

interface Manifest {
  readonly version: string;
}

interface Build {
  readonly commit: string | null;
  readonly lockfile: string | null;
}

const manifest = read<Manifest>('../../package.json');

export const version = manifest?.version ?? '0';

/** `immunogate 0.1.0 (commit 1a2b3c4, lock 5d6e7f8)`; from the sources without the part in brackets. */
export function softwareName(): string {
  const build = read<Build>('../build.json');
  const parts = [
    ...(build?.commit ? [`commit ${build.commit}`] : []),
    ...(build?.lockfile ? [`lock ${build.lockfile.slice(0, 12)}`] : []),
  ];
  return `immunogate ${version}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
}

function read<T>(name: string): T | null {
  const url = new URL(name, import.meta.url);
  return existsSync(url) ? (JSON.parse(readFileSync(url, 'utf8')) as T) : null;
}
