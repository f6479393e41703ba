// A protocol under a compensation matrix that a person hands in instead of each file's own. Pure.
import { ImmunogateError } from '../errors.ts';
import { withDimensions, type Dimension, type GatingStrategy } from '../gating/index.ts';
import type { CompensationMatrix } from '../signal/index.ts';
import type { Protocol } from './model.ts';

/** Id of the matrix in a strategy; one that has the id already keeps it. */
const GIVEN = 'given';

/**
 * The protocol with `matrix` wherever it asks for the file's own spillover. Throws E_PROTOCOL_INVALID where it asks for that nowhere: the
 * matrix would be left aside in silence.
 */
export function underMatrix(protocol: Protocol, matrix: CompensationMatrix): Protocol {
  switch (protocol.kind) {
    case 'template':
      if (protocol.template.compensation === 'none') throw unused(protocol.template.id);
      return { ...protocol, matrix };
    case 'strategy':
      return { kind: 'strategy', strategy: strategyUnder(protocol.strategy, matrix) };
  }
}

function strategyUnder(strategy: GatingStrategy, matrix: CompensationMatrix): GatingStrategy {
  let id = GIVEN;
  while (Object.hasOwn(strategy.matrices, id)) id += '_';
  let uses = 0;
  const dimension = (dim: Dimension): Dimension => {
    if (dim.compensation.kind !== 'file') return dim;
    uses++;
    return { ...dim, compensation: { kind: 'matrix', id } };
  };
  const populations = strategy.populations.map((population) => ({
    ...population,
    gate: population.gate === null ? null : withDimensions(population.gate, dimension),
  }));
  if (uses === 0) throw unused(strategy.template.id);
  return { ...strategy, matrices: { ...strategy.matrices, [id]: matrix }, populations };
}

function unused(id: string): ImmunogateError {
  return new ImmunogateError(
    'E_PROTOCOL_INVALID',
    `The gates of ${id} do not use the compensation of the file, so there is nothing for another matrix to take the place of.`,
  );
}
