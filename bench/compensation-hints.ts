// How often a wrong matrix is hinted at, and a right one is not (docs/decisions/0016). npx tsx bench/compensation-hints.ts --tubes 60 --seed 3
// Each tube is made twice, with its true matrix and with one whose coefficients are off by 10 to 20 % of themselves.
import { parseArgs } from 'node:util';
import { placeGates } from '../src/engine/index.ts';
import { memorySource, readFcs } from '../src/fcs/index.ts';
import { simulateTube, tubeBytes, type PanelId, type SimulatedTube } from '../src/simulate/index.ts';
import { readTemplate } from './recovery/run.ts';
import { recoveryTubes } from './recovery/tubes.ts';

const panels: readonly PanelId[] = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6w'];
/** Residuals that a hint is meant for. */
const worthAHint = 0.02;

const { values } = parseArgs({
  options: { tubes: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
});
const files = Math.floor(Number(values.tubes) / panels.length);

interface Hint {
  readonly source: string;
  readonly receiver: string;
  readonly isUnder: boolean;
}

function hintsOf(tube: SimulatedTube, panel: PanelId): readonly Hint[] {
  const source = memorySource(tubeBytes(tube));
  const protocol = { kind: 'template', template: readTemplate(panel) } as const;
  const { issues } = placeGates(protocol, source, readFcs(source), { seed: 'hints', shared: null });
  return issues.flatMap(({ code, message, place }) => {
    const bright = /bright in (.+?) (?:seem|lie)/.exec(message)?.[1];
    if (!code.startsWith('W_COMP_') || bright === undefined || typeof place !== 'string') return [];
    return [{ source: bright, receiver: place, isUnder: code === 'W_COMP_UNDER' }];
  });
}

/** True minus written coefficient: positive = too little is subtracted. */
function missing({ trueSpillover, spillover }: SimulatedTube, source: string, receiver: string): number {
  const { detectors } = spillover;
  const at = detectors.indexOf(source) * detectors.length + detectors.indexOf(receiver);
  return trueSpillover.matrix[at] - spillover.matrix[at];
}

let [tubes, hinted, hints, right, alarmed, alarms, largeErrors, largeHinted] = [0, 0, 0, 0, 0, 0, 0, 0];
for (const panel of panels)
  for (const { planned } of recoveryTubes({ panel, files, seed: values.seed, variant: 'normal' })) {
    tubes++;
    const wrong = simulateTube({ ...planned.tube, misset: true });
    const found = hintsOf(wrong, panel);
    hinted += Number(found.length > 0);
    hints += found.length;
    right += found.filter((hint) => {
      const error = missing(wrong, hint.source, hint.receiver);
      return error !== 0 && hint.isUnder === error > 0;
    }).length;
    const { detectors } = wrong.spillover;
    for (const source of detectors)
      for (const receiver of detectors) {
        if (Math.abs(missing(wrong, source, receiver)) < worthAHint) continue;
        largeErrors++;
        largeHinted += Number(found.some((hint) => hint.source === source && hint.receiver === receiver));
      }
    const none = hintsOf(simulateTube({ ...planned.tube, misset: false }), panel);
    alarmed += Number(none.length > 0);
    alarms += none.length;
    process.stderr.write(`${planned.sample}: ${found.length} hints, ${none.length} with the true matrix\n`);
  }
process.stdout.write(
  `${hinted} of ${tubes} tubes with a wrong matrix are hinted at; ${right} of ${hints} hints are right in colours and sign\n` +
    `${largeHinted} of ${largeErrors} coefficients that are off by ${worthAHint} or more have a hint (at most five a tube are said)\n` +
    `${alarmed} of ${tubes} tubes with the true matrix are hinted at, ${alarms} hints\n`,
);
