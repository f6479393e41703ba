// The axes of a gate, changed one by one: other names of channels, another compensation.
import type { Dimension, Gate } from './model.ts';

/** The gate with every dimension as `change` gives it; a Boolean gate has none and stays as it is. */
export function withDimensions(gate: Gate, change: (dim: Dimension) => Dimension): Gate {
  switch (gate.kind) {
    case 'boolean':
      return gate;
    case 'polygon':
      return { ...gate, dims: [change(gate.dims[0]), change(gate.dims[1])] };
    case 'rectangle':
    case 'ellipsoid':
    case 'quadrant':
      return { ...gate, dims: gate.dims.map(change) };
  }
}
