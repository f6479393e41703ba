// What the control tubes of its study tell a tube's gates. Who is whose control, and how a control is looked at, is decided by the code
// that a study runs through (src/run/companions.ts, surveyTube); only files and threads are left out. Pools are not made: no template that
// ships asks for one.
import { labelledChannels, readFitSample } from '../../src/engine/index.ts';
import { memorySource, readFcs } from '../../src/fcs/index.ts';
import { surveyTube, type SharedCuts, type SharedSource } from '../../src/gating/index.ts';
import { companionsOf, type TubeOfStudy } from '../../src/run/companions.ts';
import { makeTube, tubeBytes, type PlannedTube } from '../../src/simulate/index.ts';
import { bindTemplate, sharedNeeds, type GatingTemplate } from '../../src/template/index.ts';
import type { ScoredTube } from './tubes.ts';

/** The visit whose tubes are the reference of later ones, as the simulated studies name it. */
const baselineVisit = 'V0';

/** Cuts of the controls that the template names and the study has; null where there are none. Throws where a control cannot be bound. */
export function controlCuts(template: GatingTemplate, { planned, study }: ScoredTube): SharedCuts | null {
  const { controls } = companionsOf(inManifest(planned), study.map(inManifest), baselineVisit);
  const named = sharedNeeds(template).tubes.filter((name) => Object.hasOwn(controls, name));
  if (named.length === 0) return null;
  const answers = new Map<string, SharedSource>();
  for (const control of study) {
    const names = named.filter((name) => controls[name] === control.sample);
    if (names.length === 0) continue;
    if (control.sample === planned.sample) names.forEach((name) => answers.set(name, { kind: 'self' }));
    else {
      const found = lookedAt(template, control, names);
      names.forEach((name) => {
        const cuts = found.cuts.filter(({ outcome }) => outcome.tube === name);
        answers.set(name, { ...found, cuts });
      });
    }
  }
  return { tubes: Object.fromEntries(answers), pools: {} };
}

function lookedAt(
  template: GatingTemplate,
  control: PlannedTube,
  names: readonly string[],
): Extract<SharedSource, { kind: 'surveyed' }> {
  const source = memorySource(tubeBytes(makeTube(control)));
  const file = readFcs(source);
  const { spillover } = file;
  const { plan, issues } = bindTemplate(template, labelledChannels(file), {
    spillover,
    absent: 'notEvaluable',
  });
  if (plan === null) throw new Error(issues.map(({ message }) => message).join('\n'));
  const { sample } = control;
  const cuts = surveyTube(plan, readFitSample(source, file), { names, seed: sample });
  return { kind: 'surveyed', files: [{ sample, sha256: '' }], cuts };
}

/** A planned tube as its row of the manifest says it. */
function inManifest({
  sample,
  subject,
  visit,
  panel,
  role,
  stimulus,
  batch,
  tube,
}: PlannedTube): TubeOfStudy {
  const specimen = `${subject}_${visit}`;
  return { sample, subject, visit, specimen, panel, role, stimulus, batch, omitted: tube.omitted ?? [] };
}
