// Adverse-event tables (statistics.md sections 17 and 19): T-AE-1 overview and T-AE-2 by SOC and PT with the worst grade.
// Invariant: a subject counts once a row, at the worst grade; events are counted beside.
import type { AdaeRow } from './adae.ts';
import { rate, type Rate } from './response-table.ts';

export interface AeLine extends Rate {
  readonly events: number;
}

export interface AeOverview {
  readonly anyAe: AeLine;
  readonly anyTeae: AeLine;
  readonly grade3plus: AeLine;
  readonly serious: AeLine;
  readonly related: AeLine;
  readonly relatedGrade3plus: AeLine;
  readonly fatal: AeLine;
}

/** `N` is the denominator: the safety set, or all enrolled subjects for the registered rate. */
export function aeOverview(rows: readonly AdaeRow[], N: number, conf = 0.95): AeOverview {
  const line = (from: readonly AdaeRow[]): AeLine => ({
    ...rate(subjectsOf(from).length, N, conf),
    events: from.length,
  });
  const emergent = rows.filter((row) => row.TRTEMFL === 'Y');
  const severe = (row: AdaeRow): boolean => row.AETOXGR !== null && row.AETOXGR >= 3;
  return {
    anyAe: line(rows),
    anyTeae: line(emergent),
    grade3plus: line(emergent.filter(severe)),
    serious: line(emergent.filter((row) => row.AESER === 'Y')),
    related: line(emergent.filter((row) => row.AEREL === 'Y')),
    relatedGrade3plus: line(emergent.filter((row) => row.AEREL === 'Y' && severe(row))),
    fatal: line(emergent.filter((row) => row.AETOXGR === 5)),
  };
}

export interface AeTermRow {
  readonly level: 'ANY' | 'SOC' | 'PT';
  readonly AEBODSYS: string;
  readonly AEDECOD: string;
  readonly nSubj: number;
  readonly pct: number | null;
  readonly events: number;
  /** Subjects by worst grade. */
  readonly g1: number;
  readonly g2: number;
  readonly g3: number;
  readonly g4: number;
  readonly g5: number;
  readonly gMissing: number;
  readonly g3plus: number;
}

/** Treatment-emergent events: all, then SOCs by subjects descending and name (code points), terms within SOC likewise. */
export function aeByTerm(rows: readonly AdaeRow[], N: number): AeTermRow[] {
  const emergent = rows.filter((row) => row.TRTEMFL === 'Y');
  const socs = ranked(emergent, (row) => row.AEBODSYS).flatMap(([soc, ofSoc]) => [
    termRow('SOC', soc, '', ofSoc, N),
    ...ranked(ofSoc, (row) => row.AEDECOD).map(([term, ofTerm]) => termRow('PT', soc, term, ofTerm, N)),
  ]);
  return [termRow('ANY', '', '', emergent, N), ...socs];
}

function ranked(rows: readonly AdaeRow[], nameOf: (row: AdaeRow) => string): [string, AdaeRow[]][] {
  const groups = new Map<string, AdaeRow[]>();
  for (const row of rows) groups.set(nameOf(row), [...(groups.get(nameOf(row)) ?? []), row]);
  return [...groups].sort(
    ([a, ofA], [b, ofB]) => subjectsOf(ofB).length - subjectsOf(ofA).length || (a < b ? -1 : a > b ? 1 : 0),
  );
}

function termRow(
  level: AeTermRow['level'],
  AEBODSYS: string,
  AEDECOD: string,
  rows: readonly AdaeRow[],
  N: number,
): AeTermRow {
  const worst = subjectsOf(rows).map((subject) =>
    rows.reduce((most, row) => (row.USUBJID === subject ? Math.max(most, row.AETOXGR ?? 0) : most), 0),
  );
  const at = (grade: number): number => worst.filter((value) => value === grade).length;
  return {
    level,
    AEBODSYS,
    AEDECOD,
    nSubj: worst.length,
    pct: N === 0 ? null : (100 * worst.length) / N,
    events: rows.length,
    g1: at(1),
    g2: at(2),
    g3: at(3),
    g4: at(4),
    g5: at(5),
    gMissing: at(0),
    g3plus: worst.filter((value) => value >= 3).length,
  };
}

function subjectsOf(rows: readonly AdaeRow[]): string[] {
  return [...new Set(rows.map((row) => row.USUBJID))];
}
