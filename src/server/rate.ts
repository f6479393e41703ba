// How many requests one address may make: a bucket that refills (reliability S-11). Enough for a page full of plots and a dragged folder.

export interface RateOptions {
  readonly burst: number;
  readonly perSecond: number;
  /** Monotonic, milliseconds. */
  readonly now: () => number;
}

const mostAddresses = 10_000;

/** Answers whether one more request of that address is allowed. */
export function createRate({ burst, perSecond, now }: RateOptions): (address: string) => boolean {
  const buckets = new Map<string, { left: number; seen: number }>();
  return (address) => {
    if (buckets.size > mostAddresses) buckets.clear();
    const at = now();
    const bucket = buckets.get(address) ?? { left: burst, seen: at };
    bucket.left = Math.min(burst, bucket.left + ((at - bucket.seen) / 1000) * perSecond);
    bucket.seen = at;
    buckets.set(address, bucket);
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  };
}
