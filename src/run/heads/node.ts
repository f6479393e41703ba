// What the files of a study say of themselves in TEXT: day of acquisition, cytometer, detectors and markers, what was drawn and what was
// missed. Of the events the first and the last are read, for the length of the run.
import { labelledChannels } from '../../engine/index.ts';
import type { RequestedSample } from '../../engine/node.ts';
import { ImmunogateError } from '../../errors.ts';
import { openEventBlocks, readFcs, type ByteSource, type FcsFile } from '../../fcs/index.ts';
import { openFile } from '../../fcs/node.ts';
import type { FileFacts } from '../../analysis/index.ts';
import type { Acquisition } from '../../endpoints/index.ts';
import { keptTime, type ResultBody, type RunTimes } from '../../results/index.ts';
import type { Sample, Study } from '../../study/index.ts';
import { pathUnder } from '../folder/node.ts';
import { readOptionsOf } from '../reading.ts';

/** Facts of every file that can be read; the others are refused when they are gated. */
export function readFacts(
  samples: readonly Pick<RequestedSample, 'sample' | 'path' | 'readOptions'>[],
): FileFacts[] {
  return samples.flatMap(({ sample, path, readOptions }) => {
    try {
      const source = openFile(path);
      try {
        const file = readFcs(source, readOptions);
        const times = timesOf(source, file);
        const { volumeNanolitres, timestep } = file;
        return [
          {
            sample,
            acquired: isoDate(file.keywords.get('$DATE') ?? ''),
            cytometer: file.keywords.get('$CYT') ?? null,
            parameters: labelledChannels(file).map(({ name, marker }) => `${name} ${marker ?? ''}`),
            volumeNanolitres,
            unrecorded: numberIn(file, '$ABRT') + numberIn(file, '$LOST'),
            times,
            seconds: times === null || timestep === null ? null : secondsOf(times, timestep),
            recorded: file.data.eventCount,
          },
        ];
      } finally {
        source.close();
      }
    } catch (error) {
      if (error instanceof ImmunogateError) return [];
      throw error;
    }
  });
}

/** Of one tube whose file is below `root`, under the gates of a result; null where the file cannot be read. */
export function readAcquisition(
  root: string,
  study: Study,
  tube: Sample,
  { strategy, populations }: Pick<ResultBody, 'strategy' | 'populations'>,
): Acquisition | null {
  const path = pathUnder(root, tube.file);
  if (path === null) return null;
  const [fact] = readFacts([{ sample: tube.sample, path, readOptions: readOptionsOf(study, tube) }]);
  if (fact === undefined) return null;
  const kept = fact.times === null ? [] : keptTime(strategy, populations, fact.times);
  return { ...fact, kept };
}

/** Time of the first and of the last event; null where the file has no Time or no two events. */
function timesOf(source: ByteSource, file: FcsFile): RunTimes | null {
  const channels = labelledChannels(file);
  const at = channels.findIndex(({ kind }) => kind === 'time');
  const { eventCount } = file.data;
  if (at < 0 || eventCount < 2) return null;
  const timeOf = (event: number): number => {
    const blocks = openEventBlocks(source, file, {
      scaling: 'scaled',
      firstEvent: event,
      endEvent: event + 1,
    });
    return blocks.next()?.rows[at] ?? NaN;
  };
  return { channel: channels[at].name, from: timeOf(0), to: timeOf(eventCount - 1) };
}

/** null where the last event is not later than the first. */
function secondsOf({ from, to }: RunTimes, timestep: number): number | null {
  const seconds = (to - from) * timestep;
  return seconds > 0 && seconds < Infinity ? seconds : null;
}

/** A number of events; what is not one counts as none. */
function numberIn({ keywords }: FcsFile, keyword: string): number {
  const number = Number(keywords.get(keyword) ?? 0);
  return number > 0 && number < Infinity ? number : 0;
}

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

/** dd-mmm-yyyy or yyyy-mmm-dd as an ISO date; null for all else, two-digit years too. */
function isoDate(text: string): string | null {
  const found =
    /^\s*(?<day>\d{2})-(?<month>[A-Za-z]{3})-(?<year>\d{4})\s*$/.exec(text) ??
    /^\s*(?<year>\d{4})-(?<month>[A-Za-z]{3})-(?<day>\d{2})\s*$/.exec(text);
  const { day = '', month = '', year = '' } = found?.groups ?? {};
  const at = months.indexOf(month.toUpperCase());
  return at < 0 ? null : `${year}-${String(at + 1).padStart(2, '0')}-${day}`;
}
