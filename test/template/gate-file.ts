// A template of gating-templates/ on one file, as an engine would do it: read, bind, fit, then each population's events.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ByteSource } from '../../src/fcs/index.ts';
import { readEvents, readFcs } from '../../src/fcs/index.ts';
import { countPopulations, evaluateStrategy, fitPlan, type GatingStrategy } from '../../src/gating/index.ts';
import { bindTemplate, parseTemplate, type GatingTemplate } from '../../src/template/index.ts';

export function templateText(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../gating-templates/${name}.yaml`, import.meta.url)), 'utf8');
}

export function templateOf(name: string, changes: Partial<GatingTemplate> = {}): GatingTemplate {
  const { template, issues } = parseTemplate(templateText(name));
  if (template === null) throw new Error(issues.map(({ message }) => message).join('\n'));
  return { ...template, ...changes };
}

export interface Gated {
  readonly strategy: GatingStrategy;
  readonly events: number;
  /** Members by population id (of an id that occurs twice, the last). */
  readonly members: ReadonlyMap<string, Uint8Array>;
  readonly count: (id: string) => number | null;
  /** Counts of the streaming kernels beside those of the members, by population of the strategy. */
  readonly counted: {
    readonly streamed: readonly (number | null)[];
    readonly members: readonly (number | null)[];
  };
}

export function gateFile(source: ByteSource, template: GatingTemplate): Gated {
  const file = readFcs(source);
  const { table } = readEvents(source, file, { scaling: 'scaled' });
  const { plan, issues } = bindTemplate(template, table.channels, { spillover: file.spillover });
  if (plan === null) throw new Error(issues.map(({ message }) => message).join('\n'));
  const { strategy } = fitPlan(plan, { table, spillover: file.spillover }, { seed: 'test' });
  const byPath = evaluateStrategy(strategy, table, file.spillover);
  const members = new Map(
    strategy.populations.flatMap(({ id, path }) => {
      const member = byPath.get(path);
      return member === undefined ? [] : [[id, member] as const];
    }),
  );
  const size = (member: Uint8Array | undefined) => member?.reduce((sum, inside) => sum + inside, 0) ?? null;
  const counted = {
    streamed: countPopulations(source, file, strategy).counts,
    members: strategy.populations.map(({ path }) => size(byPath.get(path))),
  };
  return { strategy, events: table.count, members, count: (id) => size(members.get(id)), counted };
}
