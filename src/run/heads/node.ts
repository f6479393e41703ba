// What the files of a study say of themselves in TEXT: day of acquisition, cytometer, detectors and markers. Events are not read.
import { labelledChannels } from '../../engine/index.ts';
import type { RequestedSample } from '../../engine/node.ts';
import { ImmunogateError } from '../../errors.ts';
import { readFcs } from '../../fcs/index.ts';
import { openFile } from '../../fcs/node.ts';
import type { FileFacts } from '../../analysis/index.ts';

/** Facts of every file that can be read; the others are refused when they are gated. */
export function readFacts(
  samples: readonly Pick<RequestedSample, 'sample' | 'path' | 'readOptions'>[],
): FileFacts[] {
  return samples.flatMap(({ sample, path, readOptions }) => {
    try {
      const source = openFile(path);
      try {
        const file = readFcs(source, readOptions);
        return [
          {
            sample,
            acquired: isoDate(file.keywords.get('$DATE') ?? ''),
            cytometer: file.keywords.get('$CYT') ?? null,
            parameters: labelledChannels(file).map(({ name, marker }) => `${name} ${marker ?? ''}`),
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
