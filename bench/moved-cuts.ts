// What the best cuts could find beside what the rules do. npx tsx bench/moved-cuts.ts --panel P6w --files 12 --seed 5 --populations MMDSC,PMNX [--variant skewed] [--scale 1]
// The tubes are those of bench/recovery.ts with the same options.
import { parseArgs } from 'node:util';
import { median } from '../src/math/index.ts';
import { makeTube, panels, type PanelId } from '../src/simulate/index.ts';
import { controlCuts } from './recovery/controls.ts';
import { gateTube } from './recovery/gate.ts';
import { moveCuts, type MovedCuts } from './recovery/moved-cuts.ts';
import { readTemplate } from './recovery/run.ts';
import { groupsOf } from './recovery/score.ts';
import { enoughEvents } from './recovery/summary.ts';
import { recoveryTubes } from './recovery/tubes.ts';

const { values } = parseArgs({
  options: {
    panel: { type: 'string', default: 'P6w' },
    files: { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    variant: { type: 'string', default: 'normal' },
    scale: { type: 'string' },
    populations: { type: 'string', default: '' },
  },
});
const panel = values.panel as PanelId;
if (!(panel in panels)) throw new RangeError(`There is no panel ${panel}.`);
if (values.variant !== 'normal' && values.variant !== 'skewed')
  throw new RangeError('--variant is normal or skewed.');
const wanted = values.populations.split(',').filter((id) => id !== '');
const template = readTemplate(panel);
const found = new Map<string, MovedCuts[]>(wanted.map((id) => [id, []]));
const tubes = recoveryTubes({
  ...{ panel, files: Number(values.files), seed: values.seed, variant: values.variant },
  ...(values.scale === undefined ? {} : { scale: Number(values.scale) }),
});
for (const scored of tubes) {
  const tube = makeTube(scored.planned);
  const { sample } = scored.planned;
  const { strategy } = gateTube(template, tube, { seed: sample, shared: controlCuts(template, scored) });
  const ask = moveCuts(tube, strategy);
  for (const { id, isLabel } of groupsOf(panel, tube)) {
    const isIt = tube.labels.names.map(isLabel);
    const isTrue = Uint8Array.from(tube.labels.codes, (code) => Number(isIt[code]));
    const paths = strategy.populations.flatMap(({ id: own, path }) => (own === id ? [path] : []));
    if (!wanted.includes(id) || isTrue.reduce((sum, is) => sum + is, 0) < enoughEvents) continue;
    const moved = ask(paths, isTrue);
    found.get(id)?.push(moved);
    process.stderr.write(`${sample} ${id} ${moved.f1.toFixed(3)} ${moved.f1Joint.toFixed(3)}\n`);
  }
}

const heads = ['population', 'tubes', 'gated', 'least', 'best cut alone', 'F1', 'least', 'all cuts', 'least'];
const middle = (f1: readonly number[]) => median(Float64Array.from(f1)).toFixed(3);
const least = (f1: readonly number[]) => Math.min(...f1).toFixed(3);
const rows = [...found].flatMap(([id, tubesOf]) => {
  if (tubesOf.length === 0) return [];
  const markers = [...new Set(tubesOf.flatMap(({ alone }) => alone.map(({ marker }) => marker)))];
  const alone = markers.map((marker) => ({
    marker,
    f1: tubesOf.map(({ f1, alone }) =>
      Math.max(f1, ...alone.filter((cut) => cut.marker === marker).map((cut) => cut.f1)),
    ),
  }));
  const total = (f1: readonly number[]) => f1.reduce((sum, value) => sum + value, 0);
  const best = alone.reduce((most, cut) => (total(cut.f1) > total(most.f1) ? cut : most));
  const gated = tubesOf.map(({ f1 }) => f1);
  const joint = tubesOf.map(({ f1Joint }) => f1Joint);
  return [
    [
      ...[id, String(tubesOf.length), middle(gated), least(gated), best.marker, middle(best.f1)],
      ...[least(best.f1), middle(joint), least(joint)],
    ],
  ];
});
const rule = heads.map((_, at) => (at === 0 || at === 4 ? '---' : '--:'));
process.stdout.write(`${[heads, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`);
