// What counts in blood rest on beside the gates: the volume that was drawn, what the instrument did not record, and that one parameter is
// counted in one way within a subject. One line a problem and panel; nothing is put right.
import {
  immuneParameters,
  flowOf,
  isCountedByVolume,
  isPlausibleFlow,
  keptInTube,
  type EndpointRow,
  type Tube,
} from '../../endpoints/index.ts';
import { log } from '../../math/index.ts';
import type { Issue } from '../../errors.ts';
import type { BloodCountRecord } from '../../study/index.ts';
import { groupBy, list, said } from './manifest.ts';

/** More than this part of the events that an instrument saw is worth a line when it did not record it. */
const mostUnrecorded = 0.05;
/** Kept time and kept events may differ by this in ln before the volume of what was taken out is doubtful. */
const mostApart = 0.05;

export function checkAcquisition(
  tubes: readonly Tube[],
  bloodCounts: readonly Pick<BloodCountRecord, 'subject' | 'visit'>[],
): Issue[] {
  const counted = new Set(bloodCounts.map(({ subject, visit }) => JSON.stringify([subject, visit])));
  const hasBloodCount = ({ sample: { subject, visit } }: Tube) =>
    counted.has(JSON.stringify([subject, visit]));
  const unused = tubes.filter(isVolumeUnused);
  const byVolume = tubes.filter((tube) => tube.sample.role === 'stained' && isCountedByVolume(tube));
  const lost = tubes.filter(isPartUnrecorded);
  return [
    ...byPanel(
      unused.filter((tube) => !hasBloodCount(tube)),
      (panel, names) =>
        said(
          'W_VOLUME_UNSTATED',
          `Panel ${panel}: the files of ${names} say what was drawn ($VOL), but the manifest does not say of what: with blood_volume_ul and total_volume_ul cells would be counted by volume.`,
          `panel ${panel}`,
        ),
    ),
    ...byPanel(unused.filter(hasBloodCount), (panel, names) =>
      said(
        'I_VOLUME_UNUSED',
        `Panel ${panel}: ${names} are counted by the blood count, though their files say what was drawn ($VOL); total_volume_ul in the manifest would count them by volume.`,
        `panel ${panel}`,
      ),
    ),
    ...byPanel(byVolume.filter(isImplausible), (panel, names) =>
      said(
        'W_VOLUME_IMPLAUSIBLE',
        `Panel ${panel}: $VOL of ${names} cannot be nanolitres, by the length of the run; no cells are counted by it.`,
        `panel ${panel}`,
      ),
    ),
    ...byPanel(byVolume.filter(isFlowUneven), (panel, names) =>
      said(
        'W_VOLUME_UNEVEN',
        `Panel ${panel}: in ${names} the stretches that the gates on Time took out hold another part of the events than of the time, so what flowed in them is doubtful; the intervals of counts by volume allow for it.`,
        `panel ${panel}`,
      ),
    ),
    ...byPanel(lost, (panel, names) =>
      said(
        'W_EVENTS_LOST',
        `Panel ${panel}: more than ${100 * mostUnrecorded} % of what the instrument saw of ${names} was not recorded ($ABRT, $LOST)${
          byVolume.some((tube) => tube.sample.panel === panel && lost.includes(tube))
            ? '; counts by volume may be low by as much'
            : ''
        }.`,
        `panel ${panel}`,
      ),
    ),
  ];
}

/** A stained tube of a panel that counts, with neither beads nor a whole volume in its row. */
function isVolumeUnused({ sample, acquisition, result }: Tube): boolean {
  const { panel, role, beadsPerTube, totalMicrolitres } = sample;
  const isPlanned = beadsPerTube !== null || totalMicrolitres !== null;
  if (!immuneParameters.some((one) => one.kind === 'count' && one.panel === panel)) return false;
  return role === 'stained' && !isPlanned && result !== null && acquisition?.volumeNanolitres != null;
}

function isImplausible({ acquisition }: Tube): boolean {
  return acquisition !== null && !isPlausibleFlow(flowOf(acquisition));
}

function isFlowUneven(tube: Tube): boolean {
  if (isImplausible(tube)) return false;
  const { ofTime, ofEvents } = keptInTube(tube);
  return ofTime > 0 && ofEvents > 0 && Math.abs(log(ofTime / ofEvents)) > mostApart;
}

function isPartUnrecorded({ acquisition }: Tube): boolean {
  if (acquisition === null) return false;
  const { unrecorded, recorded } = acquisition;
  return unrecorded > mostUnrecorded * (unrecorded + recorded);
}

function byPanel(tubes: readonly Tube[], say: (panel: string, names: string) => Issue): Issue[] {
  return [...groupBy(tubes, ({ sample }) => sample.panel)].map(([panel, own]) =>
    say(panel, list(own.map(({ sample }) => sample.sample))),
  );
}

/** Parameters that are counted in more than one way within a subject: methods differ by as much as a treatment may do (populations.md section 4). */
export function checkPlatforms(rows: readonly EndpointRow[]): Issue[] {
  const counts = rows.filter(({ platform }) => platform !== null);
  const mixed = [
    ...groupBy(counts, ({ subject, paramcd }) => JSON.stringify([subject, paramcd])).values(),
  ].filter((own) => new Set(own.map(({ platform }) => platform)).size > 1);
  return [...groupBy(mixed.flat(), ({ subject }) => subject)].map(([subject, own]) => {
    const parameters = list([...new Set(own.map(({ paramcd }) => paramcd))]);
    const ways = list([...new Set(own.map(({ platform }) => platform ?? ''))].sort());
    return said(
      'W_PLATFORM_MIXED',
      `${parameters} of ${subject} are counted in more than one way: ${ways}.`,
      subject,
    );
  });
}
