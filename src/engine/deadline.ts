// A deadline for one piece of work that a busy machine does not shorten: time in which this process got no processor does not count, or a
// sample would be given up, and so be missing from the tables, because others used the machine. Work that hangs without computing is
// given up all the same, after ten times as long; the time in which the whole process was stopped, as on a computer that slept, is no
// part of that.

export interface Deadline {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  /** Must be called when the work has ended. */
  clear(): void;
}

const ticks = 10;
const longestFactor = 10;
/** Ticks after which the next one is late. */
const latest = 5;

/**
 * `milliseconds` of work; `cpuMilliseconds` = processor time of the process so far, all threads. Where it is not known every
 * millisecond counts.
 */
export function startDeadline(
  milliseconds: number,
  cpuMilliseconds: (() => number) | null,
  now: () => number = () => performance.now(),
): Deadline {
  const controller = new AbortController();
  const tick = Math.max(1, milliseconds / ticks);
  let before = { wall: now(), cpu: cpuMilliseconds?.() ?? 0 };
  let worked = 0;
  let waited = 0;
  const timer = setInterval(() => {
    const after = { wall: now(), cpu: cpuMilliseconds?.() ?? 0 };
    // a tick that comes much too late found the process stopped
    const wall = Math.min(after.wall - before.wall, latest * tick);
    worked += cpuMilliseconds === null ? wall : Math.min(wall, after.cpu - before.cpu);
    waited += wall;
    before = after;
    if (worked < milliseconds && waited < longestFactor * milliseconds) return;
    clearInterval(timer);
    controller.abort();
  }, tick);
  return { signal: controller.signal, clear: () => clearInterval(timer) };
}
