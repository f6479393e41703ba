// GatingStrategy -> GatingTemplate: the gates of one sample as a template for others, e.g. a FlowJo workspace's for a whole study.
// Channels stay named by channel; what the template form cannot say is refused by population, never approximated.
import { issue, type Issue } from '../errors.ts';
import type { Dimension, GatingStrategy, StrategyPopulation } from '../gating/index.ts';
import type { ScaleFunction } from '../signal/index.ts';
import type { GatingTemplate, TemplateAxis, TemplateEntry, TemplateScale } from '../template/index.ts';

export interface StrategyTemplate {
  /** Null exactly when an issue is an error. */
  readonly template: GatingTemplate | null;
  readonly issues: readonly Issue[];
}

/**
 * Issues: W_TEMPLATE_COMPENSATION where a matrix of the strategy becomes the file's own spillover, W_TEMPLATE_RENAMED for ids that a
 * template cannot have, E_TEMPLATE_UNSUPPORTED for ratios and for scales that are clipped.
 */
export function templateOfStrategy(
  strategy: GatingStrategy,
  { id, title }: { readonly id: string; readonly title: string },
): StrategyTemplate {
  const issues: Issue[] = [];
  const paths = templatePaths(strategy.populations, issues);
  const scales = new Map<string, { readonly name: string; readonly scale: TemplateScale }>();
  const populations = strategy.populations.flatMap((population): TemplateEntry[] => {
    try {
      return entryOf(population, paths, scales);
    } catch (error) {
      if (!(error instanceof Unsaid)) throw error;
      issues.push(issue('E_TEMPLATE_UNSUPPORTED', `${population.path}: ${error.message}`, population.path));
      return [];
    }
  });
  if (Object.keys(strategy.matrices).length > 0)
    issues.push(
      issue(
        'W_TEMPLATE_COMPENSATION',
        "Gates under a matrix of the document use each file's own spillover in the template.",
      ),
    );
  const template: GatingTemplate = {
    immunogate: 1,
    id:
      id
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '') || 'converted',
    version: '1.0.0',
    title,
    compensation: 'file',
    scales: Object.fromEntries([...scales.values()].map(({ name, scale }) => [name, scale])),
    channels: {},
    populations,
  };
  return { template: issues.some(({ level }) => level === 'error') ? null : template, issues };
}

/** What a template cannot say. */
class Unsaid extends Error {}

/** Path of the strategy -> path of the template, ids of letters, digits and _ only. */
function templatePaths(populations: readonly StrategyPopulation[], issues: Issue[]): Map<string, string> {
  const paths = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id, path, parent } of populations) {
    const stem =
      id
        .replaceAll('+', 'p')
        .replace(/[^A-Za-z0-9]+/g, '_')
        .replace(/^_+|_+$/g, '')
        .slice(0, 60) || 'population';
    const above = parent === null ? '' : `${paths.get(parent) ?? ''}/`;
    let name = stem;
    for (let n = 2; taken.has(above + name); n++) name = `${stem}_${n}`;
    taken.add(above + name);
    paths.set(path, above + name);
    if (name !== id)
      issues.push(issue('W_TEMPLATE_RENAMED', `Population "${id}" is called ${name} in the template.`, path));
  }
  return paths;
}

type Scales = Map<string, { readonly name: string; readonly scale: TemplateScale }>;

function entryOf(
  { path, parent, id, gate }: StrategyPopulation,
  paths: ReadonlyMap<string, string>,
  scales: Scales,
): TemplateEntry[] {
  if (gate === null) throw new Unsaid('it has no gate');
  const own = paths.get(path) ?? path;
  const described = {
    id: own.slice(own.lastIndexOf('/') + 1),
    ...(own.endsWith(id) ? {} : { name: id }),
    parent: parent === null ? 'root' : (paths.get(parent) ?? parent),
  };
  if (gate.kind === 'boolean') {
    const word = gate.operator === 'or' ? ' or ' : ' and ';
    const terms = gate.operands.map(
      ({ population, complement }) =>
        `${complement !== (gate.operator === 'not') ? 'not ' : ''}${paths.get(population) ?? population}`,
    );
    return [{ ...described, is: terms.join(word) }];
  }
  const on = gate.dims.map((dim) => axisOf(dim, scales));
  switch (gate.kind) {
    case 'rectangle':
      return [
        { ...described, on, gate: { rectangle: gate.min.map((min, d) => interval(min, gate.max[d])) } },
      ];
    case 'polygon':
      return [{ ...described, on, gate: { polygon: gate.vertices.map(([x, y]) => [x, y]) } }];
    case 'ellipsoid': {
      const n = gate.dims.length;
      const covariance = gate.mean.map((_, r) => gate.covariance.slice(r * n, (r + 1) * n));
      return [
        {
          ...described,
          on,
          gate: { ellipse: { mean: [...gate.mean], covariance, distanceSquare: gate.distanceSquare } },
        },
      ];
    }
    case 'quadrant': {
      const sides = gate.cell.map((cell, d) =>
        cell === null
          ? interval(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
          : interval(
              gate.dividers[d][cell - 1] ?? Number.NEGATIVE_INFINITY,
              gate.dividers[d][cell] ?? Number.POSITIVE_INFINITY,
            ),
      );
      return [{ ...described, on, gate: { rectangle: sides } }];
    }
  }
}

function interval(min: number, max: number): [number | null, number | null] {
  return [Number.isFinite(min) ? min : null, Number.isFinite(max) ? max : null];
}

function axisOf({ source, compensation, transform }: Dimension, scales: Scales): TemplateAxis {
  if (source.kind === 'ratio') throw new Unsaid('a template has no ratios of channels');
  if (transform !== null && (transform.boundMin !== null || transform.boundMax !== null))
    throw new Unsaid('a template has no clipped scales');
  return {
    channel: source.channel,
    scale: transform === null ? 'linear' : scaleName(transform.scale, scales),
    ...(compensation.kind === 'none' ? { compensation: 'none' as const } : {}),
  };
}

function scaleName(scale: ScaleFunction, scales: Scales): string {
  const key = JSON.stringify(scale);
  const known = scales.get(key);
  if (known !== undefined) return known.name;
  const name = `${scale.kind}${scales.size + 1}`;
  scales.set(key, { name, scale: writtenScale(scale) });
  return name;
}

function writtenScale(scale: ScaleFunction): TemplateScale {
  switch (scale.kind) {
    case 'linear':
      throw new Unsaid('a template has no linear scale with a top of its own');
    case 'log':
      return { log: { T: scale.T, M: scale.M } };
    case 'asinh':
      return { asinh: { T: scale.T, M: scale.M, A: scale.A } };
    case 'logicle':
      return { logicle: { T: scale.T, W: scale.W, M: scale.M, A: scale.A } };
    case 'hyperlog':
      return { hyperlog: { T: scale.T, W: scale.W, M: scale.M, A: scale.A } };
    case 'asinhCofactor':
      // without `top` the cofactor is taken for the channel as it is
      return { asinhCofactor: scale.cofactor };
    case 'biex': {
      const { T, neg, width, pos, channels } = scale;
      if (channels !== 256 && channels !== 4096)
        throw new Unsaid('a biexponential axis has 256 or 4096 channels');
      return { biex: { T, neg, width, pos, channels } };
    }
  }
}
