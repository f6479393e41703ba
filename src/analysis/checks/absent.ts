// Parameters that no specimen of the study has a value of, for one and the same reason: what was not stained, not what failed in a tube.
import type { EndpointRow } from '../../endpoints/index.ts';
import type { Issue } from '../../errors.ts';
import { groupBy, said } from './manifest.ts';

/** One line a parameter. A panel that was not acquired has no rows; tubes that were not gated are told by their samples, and count for nothing here. */
export function checkAbsent(rows: readonly EndpointRow[]): Issue[] {
  const gated = rows.filter(
    ({ sources }) => sources.length === 0 || sources.some(({ resultId }) => resultId !== null),
  );
  return [...groupBy(gated, ({ paramcd }) => paramcd)].flatMap(([paramcd, own]) => {
    const [{ reason }] = own;
    const isAbsent = own.every((row) => row.status === 'NE' && row.reason === reason);
    if (!isAbsent || reason === null) return [];
    return [said('I_PARAMETER_ABSENT', `${paramcd} has no value in any specimen: ${reason}`, paramcd)];
  });
}
