// How well templates find labelled cells. npx tsx bench/recovery.ts --panel P1 --files 60 --seed 7 [--variant skewed] [--misset 0.2] [--scale 1] [--template FILE] [--json]
// Every tube is simulated with all artefacts and a wrong spillover matrix, gated as a study would be, with its control tubes, and compared event by event.
import { parseArgs } from 'node:util';
import { panels, type PanelId } from '../src/simulate/index.ts';
import { f1Of, markdown, summarise } from './recovery/summary.ts';
import { readTemplate, runRecovery } from './recovery/run.ts';

const { values } = parseArgs({
  options: {
    panel: { type: 'string', default: 'P1' },
    files: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    variant: { type: 'string', default: 'normal' },
    scale: { type: 'string' },
    misset: { type: 'string', default: '0.1' },
    template: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const panel = values.panel as PanelId;
const files = Number(values.files);
if (!(panel in panels)) throw new RangeError(`There is no panel ${panel}.`);
if (!(Number.isInteger(files) && files > 0)) throw new RangeError('--files is a whole number above 0.');
if (values.variant !== 'normal' && values.variant !== 'skewed')
  throw new RangeError('--variant is normal or skewed.');

const started = performance.now();
const tubes = runRecovery(
  {
    ...{ panel, files, seed: values.seed, variant: values.variant, misset: Number(values.misset) },
    ...(values.scale === undefined ? {} : { scale: Number(values.scale) }),
  },
  readTemplate(panel, values.template ?? null),
  ({ sample, scores }) => {
    const poor = scores.filter((score) => score.truth >= 50 && f1Of(score) < 0.9);
    const line = poor.map((score) => `${score.population} ${f1Of(score).toFixed(2)}`).join(', ');
    process.stderr.write(`${sample}: ${line}\n`);
  },
);
const rows = summarise(tubes);
if (values.json)
  process.stdout.write(
    `${JSON.stringify({ panel, files, seed: values.seed, variant: values.variant, rows })}\n`,
  );
else process.stdout.write(`${markdown(rows, values.variant)}\n`);
process.stderr.write(`${((performance.now() - started) / 1000 / files).toFixed(1)} s a tube\n`);
