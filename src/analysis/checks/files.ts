// What the files show beside the manifest: the same file twice, files of another day, panels that differ from their like.
// Invariant: no keyword value is printed; a file is named by its sample.
import type { Issue } from '../../errors.ts';
import type { RunTimes } from '../../results/index.ts';
import { daysBetween, isIsoDate, tubeName } from '../../study/index.ts';
import type { GatedSample } from '../model.ts';
import { groupBy, list, said } from './manifest.ts';

/** What a file says of itself; ISO date or null, parameters as `name marker`. */
export interface FileFacts {
  readonly sample: string;
  readonly acquired: string | null;
  readonly cytometer: string | null;
  readonly parameters: readonly string[];
  /** $VOL, nanolitres; null where the file does not say. */
  readonly volumeNanolitres: number | null;
  /** Events that the instrument saw and did not record ($ABRT and $LOST). */
  readonly unrecorded: number;
  /** All events of the file. */
  readonly recorded: number;
  /** First and last event, in units of Time and in seconds. */
  readonly times: RunTimes | null;
  readonly seconds: number | null;
}

export interface FileFindings {
  readonly issues: readonly Issue[];
  /** Samples whose values must not be analysed. */
  readonly failed: ReadonlySet<string>;
}

/** Days from collection to acquisition: whole blood is stained within two days, frozen cells at any time. */
const mostDaysForBlood = 3;

export function checkFiles(samples: readonly GatedSample[], facts: readonly FileFacts[]): FileFindings {
  const same = sameContent(samples);
  return {
    issues: [...same.issues, ...otherDays(samples, facts), ...otherPanels(samples, facts)],
    failed: same.failed,
  };
}

function sameContent(samples: readonly GatedSample[]): FileFindings {
  const issues: Issue[] = [];
  const failed = new Set<string>();
  const files = groupBy(
    samples.filter(({ fileSha256 }) => fileSha256 !== null),
    ({ fileSha256 }) => fileSha256 ?? '',
  );
  for (const group of files.values()) {
    if (group.length < 2) continue;
    const names = group.map(({ sample }) => sample.sample);
    for (const name of names) failed.add(name);
    issues.push(
      said(
        'E_SAME_CONTENT',
        `${list(names)} are the same file, byte for byte; none of them is analysed until it is known whose it is.`,
        names[0],
      ),
    );
  }
  return { issues, failed };
}

/** Two tubes of one panel whose days fit each other's manifest rows are named together. */
function otherDays(samples: readonly GatedSample[], facts: readonly FileFacts[]): Issue[] {
  const acquiredOf = new Map(facts.map(({ sample, acquired }) => [sample, acquired]));
  const dated = samples.flatMap(({ sample }) => {
    const acquired = acquiredOf.get(sample.sample) ?? null;
    if (acquired === null || !isIsoDate(acquired)) return [];
    const collected = sample.collectedAt.slice(0, 10);
    const days = daysBetween(collected, acquired);
    return [{ sample, acquired, collected, days }];
  });
  const misfits = dated.filter(
    ({ sample, days }) => days < 0 || (sample.bloodMicrolitres !== null && days > mostDaysForBlood),
  );
  const told = new Set<string>();
  return misfits.flatMap((one) => {
    if (told.has(one.sample.sample)) return [];
    const [other, ...more] = dated.filter(
      (entry) =>
        entry.sample.panel === one.sample.panel &&
        tubeName(entry.sample) === tubeName(one.sample) &&
        entry.acquired === one.collected &&
        entry.collected === one.acquired,
    );
    if (other !== undefined && more.length === 0) {
      told.add(other.sample.sample);
      const message = `${one.sample.sample} and ${other.sample.sample} seem to be swapped: each was acquired on the day of the other.`;
      return [said('W_SAMPLE_SWAPPED', message, one.sample.sample)];
    }
    const what = one.days < 0 ? 'before the day of collection' : `${one.days} days after collection`;
    return [said('W_DATE_DIFFERS', `${one.sample.sample} was acquired ${what}.`, one.sample.sample)];
  });
}

/** Against the most frequent list of detectors and markers of the panel; of a tie, the one that came first. */
function otherPanels(samples: readonly GatedSample[], facts: readonly FileFacts[]): Issue[] {
  const factsOf = new Map(facts.map((fact) => [fact.sample, fact]));
  const known = samples.flatMap(({ sample }) => {
    const fact = factsOf.get(sample.sample);
    return fact === undefined || sample.role === 'fmo' ? [] : [{ sample, fact }];
  });
  return [...groupBy(known, ({ sample }) => sample.panel)].flatMap(([panel, tubes]) => {
    const lists = [...groupBy(tubes, ({ fact }) => JSON.stringify(fact.parameters)).values()];
    const instruments = groupBy(tubes, ({ fact }) => fact.cytometer ?? '');
    const usual = lists.reduce((best, group) => (group.length > best.length ? group : best), lists[0]);
    const odd = lists.filter((group) => group !== usual).flat();
    const found: Issue[] = [];
    if (odd.length > 0) {
      const names = list(odd.map(({ sample }) => sample.sample));
      const message = `Panel ${panel}: ${names} ${odd.length === 1 ? 'has' : 'have'} other detectors or markers than the other ${tubes.length - odd.length} files.`;
      found.push(said('W_PANEL_CHANGED', message, `panel ${panel}`));
    }
    const subjects = [...groupBy(tubes, ({ sample }) => sample.subject)].filter(
      ([, own]) => new Set(own.map(({ fact }) => fact.cytometer ?? '')).size > 1,
    );
    if (instruments.size > 1 && subjects.length > 0) {
      const message = `The files of panel ${panel} come from more than one kind of cytometer within ${list(subjects.map(([subject]) => subject))}.`;
      found.push(said('W_INSTRUMENT_CHANGED', message, `panel ${panel} files`));
    }
    return found;
  });
}
