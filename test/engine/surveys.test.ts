// Controls and pools through the engine, from files: who looks at whom, that the outcome does not hang on threads or order, and that a
// changed control is another result.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  protocolIdentity,
  type Protocol,
  type ProtocolLocks,
  type SampleJob,
} from '../../src/engine/index.ts';
import type { Executor, Survey, TaskResult } from '../../src/engine/model.ts';
import { gateFiles, regateFiles, type GateReport, type RequestedSample } from '../../src/engine/node.ts';
import { runSurveys } from '../../src/engine/survey-schedule.ts';
import { planSurveys } from '../../src/engine/surveys.ts';
import { ImmunogateError, issue } from '../../src/errors.ts';
import { labelChannels } from '../../src/events/index.ts';
import { fcsBytes } from '../../src/fcs/index.ts';
import type { GatingStrategy, SharedSource } from '../../src/gating/index.ts';
import { createRandom } from '../../src/math/index.ts';
import { decodeStrategy } from '../../src/results/index.ts';
import { sha256 } from '../../src/results/node.ts';
import { parseTemplate } from '../../src/template/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'immunogate-surveys-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** T cells with CD4 in two halves around `low` and `low` + 4 and PD1 as a smear above `dark`; written where a name is asked for. */
function tube(
  name: string,
  n: number,
  given: { low?: number; dark?: number; stain?: string | null } = {},
): string {
  const { low = 1, dark = 0.5, stain = 'PD1' } = given;
  const random = createRandom(name);
  const channels = labelChannels(
    ['CD3', 'CD4', stain].map((word, k) => ({ name: `D${k}-A`, stain: word, range: 262144 })),
  );
  const y = (column: (e: number) => number) =>
    Float32Array.from({ length: n }, (_, e) => 150 * Math.sinh(column(e)));
  const columns = [
    y((e) => (e % 4 === 0 ? 0.3 : 5) + 0.3 * random.normal()),
    y((e) => low + 4 * (e % 2) + 0.4 * random.normal()),
    y(() => dark + 0.4 * random.normal()),
  ];
  const path = join(folder, `${name}.fcs`);
  writeFileSync(path, fcsBytes({ count: n, channels, columns }));
  return path;
}

const { template, issues } = parseTemplate(`immunogate: 1
id: controls
version: 1.0.0
title: Controls
compensation: none
populations:
  - { id: T, parent: root, on: CD3, place: valley }
  - { id: CD4p, parent: T, on: CD4, place: valley, pool: subject }
  - { id: PD1p, parent: T, on: PD1, place: [{ quantile: { tube: 'FMO:PD1' } }, { fixed: 6 }] }
`);
if (template === null) throw new Error(JSON.stringify(issues));
const protocols: Protocol[] = [{ kind: 'template', template }];

const visits = ['V1', 'V2', 'V3'].map((name, v): RequestedSample => ({
  sample: name,
  path: tube(name, 3000, { low: [1, 1.05, 2.2][v], dark: 2 }),
  controls: { 'FMO:PD1': 'FMO' },
  group: { subject: 'S1', batch: 'B1', baseline: v === 0 },
}));
// the control does not name the channel of the marker that it leaves out
const fmo: RequestedSample = { sample: 'FMO', path: tube('FMO', 3000, { stain: null }) };

let outs = 0;
async function run(
  samples: readonly RequestedSample[],
  options: { workers?: number; out?: string } = {},
): Promise<{ readonly report: GateReport; readonly out: string }> {
  const out = options.out ?? join(folder, `out${outs++}`);
  const report = await gateFiles({
    samples,
    protocols,
    out,
    software: 'test',
    workers: options.workers ?? 1,
  });
  return { report, out };
}
const read = (out: string, name: string) => readFileSync(join(out, name), 'utf8');
function fitOf(out: string, sample: string, path: string) {
  const { populations } = decodeStrategy(
    JSON.parse(read(out, `strategies/${sample}.json`)) as GatingStrategy,
  );
  const found = populations.find((population) => population.path === path);
  if (found === undefined) throw new Error(`no ${path}`);
  return found;
}
const idsOf = ({ items }: GateReport) =>
  Object.fromEntries(items.map(({ sample, resultId }) => [sample, resultId]));

