// Immune change of responders against others. Expected numbers by R: wilcox.test(exact = TRUE, conf.int = TRUE), kruskal.test, and DeLong's
// variance by its formula, var(placements of a)/m + var(placements of b)/n.
import { describe, expect, it } from 'vitest';
import { compareResponders, type SubjectResponse } from '../../src/clinical/index.ts';

const subject = (at: number, CBOR: string): SubjectResponse =>
  ({ USUBJID: `S${at}`, CBOR }) as SubjectResponse;
const rows = (of: Readonly<Record<string, readonly number[]>>) => {
  const flat = Object.entries(of).flatMap(([CBOR, ratios]) => ratios.map((ratio) => ({ CBOR, ratio })));
  return {
    responses: flat.map(({ CBOR }, at) => subject(at, CBOR)),
    changes: flat.map(({ ratio }, at) => ({
      USUBJID: `S${at}`,
      R2BASE: ratio,
      CHG: null,
      ADT: '2024-02-01',
    })),
  };
};

describe('responders against others', () => {
  const { responses, changes } = rows({
    CR: [1.9],
    PR: [1.2, 0.9, 1.6, 1.4],
    SD: [0.8, 1.1, 0.7],
    PD: [0.6, 1.3, 0.5],
    NE: [9],
    MISSING: [8],
  });
  const found = compareResponders('CD8ABS', responses, changes);

  it('counts those whose response could be judged, with the numbers of R', () => {
    expect(found).toMatchObject({ nResponders: 5, nOthers: 6, medianResponders: 1.4, medianOthers: 0.75 });
    expect(found.p).toBeCloseTo(0.0303030303030303, 12);
    expect(found.shift).toBeCloseTo(0.6, 10);
    expect(found.shiftLow).toBeCloseTo(0.1, 10);
    expect(found.shiftHigh).toBeCloseTo(1.1, 10);
    expect(found.auc).toBeCloseTo(0.9, 12);
    expect(found.aucLow).toBeCloseTo(0.712917242525929, 8);
    expect(found.pKruskal).toBeCloseTo(0.0880101587960039, 12);
  });

  it('has no interval of the area where the groups do not overlap, and no test where one is empty', () => {
    const apart = rows({ PR: [2, 3, 4], SD: [0.5, 0.6, 0.7] });
    expect(compareResponders('A', apart.responses, apart.changes)).toMatchObject({
      ...{ auc: 1, aucLow: null, aucHigh: null, p: 0.1 },
      // two groups of three reach no 95 %: 2 / choose(6, 3) = 0.1
      ...{ shiftLow: null, pKruskal: null },
    });
    const alone = rows({ PR: [2, 3] });
    expect(compareResponders('A', alone.responses, alone.changes)).toMatchObject({
      ...{ nResponders: 2, nOthers: 0, medianOthers: null, p: null, auc: null, shift: null },
    });
  });

  it('has an area from three subjects a group on; below it says why there is none, and an area of 0 is not none', () => {
    const few = rows({ PR: [0.2], SD: [0.5, 0.6] });
    expect(compareResponders('A', few.responses, few.changes)).toMatchObject({
      ...{ nResponders: 1, nOthers: 2, auc: null, aucLow: null, aucHigh: null },
      aucReason: 'Not evaluable: 1 and 2 subjects, where each group needs 3.',
      // what the subjects were is shown as before, and the exact p of one among three: 2/3
      ...{ medianResponders: 0.2, medianOthers: 0.55, p: 2 / 3 },
    });
    const two = rows({ PR: [0.2, 0.7], SD: [0.5, 0.6, 0.9, 1] });
    expect(compareResponders('A', two.responses, two.changes).auc).toBeNull();
    const three = rows({ PR: [0.2, 0.3, 0.4], SD: [0.5, 0.6, 0.7] });
    expect(compareResponders('A', three.responses, three.changes)).toMatchObject({ auc: 0, aucReason: null });
  });
});
