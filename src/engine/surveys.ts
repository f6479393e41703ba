// Which tubes have to be looked at for the cuts of others, and who gets what was found: controls and pools first, then samples
// (architecture section 1). Invariant: what a sample is handed depends on the request alone, not on threads or order. A look that ended
// with its thread or its deadline says nothing about the tubes: the samples that need it are refused, never gated without it.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import type { Pool, SharedCuts, SharedNeeds, SharedSource } from '../gating/index.ts';
import { sharedNeeds } from '../template/index.ts';
import type { Protocol, SampleGroup, SampleJob, Survey, SurveyOutcome } from './model.ts';

/** A sample's place among the others. */
export interface Companions {
  readonly sample: string;
  readonly controls?: Readonly<Record<string, string>>;
  readonly group?: SampleGroup;
}

export interface PlannedSurveys {
  readonly surveys: readonly Survey[];
  /** The wanted jobs with what was found, in the order of `surveys`. */
  readonly jobsWith: (found: readonly SurveyOutcome[]) => ReadyJobs;
}

export interface ReadyJobs {
  /** All wanted jobs, in their order. */
  readonly jobs: readonly SampleJob[];
  /** Of jobs that cannot be gated because a survey failed: why, by sample. */
  readonly refused: ReadonlyMap<string, readonly Issue[]>;
}

/**
 * Plans the surveys that the templates of the jobs ask for; none for templates that look at the own tube alone. Of the jobs only the
 * `wanted` are to be gated; they get what they would get if all were.
 */
export function planSurveys(
  jobs: readonly SampleJob[],
  companions: readonly Companions[],
  protocols: readonly Protocol[],
  wanted: readonly SampleJob[] = jobs,
): PlannedSurveys {
  const needs = protocols.map(needsOf);
  const jobOf = new Map(jobs.map((job) => [job.sample, job]));
  const placeOf = new Map(companions.map((companion) => [companion.sample, companion]));
  const surveys: Survey[] = [];
  const known = new Map<string, number>();
  /** Position of the survey of that key, made where it is new. */
  const survey = (key: readonly unknown[], make: () => Survey): number => {
    const text = JSON.stringify(key);
    const at = known.get(text) ?? surveys.push(make()) - 1;
    known.set(text, at);
    return at;
  };

  const ordered = [...jobs].sort((a, b) => (a.sample < b.sample ? -1 : 1));
  const controlOf = (job: SampleJob, name: string, sample: string): Found => {
    if (sample === job.sample) return { kind: 'self' };
    const control = jobOf.get(sample);
    if (control === undefined)
      return { kind: 'unread', reason: `is said to be ${sample}, which is not among the samples` };
    const { protocol, path, readOptions } = job;
    const at = survey(['control', protocol, sample], () => ({
      protocol,
      tubes: [tubeOf(control)],
      look: { kind: 'control', names: [], like: { path, readOptions } },
    }));
    const { look } = surveys[at];
    if (look.kind === 'control' && !look.names.includes(name))
      surveys[at] = { ...surveys[at], look: { ...look, names: [...look.names, name].sort() } };
    return at;
  };
  const poolOf = (job: SampleJob, pool: Pool): Found | null => {
    const key = groupKey(pool, placeOf.get(job.sample)?.group);
    if (key === null) return null;
    const { protocol } = job;
    const tubes = ordered.filter((other) => {
      const group = placeOf.get(other.sample)?.group;
      const takesPart = pool !== 'batch-baseline' || group?.baseline === true;
      return other.protocol === protocol && takesPart && groupKey(pool, group) === key;
    });
    // a tube alone has nothing to be held against
    if (tubes.length === 0 || (pool !== 'batch-baseline' && tubes.length === 1)) return null;
    return survey(['pool', protocol, pool, key], () => ({
      protocol,
      tubes: tubes.map(tubeOf),
      look: { kind: 'pool', pool },
    }));
  };

  const answers = new Map<string, Answers>();
  for (const job of ordered) {
    const { tubes, pools } = needs[job.protocol];
    const controls = placeOf.get(job.sample)?.controls ?? {};
    const named = tubes.filter((name) => Object.hasOwn(controls, name));
    const found: Answers = {
      tubes: named.map((name) => [name, controlOf(job, name, controls[name])]),
      pools: pools.flatMap((pool): [Pool, Found][] => {
        const answer = poolOf(job, pool);
        return answer === null ? [] : [[pool, answer]];
      }),
    };
    if (found.tubes.length + found.pools.length > 0) answers.set(job.sample, found);
  }
  const needed = [
    ...new Set(
      wanted.flatMap(({ sample }) => {
        const { tubes = [], pools = [] } = answers.get(sample) ?? {};
        return [...tubes, ...pools].flatMap(([, answer]) => (typeof answer === 'number' ? answer : []));
      }),
    ),
  ].sort((a, b) => a - b);
  return {
    surveys: needed.map((at) => surveys[at]),
    jobsWith: (outcomes) => {
      const found = new Map(needed.map((at, o) => [at, outcomes[o]]));
      const refused = new Map<string, readonly Issue[]>();
      const ready = wanted.map((job) => {
        const mine = answers.get(job.sample);
        if (mine === undefined) return job;
        const failures = failuresAmong(mine, surveys, found);
        if (failures.length > 0) refused.set(job.sample, failures);
        return { ...job, shared: sharedCuts(mine, found) };
      });
      return { jobs: ready, refused };
    },
  };
}

