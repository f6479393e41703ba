// One line a problem: what the derivations say of every parameter of one specimen or subject is said once, with their number.
import { issue, type Issue, type IssueCode } from '../errors.ts';

/** Codes that a derivation says parameter by parameter, with the parameter as the last word of the place. */
const perParameter: ReadonlySet<IssueCode> = new Set<IssueCode>(['OUT_OF_WINDOW', 'NO_BASELINE']);

/** In order of their first; several of one code, message and place but for the parameter become one. */
export function condensed(issues: readonly Issue[]): Issue[] {
  const groups = new Map<string, Issue[]>();
  for (const found of issues) {
    const { code, message } = found;
    const key = JSON.stringify([code, message, perParameter.has(code) ? placeOf(found) : found.place]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [found]);
    else group.push(found);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    if (group.length === 1 || !perParameter.has(first.code)) return first;
    return issue(first.code, `${first.message} It concerns ${group.length} parameters.`, placeOf(first));
  });
}

function placeOf({ place }: Issue): string {
  return (place ?? '').replace(/ [^ ]*$/, '');
}
