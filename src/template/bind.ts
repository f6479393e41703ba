// Binding: a template meets the channels of one panel. Every name is resolved and every naming problem is said here; the plan
// that comes out mentions exact channel names only.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import {
  findFluorochrome,
  findMarker,
  findNamedChannel,
  findScatter,
  type Channel,
  type Spillover,
} from '../events/index.ts';
import type {
  CompensationReference,
  Dimension,
  Gate,
  GatingPlan,
  PlannedPopulation,
  Rule,
} from '../gating/index.ts';
import type { CompensationMatrix } from '../signal/index.ts';
import { checkTemplate } from './check.ts';
import { expandTemplate, type ExplicitEntry, type ExplicitRule } from './expand.ts';
import type { GatingTemplate, TemplateAxis, TemplateGate, TemplateScale } from './schema.ts';
import { transformOf } from './transform.ts';

export interface BoundTemplate {
  /** null when there is an error among the issues. */
  readonly plan: GatingPlan | null;
  readonly issues: readonly Issue[];
}

export interface BindOptions {
  /** The file's own matrix, null where it has none. */
  readonly spillover: Spillover | null;
  /** A matrix that counts instead of the file's own, its compensated columns named as its detectors. */
  readonly matrix?: CompensationMatrix | undefined;
  /** What an entry is whose channel the file lacks and that is not optional; a control tube need not have every marker. Default an error. */
  readonly absent?: 'error' | 'notEvaluable';
}

/** Binds a template to the channels of a file. Never throws: what cannot be bound is an issue. */
export function bindTemplate(
  template: GatingTemplate,
  channels: readonly Channel[],
  options: BindOptions,
): BoundTemplate {
  const { entries, issues: expansion } = expandTemplate(template);
  const issues: Issue[] = [
    ...expansion,
    ...checkTemplate(template, entries).map(({ code, path, message }) =>
      issue(code, `${path.map(String).join('.')}: ${message}`, path.slice(0, 2).map(String).join('.')),
    ),
  ];
  if (issues.some(({ level }) => level === 'error')) return { plan: null, issues };
  const coverage = coverageOf(channels, options, issues);
  if (coverage === null) return { plan: null, issues };
  const axes = createAxisBinder(template, channels, coverage);
  const populations = entries.map((entry): PlannedPopulation => {
    const { id, path, parent } = entry;
    try {
      return { id, path, parent, rule: ruleOf(entry, distinct(axes.dimension)) };
    } catch (cause) {
      if (!(cause instanceof ImmunogateError)) throw cause;
      const absent = cause.code === 'E_CHANNEL_MISSING';
      const required = entry.optional === false && options.absent !== 'notEvaluable';
      if (required || !absent) issues.push(issue(cause.code, `${path}: ${cause.message}`, path));
      const instead = entry.optional === 'as-parent' ? 'parent' : 'notEvaluable';
      return { id, path, parent, rule: { kind: 'missing', reason: cause.message, instead } };
    }
  });
  issues.push(...axes.findings());
  const plan: GatingPlan = {
    template: { id: template.id, version: template.version },
    matrices: options.matrix === undefined ? {} : { [GIVEN]: options.matrix },
    populations,
    findings: issues,
  };
  return { plan: issues.some((found) => found.level === 'error') ? null : plan, issues };
}

/** Two words of one gate that find the same channel are one channel too few, e.g. where a file keeps pulse heights only. */
function distinct(dimension: AxisBinder['dimension']): AxisBinder['dimension'] {
  const seen = new Set<string>();
  return (axis) => {
    const dim = dimension(axis);
    const key = dim.source.kind === 'channel' ? dim.source.channel : JSON.stringify(dim.source);
    if (seen.has(key))
      throw new ImmunogateError(
        'E_CHANNEL_MISSING',
        `The file has one channel for two axes: ${[...seen].join(', ')}.`,
      );
    seen.add(key);
    return dim;
  };
}

interface AxisBinder {
  readonly dimension: (axis: TemplateAxis) => Dimension;
  readonly findings: () => Issue[];
}

/** Id of a matrix that was handed in, in plans and strategies. */
const GIVEN = 'given';

/** The compensation of a file: how gates refer to it, and names of the channels that it covers. */
interface Coverage {
  readonly reference: CompensationReference;
  readonly channels: ReadonlySet<string>;
  /** Of what is not covered. */
  readonly because: string;
}

/** Null, with E_COMP_CHANNEL_MISSING or E_CHANNEL_AMBIGUOUS among the issues, where a matrix needs a detector that is not there, or there twice. */
function coverageOf(
  channels: readonly Channel[],
  { spillover, matrix }: BindOptions,
  issues: Issue[],
): Coverage | null {
  if (matrix === undefined)
    return {
      reference: { kind: 'file' },
      channels: new Set(spillover?.detectors),
      because:
        spillover === null
          ? 'The file holds no spillover matrix'
          : "The file's spillover does not cover every colour",
    };
  const covered = new Set<string>();
  for (const name of matrix.detectors) {
    try {
      covered.add(channels[findNamedChannel(channels, name)].name);
    } catch (cause) {
      if (!(cause instanceof ImmunogateError)) throw cause;
      const code = cause.code === 'E_CHANNEL_AMBIGUOUS' ? cause.code : 'E_COMP_CHANNEL_MISSING';
      issues.push(issue(code, `The compensation: ${cause.message}`, name));
    }
  }
  if (covered.size < matrix.detectors.length) return null;
  return {
    reference: { kind: 'matrix', id: GIVEN },
    channels: covered,
    because: 'The compensation that was given does not cover every colour',
  };
}

