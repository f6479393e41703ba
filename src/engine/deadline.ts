// A deadline for one piece of work that a busy machine does not shorten: time in which this process got no processor does not count, or a
// sample would be given up, and so be missing from the tables, because others used the machine. Work that hangs without computing is
// given up all the same, after ten times as long.

export interface Deadline {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  /** Must be called when the work has ended. */
  clear(): void;
}

const ticks = 10;
const longestFactor = 10;

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
  const begun = now();
  let before = { wall: begun, cpu: cpuMilliseconds?.() ?? 0 };
  let worked = 0;
  const timer = setInterval(
    () => {
      const after = { wall: now(), cpu: cpuMilliseconds?.() ?? 0 };
      const wall = after.wall - before.wall;
      worked += cpuMilliseconds === null ? wall : Math.min(wall, after.cpu - before.cpu);
      before = after;
      if (worked < milliseconds && after.wall - begun < longestFactor * milliseconds) return;
      clearInterval(timer);
      controller.abort();
    },
    Math.max(1, milliseconds / ticks),
  );
  return { signal: controller.signal, clear: () => clearInterval(timer) };
}