type Outcomes = ReadonlyMap<number, SurveyOutcome>;

/** One issue for each survey that a sample needs and that failed. */
function failuresAmong({ tubes, pools }: Answers, surveys: readonly Survey[], found: Outcomes): Issue[] {
  const needed = new Set([...tubes, ...pools].map(([, answer]) => answer));
  return [...needed].flatMap((at) => {
    const outcome = typeof at === 'number' ? found.get(at) : undefined;
    if (typeof at !== 'number' || outcome?.kind !== 'failed') return [];
    const { code, message } = outcome.issue;
    const looked = surveys[at].tubes.map(({ sample }) => sample).join(', ');
    return [issue(code, `Its cuts need a look at ${looked}, which failed: ${message} Run it again.`, looked)];
  });
}

/** Position of a survey, or what needs none. */
type Found = number | Exclude<SharedSource, { kind: 'surveyed' }>;

interface Answers {
  readonly tubes: readonly [string, Found][];
  readonly pools: readonly [Pool, Found][];
}

function sharedCuts({ tubes, pools }: Answers, found: Outcomes): SharedCuts {
  const sourceOf = (answer: Found): SharedSource => {
    if (typeof answer !== 'number') return answer;
    const outcome = found.get(answer);
    if (outcome === undefined) throw new ImmunogateError('E_INTERNAL', 'A survey was not made.');
    return outcome.kind === 'failed' ? { kind: 'unread', reason: outcome.issue.message } : outcome;
  };
  return {
    tubes: Object.fromEntries(
      tubes.map(([name, answer]): [string, SharedSource] => {
        const source = sourceOf(answer);
        if (source.kind !== 'surveyed') return [name, source];
        // one tube may be several controls; each name has its own cuts
        return [name, { ...source, cuts: source.cuts.filter(({ outcome }) => outcome.tube === name) }];
      }),
    ),
    pools: Object.fromEntries(pools.map(([pool, answer]) => [pool, sourceOf(answer)])),
  };
}

function needsOf(protocol: Protocol): SharedNeeds {
  return protocol.kind === 'template' ? sharedNeeds(protocol.template) : { tubes: [], pools: [] };
}

/** What tubes of one pool have in common; null = the tube belongs to none. */
function groupKey(pool: Pool, group: SampleGroup | undefined): string | null {
  const { subject, batch } = group ?? {};
  switch (pool) {
    case 'subject':
      return subject === undefined ? null : JSON.stringify([subject, batch ?? null]);
    case 'batch':
    case 'batch-baseline':
      return batch === undefined ? null : JSON.stringify([batch]);
  }
}

function tubeOf({ sample, path, bytes, readOptions }: SampleJob): Survey['tubes'][number] {
  return { sample, path, bytes, readOptions };
}
