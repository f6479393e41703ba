// The audit chain (reliability A-2): append-only entries, each sealed by a hash over its predecessor's and its own canonical JSON.
// What changed enters the chain as hashes, so that a body may be redacted later without breaking it. Pure; stores keep the rows.
import { issue, type Issue } from '../errors.ts';
import { canonicalJson } from './canonical.ts';
import type { Sha256 } from './identity.ts';

/** Who acted: the system's account, the name that was stated, and how it is known. */
export interface Actor {
  readonly system: string;
  readonly stated: string | null;
  readonly knownBy: 'system' | 'stated' | 'signed-in';
}

/** What happened. `before` and `after` are plain data; null where there was or is nothing. */
export interface AuditEvent {
  readonly action: string;
  readonly object: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly reason?: string | null;
  /** Default the owner of the store: a server acts for several people. */
  readonly actor?: Actor;
}

export interface AuditEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Wall clock, ISO 8601 with milliseconds and Z; recorded, never used for order. */
  readonly utc: string;
  readonly actor: Actor;
  readonly action: string;
  readonly object: string;
  readonly beforeSha256: string | null;
  readonly afterSha256: string | null;
  readonly reason: string | null;
  readonly software: string;
  readonly previous: string;
  readonly hash: string;
}

/** What the first entry follows. */
export const chainStart = '0'.repeat(64);

export interface AuditContext {
  readonly utc: string;
  readonly actor: Actor;
  readonly software: string;
}

/** The entry that follows `last` (null = the first). */
export function sealEntry(
  last: AuditEntry | null,
  event: AuditEvent,
  context: AuditContext,
  sha256: Sha256,
): AuditEntry {
  const hashOf = (value: unknown): string | null => (value == null ? null : sha256(canonicalJson(value)));
  const body = {
    seq: (last?.seq ?? 0) + 1,
    utc: context.utc,
    actor: event.actor ?? context.actor,
    action: event.action,
    object: event.object,
    beforeSha256: hashOf(event.before),
    afterSha256: hashOf(event.after),
    reason: event.reason ?? null,
    software: context.software,
    previous: last?.hash ?? chainStart,
  };
  return { ...body, hash: sha256(body.previous + canonicalJson(body)) };
}

export const redactedMark = '[redacted]';

/** The stored text of a content with a text taken out of all its words; null where it held none. */
export function redactedText(stored: string, text: string): string | null {
  const without = (words: string): string => words.split(text).join(redactedMark);
  const masked = (value: unknown): unknown => {
    if (typeof value === 'string') return without(value);
    if (Array.isArray(value)) return value.map(masked);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [without(key), masked(inner)]));
  };
  const after = canonicalJson(masked(JSON.parse(stored)));
  return after === stored ? null : after;
}

/** What a redaction puts into the chain: which contents became tombstones, never what they held. */
export function redactionEvent(
  contents: readonly string[],
  { reason, actor }: { readonly reason: string; readonly actor?: Actor },
): AuditEvent {
  return {
    action: 'text redacted',
    object: `${contents.length} ${contents.length === 1 ? 'content' : 'contents'}`,
    after: { contents },
    reason,
    ...(actor === undefined ? {} : { actor }),
  };
}

/** Says which entries were altered, removed or reordered; empty when the chain holds. A cut end shows only against a known head. */
export function verifyChain(entries: readonly AuditEntry[], sha256: Sha256): Issue[] {
  const issues: Issue[] = [];
  let previous = chainStart;
  entries.forEach((entry, i) => {
    const { hash, ...body } = entry;
    const fault =
      entry.seq !== i + 1
        ? `entry ${i + 1} is missing or out of order`
        : entry.previous !== previous
          ? `entry ${entry.seq} does not follow the one before it`
          : sha256(entry.previous + canonicalJson(body)) !== hash
            ? `entry ${entry.seq} was altered`
            : null;
    if (fault !== null)
      issues.push(issue('E_STORE_CORRUPT', `The audit trail is broken: ${fault}.`, `audit ${i + 1}`));
    previous = hash;
  });
  return issues;
}
