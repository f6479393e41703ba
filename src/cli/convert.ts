// immunogate convert IN OUT: the same gates in another form. Gating-ML, FlowJo workspace, strategy or template of drawn gates in;
// Gating-ML, strategy or template out, told apart by the ending. What the other form cannot say is refused, never approximated.
import { basename, extname } from 'node:path';
import { Document, stringify } from 'yaml';
import type { Issue } from '../errors.ts';
import { labelChannels } from '../events/index.ts';
import { channelsOf, readFcs } from '../fcs/index.ts';
import { openFile } from '../fcs/node.ts';
import type { GatingStrategy } from '../gating/index.ts';
import { readFlowJo, readGatingML, templateOfStrategy, writeGatingML } from '../interop/index.ts';
import { parseStrategy, strategyText } from '../results/index.ts';
import { writeFileWhole } from '../results/node.ts';
import { bindTemplate, parseTemplate } from '../template/index.ts';
import { complaints } from './chosen-protocols.ts';
import { exitCodes, UsageError } from './exit.ts';
import { readText } from './documents.ts';
import { printable } from './text.ts';

export interface ConvertOptions {
  /** Which sample of a FlowJo workspace. */
  readonly sample?: string;
  /** A file whose channels a template is meant for. */
  readonly fcs?: string;
  /** Which data set of that file. */
  readonly dataset?: number;
}

/** Throws UsageError with everything that is wrong. */
export async function convert(input: string, output: string, options: ConvertOptions): Promise<number> {
  const name = basename(input, extname(input));
  const strategy = await readAny(input, name, options);
  writeFileWhole(output, writeAny(strategy, output, input));
  console.log(`${printable(output)}: ${strategy.populations.length} populations`);
  return exitCodes.done;
}

async function readAny(path: string, name: string, options: ConvertOptions): Promise<GatingStrategy> {
  const text = readText(path);
  switch (extname(path).toLowerCase()) {
    case '.xml': {
      const { strategy, issues } = readGatingML(text, { template: { id: name, version: '2.0' } });
      if (strategy === null) throw complaints(path, issues);
      return said(strategy, issues);
    }
    case '.wsp':
      return ofWorkspace(path, text, name, options.sample ?? null);
    case '.yaml':
    case '.yml':
      return ofTemplate(path, text, options);
    case '.json':
      return /"immunogate"\s*:/.test(text.slice(0, 2000))
        ? ofTemplate(path, text, options)
        : await parseStrategy(text);
    default:
      throw new UsageError(`${printable(path)}: expected .xml, .wsp, .json, .yaml or .yml.`);
  }
}

function ofWorkspace(path: string, text: string, id: string, wanted: string | null): GatingStrategy {
  const { samples, issues } = readFlowJo(text, { id });
  if (samples.length === 0) throw complaints(path, issues);
  const fitting =
    wanted === null ? samples : samples.filter(({ name, file }) => name === wanted || file === wanted);
  if (fitting.length !== 1) {
    const names = samples.slice(0, 20).map(({ name }) => `  ${printable(name)}`);
    throw new UsageError(
      `The workspace has ${samples.length} samples; choose one with --sample:\n${names.join('\n')}`,
    );
  }
  const [{ strategy, issues: found }] = fitting;
  if (strategy === null) throw complaints(path, found);
  return said(strategy, found);
}

/** Only drawn gates can be said without events: where methods place gates, a strategy of a gated file is what to convert. */
function ofTemplate(path: string, text: string, { fcs, dataset }: ConvertOptions): GatingStrategy {
  const { template, issues } = parseTemplate(text);
  if (template === null) throw complaints(path, issues);
  if (fcs === undefined)
    throw new UsageError('A template names markers: give a file that has them with --fcs FILE.');
  const source = openFile(fcs);
  try {
    const file = readFcs(source, dataset === undefined ? {} : { dataset });
    const bound = bindTemplate(template, labelChannels(channelsOf(file, 'scaled')), {
      spillover: file.spillover,
    });
    if (bound.plan === null) throw complaints(path, bound.issues);
    const { plan } = bound;
    const placed = plan.populations.filter(({ rule }) => rule.kind === 'methods' || rule.kind === 'quadrant');
    if (placed.length > 0)
      throw new UsageError(
        `${placed.length} populations are placed by methods (${placed[0].path} …). Place them first: gate --fit-only, then convert strategies/<sample>.json.`,
      );
    return {
      template: plan.template,
      matrices: plan.matrices,
      populations: plan.populations.map(({ id, path: at, parent, rule }) => ({
        id,
        path: at,
        parent,
        ...(rule.kind === 'gate'
          ? { gate: rule.gate, fit: { status: 'explicit' } as const }
          : { gate: null, fit: { status: 'notEvaluable', reason: 'the file lacks its channels' } as const }),
      })),
    };
  } finally {
    source.close();
  }
}

function writeAny(strategy: GatingStrategy, output: string, input: string): string {
  switch (extname(output).toLowerCase()) {
    case '.xml': {
      const { text, issues } = writeGatingML(strategy);
      if (text === null) throw complaints(output, issues);
      return said(text, issues);
    }
    case '.json':
      return strategyText(strategy);
    case '.yaml':
    case '.yml': {
      const { template, issues } = templateOfStrategy(strategy, {
        id: basename(output, extname(output)),
        title: `Gates of ${basename(input)}`,
      });
      if (template === null) throw complaints(output, issues);
      return said(stringify(new Document(template), { lineWidth: 160 }), issues);
    }
    default:
      throw new UsageError(
        `${printable(output)}: expected .xml (Gating-ML), .json (strategy) or .yaml (template).`,
      );
  }
}

/** Hands a value on after saying its warnings. */
function said<T>(value: T, issues: readonly Issue[]): T {
  for (const { level, code, message } of issues)
    if (level !== 'error') console.error(`${code}: ${printable(message)}`);
  return value;
}
