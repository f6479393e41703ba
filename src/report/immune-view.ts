// The immune side of a study as figures and tables need it: the plain tables, an index of the analysed rows, words and units.
// Invariant: only the records marked as analysed (ANL01FL) of the analysis set are found, at most one a subject, parameter and visit; a shift
// has limits only where they reach the level.
import type { AdimRow, MeasuredPair, VisitComparison, VisitWindow } from '../endpoints/index.ts';
import { parameterText } from './lettering.ts';
import type { ImmuneSide, ValueOrigin } from './model.ts';

export interface ImmuneView extends ImmuneSide {
  /** The analysed row, if it has a value. */
  readonly valueOf: (parameter: string, visit: number, subject: string) => AnalysedRow | null;
  /** The pairs of a comparison. */
  readonly pairsOf: (parameter: string, visit: number) => readonly MeasuredPair[];
  /** What the value of a row was made from; null: it was measured elsewhere. */
  readonly originOf: (row: Pick<AdimRow, 'SPECID' | 'PARAMCD'>) => ValueOrigin | null;
}

export type AnalysedRow = AdimRow & { readonly AVAL: number };

export function immuneView(side: ImmuneSide): ImmuneView {
  const subjects = new Set(side.subjects);
  const keyOf = (...parts: readonly (string | number)[]): string => JSON.stringify(parts);
  const rows = new Map<string, AnalysedRow>();
  for (const row of side.adim) {
    const { AVAL, AVISITN } = row;
    if (row.ANL01FL === 'Y' && AVAL !== null && AVISITN !== null && subjects.has(row.USUBJID))
      rows.set(keyOf(row.PARAMCD, AVISITN, row.USUBJID), { ...row, AVAL });
  }
  const pairs = new Map<string, MeasuredPair[]>();
  for (const pair of side.pairs) {
    const key = keyOf(pair.PARAMCD, pair.AVISITN);
    const own = pairs.get(key);
    if (own === undefined) pairs.set(key, [pair]);
    else own.push(pair);
  }
  const origins = new Map(side.origins.map((origin) => [keyOf(origin.SPECID, origin.PARAMCD), origin]));
  return {
    ...side,
    comparisons: side.comparisons.map(withoutRange),
    valueOf: (parameter, visit, subject) => rows.get(keyOf(parameter, visit, subject)) ?? null,
    pairsOf: (parameter, visit) => pairs.get(keyOf(parameter, visit)) ?? [],
    originOf: ({ SPECID, PARAMCD }) => origins.get(keyOf(SPECID, PARAMCD)) ?? null,
  };
}

/** Of too few pairs for the level comparisons.csv has the range of the shifts, with a warning; a page would show it as an interval. */
function withoutRange(cell: VisitComparison): VisitComparison {
  const { hodgesLehmann } = cell;
  return hodgesLehmann.attainable
    ? cell
    : { ...cell, hodgesLehmann: { ...hodgesLehmann, ciLow: null, ciHigh: null } };
}

/** Its baseline is about 0 by its nature, and nothing is shown as a part of it. */
export function isByDifference({ warnings }: { readonly warnings: readonly string[] }): boolean {
  return warnings.includes('DIFFERENCE_ONLY');
}

export interface ParameterView {
  readonly PARAMCD: string;
  readonly name: string;
  /** "ratio" for a ratio, empty where the label names none. */
  readonly unit: string;
  /** Decimals of a collected value. */
  readonly decimals: number;
}

/** The parameters of the study that have any analysed value, in the order of its list. */
export function parametersWithValues(immune: ImmuneView): ParameterView[] {
  return immune.parameters
    .filter(({ PARAMCD }) =>
      immune.windows.some(({ n }) =>
        immune.subjects.some((subject) => immune.valueOf(PARAMCD, n, subject) !== null),
      ),
    )
    .map(({ PARAMCD, PARAM, dec }) => ({ PARAMCD, ...parameterText(PARAM), decimals: dec ?? 2 }));
}

export interface ChosenParameters {
  /** Shown in full, in the order of the choice. */
  readonly key: readonly ParameterView[];
  /** Folded away, in the order of the study. */
  readonly others: readonly ParameterView[];
}

/** Parameters with values, parted by what the study wants to be seen first; without any such choice all are. */
export function chosenParameters(immune: ImmuneView): ChosenParameters {
  const views = parametersWithValues(immune);
  const key = immune.key.flatMap((code) => views.filter(({ PARAMCD }) => PARAMCD === code));
  if (key.length === 0) return { key: views, others: [] };
  return { key, others: views.filter((view) => !key.includes(view)) };
}

/** "CD4+ T Cells (cells/µL)". */
export function labelOf({ name, unit }: Pick<ParameterView, 'name' | 'unit'>): string {
  return unit === '' || unit === 'ratio' ? name : `${name} (${unit})`;
}

/** What stands on an axis or in a sentence. */
export function unitOf({ unit }: Pick<ParameterView, 'unit'>): string {
  return unit === '' ? 'value' : unit;
}

export const phaseNames: Readonly<Record<VisitWindow['phase'], string>> = {
  PRE: 'pre',
  DURING: 'during',
  POST: 'post',
};
