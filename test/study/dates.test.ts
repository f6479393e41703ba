import { describe, expect, it } from 'vitest';
import {
  addDays,
  daysFromIso,
  earliest,
  isIsoDate,
  isPartialIsoDate,
  isoFromDays,
  latest,
  studyDay,
} from '../../src/study/index.ts';

describe('days and dates', () => {
  it('agree with the calendar of the platform over eight centuries', () => {
    for (let day = -200_000; day <= 100_000; day += 37) {
      const iso = new Date(day * 86_400_000).toISOString().slice(0, 10);
      expect(isoFromDays(day)).toBe(iso);
      expect(daysFromIso(iso)).toBe(day);
    }
  });

  it('know leap days', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2023-02-28', 1)).toBe('2023-03-01');
    expect(isIsoDate('2024-02-30')).toBe(false);
    expect(isIsoDate('2024-2-3')).toBe(false);
  });

  it('allow partial dates only where the parts are real', () => {
    expect(['', '2024', '2024-05', '2024-05-31'].map(isPartialIsoDate)).toEqual([true, true, true, true]);
    expect(['2024-13', '2024-05-32', '24', 'May 2024'].map(isPartialIsoDate)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('studyDay', () => {
  it('has no day 0', () => {
    expect(studyDay('2024-01-10', '2024-01-10')).toBe(1);
    expect(studyDay('2024-01-09', '2024-01-10')).toBe(-1);
    expect(studyDay(null, '2024-01-10')).toBeNull();
  });
});

describe('earliest and latest', () => {
  it('skip what is missing', () => {
    expect(earliest(null, '2024-03-01', '2024-01-01')).toBe('2024-01-01');
    expect(latest(null, null)).toBeNull();
  });
});
