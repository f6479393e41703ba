// The steps of one sample between bytes and SampleResult, each a pure function: place the gates, choose the channels to describe,
// put the result together. Who runs them, and on which thread, is in node.ts.
import { issue, ImmunogateError, type Issue } from '../errors.ts';
import { findChannel, findNamedChannel, labelChannels, type Channel } from '../events/index.ts';
import { channelsOf, type ByteSource, type FcsFile } from '../fcs/index.ts';
import {
  evaluateStrategy,
  applyOverride,
  fitPlan,
  nothingShared,
  type SharedCuts,
  type CompensationReference,
  type CountResult,
  type FitSample,
  type GateOverride,
  type GatingStrategy,
  type StatisticsChannel,
} from '../gating/index.ts';
import { judgeQuality, usualChecks } from '../qc/index.ts';
import { populationRows, statisticRows, type SampleResult, type Sha256 } from '../results/index.ts';
import { bindTemplate, checksOf } from '../template/index.ts';
import { readFitSample } from './fit-sample.ts';
import { measureQuality, mostReviewedEvents, onlyReviewed } from './quality.ts';
import type { PlacedGates, Protocol, SampleJob } from './model.ts';
import { compensationOf, resultIdOfJob, provenanceOf, type Origin } from './provenance.ts';

/**
 * FIT: the explicit gates of one sample, with those that a person moved. Throws the first error of a template that cannot be bound to the
 * file, and E_EDIT_INVALID for an edit that does not fit the gates.
 */
export function placeGates(
  protocol: Protocol,
  source: ByteSource,
  file: FcsFile,
  options: {
    readonly seed: string;
    readonly shared: SharedCuts | null;
    readonly overrides?: readonly GateOverride[];
  },
): PlacedGates {
  const placed = placeByProtocol(protocol, source, file, options);
  return { ...placed, strategy: (options.overrides ?? []).reduce(applyOverride, placed.strategy) };
}

function placeByProtocol(
  protocol: Protocol,
  source: ByteSource,
  file: FcsFile,
  { seed, shared }: { readonly seed: string; readonly shared: SharedCuts | null },
): PlacedGates {
  switch (protocol.kind) {
    case 'strategy':
      requireClearNames(protocol.strategy, labelledChannels(file));
      return givenGates(protocol.strategy, readFitSample(source, file, mostReviewedEvents));
    case 'template': {
      const { spillover } = file;
      const { template, matrix } = protocol;
      const { plan, issues } = bindTemplate(template, labelledChannels(file), { spillover, matrix });
      if (plan === null) throw refusal(protocol.template.id, issues);
      const sample = readFitSample(source, file);
      const fitted = fitPlan(plan, sample, { seed, shared: shared ?? nothingShared });
      const { strategy, members } = fitted;
      const { measured, issues: hints } = measureQuality(strategy, sample, members);
      const quality = { checks: checksOf(protocol.template), measured };
      return { strategy, issues: [...issues, ...fitted.issues, ...hints], quality };
    }
  }
}

/** Throws E_CHANNEL_AMBIGUOUS for a gate on a channel whose name the file has twice. */
function requireClearNames(strategy: GatingStrategy, channels: readonly Channel[]): void {
  const names = strategy.populations.flatMap(({ gate }) =>
    gate === null || gate.kind === 'boolean'
      ? []
      : gate.dims.flatMap(({ source }) =>
          source.kind === 'channel' ? [source.channel] : [source.numerator, source.denominator],
        ),
  );
  const own = new Set(channels.map(({ name }) => name));
  for (const name of new Set(names)) if (own.has(name)) findNamedChannel(channels, name);
}

/** Gates that a person handed in: nothing is placed, and the usual checks apply. */
function givenGates(strategy: GatingStrategy, sample: FitSample): PlacedGates {
  const checks = usualChecks(
    strategy.populations.map(({ id, path, parent }) => ({ id, path, parent, expected: null })),
  );
  const members = evaluateStrategy(onlyReviewed(strategy), sample.table, sample.spillover);
  const { measured, issues } = measureQuality(strategy, sample, members);
  return { strategy, issues, quality: { checks, measured } };
}

/** Channels with their markers, as templates and tables name them. */
export function labelledChannels(file: FcsFile): readonly Channel[] {
  return labelChannels(channelsOf(file, 'scaled'));
}

