// Checks and numbers in, rows with verdicts out, and from the rows of a sample its verdict and its place in a list that begins with
// the worst. Pure; whoever counted or measured stands elsewhere.
import type { Measured, QualityCheck, QualityRow, Verdict, Window } from './model.ts';

/** What one sample has to offer to its checks. */
export interface QualityEvidence {
  readonly eventCount: number;
  /** Events of a population by path, over all events; null = not evaluable; a path that is missing does not exist. */
  readonly counts: ReadonlyMap<string, number | null>;
  readonly measured: readonly Measured[];
}

/** One row a check, in the order of the checks. */
export function judgeQuality(checks: readonly QualityCheck[], evidence: QualityEvidence): QualityRow[] {
  return checks.map((check) => judge(check, evidence));
}

function judge(check: QualityCheck, evidence: QualityEvidence): QualityRow {
  const { target, accept, measure } = check;
  const common = { check: check.check, unit: unitOf(check), low: target[0], high: target[1] };
  const found = valueOf(check, evidence);
  if (found.value === null)
    return { ...common, value: null, verdict: 'notEvaluable', reason: `${found.reason}` };
  const { value } = found;
  if (isInside(value, target)) return { ...common, value, verdict: 'ok', reason: null };
  const accepted = accept === null || isInside(value, accept);
  const shown = (x: number) => formatted(x, common.unit);
  const beyond =
    accept === null || sameWindow(accept, target) ? '' : `; accepted is ${windowText(accept, shown)}`;
  return {
    ...common,
    value,
    verdict: accepted ? 'warn' : 'fail',
    reason: `${check.title}: ${shown(value)}${measure.kind === 'count' ? ' events' : ''}; wanted is ${windowText(target, shown)}${beyond}.`,
  };
}

function unitOf({ measure }: QualityCheck): QualityRow['unit'] {
  switch (measure.kind) {
    case 'share':
      return 'fraction';
    case 'count':
      return 'events';
    case 'measured':
      return measure.unit;
  }
}

type Found =
  { readonly value: number; readonly reason: null } | { readonly value: null; readonly reason: string };

function valueOf({ check, measure }: QualityCheck, { counts, eventCount, measured }: QualityEvidence): Found {
  const none = (reason: string) => ({ value: null, reason }) as const;
  const missing = (path: string) =>
    none(`${idOf(path)} ${counts.has(path) ? 'could not be evaluated' : 'is not among the populations'}`);
  switch (measure.kind) {
    case 'share': {
      const whole = measure.of === null ? eventCount : (counts.get(measure.of) ?? null);
      if (whole === null) return missing(measure.of ?? '');
      if (whole === 0) return none(`${measure.of === null ? 'the file' : idOf(measure.of)} has no events`);
      let sum = 0;
      for (const path of measure.populations) {
        const count = counts.get(path) ?? null;
        if (count === null) return missing(path);
        sum += count;
      }
      return { value: sum / whole, reason: null };
    }
    case 'count': {
      const count = counts.get(measure.population) ?? null;
      if (count === null) return missing(measure.population);
      if (count === 0 && measure.absentIsFine) return none(`there are no ${idOf(measure.population)}`);
      return { value: count, reason: null };
    }
    case 'measured': {
      const found = measured.find((one) => one.check === check);
      if (found === undefined) return none('the events were not looked at');
      return found.value === null
        ? none(found.reason ?? 'it could not be measured')
        : { value: found.value, reason: null };
    }
  }
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function isInside(value: number, [low, high]: Window): boolean {
  return value >= (low ?? -Infinity) && value <= (high ?? Infinity);
}

function sameWindow(a: Window, b: Window): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function windowText([low, high]: Window, shown: (x: number) => string): string {
  if (low === null) return high === null ? 'anything' : `at most ${shown(high)}`;
  return high === null ? `at least ${shown(low)}` : `${shown(low)} to ${shown(high)}`;
}

/** A number for a sentence: a fraction as percent, three significant digits where that is not a lie about a limit. */
function formatted(value: number, unit: QualityRow['unit']): string {
  switch (unit) {
    case 'fraction':
      return `${Number((100 * value).toPrecision(4))} %`;
    case 'events':
      return String(value);
    case 'y':
      return String(Number(value.toPrecision(3)));
  }
}

/** From best to worst. */
const gravity: readonly Verdict[] = ['ok', 'notEvaluable', 'warn', 'fail'];

/** The verdict on a sample: the worst of the checks that could be made; `notEvaluable` when none could. */
export function verdictOf(rows: readonly QualityRow[]): Verdict {
  const made = rows.filter(({ verdict }) => verdict !== 'notEvaluable');
  if (made.length === 0) return 'notEvaluable';
  return made.reduce<Verdict>(
    (worst, { verdict }) => (gravity.indexOf(verdict) > gravity.indexOf(worst) ? verdict : worst),
    'ok',
  );
}

/** Why a sample is not `ok`, failures before warnings. */
export function reasonsOf(rows: readonly QualityRow[]): readonly string[] {
  const of = (wanted: Verdict) =>
    rows.flatMap(({ verdict, reason }) => (verdict === wanted && reason !== null ? [reason] : []));
  return [...of('fail'), ...of('warn')];
}

/** Samples for a reader with little time: most failures first, then most warnings, then checks that could not be made, then by name. */
export function worstFirst<S extends { readonly sample: string; readonly quality: readonly QualityRow[] }>(
  samples: readonly S[],
): S[] {
  const numbers = new Map(
    samples.map((one) => [
      one,
      ['fail', 'warn', 'notEvaluable'].map(
        (verdict) => one.quality.filter((row) => row.verdict === verdict).length,
      ),
    ]),
  );
  return [...samples].sort((a, b) => {
    const [left, right] = [numbers.get(a) ?? [], numbers.get(b) ?? []];
    const differing = left.findIndex((count, k) => count !== right[k]);
    if (differing >= 0) return right[differing] - left[differing];
    return a.sample < b.sample ? -1 : a.sample > b.sample ? 1 : 0;
  });
}
