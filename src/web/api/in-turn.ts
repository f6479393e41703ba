// A short queue for requests that a page full of small plots would send all at once. Pure scheduling: the lowest place goes first, so that the worst
// samples are there first whatever the order in which they came into sight.
const atOnce = 2;
let running = 0;
const waiting: { readonly place: number; readonly go: () => void }[] = [];

/** Runs the task when fewer than two others are under way and nobody with a lower place waits. */
export async function inTurn<T>(task: () => Promise<T>, place = 0): Promise<T> {
  // others that are asked for in this very moment may come first
  await Promise.resolve();
  if (running >= atOnce) {
    await new Promise<void>((go) => {
      const after = waiting.findIndex((other) => other.place > place);
      waiting.splice(after < 0 ? waiting.length : after, 0, { place, go });
    });
  }
  running++;
  try {
    return await task();
  } finally {
    running--;
    waiting.shift()?.go();
  }
}
