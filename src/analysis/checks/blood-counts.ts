// Blood counts in another unit than 10^9 per litre. Invariant: what is not plausible is taken out, not converted, and said once a count.
import { issue, type Issue } from '../../errors.ts';
import type { BloodCountRecord } from '../../study/index.ts';

const parts = ['NEUT', 'LYM', 'MONO', 'EOS', 'BASO'] as const;

/** Beyond these no blood is: 10^9/L. Leukaemia passes, cells per microlitre and per cent do not. */
const mostWhite = 400;
const leastWhite = 0.02;
const mostPlatelets = 4000;

/** A part may exceed the whole by the error of both. */
const tolerance = 1.1;

export interface CheckedBloodCounts {
  readonly counts: readonly BloodCountRecord[];
  readonly issues: readonly Issue[];
}

export function checkBloodCounts(counts: readonly BloodCountRecord[]): CheckedBloodCounts {
  const issues: Issue[] = [];
  const checked = counts.map((count): BloodCountRecord => {
    const { WBC, PLT, subject, visit } = count;
    const say = (message: string): void =>
      void issues.push(issue('W_CBC_IMPLAUSIBLE', `${subject} ${visit}: ${message}`, `${subject} ${visit}`));
    const white = WBC !== null && (WBC > mostWhite || WBC < leastWhite);
    if (white) {
      say(
        `a WBC of ${WBC} is not possible in 10^9/L${WBC > mostWhite ? ' (per microlitre?)' : ''}; the count is not used.`,
      );
      return { ...count, WBC: null, NEUT: null, LYM: null, MONO: null, EOS: null, BASO: null };
    }
    const tooMany = parts.filter((name) => {
      const value = count[name];
      return value !== null && (value < 0 || value > (WBC === null ? mostWhite : tolerance * WBC));
    });
    const plates = PLT !== null && (PLT < 0 || PLT > mostPlatelets);
    const wrong = [...tooMany, ...(plates ? (['PLT'] as const) : [])];
    if (wrong.length === 0) return count;
    say(`${wrong.join(', ')} cannot be in 10^9/L beside a WBC of ${WBC ?? 'unknown size'}; not used.`);
    return { ...count, ...Object.fromEntries(wrong.map((name) => [name, null])) };
  });
  return { counts: checked, issues };
}