describe('a run with controls and pools', async () => {
  const first = await run([...visits, fmo]);

  it('cuts by the control although that does not name its dark channel', () => {
    for (const { sample } of visits) {
      const { gate, fit } = fitOf(first.out, sample, 'T/PD1p');
      expect(fit).toMatchObject({ status: 'fitted', method: 'quantile', evidence: { tubeSample: 'FMO' } });
      // the 99.5 % point of a normal at 0.5 with SD 0.4 is 1.53; its standard error with 2250 T cells is 0.06
      expect(gate?.kind === 'rectangle' && Math.abs(gate.min[0] - 1.53) < 0.2).toBe(true);
    }
  });
  it('refuses the control itself for the channel that it does not name, and no other', () => {
    expect(first.report.items.map(({ sample, state }) => `${sample} ${state}`)).toEqual([
      'FMO refused',
      'V1 done',
      'V2 done',
      'V3 done',
    ]);
  });
  it('holds the visits of a subject against each other', () => {
    expect(fitOf(first.out, 'V1', 'T/CD4p').fit).toMatchObject({
      status: 'fitted',
      evidence: { used: 'own', pooledTubes: 2 },
    });
    expect(fitOf(first.out, 'V3', 'T/CD4p').fit).toMatchObject({
      status: 'fallback',
      evidence: { used: 'pooled', pooledTubes: 2 },
    });
    expect(read(first.out, 'issues.csv')).toContain('W_CUT_JUMP');
  });
  it('records which files its cuts come from', () => {
    const { samples } = JSON.parse(read(first.out, 'provenance.json')) as {
      samples: { sample: string; shared?: { source: string; sample: string; sha256: string }[] }[];
    };
    expect(
      samples.find(({ sample }) => sample === 'V1')?.shared?.map(({ source, sample }) => [source, sample]),
    ).toEqual([
      ['FMO:PD1', 'FMO'],
      ['subject', 'V1'],
      ['subject', 'V2'],
      ['subject', 'V3'],
    ]);
  });
  it('names the records that a result goes back to', () => {
    const { samples } = JSON.parse(read(first.out, 'provenance.json')) as {
      samples: { sample: string; resultId: string; parents: unknown[]; shared?: { sha256: string }[] }[];
    };
    const idOf = (of: string) => samples.find(({ sample }) => sample === of)?.resultId ?? null;
    const v1 = samples.find(({ sample }) => sample === 'V1');
    expect(v1?.parents).toEqual(
      ['FMO', 'V1', 'V2', 'V3'].map((sample, s) => ({
        kind: 'tube',
        source: s === 0 ? 'FMO:PD1' : 'subject',
        sample,
        fileSha256: v1?.shared?.[s].sha256,
        resultId: idOf(sample),
      })),
    );
  });
  it('shows nothing of a sample that has no result now: refused, or no longer asked for', async () => {
    const { out } = await run([...visits, fmo]);
    const broken = join(folder, 'broken.fcs');
    writeFileSync(broken, 'FCS3.1');
    await run([visits[0], { ...visits[1], path: broken }, fmo], { out });
    expect(readdirSync(join(out, 'strategies'))).toEqual(['V1.json']);
    expect(read(out, 'populations.csv')).not.toMatch(/^V[23],/m);
  });
  it('makes a few samples again, in memory, as among all of them', async () => {
    const request = { samples: [...visits, fmo], protocols, out: first.out, software: 'test' };
    const found = await regateFiles(request, new Set(['V2']));
    const item = first.report.items.find(({ sample }) => sample === 'V2');
    expect(found.map((one) => [one.item.sample, one.result?.resultId])).toEqual([['V2', item?.resultId]]);
  });
  it.each([
    ['two threads', [...visits, fmo], 2],
    ['four threads and another order', [fmo, ...[...visits].reverse()], 4],
  ] as const)('writes the same bytes on %s', async (_, samples, workers) => {
    const again = await run(samples, { workers });
    expect(idsOf(again.report)).toEqual(idsOf(first.report));
    for (const name of ['populations.csv', 'statistics.csv', 'issues.csv', 'strategies/V2.json'])
      expect(read(again.out, name)).toBe(read(first.out, name));
    expect(readdirSync(join(again.out, 'strategies'))).toEqual(readdirSync(join(first.out, 'strategies')));
  });
  it('finds its results again', async () => {
    const again = await run([...visits, fmo], { out: first.out });
    expect(again.report.reused).toBe(3);
  });
  it('makes other results of another control, and the same of those who do not look at it', async () => {
    const other = { ...fmo, path: tube('FMO2', 3000, { stain: null, dark: 0.8 }) };
    const [v1, ...rest] = visits;
    const alone = { ...v1, controls: {} };
    const before = idsOf((await run([alone, ...rest, fmo])).report);
    const after = idsOf((await run([alone, ...rest, other])).report);
    expect(after['V1']).toBe(before['V1']);
    expect(after['V2']).not.toBe(before['V2']);
  });
  it('says in words that a control is not among the samples or cannot be read, and goes on', async () => {
    const [v1] = visits;
    const absent = await run([v1]);
    expect(fitOf(absent.out, 'V1', 'T/PD1p').fit).toMatchObject({
      status: 'fallback',
      method: 'fixed',
      reason: expect.stringContaining('FMO, which is not among the samples') as string,
    });
    const gone = await run([v1, { sample: 'FMO', path: join(folder, 'gone.fcs') }]);
    expect(fitOf(gone.out, 'V1', 'T/PD1p').fit).toMatchObject({
      status: 'fallback',
      reason: expect.stringContaining('E_FILE_UNREADABLE') as string,
    });
  });
});

