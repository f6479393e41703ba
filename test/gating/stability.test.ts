// Unstable stretches of hand-made acquisitions, where every answer is known: a steady stream of 100 events a second with one thing wrong.
import { describe, expect, it } from 'vitest';
import { findUnstable, type Acquisition, type StabilityOptions } from '../../src/gating/stability.ts';
import { createRandom } from '../../src/math/index.ts';

const options: StabilityOptions = { binEvents: 150, mostBins: 500, mads: 6, consecutive: 5 };

interface Trouble {
  /** Part of the events, in [0, 1), that it befalls. */
  readonly from: number;
  readonly to: number;
  /** Factor on the rate; added to every value of the first signal. */
  readonly rate?: number;
  readonly shift?: number;
}

/** 30 000 events; two signals: a mixture of a negative and a positive class, and noise. */
function run(troubles: readonly Trouble[] = [], count = 30_000): Acquisition {
  const random = createRandom('steady');
  const time = new Float64Array(count);
  const mixed = new Float64Array(count);
  const noise = new Float64Array(count);
  let now = 0;
  for (let e = 0; e < count; e++) {
    const befallen = troubles.filter(({ from, to }) => e / count >= from && e / count < to);
    const rate = befallen.reduce((product, trouble) => product * (trouble.rate ?? 1), 100);
    now += (2 * random.next()) / rate;
    time[e] = now;
    const shift = befallen.reduce((sum, trouble) => sum + (trouble.shift ?? 0), 0);
    mixed[e] = (random.next() < 0.5 ? 5 : 0) + 0.5 * random.normal() + shift;
    noise[e] = random.normal();
  }
  return {
    time,
    positions: null,
    signals: [
      { name: 'mixed', values: mixed },
      { name: 'noise', values: noise },
    ],
  };
}

function judged(acquisition: Acquisition, changes: Partial<StabilityOptions> = {}) {
  const found = findUnstable(acquisition, { ...options, ...changes });
  if (typeof found === 'string') throw new Error(found);
  const { time } = acquisition;
  const dropped = Array.from(time, (t) => found.unstable.some(({ from, to }) => t >= from && t < to));
  /** Part of the events between two places that is dropped. */
  const share = (from: number, to: number) => {
    const part = dropped.slice(Math.round(from * time.length), Math.round(to * time.length));
    return part.filter(Boolean).length / part.length;
  };
  return { ...found, share };
}

describe('a steady run', () => {
  it('loses nothing, although half of its events are positive', () => {
    expect(judged(run())).toMatchObject({
      unstable: [],
      bins: 200,
      binEvents: 150,
      unstableBins: 0,
      channel: null,
    });
  });

  it('has at most 500 bins, of more events where the file is long', () => {
    expect(judged(run([], 200_000))).toMatchObject({ bins: 500, binEvents: 400, unstable: [] });
  });

  it('may drift slowly: that is told, not cut out', () => {
    const acquisition = run();
    const values = Float64Array.from(acquisition.signals[1].values, (x, e) => x + e / 30_000);
    const signals = [acquisition.signals[0], { name: 'drifting', values }];
    const found = judged({ ...acquisition, signals });
    expect(found).toMatchObject({ unstable: [], driftChannel: 'drifting' });
    // a normal shifted by two thirds of an SD: P(X < Y) = Phi(0.667 / sqrt 2) = 0.681; ranks move by 0.18, a little less for the slope inside the thirds
    expect(found.drift).toBeGreaterThan(0.14);
    expect(found.drift).toBeLessThan(0.2);
  });
});

describe('what stands out is cut out, and little else', () => {
  it.each([
    ['a clog in the middle', { from: 0.5, to: 0.52, rate: 0.2 }, 'rate'],
    ['a clog at the start', { from: 0, to: 0.03, rate: 0.2 }, 'rate'],
    ['a clog at the end', { from: 0.97, to: 1, rate: 0.2 }, 'rate'],
    ['a burst', { from: 0.3, to: 0.34, rate: 8 }, 'rate'],
    ['a bubble that lowers a colour', { from: 0.7, to: 0.75, shift: -1 }, 'mixed'],
    ['a jump of a colour at the start', { from: 0, to: 0.1, shift: 0.8 }, 'mixed'],
  ])('%s', (_, trouble, by) => {
    const { share, unstable, rateBins, channel } = judged(run([trouble]));
    expect(unstable).toHaveLength(1);
    expect(share(trouble.from, trouble.to)).toBeGreaterThan(0.95);
    expect(share(0, trouble.from) || 0).toBeLessThan(0.01);
    expect(share(trouble.to, 1) || 0).toBeLessThan(0.03);
    expect(by === 'rate' ? rateBins > 0 : channel === by && rateBins === 0).toBe(true);
  });

  it('the ends of the run are open', () => {
    expect(judged(run([{ from: 0, to: 0.03, rate: 0.2 }])).unstable[0].from).toBe(-Infinity);
    expect(judged(run([{ from: 0.97, to: 1, rate: 0.2 }])).unstable[0].to).toBe(Infinity);
  });

  it('four good bins between two bad stretches are not believed, five are', () => {
    // bins of 150 events are 1 / 200 of the run: [80, 84) and [88, 92) leave four, [80, 84) and [89, 93) five
    const two = (second: number) => [
      { from: 80 / 200, to: 84 / 200, rate: 0.2 },
      { from: second / 200, to: (second + 4) / 200, rate: 0.2 },
    ];
    expect(judged(run(two(88))).unstable).toHaveLength(1);
    expect(judged(run(two(89))).unstable).toHaveLength(2);
  });

  it('the rate follows positions where the table is a selection: unseen events are neither lost nor slow', () => {
    const whole = run([], 120_000);
    const seen = Array.from({ length: 120_000 }, (_, e) => e).filter((e) => Math.floor(e / 256) % 4 === 0);
    const of = (values: ArrayLike<number>) => Float64Array.from(seen, (e) => values[e]);
    const selected: Acquisition = {
      time: of(whole.time),
      positions: Float64Array.from(seen),
      signals: whole.signals.map(({ name, values }) => ({ name, values: of(values) })),
    };
    expect(judged(selected)).toMatchObject({ unstable: [], rateBins: 0 });
    // a clog that lies between the runs is seen by the clock
    const clogged = run([{ from: 0.5 + 300 / 120_000, to: 0.5 + 900 / 120_000, rate: 0.1 }], 120_000);
    const found = judged({ ...selected, time: of(clogged.time) });
    expect(found.unstable).toHaveLength(1);
  });
});

describe('Time that cannot be used', () => {
  const steady = run();
  it.each([
    ['stands still', steady.time.map(() => 7), /does not advance/],
    ['begins again', steady.time.map((t, e) => (e < 20_000 ? t : t - 200)), /runs back at event 20001/],
    ['holds no numbers', steady.time.map((t, e) => (e === 3 ? NaN : t)), /event 4 is not a number/],
    ['is too coarse', steady.time.map((t) => Math.floor(t / 20)), /too coarse/],
  ])('%s: said in words', (_, time, message) => {
    expect(findUnstable({ ...steady, time }, options)).toMatch(message);
  });

  it('has too few events: said in words', () => {
    expect(findUnstable(run([], 1499), options)).toMatch(/1499 events are too few .* 1500 are needed/);
    expect(typeof findUnstable(run([], 1500), options)).toBe('object');
  });

  it('steps back a little between lasers: used', () => {
    const time = steady.time.map((t, e) => t - (e % 50 === 0 ? 0.5 : 0));
    expect(judged({ ...steady, time }).unstable).toEqual([]);
  });
});
