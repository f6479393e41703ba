// Words that every shape of the HTTP interface is made of: ids, paths, issues, who did what when and why.
import { z } from 'zod';

/** An id that is a folder or a path segment: letters, digits, `-`, `_`, `.`, not beginning with a dot. */
export const id = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/);
export const text = z.string().max(255);
export const reason = z.string().trim().min(3).max(2000).describe('why, in the words of the person');
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const utc = z.string().describe('ISO 8601, UTC, milliseconds');
export const count = z.int().min(0);
export const fraction = z.number();
export const path = z.string().min(1).max(4096).describe('ids from the root joined by /');
/** Plain data whose meaning is a type of the product and whose check is not made here. */
export function plain<T>(description: string): z.ZodType<T> {
  return z.unknown().describe(description) as unknown as z.ZodType<T>;
}

export const issue = z
  .object({
    code: z.string(),
    level: z.enum(['info', 'warning', 'error']),
    message: z.string(),
    place: z.string().nullable(),
  })
  .meta({ id: 'Issue' });

/** Body of every answer with a status of 400 or more. */
export const failure = z
  .object({
    error: issue.extend({ issues: z.array(issue).describe('further problems of the same request') }),
  })
  .meta({ id: 'Failure' });

export const person = z.object({
  name: z.string().describe('who acted; the account of the system where nobody signed in'),
  knownBy: z.enum(['system', 'stated', 'signed-in']),
});
export const deed = person.extend({ utc, reason: z.string().nullable() }).meta({ id: 'Deed' });
export const role = z.enum(['viewer', 'analyst', 'approver']);
