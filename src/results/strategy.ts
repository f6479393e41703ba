// A GatingStrategy as a document: what a person reviews, edits and hands back. The one check of a strategy that comes from outside.
// Invariant: decode(encode(s)) equals s, infinities of open sides included (canonical.ts writes them as strings).
import { ImmunogateError } from '../errors.ts';
import type { Fit, Gate, GateOverride, GatingStrategy } from '../gating/index.ts';
import { canonicalJson } from './canonical.ts';

/** The strategy as JSON, two spaces a level, LF at the end; the same strategy gives the same bytes. */
export function strategyText(strategy: GatingStrategy): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(strategy)), null, 2)}\n`;
}

/** Revives what JSON cannot say (typed arrays, infinities) in a strategy that we wrote ourselves. */
export function decodeStrategy(stored: GatingStrategy): GatingStrategy {
  return {
    ...stored,
    matrices: Object.fromEntries(
      Object.entries(stored.matrices).map(([id, matrix]) => [
        id,
        { ...matrix, spill: Float64Array.from(matrix.spill) },
      ]),
    ),
    populations: stored.populations.map((population) => ({
      ...population,
      gate: decodeGate(population.gate),
      fit: decodeFit(population.fit),
    })),
  };
}

function decodeFit(fit: Fit): Fit {
  return fit.status === 'edited'
    ? { ...fit, placed: { ...fit.placed, gate: decodeGate(fit.placed.gate) } }
    : fit;
}

function decodeGate<G extends Gate>(gate: G): G;
function decodeGate(gate: Gate | null): Gate | null;
function decodeGate(gate: Gate | null): Gate | null {
  if (gate === null) return null;
  switch (gate.kind) {
    case 'rectangle':
      return { ...gate, min: gate.min.map(Number), max: gate.max.map(Number) };
    case 'quadrant':
      return { ...gate, dividers: gate.dividers.map((cuts) => cuts.map(Number)) };
    case 'polygon':
    case 'ellipsoid':
    case 'boolean':
      return gate;
  }
}

/**
 * Reads a strategy that a person may have edited. Throws E_PROTOCOL_INVALID naming the first place that does not follow the form.
 * Whether the gates make sense (references, matrices, positive definite) is checked when they are compiled.
 */
export async function parseStrategy(text: string): Promise<GatingStrategy> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ImmunogateError('E_PROTOCOL_INVALID', `The strategy is not JSON: ${String(cause)}.`, { cause });
  }
  const { strategySchema } = await import('./schema.ts');
  const parsed = strategySchema.safeParse(value);
  if (!parsed.success) {
    const [problem] = parsed.error.issues;
    const place = problem.path.join('.');
    throw new ImmunogateError(
      'E_PROTOCOL_INVALID',
      `The strategy does not follow its form at ${place || 'its top'}: ${problem.message}.`,
      {
        place,
      },
    );
  }
  return decodeStrategy(parsed.data as unknown as GatingStrategy);
}

/** Reads a gate edit from outside; open sides are the texts "Infinity" and "-Infinity". Throws E_EDIT_INVALID. */
export async function parseOverride(value: unknown): Promise<GateOverride> {
  const { overrideSchema } = await import('./schema.ts');
  const parsed = overrideSchema.safeParse(value);
  if (!parsed.success) {
    const [problem] = parsed.error.issues;
    const place = problem.path.join('.');
    throw new ImmunogateError(
      'E_EDIT_INVALID',
      `The edit does not follow its form at ${place || 'its top'}: ${problem.message}.`,
      {
        place,
      },
    );
  }
  const override = parsed.data as unknown as GateOverride;
  return { ...override, gate: decodeGate(override.gate) };
}
