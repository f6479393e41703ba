// What a result says of its own making, and under which identity it is stored (reliability A-1, C-1). No clock, path or host in here.
import { ImmunogateError } from '../errors.ts';
import type { FcsFile, ReadOptions } from '../fcs/index.ts';
import type {
  CompensationReference,
  Dimension,
  GatingStrategy,
  SharedCuts,
  SharedSource,
} from '../gating/index.ts';
import {
  canonicalJson,
  numericCoreVersion,
  resultIdOf,
  type ProtocolIdentity,
  type Provenance,
  type Sha256,
} from '../results/index.ts';
import type { PlacedGates, Protocol, SampleJob } from './model.ts';

/** A protocol is known by the hash of its content, not of its text. */
export function protocolIdentity(protocol: Protocol, sha256: Sha256): ProtocolIdentity {
  switch (protocol.kind) {
    case 'template': {
      const { template, matrix } = protocol;
      const { id, version } = template;
      const content = matrix === undefined ? template : { template, matrix };
      return { kind: 'template', id, version, sha256: sha256(canonicalJson(content)) };
    }
    case 'strategy': {
      const { id, version } = protocol.strategy.template;
      return { kind: 'strategy', id, version, sha256: sha256(canonicalJson(protocol.strategy)) };
    }
  }
}

/** Contents (SHA-256 of protocolIdentity) that may run under a protocol's id, by id; an id that is not there is not locked. */
export type ProtocolLocks = Readonly<Record<string, readonly string[]>>;

/** Throws E_PROTOCOL_LOCKED for the first protocol whose name is locked to other contents (reliability A-5). */
export function requireUnlocked(identities: readonly ProtocolIdentity[], locks: ProtocolLocks): void {
  for (const { kind, id, sha256 } of identities) {
    if (!Object.hasOwn(locks, id) || locks[id].includes(sha256)) continue;
    const locked = locks[id].map((hash) => hash.slice(0, 12)).join(', ');
    throw new ImmunogateError(
      'E_PROTOCOL_LOCKED',
      `${id} is locked to the content ${locked}; this ${kind} of that name has ${sha256.slice(0, 12)}. Nothing was run. Use the locked one, or give the changed one another id.`,
      { place: id },
    );
  }
}

/** The work's name without regard to how far it went: the seed of every random stream in it. */
export function workIdOf(
  fileSha256: string,
  protocol: ProtocolIdentity,
  readOptions: ReadOptions,
  sha256: Sha256,
): string {
  const { dataset = null, ...options } = readOptions;
  return resultIdOf({ fileSha256, dataset, protocolSha256: protocol.sha256, readOptions: options }, sha256);
}

/**
 * How far a work went is part of its result's name: placed gates alone, counts alone, and all of it are three results of one work.
 * Cuts from other tubes and gates that a person moved are part of it, too: another control, or another edit, is another result.
 */
export function resultIdOfJob(
  workId: string,
  job: Pick<SampleJob, 'phase' | 'statistics' | 'shared' | 'overrides'>,
  sha256: Sha256,
): string {
  const { shared, overrides = [] } = job;
  const given = shared === null ? workId : sha256(`${workId} shared ${canonicalJson(shared)}`);
  const work = overrides.length === 0 ? given : sha256(`${given} edited ${canonicalJson(overrides)}`);
  if (job.phase === 'fit') return sha256(`${work} fit`);
  return job.statistics ? work : sha256(`${work} counts`);
}

export interface Origin {
  readonly file: FcsFile;
  readonly fileBytes: number;
  readonly fileSha256: string;
  readonly dataSha256: string;
  readonly protocol: ProtocolIdentity;
  readonly readOptions: ReadOptions;
  readonly strategy: GatingStrategy;
  readonly quality: PlacedGates['quality'];
  readonly shared: SharedCuts | null;
  readonly workId: string;
}

export function provenanceOf(origin: Origin, sha256: Sha256): Provenance {
  const { file, fileBytes, shared, fileSha256, dataSha256, protocol, readOptions, strategy, workId } = origin;
  return {
    file: {
      sha256: fileSha256,
      dataSha256,
      bytes: fileBytes,
      fcsVersion: file.version,
      dataset: file.dataset,
      datasets: file.datasets.length,
      events: file.data.eventCount,
      parameters: file.parameters.length,
    },
    protocol,
    ...(shared === null ? {} : { shared: sharedFiles(shared) }),
    compensation: compensationsOf(strategy, file, sha256),
    strategySha256: sha256(canonicalJson(strategy)),
    seed: workId,
    readOptions: { ...readOptions },
    numericCore: numericCoreVersion,
  };
}

/** The files of other tubes that cuts come from, controls before pools, each in order of code units. */
function sharedFiles({ tubes, pools }: SharedCuts): NonNullable<Provenance['shared']> {
  const filesOf = (sources: Readonly<Record<string, SharedSource>>) =>
    Object.keys(sources)
      .sort()
      .flatMap((source) => {
        const from = sources[source];
        return from.kind === 'surveyed' ? from.files.map((file) => ({ source, ...file })) : [];
      });
  return [...filesOf(tubes), ...filesOf(pools)];
}

function compensationsOf(
  strategy: GatingStrategy,
  file: FcsFile,
  sha256: Sha256,
): Provenance['compensation'] {
  const used = new Map<string, { readonly source: string; readonly sha256: string | null }>();
  for (const { compensation } of dimensionsOf(strategy)) {
    if (compensation.kind === 'none') continue;
    const source = compensation.kind === 'file' ? 'file' : `matrix ${compensation.id}`;
    if (used.has(source)) continue;
    const matrix =
      compensation.kind === 'file' ? file.spillover : (strategy.matrices[compensation.id] ?? null);
    used.set(source, { source, sha256: matrix === null ? null : sha256(canonicalJson(matrix)) });
  }
  return [...used.keys()].sort().flatMap((source) => used.get(source) ?? []);
}

/** The first compensation that a gate of the strategy uses; statistics are made under it, too. */
export function compensationOf(strategy: GatingStrategy): CompensationReference {
  for (const { compensation } of dimensionsOf(strategy))
    if (compensation.kind !== 'none') return compensation;
  return { kind: 'none' };
}

/** Every axis that gates are drawn on, once: channel or ratio, its compensation, its scale with parameters; in order of first use. */
export function transformsOf(strategy: GatingStrategy): Dimension[] {
  const seen = new Map(
    dimensionsOf(strategy).map((dimension) => [canonicalJson(dimension), dimension] as const),
  );
  return [...seen.values()];
}

function dimensionsOf(strategy: GatingStrategy): Dimension[] {
  return strategy.populations.flatMap(({ gate }) =>
    gate === null || gate.kind === 'boolean' ? [] : gate.dims,
  );
}
