// Clusters of gated events: three kinds of lymphocytes found without their gates, against the labels of the simulator.
import { describe, expect, it } from 'vitest';
import { clusterPopulation, type ClusterOptions } from '../../src/engine/index.ts';
import { memorySource, readFcs } from '../../src/fcs/index.ts';
import { simulateTube, tubeBytes } from '../../src/simulate/index.ts';
import { gateFile, templateOf } from '../template/gate-file.ts';

const template = templateOf('p1-tbnk');
const tube = simulateTube({ panel: 'P1', seed: 'clusters', scale: 0.4 });
const source = memorySource(tubeBytes(tube));
const file = readFcs(source);
const options: ClusterOptions = {
  population: 'Lymph',
  channels: ['CD3', 'CD19', 'CD16_56'],
  clusters: 3,
  seed: 1,
};

async function clustered(changes: Partial<ClusterOptions> = {}) {
  const assigned: [event: number, cluster: number][] = [];
  const found = await clusterPopulation(
    source,
    file,
    template,
    { ...options, ...changes },
    (event, cluster) => assigned.push([event, cluster]),
  );
  return { found, assigned };
}

describe('clusters of lymphocytes', async () => {
  const { found, assigned } = await clustered();

  it('have every event of the population once, in file order', () => {
    const lymphocytes = gateFile(source, template).members.get('Lymph') ?? new Uint8Array();
    const expected = [...lymphocytes.keys()].filter((e) => lymphocytes[e] === 1);
    expect(assigned.map(([event]) => event)).toEqual(expected);
    expect(found.clusters.reduce((sum, { events }) => sum + events, 0)).toBe(expected.length);
    expect(found.population).toMatch(/leuk\/Lymph$/);
  });

  it('are T, B and NK cells', () => {
    const kinds = [/^(CD4T|CD8T|NKTl|DNT|DPT)$/, /^NK8[nd]$/, /^B$/];
    const labelOf = (event: number) => tube.labels.names[tube.labels.codes[event]];
    for (const kind of kinds) {
      const clusters = assigned.filter(([event]) => kind.test(labelOf(event))).map(([, cluster]) => cluster);
      const sizes = [1, 2, 3].map((c) => clusters.filter((cluster) => cluster === c).length);
      expect(Math.max(...sizes) / clusters.length).toBeGreaterThan(0.97);
    }
    // T cells are most of them: bright in CD3, dark in the others
    const [t] = found.clusters;
    expect(t.centre[0]).toBeGreaterThan(4.5);
    expect(t.centre[1]).toBeLessThan(1.5);
  });

  it('are the same each time', async () => {
    expect(await clustered()).toEqual({ found, assigned });
  });

  it.each([
    [{ population: 'Lymphs' }, 'E_TEMPLATE_REFERENCE'],
    [{ channels: ['CD3', 'CD99'] }, 'E_CHANNEL_MISSING'],
    [{ clusters: 256 }, 'E_INPUT_LIMIT'],
    [{ population: 'DPT', clusters: 200 }, 'TOO_FEW'],
  ])('are refused for %j', async (changes, code) => {
    await expect(clustered(changes)).rejects.toThrowError(expect.objectContaining({ code }) as Error);
  });
});
