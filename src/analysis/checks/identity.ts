// Whose blood is it? Fractions that differ between people and stay in one person over visits tell exchanged samples.
// Invariant: two samples are named only when each is far from its own subject and near the other's; nobody is named on one doubt alone.
import { log } from '../../math/index.ts';
import type { Issue } from '../../errors.ts';
import type { GatedSample } from '../model.ts';
import { groupBy, said } from './manifest.ts';

/** Fewer subjects or visits give no scale to judge by. */
const fewestSubjects = 4;
const fewestVisits = 3;
/** A fraction is used where its parent and itself have this many events in every sample. */
const fewestEvents = 100;
/** Mean squared distance in units of the spread within a person. */
const farFromOwn = 9;
const nearOther = 4;

export function checkIdentities(samples: readonly GatedSample[]): Issue[] {
  const stained = samples.filter(({ sample, state }) => sample.role === 'stained' && state === 'gated');
  return [...groupBy(stained, ({ sample }) => sample.panel)].flatMap(([panel, tubes]) =>
    swapsOf(panel, tubes),
  );
}

interface Profile {
  readonly sample: string;
  readonly subject: string;
  readonly visit: string;
  /** Logits of fractions, centred by visit. */
  readonly values: readonly number[];
}

function swapsOf(panel: string, tubes: readonly GatedSample[]): Issue[] {
  const profiles = informative(profilesOf(tubes));
  const subjects = groupBy(profiles, ({ subject }) => subject);
  const full = [...subjects.values()].filter((own) => own.length >= fewestVisits);
  if (full.length < fewestSubjects || profiles.length === 0 || profiles[0].values.length === 0) return [];
  const restOf = (subject: string, without: string): Profile[] =>
    (subjects.get(subject) ?? []).filter(({ sample }) => sample !== without);
  const issues: Issue[] = [];
  const told = new Set<string>();
  for (const one of profiles) {
    if (told.has(one.sample) || distance(one, restOf(one.subject, one.sample)) < farFromOwn) continue;
    for (const other of profiles) {
      if (other.subject === one.subject || other.visit !== one.visit || told.has(other.sample)) continue;
      const swapped =
        distance(other, restOf(other.subject, other.sample)) >= farFromOwn &&
        distance(one, restOf(other.subject, other.sample)) <= nearOther &&
        distance(other, restOf(one.subject, one.sample)) <= nearOther;
      if (!swapped) continue;
      told.add(one.sample).add(other.sample);
      const message = `${one.sample} and ${other.sample} may be swapped: the ${panel} cells of each are those of the other subject.`;
      issues.push(said('W_SAMPLE_SWAPPED', message, one.sample));
      break;
    }
  }
  return issues;
}

/** Fractions of parents that every tube has with enough events, as logits without what the visit does to everybody. */
function profilesOf(tubes: readonly GatedSample[]): Profile[] {
  const [first] = tubes;
  if (first === undefined) return [];
  const paths = first.populations
    .map(({ path }) => path)
    .filter((path) =>
      tubes.every(({ populations }) => {
        const row = populations.find((population) => population.path === path);
        const { count = null, parentCount = null } = row ?? {};
        return (
          count !== null &&
          parentCount !== null &&
          count >= fewestEvents &&
          parentCount - count >= fewestEvents
        );
      }),
    );
  const raw = tubes.map(({ sample, populations }) => ({
    sample: sample.sample,
    subject: sample.subject,
    visit: sample.visit,
    values: paths.map((path) => {
      const row = populations.find((population) => population.path === path);
      const count = row?.count ?? 0;
      return log(count / ((row?.parentCount ?? 0) - count));
    }),
  }));
  const visits = groupBy(raw, ({ visit }) => visit);
  const centres = new Map(
    [...visits].map(([visit, own]) => [
      visit,
      paths.map((_, k) => median(own.map(({ values }) => values[k]))),
    ]),
  );
  return raw.map((profile) => ({
    ...profile,
    values: profile.values.map((value, k) => value - (centres.get(profile.visit)?.[k] ?? 0)),
  }));
}

const mostFeatures = 8;

/** The fractions in which people differ most beside what one person varies, in units of the latter. */
function informative(profiles: readonly Profile[]): Profile[] {
  const subjects = [...groupBy(profiles, ({ subject }) => subject).values()].filter((own) => own.length > 1);
  const count = profiles[0]?.values.length ?? 0;
  const scored = Array.from({ length: count }, (_, k) => {
    const middles = subjects.map((own) => median(own.map(({ values }) => values[k])));
    // differences of two visits, because deviations from a middle of three have a zero among them
    const within =
      spread(
        subjects.flatMap((own) =>
          own.flatMap((one, i) => own.slice(i + 1).map((other) => one.values[k] - other.values[k])),
        ),
      ) / Math.SQRT2;
    const between = spread(middles.map((middle) => middle - median(middles)));
    return { k, within, ratio: within > 0 ? between / within : 0 };
  });
  const chosen = scored
    .filter(({ ratio }) => ratio >= 1.5)
    .sort((a, b) => b.ratio - a.ratio || a.k - b.k)
    .slice(0, mostFeatures);
  return profiles.map((profile) => ({
    ...profile,
    values: chosen.map(({ k, within }) => profile.values[k] / within),
  }));
}

/** Mean squared distance to the middle of others; infinite without others. */
function distance({ values }: Profile, others: readonly Profile[]): number {
  if (others.length === 0) return Infinity;
  let sum = 0;
  values.forEach((value, k) => {
    const apart = value - median(others.map((other) => other.values[k]));
    sum += apart * apart;
  });
  return sum / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** 1.4826 times the median absolute value. */
function spread(deviations: readonly number[]): number {
  return deviations.length === 0 ? 0 : 1.4826 * median(deviations.map(Math.abs));
}
