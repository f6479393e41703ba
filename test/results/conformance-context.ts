// The surroundings that store tests hand in: a fixed actor, a real hash and a clock that is no help.
import { createHash } from 'node:crypto';
import type { StoreContext } from '../../src/results/index.ts';

/** A clock that runs backwards: stores may record it, never order by it (reliability C-7). */
export function testContext(): StoreContext {
  let now = Date.UTC(2026, 0, 5, 10, 0, 0);
  return {
    sha256: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
    utc: () => new Date((now -= 1000)).toISOString(),
    actor: { system: 'tester', stated: null, knownBy: 'system' },
    software: 'immunogate 0.1.0',
  };
}
