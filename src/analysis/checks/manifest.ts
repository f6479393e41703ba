// What the manifest alone shows: tubes that are missing or there twice, visits on days of other visits, visits that cannot be told from
// a batch, instruments that change. One issue a problem; nothing is put right.
import { windowOf, type VisitWindow } from '../../endpoints/index.ts';
import { issue, type Issue } from '../../errors.ts';
import { addDays, studyDay, tubeName, type Sample, type Study } from '../../study/index.ts';

export function checkManifest(study: Study): Issue[] {
  const { samples } = study;
  if (samples.length === 0) return [];
  return [
    ...missingTubes(study),
    ...repeatedTubes(samples),
    ...strayVisits(study),
    ...confounding(study),
    ...changes(samples, 'cytometer', 'W_INSTRUMENT_CHANGED'),
  ];
}

/** A kind of tube is planned for a visit where at least half of the subjects that came have it. */
function missingTubes({ samples, subjects, definition }: Study): Issue[] {
  const visits =
    definition.visits.length > 0 ? definition.visits : [...new Set(samples.map(({ visit }) => visit))];
  const came = groupBy(samples, ({ subject, visit }) => keyOf(subject, visit));
  return visits.flatMap((visit, at) => {
    const here = subjects.filter(({ USUBJID }) => came.has(keyOf(USUBJID, visit)));
    const kinds = groupBy(
      samples.filter((sample) => sample.visit === visit),
      tubeName,
    );
    const planned = [...kinds]
      .filter(([, tubes]) => 2 * new Set(tubes.map(({ subject }) => subject)).size >= here.length)
      .map(([kind]) => kind);
    const missing = here.flatMap(({ USUBJID }) => {
      const has = new Set((came.get(keyOf(USUBJID, visit)) ?? []).map(tubeName));
      const lacks = planned.filter((kind) => !has.has(kind));
      return lacks.length === 0
        ? []
        : [said('W_TUBE_MISSING', `${USUBJID} has no ${list(lacks)} at ${visit}.`, `${USUBJID} ${visit}`)];
    });
    if (2 * here.length < subjects.length) return missing;
    const window = definition.visits.length === definition.windows.length ? definition.windows[at] : null;
    const absent = subjects.filter(({ USUBJID, DTHDT, [definition.anchor]: anchor }) => {
      const dead =
        DTHDT !== null && anchor !== null && window !== null && addDays(anchor, window.lo - 1) > DTHDT;
      return !came.has(keyOf(USUBJID, visit)) && !dead;
    });
    return [
      ...missing,
      ...absent.map(({ USUBJID }) =>
        said('W_TUBE_MISSING', `${USUBJID} has no tubes at ${visit}.`, `${USUBJID} ${visit}`),
      ),
    ];
  });
}

function repeatedTubes(samples: readonly Sample[]): Issue[] {
  const tubes = groupBy(samples, (sample) => keyOf(sample.subject, sample.visit, tubeName(sample)));
  const repeated = [...tubes.values()].filter((same) => same.length > 1);
  const visits = groupBy(repeated, ([{ subject, visit }]) => keyOf(subject, visit));
  return [...visits.values()].map((kinds) => {
    const [[{ subject, visit }]] = kinds;
    const what = kinds.map((same) => `${tubeName(same[0])} (${same.map(({ sample }) => sample).join(', ')})`);
    const message = `${subject} has more than one ${list(what)} at ${visit}; tubes of one day are averaged, of two days the one nearer to the target counts.`;
    return said('W_TUBE_REPEATED', message, `${subject} ${visit}`);
  });
}

