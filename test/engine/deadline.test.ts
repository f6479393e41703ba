// Deadlines: processor time counts, waiting for a processor does not, hanging ends all the same. Times are made up; nothing waits.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startDeadline } from '../../src/engine/deadline.ts';

/** Whether the deadline of 1000 ms is over after so many milliseconds in which the process computes at `rate`. */
function isOver(milliseconds: number, rate: number | null): boolean {
  const began = Date.now();
  const cpu = rate === null ? null : () => (Date.now() - began) * rate;
  const deadline = startDeadline(1000, cpu, () => Date.now());
  vi.advanceTimersByTime(milliseconds);
  const { aborted } = deadline.signal;
  deadline.clear();
  return aborted;
}

describe('a deadline', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['all time where processor time is not known', null, 1000],
    ['all time while one thread computes', 1, 1000],
    ['no more than time where several threads compute', 4, 1000],
    ['processor time on a machine that gives a quarter', 0.25, 4000],
    ['ten times as long where nothing is computed', 0, 10_000],
  ])('counts %s', (_, rate, end) => {
    expect(isOver(end - 101, rate)).toBe(false);
    expect(isOver(end + 101, rate)).toBe(true);
  });

  it.each([
    ['known', () => 0],
    ['not known', null],
  ] as const)('does not count an hour in which the process was stopped, processor time %s', (_, cpu) => {
    let stopped = 0;
    const deadline = startDeadline(1000, cpu, () => Date.now() + stopped);
    vi.advanceTimersByTime(300);
    stopped = 3_600_000;
    vi.advanceTimersByTime(150);
    expect(deadline.signal.aborted).toBe(false);
    // it goes on as before
    vi.advanceTimersByTime(10_000);
    expect(deadline.signal.aborted).toBe(true);
    deadline.clear();
  });

  it('is never over once cleared', () => {
    const deadline = startDeadline(1000, null, () => Date.now());
    deadline.clear();
    vi.advanceTimersByTime(100_000);
    expect(deadline.signal.aborted).toBe(false);
  });
});
