// Which tubes a sample's gates may look at: its controls by the names that templates give them, and its group for pooled cuts
// (populations.md section 0, batch rule). Pure; what a sample gets depends on the manifest alone.
import type { Sample } from '../study/index.ts';

export interface Companions {
  readonly controls: Readonly<Record<string, string>>;
  /** null for control tubes, which are pooled with nobody. */
  readonly group: { readonly subject: string; readonly batch: string; readonly baseline: boolean } | null;
}

/** What of a sample decides whose control it is. */
export type TubeOfStudy = Pick<
  Sample,
  'sample' | 'subject' | 'visit' | 'specimen' | 'panel' | 'role' | 'stimulus' | 'omitted' | 'batch'
>;

/** `samples` of one study; `baselineVisit` is the visit whose tubes are the reference of later ones, null where none is named. */
export function companionsOf(
  sample: TubeOfStudy,
  samples: readonly TubeOfStudy[],
  baselineVisit: string | null,
): Companions {
  const own = samples.filter(({ subject, panel }) => subject === sample.subject && panel === sample.panel);
  const here = own.filter(({ specimen }) => specimen === sample.specimen);
  const baseline = own.filter(({ visit }) => visit === baselineVisit);
  const nearest = [...here, ...baseline];
  const controls: Record<string, string> = {};
  for (const { role, omitted, sample: id } of nearest) {
    if (role !== 'fmo') continue;
    for (const marker of omitted) controls[`FMO:${marker}`] ??= id;
  }
  const unstimulated = here.find(isUnstimulated);
  if (unstimulated !== undefined) controls['UNST'] = unstimulated.sample;
  const before = baseline.find(isUnstimulated);
  if (before !== undefined) controls['BASELINE'] = before.sample;
  const unstained = nearest.find(({ role }) => role === 'unstained');
  if (unstained !== undefined) controls['UNSTAINED'] = unstained.sample;
  return { controls, group: groupOf(sample, baselineVisit) };
}

function isUnstimulated({ role, stimulus }: TubeOfStudy): boolean {
  return role === 'stained' && (stimulus === null || /^un/i.test(stimulus));
}

/** Stimulated tubes are pooled among themselves, because a stimulus moves what it is meant to move. */
function groupOf(sample: TubeOfStudy, baselineVisit: string | null): Companions['group'] {
  const { role, subject, batch, stimulus, visit } = sample;
  if (role !== 'stained' && role !== 'stimulated') return null;
  const kind = role === 'stimulated' ? ` ${stimulus ?? ''}` : '';
  return { subject: `${subject}${kind}`, batch: `${batch ?? ''}${kind}`, baseline: visit === baselineVisit };
}
