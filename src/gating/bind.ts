// Binding: a COUNT program meets the channels and the spillover of one file. Every name is resolved and every matrix inverted
// here, so that running over blocks looks nothing up.
import { ImmunogateError } from '../errors.ts';
import { findChannel, findNamedChannel, type Channel, type Spillover } from '../events/index.ts';
import { createUnmixing, spilloverMatrix, type Unmixing } from '../signal/index.ts';
import type { CompensationReference, GatingStrategy } from './model.ts';
import type { Program, Variable } from './program.ts';

/** How one column of a block is filled for the events of a list. */
export type Fill =
  | { readonly kind: 'gather'; readonly parameter: number; readonly column: number }
  | {
      readonly kind: 'unmix';
      /** Parameter position of each detector. */
      readonly offsets: Int32Array;
      /** weights[c][d] of colour c, whose column is columns[c]. */
      readonly weights: readonly Float64Array[];
      readonly columns: readonly number[];
    }
  | {
      readonly kind: 'ratio';
      readonly numerator: number;
      readonly denominator: number;
      readonly A: number;
      readonly B: number;
      readonly C: number;
      readonly column: number;
    };

/** Where a value comes from in a row: one parameter, or a weighted sum of several. */
export type ValueSource =
  | { readonly kind: 'parameter'; readonly parameter: number }
  | { readonly kind: 'unmixed'; readonly unmixing: BoundUnmixing; readonly colour: number };

export interface BoundUnmixing {
  readonly unmixing: Unmixing;
  /** Parameter position of each detector. */
  readonly offsets: Int32Array;
}

/** Resolves names against one file; matrices are inverted once and only when asked for. */
export class ValueBinder {
  private readonly channels: readonly Channel[];
  private readonly spillover: Spillover | null;
  private readonly matrices: GatingStrategy['matrices'];
  private readonly known = new Map<string, BoundUnmixing>();

  constructor(
    channels: readonly Channel[],
    spillover: Spillover | null,
    matrices: GatingStrategy['matrices'],
  ) {
    this.channels = channels;
    this.spillover = spillover;
    this.matrices = matrices;
  }

  /** Throws E_CHANNEL_MISSING, E_CHANNEL_AMBIGUOUS, E_COMP_MISSING, E_COMP_CHANNEL_MISSING or E_COMP_SINGULAR. */
  source(channel: string, compensation: CompensationReference): ValueSource {
    const asIs =
      compensation.kind === 'file' && compensation.absent === 'uncompensated' && this.spillover === null;
    if (compensation.kind === 'none' || asIs) {
      return { kind: 'parameter', parameter: findChannel(this.channels, channel) };
    }
    const bound = this.unmixing(compensation);
    const { fluorochromes, detectors } = bound.unmixing;
    const colour = fluorochromes.indexOf(channel);
    if (colour >= 0) return { kind: 'unmixed', unmixing: bound, colour };
    // a gate may spell a channel its own way (case, `_` for `/`): the file's channel decides, and whether it is compensated
    const parameter = findChannel(this.channels, channel);
    const own = bound.offsets.indexOf(parameter);
    if (own >= 0 && fluorochromes[own] === detectors[own])
      return { kind: 'unmixed', unmixing: bound, colour: own };
    return { kind: 'parameter', parameter };
  }

  private unmixing(compensation: Exclude<CompensationReference, { kind: 'none' }>): BoundUnmixing {
    const key = compensation.kind === 'file' ? 'file' : `matrix:${compensation.id}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const unmixing = createUnmixing(this.matrixOf(compensation));
    const offsets = Int32Array.from(unmixing.detectors, (name) => this.detector(name));
    const bound = { unmixing, offsets };
    this.known.set(key, bound);
    return bound;
  }

  private matrixOf(compensation: Exclude<CompensationReference, { kind: 'none' }>) {
    if (compensation.kind === 'file') {
      if (this.spillover !== null) return spilloverMatrix(this.spillover);
      throw new ImmunogateError(
        'E_COMP_MISSING',
        "Gates ask for the file's own compensation, but the file holds no usable spillover.",
      );
    }
    const matrix = Object.hasOwn(this.matrices, compensation.id) ? this.matrices[compensation.id] : undefined;
    if (matrix !== undefined) return matrix;
    throw new ImmunogateError(
      'E_COMP_MISSING',
      `Gates ask for compensation matrix ${compensation.id}, which the protocol does not hold.`,
    );
  }

  private detector(name: string): number {
    try {
      return findNamedChannel(this.channels, name);
    } catch (cause) {
      if (cause instanceof ImmunogateError && cause.code === 'E_CHANNEL_AMBIGUOUS') throw cause;
      throw new ImmunogateError(
        'E_COMP_CHANNEL_MISSING',
        `The compensation needs detector ${name}, which the file does not have.`,
        { cause },
      );
    }
  }
}

/** The fills of every `columns` step of a program, in the order of its steps. */
export function bindColumns(program: Program, binder: ValueBinder): readonly (readonly Fill[])[] {
  return program.steps.map((step) =>
    step.kind === 'columns' ? fillsOf(step.variables, program.variables, binder) : [],
  );
}

/** The fills of some variables (positions in `variables`), operands before ratios. */
export function fillsOf(
  wanted: readonly number[],
  variables: readonly Variable[],
  binder: ValueBinder,
): Fill[] {
  const gathers: Fill[] = [];
  const ratios: Fill[] = [];
  const colours: { source: Extract<ValueSource, { kind: 'unmixed' }>; column: number }[] = [];
  for (const column of wanted) {
    const variable = variables[column];
    if (variable.kind === 'ratio') {
      ratios.push({ ...variable, column });
      continue;
    }
    const source = binder.source(variable.channel, variable.compensation);
    if (source.kind === 'parameter') gathers.push({ kind: 'gather', parameter: source.parameter, column });
    else colours.push({ source, column });
  }
  return [...gathers, ...unmixFills(colours), ...ratios];
}

/** The colours of one matrix together: they read the same detectors. */
export function unmixFills(
  colours: readonly { readonly source: Extract<ValueSource, { kind: 'unmixed' }>; readonly column: number }[],
): Fill[] {
  const matrices = [...new Set(colours.map((c) => c.source.unmixing))];
  return matrices.map((bound) => {
    const group = colours.filter((c) => c.source.unmixing === bound);
    const all = bound.unmixing.fluorochromes.length;
    return {
      kind: 'unmix',
      offsets: bound.offsets,
      weights: group.map(({ source }) =>
        Float64Array.from(bound.offsets, (_, d) => bound.unmixing.unmix[d * all + source.colour]),
      ),
      columns: group.map((c) => c.column),
    };
  });
}