describe('a locked protocol', () => {
  const [{ sample, path }] = visits;
  const { sha256: content } = protocolIdentity(protocols[0], sha256);
  const gate = (locks: ProtocolLocks) =>
    gateFiles({
      samples: [{ sample, path }],
      protocols,
      locks,
      out: join(folder, `locked${outs++}`),
      software: 'test',
    });

  it('runs with its own content, and where another name is locked', async () => {
    expect((await gate({ controls: [content] })).done).toBe(1);
    expect((await gate({ others: ['0'] })).done).toBe(1);
  });
  it('is refused with any other, before anything is written', async () => {
    await expect(gate({ controls: ['0'.repeat(64)] })).rejects.toMatchObject({ code: 'E_PROTOCOL_LOCKED' });
    expect(existsSync(join(folder, `locked${outs - 1}`))).toBe(false);
  });
});

const job = (sample: string, protocol = 0): SampleJob => ({
  sample,
  path: sample,
  bytes: 1000,
  protocol,
  readOptions: {},
  shared: null,
  phase: 'count',
  membership: null,
  statistics: true,
  recompute: false,
});

describe('a look that cannot be made', () => {
  const controls = { 'FMO:PD1': 'FMO' };
  const samples = [
    { sample: 'a', controls, group: { subject: '1', batch: 'x' } },
    { sample: 'b', group: { subject: '1', batch: 'x' } },
    { sample: 'lone', group: { subject: '2', batch: 'x' } },
    { sample: 'FMO' },
  ];
  const planned = planSurveys(
    samples.map(({ sample }) => job(sample)),
    samples,
    protocols,
  );
  const isControl = ({ look }: Survey) => look.kind === 'control';
  const found: SharedSource = { kind: 'surveyed', files: [], cuts: [] };
  /** Runs the surveys with a thread that does to those of control tubes what is told, for each try in turn. */
  async function look(...tries: ((signal: AbortSignal) => Promise<TaskResult>)[]) {
    let running = 0;
    let tried = 0;
    const executor: Executor = {
      threads: 2,
      async run(task, signal) {
        if (task.kind !== 'survey') throw new Error(task.kind);
        running++;
        try {
          if (!isControl(task.survey)) return { kind: 'survey', source: found };
          tried++;
          if (tried > 1) expect(running).toBe(1);
          return await tries[tried - 1](signal);
        } finally {
          running--;
        }
      },
      close: () => Promise.resolve(),
    };
    const outcomes = await runSurveys(planned.surveys, {
      executor,
      memoryBytes: 1e12,
      signal: new AbortController().signal,
      deadlineMilliseconds: () => 20,
    });
    return { tried, ...planned.jobsWith(outcomes) };
  }
  const hangs = (signal: AbortSignal) =>
    new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new ImmunogateError('E_CANCELLED'))),
    );
  const dies = () => Promise.reject(new ImmunogateError('E_WORKER_CRASHED', 'The worker ended.'));
  const answers = () => Promise.resolve<TaskResult>({ kind: 'survey', source: found });

  it.each([
    ['hangs twice', [hangs, hangs], 'E_TIMEOUT'],
    ['dies twice', [dies, dies], 'E_WORKER_CRASHED'],
  ] as const)('refuses the samples that need it, and no other, when it %s', async (_, tries, code) => {
    const { tried, jobs, refused } = await look(...tries);
    expect(tried).toBe(2);
    expect(jobs).toHaveLength(4);
    expect([...refused.keys()]).toEqual(['a']);
    expect(refused.get('a')?.map((told) => [told.code, told.place])).toEqual([[code, 'FMO']]);
  });
  it.each([
    ['hung', hangs],
    ['died', dies],
  ] as const)('is made alone where it %s among others', async (_, first) => {
    const { jobs, refused } = await look(first, answers);
    expect(refused.size).toBe(0);
    expect(jobs[0].shared?.tubes['FMO:PD1']).toEqual(found);
  });
  it('refuses at once when the program has a defect', async () => {
    const { tried, refused } = await look(() =>
      Promise.resolve({ kind: 'refused', issues: [issue('E_INTERNAL', 'A defect.')] }),
    );
    expect(tried).toBe(1);
    expect(refused.get('a')?.[0].code).toBe('E_INTERNAL');
  });
  it('does not hide what ends the run', async () => {
    await expect(look(() => Promise.reject(new ImmunogateError('E_DISK_FULL')))).rejects.toMatchObject({
      code: 'E_DISK_FULL',
    });
  });
});

