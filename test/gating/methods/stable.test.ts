// time_ok from bytes to counts: clogs of simulated tubes against the simulator's own record of them, a real file whose green laser was
// warming up, and files whose Time says nothing. The stretches must end as gates that COUNT and Gating-ML understand.
import { describe, expect, it } from 'vitest';
import { readFitSample } from '../../../src/engine/index.ts';
import { labelledChannels } from '../../../src/engine/steps.ts';
import { memorySource, readFcs, type ByteSource } from '../../../src/fcs/index.ts';
import { openFile } from '../../../src/fcs/node.ts';
import { countPopulations, evaluateStrategy, fitPlan } from '../../../src/gating/index.ts';
import { readGatingML, writeGatingML } from '../../../src/interop/index.ts';
import { createRandom } from '../../../src/math/index.ts';
import { drawClog, type Clog } from '../../../src/simulate/artefacts.ts';
import { simulateTube, tubeBytes, type TubeOptions } from '../../../src/simulate/index.ts';
import { bindTemplate, parseTemplate } from '../../../src/template/index.ts';
import { sharedData } from '../../shared-data.ts';

const { template } = parseTemplate(`immunogate: 1
id: stable
version: 1.0.0
title: Stable acquisition
populations:
  - { id: time_ok, parent: root, on: Time, place: [stable, open], optional: as-parent }
`);

function gate(source: ByteSource) {
  const file = readFcs(source);
  if (template === null) throw new Error('the template cannot be read');
  const { plan, issues } = bindTemplate(template, labelledChannels(file), { spillover: file.spillover });
  if (plan === null) throw new Error(issues.map(({ message }) => message).join('; '));
  const { strategy, issues: said } = fitPlan(plan, readFitSample(source, file), { seed: 'time' });
  const { counts } = countPopulations(source, file, strategy, { statistics: [] });
  const whole = readFitSample(source, file, Infinity);
  const members = evaluateStrategy(strategy, whole.table, file.spillover);
  const inside = members.get('time_ok') ?? new Uint8Array();
  const last = strategy.populations.length - 1;
  return { strategy, said, counts, inside, kept: counts[last], fit: strategy.populations[last].fit, file };
}

function tubeOf(options: Omit<TubeOptions, 'panel'>) {
  const tube = simulateTube({ panel: 'P1', scale: 0.4, ...options });
  const { events } = tube;
  const clock = events.columns[events.columns.length - 1];
  // the first draw of the stream of arrivals; the run ends where the simulator says, not at the last event
  const clog = drawClog(
    createRandom(options.seed).fork('arrival'),
    options.artefacts?.clogProbability ?? 0.15,
  );
  const end = Math.max(10, events.count / 2500) / 0.01;
  const isIn = ({ begin, end: to }: Clog, e: number) => clock[e] / end >= begin && clock[e] / end < to;
  return { source: memorySource(tubeBytes(tube)), count: events.count, clog, isIn };
}

describe('time_ok of simulated tubes', () => {
  it.each(['a', 'b', 'c', 'd'])('leaves a clog out, and little else (seed %s)', (seed) => {
    const { source, count, clog, isIn } = tubeOf({ seed, artefacts: { clogProbability: 1 } });
    const { inside, strategy, kept, counts } = gate(source);
    if (clog === null) throw new Error('the simulator made no clog');
    let [clogged, left, steady, lost] = [0, 0, 0, 0];
    for (let e = 0; e < count; e++) {
      if (isIn(clog, e)) {
        clogged++;
        left += 1 - inside[e];
      } else {
        steady++;
        lost += 1 - inside[e];
      }
    }
    expect(clogged).toBeGreaterThan(50);
    expect(left / clogged).toBeGreaterThan(0.85);
    expect(lost / steady).toBeLessThan(0.02);
    expect(strategy.populations.map(({ id }) => id)).toEqual(['time_bad1', 'time_ok']);
    expect(kept).toBe(inside.reduce((sum, member) => sum + member, 0));
    expect((counts[0] ?? 0) + (kept ?? 0)).toBe(count);
  });

  it.each(['e', 'f', 'g'])('keeps all of a tube without a clog (seed %s)', (seed) => {
    const { source, count } = tubeOf({ seed, artefacts: { clogProbability: 0 } });
    const { kept, strategy, fit } = gate(source);
    expect(kept).toBe(count);
    expect(strategy.populations).toMatchObject([{ id: 'time_ok', gate: { kind: 'rectangle' } }]);
    expect(fit).toMatchObject({ status: 'fitted', method: 'stable', evidence: { unstableBins: 0 } });
  });

  it('survives Gating-ML', () => {
    const { source } = tubeOf({ seed: 'a', artefacts: { clogProbability: 1 } });
    const { strategy, kept, file } = gate(source);
    const back = readGatingML(writeGatingML(strategy).text ?? '').strategy;
    if (back === null) throw new Error('the document cannot be read');
    const { counts } = countPopulations(source, file, back, { statistics: [] });
    expect(counts[back.populations.findIndex(({ id }) => id === 'time_ok')]).toBe(kept);
  });
});

describe('time_ok of real files', () => {
  const path = (name: string) => sharedData('data', 'fcs', name);
  const warming = path('bd_lsrii_qc_peacoqc111.fcs');
  it.skipIf(warming === null)('leaves out the time in which the green laser warmed up', () => {
    const { inside, fit } = gate(openFile(warming ?? ''));
    // medians of asinh(x / 150) in bins of 150 events lie 8 to 34 MAD below the others in five detectors of that laser, in bins 1 to 6 only
    const first = inside.indexOf(1);
    expect(first).toBeGreaterThan(5.5 * 151);
    expect(first).toBeLessThan(6.5 * 152);
    expect(inside.subarray(first).includes(0)).toBe(false);
    expect(fit).toMatchObject({ evidence: { stretches: 1, rateBins: 0, channel: 'G780-A' } });
  });

  const settling = path('beckman_cytoflex_s_fcs30.fcs');
  it.skipIf(settling === null)('leaves out the beginning of a run in which all signals were low', () => {
    const { inside, fit } = gate(openFile(settling ?? ''));
    // in bins of 150 of its 36 123 events the medians of ten of the bins 1 to 10 lie more than 6 MAD low, then those of bins 12 and 14
    const first = inside.indexOf(1);
    expect(first).toBeGreaterThan(10 * 150);
    expect(first).toBeLessThan(15 * 151);
    expect(inside.subarray(first).includes(0)).toBe(false);
    expect(fit).toMatchObject({ evidence: { stretches: 1, rateBins: 0 } });
  });

  it.each([
    ['bd_facscanto2_tbnk_6color.fcs', 'fitted', ''],
    ['bd_facscan_fcs20_int16_pne_f2_zero.fcs', 'fitted', ''],
    ['bd_facscanto_float_with_log_pne.fcs', 'fallback', 'too coarse'],
    ['cytof_helios_raw.fcs', 'fallback', 'runs back'],
    ['bd_facsaria_index_sort.fcs', 'fallback', 'too few'],
    ['bd_facscan_fcs20_le_int16.fcs', 'fallback', 'Time'],
  ])('keeps all of %s: %s', (name, status, reason) => {
    const file = path(name);
    if (file === null) return;
    const { inside, fit, said } = gate(openFile(file));
    expect(inside.includes(0)).toBe(false);
    expect(fit.status).toBe(status);
    if (fit.status === 'fallback') {
      expect(fit.reason).toContain(reason);
      expect(said).toMatchObject([{ code: 'W_METHOD_FALLBACK' }]);
    }
  });
});
