// immunogate cluster: one population of one file in k clusters, for exploration. Writes `event,cluster`, prints a line a cluster.
import { clusterPopulation } from '../engine/index.ts';
import { readFcs } from '../fcs/index.ts';
import { openFile } from '../fcs/node.ts';
import { openFileWriter } from '../results/node.ts';
import { parseTemplate } from '../template/index.ts';
import { complaints } from './chosen-protocols.ts';
import { readTemplateText } from './documents.ts';
import { exitCodes } from './exit.ts';
import { grouped, printable } from './text.ts';

export interface ClusterCommandOptions {
  readonly template: string;
  readonly population: string;
  /** Separated by commas. */
  readonly channels: string;
  readonly clusters: number;
  readonly dataset?: number;
  readonly seed: number;
  readonly output: string;
  readonly json?: boolean;
}

/** Throws UsageError for a template that cannot be read, ImmunogateError for a file or population that cannot be gated. */
export async function cluster(path: string, options: ClusterCommandOptions): Promise<number> {
  const { path: document, text } = readTemplateText(options.template);
  const { template, issues } = parseTemplate(text);
  if (template === null) throw complaints(document, issues);
  const { population, clusters, seed, dataset } = options;
  const channels = options.channels.split(',').map((name) => name.trim());
  const source = openFile(path);
  const writer = openFileWriter(options.output);
  try {
    const wanted = { population, channels, clusters, seed };
    writer.write('event,cluster\n');
    const file = readFcs(source, dataset === undefined ? {} : { dataset });
    const found = await clusterPopulation(source, file, template, wanted, (event, at) =>
      writer.write(`${event},${at}\n`),
    );
    writer.commit();
    if (options.json === true) process.stdout.write(`${JSON.stringify(found)}\n`);
    else {
      const total = found.clusters.reduce((sum, { events }) => sum + events, 0);
      found.clusters.forEach(({ events, centre }, c) => {
        const share = total === 0 ? '-' : `${((100 * events) / total).toFixed(2)} %`;
        const at = centre.map((value, d) => `${printable(channels[d])} ${value.toFixed(2)}`).join(', ');
        process.stdout.write(`${c + 1}: ${grouped(events)} events, ${share}, ${at}\n`);
      });
    }
    return exitCodes.done;
  } catch (error) {
    writer.discard();
    throw error;
  } finally {
    source.close();
  }
}
