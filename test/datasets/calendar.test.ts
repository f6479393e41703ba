// Day numbers against the calendar of the platform, and texts that are no dates.
import { describe, expect, it } from 'vitest';
import { excelEpoch, sasEpoch } from '../../src/datasets/calendar.ts';
import { daysFromIso, isIsoDate, isoFromDays } from '../../src/study/index.ts';

describe('day numbers', () => {
  it('agree with the platform on every day from 1890 to 2110', () => {
    let checked = 0;
    for (let day = -29220; day < 51135; day++) {
      const iso = new Date(day * 86_400_000).toISOString().slice(0, 10);
      if (daysFromIso(iso) !== day || isoFromDays(day) !== iso)
        expect.fail(`${iso} is day ${daysFromIso(iso)}`);
      checked++;
    }
    expect(checked).toBe(80355);
  });

  it.each(['0001-01-01', '0004-02-29', '1582-10-15', '1600-02-29', '2400-02-29', '9999-12-31'])(
    'agree on %s',
    (iso) => {
      expect(daysFromIso(iso)).toBe(Date.parse(`${iso}T00:00:00Z`) / 86_400_000);
      expect(isoFromDays(daysFromIso(iso))).toBe(iso);
    },
  );

  it('count from the days that SAS and Excel count from', () => {
    expect(daysFromIso('1960-01-01') + sasEpoch).toBe(0);
    expect(daysFromIso('2020-01-01') + sasEpoch).toBe(21915);
    expect(daysFromIso('1900-03-01') + excelEpoch).toBe(61);
  });
});

describe('isIsoDate', () => {
  it.each(['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s is one', (text) =>
    expect(isIsoDate(text)).toBe(true),
  );
  it.each([
    '2023-02-29',
    '1900-02-29',
    '2024-13-01',
    '2024-00-01',
    '2024-04-31',
    '2024-4-1',
    '0000-01-01',
    '2024-01',
    '20240101',
    '2024-01-01T00:00',
    ' 2024-01-01',
    '٢٠٢٤-01-01',
    '',
  ])('"%s" is none', (text) => expect(isIsoDate(text)).toBe(false));
});