describe('planning', () => {
  const plan = (samples: readonly Omit<RequestedSample, 'path'>[]) =>
    planSurveys(
      samples.map(({ sample, protocol }) => job(sample, protocol)),
      samples,
      protocols,
    ).surveys;

  it('looks at nothing where no sample has companions', () => {
    expect(plan([{ sample: 'a' }, { sample: 'b' }])).toEqual([]);
  });
  it('looks at a shared control once, and at itself never', () => {
    const controls = { 'FMO:PD1': 'c', 'FMO:CD25': 'd' };
    const [only, ...others] = plan([
      { sample: 'a', controls },
      { sample: 'b', controls },
      { sample: 'c', controls },
      { sample: 'd' },
    ]);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ tubes: [{ sample: 'c' }], look: { kind: 'control', names: ['FMO:PD1'] } });
  });
  it('pools a subject within a batch, and nobody with himself', () => {
    const of = (sample: string, subject: string, batch: string) => ({ sample, group: { subject, batch } });
    const surveys = plan([
      of('a', '1', 'x'),
      of('c', '1', 'x'),
      of('b', '1', 'x'),
      of('d', '1', 'y'),
      of('e', '2', 'x'),
    ]);
    expect(surveys.map(({ tubes }) => tubes.map(({ sample }) => sample))).toEqual([['a', 'b', 'c']]);
  });
});
