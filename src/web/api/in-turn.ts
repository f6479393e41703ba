// A short queue for requests that a page full of small plots would send all at once. Pure scheduling; order is the order of asking.
const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

/** Runs the task when fewer than two others are under way. */
export async function inTurn<T>(task: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await task();
  } finally {
    running--;
    waiting.shift()?.();
  }
}