function createAxisBinder(
  template: GatingTemplate,
  channels: readonly Channel[],
  coverage: Coverage,
): AxisBinder {
  const uncompensated = new Set<string>();
  return {
    dimension(axis) {
      const written = typeof axis === 'string' ? {} : axis;
      const channel = channels[positionOf(axis, channels, template)];
      const wantsFile =
        (written.compensation ?? template.compensation) === 'file' && channel.kind === 'fluorescence';
      const compensated = wantsFile && coverage.channels.has(channel.name);
      if (wantsFile && !compensated) uncompensated.add(channel.name);
      return {
        source: { kind: 'channel', channel: channel.name },
        compensation: compensated ? coverage.reference : { kind: 'none' },
        transform: transformOf(scaleOf(written.scale, channel, template), channel.range),
      };
    },
    findings: () =>
      uncompensated.size === 0
        ? []
        : [
            issue(
              'W_UNCOMPENSATED',
              `${coverage.because}; ${[...uncompensated].join(', ')} were gated uncompensated.`,
            ),
          ],
  };
}

/** Plain words: a channel that the template assigns, a scatter word, a channel name, a marker, in this order. */
function positionOf(axis: TemplateAxis, channels: readonly Channel[], template: GatingTemplate): number {
  const written = typeof axis === 'string' ? { marker: axis } : axis;
  const word = written.channel ?? written.marker ?? written.fluorochrome;
  if (word === undefined)
    throw new ImmunogateError('E_TEMPLATE_SCHEMA', 'An axis needs a marker, a channel or a fluorochrome.');
  if (Object.hasOwn(template.channels, word)) return findNamedChannel(channels, template.channels[word]);
  if (written.fluorochrome !== undefined) return findFluorochrome(channels, word);
  if (channels.some((channel) => channel.name === word)) return findNamedChannel(channels, word);
  if (/^(FSC|SSC)-[AHW]$/.test(word)) {
    const scatter = findScatter(channels, word);
    if (scatter !== null) return scatter;
    throw new ImmunogateError('E_CHANNEL_MISSING', `The file has no ${word}.`, { place: word });
  }
  if (word === 'Time') {
    const time = channels.findIndex((channel) => channel.kind === 'time');
    if (time >= 0) return time;
  }
  return written.channel === undefined ? findMarker(channels, word) : findNamedChannel(channels, word);
}

function scaleOf(name: string | undefined, channel: Channel, template: GatingTemplate): TemplateScale {
  if (name === 'linear' || name === 'fraction') return name;
  if (name !== undefined) {
    const scale = Object.hasOwn(template.scales, name) ? template.scales[name] : undefined;
    if (scale === undefined)
      throw new ImmunogateError('E_TEMPLATE_REFERENCE', `Scale ${name} is not defined under scales.`);
    return scale;
  }
  if (channel.kind !== 'fluorescence') return 'linear';
  return Object.hasOwn(template.scales, 'fluorescence')
    ? template.scales['fluorescence']
    : { asinhCofactor: 'auto' };
}

function ruleOf(
  { rule, minimumEvents, path, pool }: ExplicitEntry,
  dimension: (axis: TemplateAxis) => Dimension,
): Rule {
  const pooled = pool === null ? {} : { pool };
  switch (rule.kind) {
    case 'gate':
      return { kind: 'gate', gate: gateOf(rule.gate, rule.on.map(dimension), path) };
    case 'methods':
      return {
        kind: 'methods',
        dims: rule.on.map(dimension),
        keep: rule.keep,
        attempts: rule.attempts,
        minimumEvents,
        ...pooled,
      };
    case 'quadrant':
      return { ...quadrantOf(rule, rule.on.map(dimension), minimumEvents), ...pooled };
    case 'boolean':
      return { kind: 'gate', gate: { kind: 'boolean', operator: rule.operator, operands: rule.operands } };
  }
}

function quadrantOf(
  rule: Extract<ExplicitRule, { kind: 'quadrant' }>,
  dims: readonly Dimension[],
  minimumEvents: number,
): Rule {
  const { set, cuts, cell } = rule;
  return { kind: 'quadrant', set, dims, cuts, cell, minimumEvents };
}

function gateOf(written: TemplateGate, dims: readonly Dimension[], path: string): Gate {
  const open = (side: number | null, end: number) => side ?? end;
  const needs = (count: number) => {
    if (dims.length !== count)
      throw new ImmunogateError(
        'E_GATE_INVALID',
        `${path}: this gate has ${count} axes, but "on" names ${dims.length}.`,
      );
  };
  if ('range' in written) {
    needs(1);
    return {
      kind: 'rectangle',
      dims,
      min: [open(written.range[0], -Infinity)],
      max: [open(written.range[1], Infinity)],
    };
  }
  if ('rectangle' in written) {
    needs(written.rectangle.length);
    return {
      kind: 'rectangle',
      dims,
      min: written.rectangle.map(([low]) => open(low, -Infinity)),
      max: written.rectangle.map(([, high]) => open(high, Infinity)),
    };
  }
  if ('polygon' in written) {
    needs(2);
    return { kind: 'polygon', dims: [dims[0], dims[1]], vertices: written.polygon };
  }
  const { mean, covariance, distanceSquare } = written.ellipse;
  needs(mean.length);
  return { kind: 'ellipsoid', dims, mean, covariance: covariance.flat(), distanceSquare };
}
