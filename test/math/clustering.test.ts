// k-means: a case by hand, and ml-kmeans from the same centres on simulated clouds.
import { kmeans as peer } from 'ml-kmeans';
import { describe, expect, it } from 'vitest';
import { createRandom, kmeans } from '../../src/math/index.ts';

describe('kmeans', () => {
  it('parts 1, 2, 9, 10, 11 from the centres 1 and 2', () => {
    // step 1: {1}, {2, 9, 10, 11} with mean 8; step 2: {1, 2}, {9, 10, 11}; then nothing moves
    const { centres, labels } = kmeans([Float64Array.of(1, 2, 9, 10, 11)], [[1], [2]]);
    expect(centres).toEqual([[1.5], [10]]);
    expect([...labels]).toEqual([0, 0, 1, 1, 1]);
  });
  it('leaves a centre without points where it is, and gives a tie to the first', () => {
    const { centres, labels } = kmeans([Float64Array.of(0, 2)], [[0], [2], [50]]);
    expect(centres).toEqual([[0], [2], [50]]);
    expect([...labels]).toEqual([0, 1]);
    expect([...kmeans([Float64Array.of(1)], [[0], [2]], { mostSteps: 1 }).labels]).toEqual([0]);
  });
  it.each([1, 2, 3])('agrees with ml-kmeans on four clouds in %i dimensions', (dims) => {
    const random = createRandom(`clouds ${dims}`);
    const points = Array.from({ length: 2000 }, (_, i) =>
      Array.from({ length: dims }, (__, d) => 3 * ((i + d) % 4) + random.normal()),
    );
    const start = points.slice(0, 4);
    const columns = Array.from({ length: dims }, (_, d) => Float64Array.from(points, (point) => point[d]));
    const ours = kmeans(columns, start, { mostSteps: 1000 });
    const theirs = peer(points, 4, {
      initialization: start.map((point) => [...point]),
      maxIterations: 1000,
      tolerance: 0,
    });
    expect([...ours.labels]).toEqual(theirs.clusters);
    ours.centres.forEach((centre, c) =>
      centre.forEach((x, d) => expect(x).toBeCloseTo(theirs.centroids[c][d], 10)),
    );
  });
});
