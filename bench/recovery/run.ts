// A recovery run: simulate, gate, score, one tube after the other; memory is that of one tube.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeTube, type PanelId } from '../../src/simulate/index.ts';
import { parseTemplate, type GatingTemplate } from '../../src/template/index.ts';
import { controlCuts } from './controls.ts';
import { gateTube } from './gate.ts';
import { scoreTube } from './score.ts';
import type { TubeScores } from './summary.ts';
import { recoveryTubes, type RecoveryOptions } from './tubes.ts';

/** The template that ships for a panel. */
export const templateNames: Readonly<Record<PanelId, string>> = {
  ...{
    P1: 'p1-tbnk',
    P2: 'p2-tex',
    P3: 'p3-bsub',
    P4: 'p4-nkf',
    P5: 'p5-apc',
    P6w: 'p6w-mye',
    P6p: 'p6p-mye',
  },
};

/** Throws with all messages where the file is no template. */
export function readTemplate(panel: PanelId, path: string | null = null): GatingTemplate {
  const url = new URL(`../../gating-templates/${templateNames[panel]}.yaml`, import.meta.url);
  const { template, issues } = parseTemplate(readFileSync(path ?? fileURLToPath(url), 'utf8'));
  if (template === null) throw new Error(issues.map(({ message }) => message).join('\n'));
  return template;
}

export function runRecovery(
  options: RecoveryOptions,
  template: GatingTemplate,
  onTube: (scores: TubeScores) => void = () => undefined,
): readonly TubeScores[] {
  return recoveryTubes(options).map((scored) => {
    const { sample, subject, visit, stimulus } = scored.planned;
    const tube = makeTube(scored.planned);
    const gated = gateTube(template, tube, { seed: sample, shared: controlCuts(template, scored) });
    const scores = {
      sample,
      subject,
      visit,
      stimulus,
      scores: scoreTube(options.panel, tube, gated, sample),
    };
    onTube(scores);
    return scores;
  });
}
