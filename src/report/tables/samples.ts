// Tables about samples: quality findings worst first, issues, and the list of all samples that numbers lead to.
// Invariant: every sample that a figure or a value names has its anchor here.
import type { Issue } from '../../errors.ts';
import { worstFirst } from '../../qc/index.ts';
import { sampleAnchor } from '../anchors.ts';
import { valueText } from '../figures/quality.ts';
import { tickText } from '../lettering.ts';
import type { Markup } from '../markup.ts';
import type { SampleLine } from '../model.ts';
import { tableMarkup, type Cell } from './table.ts';

const number = 'number' as const;

/** What a reader must know of the samples: failures and warnings, worst sample first. */
export function qualityTable(samples: readonly SampleLine[]): Markup {
  const rows = worstFirst(samples).flatMap(({ sample, quality }) =>
    quality
      .filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
      .map((row, i): (Cell | string)[] => [
        { text: i === 0 ? sample : '', to: sampleAnchor(sample), strong: true },
        row.check,
        { text: valueText(row), to: sampleAnchor(sample) },
        row.verdict === 'fail' ? { text: 'fails', strong: true } : 'warning',
        row.reason ?? '',
      ]),
  );
  return tableMarkup({
    id: 't-quality',
    caption: 'Findings of quality control, worst sample first.',
    note: rows.length === 0 ? 'There are none.' : '',
    columns: [
      { title: 'Sample' },
      { title: 'Check' },
      { title: 'Found', unit: '%, events or y', align: number },
      { title: 'Verdict' },
      { title: 'Why' },
    ],
    rows,
  });
}

/** Errors before warnings, in the order in which they were found; what is said of the study alone is never cut off behind them. */
export function issueTable(issues: readonly Issue[]): Markup {
  const rank = ({ level }: Issue): number => ['error', 'warning', 'info'].indexOf(level);
  const ordered = [...issues].sort((a, b) => rank(a) - rank(b));
  const info = ordered.filter(({ level }) => level === 'info');
  const worse = ordered.slice(0, ordered.length - info.length);
  const shown = [...worse.slice(0, Math.max(0, mostIssues - info.length)), ...info];
  return tableMarkup({
    id: 't-issues',
    caption: 'Issues of the study and its samples.',
    note:
      shown.length < ordered.length
        ? `${shown.length} of ${ordered.length}, errors first; all are in issues.csv.`
        : '',
    columns: [{ title: 'Code' }, { title: 'Level' }, { title: 'Place' }, { title: 'What' }],
    rows: shown.map(({ code, level, place, message }) => [code, level, place ?? '', message]),
  });
}

const mostIssues = 200;

/** Every tube: what became of it, and the hashes of its file and result. */
export function sampleListing(samples: readonly SampleLine[]): Markup {
  return tableMarkup({
    id: 'listing-samples',
    caption: 'Samples.',
    note: 'Hashes are the first 12 characters of SHA-256; the whole is in provenance.json.',
    columns: [
      { title: 'Sample' },
      { title: 'Subject' },
      { title: 'Visit' },
      { title: 'Panel' },
      { title: 'Role' },
      { title: 'State' },
      { title: 'Events', unit: 'n', align: number },
      { title: 'File' },
      { title: 'Strategy' },
      { title: 'Result' },
    ],
    rows: samples.map(({ sample, subject, visit, panel, role, state, reason, failed, events, ...hashes }) => [
      { text: sample, strong: true },
      subject,
      visit,
      panel,
      role,
      `${state === 'notGated' ? 'not gated' : state}${failed ? ', failed quality control' : ''}${reason === null ? '' : `: ${reason}`}`,
      events === null ? '' : tickText(events),
      hashes.fileSha256?.slice(0, 12) ?? '',
      hashes.strategySha256?.slice(0, 12) ?? '',
      hashes.resultId?.slice(0, 12) ?? '',
    ]),
    rowAnchor: (r) => sampleAnchor(samples[r].sample),
  });
}