/** All errors of a template that cannot be bound as one: each thing that is missing once, with who needs it; what the file has once. */
function refusal(template: string, issues: readonly Issue[]): ImmunogateError {
  const errors = issues.filter(({ level }) => level === 'error');
  const causes = new Map<string, string[]>();
  let has = '';
  for (const { message, place } of errors) {
    const prefix = `${place ?? ''}: `;
    const [cause, hint] = (message.startsWith(prefix) ? message.slice(prefix.length) : message).split(
      hintStart,
    );
    if (hint !== undefined) has ||= `${hintStart}${hint}`;
    causes.set(cause, [...(causes.get(cause) ?? []), place ?? '']);
  }
  const said = [...causes].map(([cause, [first, ...others]]) => {
    const needed = others.length === 0 ? first : `${first} and ${others.length} more`;
    return first === '' ? cause : `${cause.replace(/\.$/, '')} (for ${needed}).`;
  });
  return new ImmunogateError(
    errors[0]?.code ?? 'E_PROTOCOL_INVALID',
    `The template ${template} does not fit the file. ${said.join(' ')}${has}`,
    { place: errors[0]?.place ?? null },
  );
}

const hintStart = ' The file has: ';

/**
 * The channels that statistics describe, in linear units under the compensation of the gates: scatter and fluorescence of the file,
 * or the colours of an unmixing matrix. Without a compensated gate the values are as detected.
 */
export function describedChannels(
  strategy: GatingStrategy,
  file: FcsFile,
  job: Pick<SampleJob, 'statistics'> = { statistics: true },
): StatisticsChannel[] {
  if (!job.statistics) return [];
  const compensation = compensationOf(strategy);
  const channels = labelledChannels(file);
  const ofFile = (name: string): string => nameInFile(channels, name);
  const colours = compensatedNames(compensation, strategy, file).map(ofFile);
  const detected = channels.filter(
    ({ name, kind }) => (kind === 'scatter' || kind === 'fluorescence') && !colours.includes(name),
  );
  const detectors =
    compensation.kind === 'matrix' ? strategy.matrices[compensation.id].detectors.map(ofFile) : [];
  return [
    ...detected
      .filter(({ name }) => !detectors.includes(name))
      .map(({ name }): StatisticsChannel => ({ channel: name, compensation: { kind: 'none' } })),
    ...colours.map((channel): StatisticsChannel => ({ channel, compensation })),
  ];
}

/** What the file calls a channel that a document spells its own way; the name itself where the file has none of it, such as a dye. */
function nameInFile(channels: readonly Channel[], name: string): string {
  try {
    return channels[findChannel(channels, name)].name;
  } catch (error) {
    if (error instanceof ImmunogateError) return name;
    throw error;
  }
}

function compensatedNames(
  compensation: CompensationReference,
  strategy: GatingStrategy,
  file: FcsFile,
): readonly string[] {
  switch (compensation.kind) {
    case 'none':
      return [];
    case 'file':
      return file.spillover?.detectors ?? [];
    case 'matrix':
      return strategy.matrices[compensation.id].fluorochromes;
  }
}

/** Puts a result together. `counted` null: the gates were placed and nothing was counted. */
export function sampleResult(
  job: SampleJob,
  origin: Origin,
  counted: CountResult | null,
  issues: readonly Issue[],
  sha256: Sha256,
): SampleResult {
  const { file, strategy, quality } = origin;
  const eventCount = file.data.eventCount;
  const populations = counted === null ? [] : populationRows(strategy, counted.counts, eventCount);
  const said = new Set(issues.map(({ place }) => place));
  // a population below an unclear one, or one that FIT told of already, is not said again
  const unclear = strategy.populations.filter(
    ({ path, parent, fit }) =>
      fit.status === 'notEvaluable' &&
      !said.has(path) &&
      !strategy.populations.some((above) => above.path === parent && above.gate === null),
  );
  return {
    sample: job.sample,
    resultId: resultIdOfJob(origin.workId, job, sha256),
    fileSha256: origin.fileSha256,
    dataset: file.dataset,
    eventCount,
    phase: job.phase,
    strategy,
    populations,
    statistics: counted === null ? [] : statisticRows(counted.statistics, strategy, labelledChannels(file)),
    quality:
      counted === null
        ? []
        : judgeQuality(quality.checks, {
            eventCount,
            counts: new Map(populations.map(({ path, count }) => [path, count])),
            measured: quality.measured,
          }),
    issues: [
      ...file.findings,
      ...issues,
      ...unclear.flatMap(({ path, fit }) =>
        fit.status === 'notEvaluable'
          ? [issue('W_NOT_EVALUABLE', `${path} could not be evaluated: ${fit.reason}.`, path)]
          : [],
      ),
    ],
    provenance: provenanceOf(origin, sha256),
  };
}
