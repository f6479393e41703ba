// The document behind `gate --template` or `--strategy`, read into what the engine applies.
import { existsSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import type { PlannedSample } from '../engine/index.ts';
import type { Protocol } from '../engine/node.ts';
import type { ReadOptions } from '../fcs/index.ts';
import { complaints, type ChosenProtocols } from './chosen-protocols.ts';
import { readTemplateText, readText } from './documents.ts';
import { UsageError } from './exit.ts';
import { printable } from './text.ts';

/** One template or strategy for all samples, or a folder of strategies, one a sample; a workspace's gates are bound to each file as `readOptions` read it. Throws UsageError with everything that is wrong. */
export async function chooseProtocols(
  options: { readonly template?: string; readonly strategy?: string },
  samples: readonly PlannedSample[],
  readOptions: ReadOptions,
): Promise<ChosenProtocols> {
  const { template, strategy } = options;
  if ((template === undefined) === (strategy === undefined))
    throw new UsageError('Give either --template or --strategy.');
  if (strategy !== undefined && statSync(strategy, { throwIfNoEntry: false })?.isDirectory() === true) {
    return await strategiesOf(strategy, samples);
  }
  if (template !== undefined && extname(template).toLowerCase() === '.wsp') {
    const { workspaceProtocols } = await import('./flowjo.ts');
    return workspaceProtocols(template, samples, readOptions);
  }
  const protocol = template === undefined ? await readStrategy(strategy ?? '') : await readTemplate(template);
  return { protocols: [protocol], of: new Map(samples.map(({ sample }) => [sample, 0])), refused: [] };
}

async function strategiesOf(folder: string, samples: readonly PlannedSample[]): Promise<ChosenProtocols> {
  const protocols: Protocol[] = [];
  const of = new Map<string, number>();
  const refused: { sample: string; issues: Issue[] }[] = [];
  for (const { sample } of samples) {
    const path = join(folder, `${sample}.json`);
    if (existsSync(path)) of.set(sample, protocols.push(await readStrategy(path)) - 1);
    else
      refused.push({
        sample,
        issues: [issue('E_PROTOCOL_INVALID', `The folder of strategies has no ${sample}.json.`)],
      });
  }
  return { protocols, of, refused };
}

async function readTemplate(template: string): Promise<Protocol> {
  const { path, text } = readTemplateText(template);
  switch (extname(path).toLowerCase()) {
    case '.yaml':
    case '.yml':
    case '.json': {
      const { parseTemplate } = await import('../template/index.ts');
      const { template, issues } = parseTemplate(text);
      if (template === null) throw complaints(path, issues);
      return { kind: 'template', template };
    }
    case '.xml': {
      const { readGatingML } = await import('../interop/index.ts');
      const { strategy, issues } = readGatingML(text, {
        template: { id: basename(path, extname(path)), version: '2.0' },
      });
      if (strategy === null) throw complaints(path, issues);
      for (const { code, message } of issues) console.error(`${code}: ${printable(message)}`);
      return { kind: 'strategy', strategy };
    }
    default:
      throw new UsageError(
        `--template ${printable(path)}: expected .yaml, .json, .xml (GatingML 2.0) or .wsp (FlowJo).`,
      );
  }
}

async function readStrategy(path: string): Promise<Protocol> {
  const { parseStrategy } = await import('../results/index.ts');
  try {
    return { kind: 'strategy', strategy: await parseStrategy(readText(path)) };
  } catch (error) {
    if (error instanceof ImmunogateError)
      throw new UsageError(`${printable(path)}: ${error.code}: ${error.message}`, { cause: error });
    throw error;
  }
}
