// A survey on whichever thread: opens the tubes that others look at, one after another, and returns cuts. Invariant: trouble with a tube
// is part of what was found, in words, and stops no sample; events never leave the thread.
import { ImmunogateError } from '../../errors.ts';
import type { Channel } from '../../events/index.ts';
import { readFcs } from '../../fcs/index.ts';
import { openFile } from '../../fcs/node.ts';
import {
  cutPool,
  drawForPool,
  surveyTube,
  type FitSample,
  type GatingPlan,
  type PoolDraw,
  type SharedFile,
  type SharedSource,
} from '../../gating/index.ts';
import { canonicalJson } from '../../results/index.ts';
import { sha256 } from '../../results/node.ts';
import { bindTemplate } from '../../template/index.ts';
import { readFitSample } from '../fit-sample.ts';
import { hashOf } from '../hash/node.ts';
import type { Protocol, SampleJob, Survey, TaskContext } from '../model.ts';
import { protocolIdentity, workIdOf } from '../provenance.ts';
import { labelledChannels } from '../steps.ts';

/** Cuts found on the tubes of a survey. Throws what is nobody's fault: memory, defects. */
export function surveyTubes(survey: Survey, { protocols }: TaskContext): SharedSource {
  const { look, tubes } = survey;
  const protocol = protocols[survey.protocol];
  const files: SharedFile[] = [];
  const unread: string[] = [];
  const draws: PoolDraw[] = [];
  for (const tube of tubes) {
    const { sample } = tube;
    try {
      const opened = openTube(tube, look, protocol);
      const { plan, events, seed } = opened;
      files.push({ sample, sha256: opened.sha256 });
      if (look.kind === 'control')
        return { kind: 'surveyed', files, cuts: surveyTube(plan, events, { names: look.names, seed }) };
      draws.push(drawForPool(plan, events, { pool: look.pool, tubes: tubes.length, seed }));
    } catch (error) {
      if (!(error instanceof ImmunogateError)) throw error;
      unread.push(`${sample} could not be read (${error.code}: ${error.message})`);
    }
  }
  if (files.length === 0) return { kind: 'unread', reason: unread.join('; ') };
  const seed = sha256(canonicalJson([files, protocolIdentity(protocol, sha256).sha256]));
  return { kind: 'surveyed', files, cuts: cutPool(draws, seed) };
}

interface OpenedTube {
  readonly sha256: string;
  readonly seed: string;
  readonly plan: GatingPlan;
  readonly events: FitSample;
}

function openTube(
  { path, readOptions }: Survey['tubes'][number],
  look: Survey['look'],
  protocol: Protocol,
): OpenedTube {
  if (protocol.kind !== 'template')
    throw new ImmunogateError('E_INTERNAL', 'Explicit gates look at no other tube.');
  const source = openFile(path);
  try {
    const file = readFcs(source, readOptions);
    const hash = hashOf(source);
    const { spillover } = file;
    const own = labelledChannels(file);
    const channels = look.kind === 'control' && look.like.path !== path ? likeThoseOf(look.like, own) : own;
    const { template, matrix } = protocol;
    const { plan, issues } = bindTemplate(template, channels, { spillover, matrix, absent: 'notEvaluable' });
    if (plan === null) {
      const first = issues.find(({ level }) => level === 'error');
      throw new ImmunogateError(first?.code ?? 'E_PROTOCOL_INVALID', first?.message);
    }
    const seed = workIdOf(hash, protocolIdentity(protocol, sha256), readOptions, sha256);
    return { sha256: hash, seed, plan, events: readFitSample(source, file) };
  } finally {
    source.close();
  }
}

/** A tube with a marker left out may not name its channel: the channels of a stained tube of the panel say what it would be. */
function likeThoseOf(
  file: Pick<SampleJob, 'path' | 'readOptions'>,
  own: readonly Channel[],
): readonly Channel[] {
  const stained = channelsAt(file);
  return own.map((channel) => {
    if (channel.marker !== null) return channel;
    const same = stained.find(({ name }) => name === channel.name);
    return same === undefined ? channel : { ...channel, stain: same.stain, marker: same.marker };
  });
}

/** None where the file cannot be read: it is refused when its own turn comes. */
function channelsAt({ path, readOptions }: Pick<SampleJob, 'path' | 'readOptions'>): readonly Channel[] {
  try {
    const source = openFile(path);
    try {
      return labelledChannels(readFcs(source, readOptions));
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof ImmunogateError) return [];
    throw error;
  }
}
