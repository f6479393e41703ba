// Progress of a run on stderr: one line that is rewritten, only where stderr is a terminal, at most ten times a second.
import type { Progress } from '../engine/index.ts';
import { grouped } from './text.ts';

export interface ProgressLine {
  show(progress: Progress): void;
  /** A word on what is going on that has no numbers. */
  say(text: string): void;
  /** Takes the line away. */
  end(): void;
}

export function progressLine(stream: NodeJS.WriteStream): ProgressLine {
  if (!stream.isTTY) return { show: () => undefined, say: () => undefined, end: () => undefined };
  let shownAt = -Infinity;
  return {
    show(progress) {
      const now = performance.now();
      if (now - shownAt < 100 && progress.done + progress.refused < progress.samples) return;
      shownAt = now;
      stream.write(`\r\u001b[K${progressText(progress).slice(0, Math.max(20, stream.columns - 1))}`);
    },
    say(text) {
      shownAt = performance.now();
      stream.write(`\r\u001b[K${text}`);
    },
    end() {
      if (shownAt > -Infinity) stream.write('\r\u001b[K');
    },
  };
}

/** `12 of 40 files · 1 refused · 3,100,000 events/s · 14 s left` */
export function progressText({
  samples,
  done,
  refused,
  reused,
  events,
  seconds,
  secondsLeft,
}: Progress): string {
  const parts = [`${done + refused} of ${samples} files`];
  if (reused > 0) parts.push(`${reused} done before`);
  if (refused > 0) parts.push(`${refused} refused`);
  if (events > 0 && seconds > 0) parts.push(`${grouped(Math.round(events / seconds))} events/s`);
  if (secondsLeft !== null && done + refused < samples) parts.push(`${duration(secondsLeft)} left`);
  return parts.join(' · ');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
