// Command that writes benchmark FCS files: `npx tsx bench/generate.ts --events 1000000 --parameters 24 --seed 1 --out FILE`.
// The benches call the same writer themselves and keep their files in bench/.cache.
import { parseArgs } from 'node:util';
import { writeFcs } from './workload/fcs-file.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    parameters: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
    repeats: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
if (values.out === undefined) throw new Error('say where to write: --out FILE');
writeFcs(values.out, {
  events: Number(values.events),
  parameters: Number(values.parameters),
  seed: Number(values.seed),
  repeats: Number(values.repeats),
});