/** Days against windows, where each visit of the list has its window; and days against the order of visits. */
function strayVisits({ samples, subjects, definition }: Study): Issue[] {
  const { visits, windows, anchor } = definition;
  const anchors = new Map(subjects.map((subject) => [subject.USUBJID, subject[anchor]]));
  const draws = [...groupBy(samples, ({ specimen }) => specimen).values()].map(([first]) => first);
  const found: Issue[] = [];
  if (visits.length === windows.length) {
    for (const { subject, visit, collectedAt } of draws) {
      const day = studyDay(collectedAt.slice(0, 10), anchors.get(subject) ?? null);
      const own: VisitWindow | undefined = windows[visits.indexOf(visit)];
      const window = windowOf(day, '', windows);
      // a day in no window at all is said by the derivation of visits
      if (day === null || window === null || own === undefined || window.n === own.n) continue;
      const message = `${subject} ${visit}: day ${day} lies in the window of ${window.label}, not of ${own.label}; the window counts.`;
      found.push(said('W_SAMPLE_SWAPPED', message, `${subject} ${visit}`));
    }
  }
  for (const own of groupBy(draws, ({ subject }) => subject).values()) {
    const order = own.filter(({ visitNumber }) => visitNumber !== null);
    order.slice(1).forEach((later, at) => {
      const earlier = order[at];
      if (later.visitNumber === earlier.visitNumber || later.collectedAt >= earlier.collectedAt) return;
      const message = `${later.subject}: ${later.visit} was drawn before ${earlier.visit}.`;
      found.push(said('W_SAMPLE_SWAPPED', message, `${later.subject} ${later.visit}`));
    });
  }
  return found;
}

/** A later visit that shares no batch, bead lot or cytometer with the baseline visit, panel by panel. */
function confounding({ samples, definition }: Study): Issue[] {
  const stained = samples.filter(({ role }) => role === 'stained');
  const factors = [
    ['batch', 'batch'],
    ['beadLot', 'bead lot'],
    ['cytometer', 'cytometer'],
  ] as const;
  return factors.flatMap(([field, name]) => {
    const panels = groupBy(
      stained.filter((sample) => sample[field] !== null),
      ({ panel }) => panel,
    );
    const lines = [...panels].flatMap(([panel, tubes]) => {
      const levels = groupBy(tubes, ({ visit }) => visit);
      const order = definition.visits.length > 0 ? definition.visits : [...levels.keys()];
      const [baseline, ...later] = order.filter((visit) => levels.has(visit));
      if (later.length === 0) return [];
      const of = (visit: string) => new Set((levels.get(visit) ?? []).map((sample) => sample[field]));
      const first = of(baseline);
      const apart = later.filter((visit) => [...of(visit)].every((level) => !first.has(level)));
      return apart.length === 0 ? [] : [{ panel, baseline, apart }];
    });
    if (lines.length === 0) return [];
    const [{ baseline, apart }] = lines;
    const message = `No ${name} of ${list(apart)} occurs at ${baseline} (${list(lines.map(({ panel }) => panel))}): a change since ${baseline} may be one of the ${name}.`;
    return [said('W_CONFOUNDED', message, name)];
  });
}

/** Subjects whose tubes of one panel differ in a field. */
function changes(samples: readonly Sample[], field: 'cytometer', code: 'W_INSTRUMENT_CHANGED'): Issue[] {
  const stained = samples.filter((sample) => sample.role === 'stained' && sample[field] !== null);
  return [...groupBy(stained, ({ panel }) => panel)].flatMap(([panel, tubes]) => {
    const changed = [...groupBy(tubes, ({ subject }) => subject)]
      .filter(([, own]) => new Set(own.map((sample) => sample[field])).size > 1)
      .map(([subject]) => subject);
    return changed.length === 0
      ? []
      : [said(code, `The ${field} of ${panel} changes within ${list(changed)}.`, `panel ${panel}`)];
  });
}

export function said(code: Issue['code'], message: string, place: string): Issue {
  return issue(code, message, place);
}

const mostNamed = 6;

/** `a, b and c`; of many the first few and how many more. */
export function list(words: readonly string[]): string {
  if (words.length > mostNamed)
    return `${words.slice(0, mostNamed).join(', ')} and ${words.length - mostNamed} more`;
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

export function groupBy<T>(items: readonly T[], keyed: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyed(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
