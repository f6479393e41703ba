// Words and numbers of figures against hand-made cases.
import { describe, expect, it } from 'vitest';
import {
  estimateText,
  fromTo,
  parameterText,
  ratioText,
  signedInterval,
  signedText,
  textWidth,
  tickText,
  wrapped,
} from '../../src/report/lettering.ts';

describe('numbers', () => {
  it.each([
    [null, 'NE'],
    [0.75, '0.75'],
    [0.005, '0.01'],
    [0.0049, '<0.01'],
    [999, '999.00'],
    [1623422359367.83, '>999'],
  ])('the ratio %s is %s', (value, text) => expect(ratioText(value)).toBe(text));

  it('have a sign and a real minus; zero has none', () => {
    expect([1.25, -1.25, 0, -0.001].map((value) => signedText(value, 2))).toEqual([
      '+1.25',
      '−1.25',
      '0.00',
      '0.00',
    ]);
  });

  it('with their interval have one form for decimals, ratios and signs', () => {
    expect(estimateText([-0.314, null, 1.005], 2)).toBe('−0.31 (NE, 1.01)');
    expect(estimateText([0.001, 2, 1e6], ratioText)).toBe('<0.01 (2.00, >999)');
    expect(estimateText([3, -1, 7], (value) => signedText(value, 0))).toBe('+3 (−1, +7)');
  });

  it('of an interval lose decimals before they lose a digit', () => {
    const limits = [-880.5, 1181.25] as const;
    expect(signedInterval(limits, 3, 1000)).toBe('(−880.500, +1181.250)');
    expect(signedInterval(limits, 3, textWidth('(−880.5, +1181.3)', 11))).toBe('(−880.5, +1181.3)');
    expect(signedInterval(limits, 3, 10)).toBe('(−881, +1181)');
    expect(signedInterval([null, 2], 1, 100)).toBe('(NE, +2.0)');
  });

  it('of ticks and ranges are as short as they can be', () => {
    expect([0.05, 12500, -3].map(tickText)).toEqual(['0.05', '12\u202f500', '−3']);
    expect([fromTo([3, 1, 2]), fromTo([4, 4]), fromTo([1, 2], (n) => `v${n}`)]).toEqual([
      '1 to 3',
      '4',
      'v1 to v2',
    ]);
  });
});

describe('names', () => {
  it('are broken at spaces and after hyphens and slashes, and cut at the last line only', () => {
    const name = 'Systemic Immune-Inflammation Index';
    const narrow = textWidth('Immune-Inflammation', 11);
    expect(wrapped(name, 1000, 11)).toEqual([name]);
    expect(wrapped(name, narrow, 11)).toEqual(['Systemic Immune-', 'Inflammation Index']);
    expect(wrapped(name, textWidth('Systemic', 11), 11)).toEqual(['Systemic', expect.stringMatching(/…$/)]);
    expect(wrapped('Nonbreaking'.repeat(4), 60, 11)).toEqual([expect.stringMatching(/^Nonbr.*…$/)]);
  });

  it('are parted from their units', () => {
    expect(parameterText('CD4+ T Cells (cells/uL)')).toEqual({ name: 'CD4+ T Cells', unit: 'cells/µL' });
    expect(parameterText('CD4/CD8 Ratio')).toEqual({ name: 'CD4/CD8 Ratio', unit: 'ratio' });
  });
});
