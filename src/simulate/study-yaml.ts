// study.yaml of a simulated study: what architecture section 6 and the configuration of statistics.md ask for, with this
// trial's visits as windows around the ablation.
import type { PanelId } from './model.ts';
import type { PlannedVisit } from './visits.ts';

/** Templates that ship with the project, by panel. */
const templates: Readonly<Record<PanelId, string>> = {
  P1: 'p1-tbnk.yaml',
  P2: 'p2-tex.yaml',
  P3: 'p3-bsub.yaml',
  P4: 'p4-nkf.yaml',
  P5: 'p5-apc.yaml',
  P6w: 'p6w-mye.yaml',
  P6p: 'p6p-mye.yaml',
};

export function studyYaml(
  id: string,
  seed: string,
  visits: readonly PlannedVisit[],
  panels: readonly PanelId[],
): string {
  const windows = visits.map(({ label, phase, target, window: [lo, hi] }, n) =>
    flow({ n, label: quoted(label), phase, target, lo, hi }),
  );
  return `# A simulated study (seed ${seed}): no real people. Truth is in truth/, truth-counts.csv and truth-visits.csv.
id: ${id}
title: ${quoted(`Simulated immune monitoring study ${id}`)}
anchor: ABLDT
windowTie: later
blqRule: half
visits: ${flow(visits.map(({ id: visit }) => visit))}
windows:
${windows.map((window) => `  - ${window}`).join('\n')}
panels:
${panels.map((panel) => `  ${panel}: ${templates[panel]}`).join('\n')}
tables:
  samples: samples.csv
  subjects: adsl.csv
  cbc: cbc.csv
  tumour: tumour.csv
  local: local.csv
  ae: ae.csv
ratios:
  - ${flow({ code: 'CD4CD8R', num: 'CD4ABS', den: 'CD8ABS' })}
recist: ${flow({ minSdDays: 42, confirmDays: 28, maxNe: 1, acceptSd: false, tstmMm: 5 })}
pfs: ${flow({ newTherapy: 'censor', missed: 'censor', maxGapDays: 126, maxDays: 730, pdDesc: quoted('Disease progression') })}
lpfs: ${flow({ newTherapy: 'ignore', missed: 'censor', maxGapDays: 126, maxDays: 730, pdDesc: quoted('Local tumour progression') })}
os: ${flow({ maxDays: null })}
daysPerMonth: 30.4375
teaeWindowDays: 30
landmarkDay: 60
lpfsStart: TRTSDT
residualIsLocalProgression: false
`;
}

/** YAML in flow style, for scalars that need no escaping. */
function flow(value: Readonly<Record<string, string | number | boolean | null>> | readonly string[]): string {
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${key}: ${item}`)
    .join(', ')} }`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
