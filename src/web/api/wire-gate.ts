// Gates between JSON and the product's own type: open sides are the texts "Infinity" and "-Infinity" on the wire, because JSON has no such numbers.
import type { Gate } from '../../gating/index.ts';
import type { WireGate } from '../../server/index.ts';

export function fromWire(gate: WireGate): Gate {
  return gate.kind === 'rectangle' ? { ...gate, min: gate.min.map(Number), max: gate.max.map(Number) } : gate;
}

export function toWire(gate: Gate): WireGate {
  return gate.kind === 'rectangle' ? { ...gate, min: gate.min.map(limit), max: gate.max.map(limit) } : gate;
}

function limit(value: number): number | 'Infinity' | '-Infinity' {
  return value === Infinity ? 'Infinity' : value === -Infinity ? '-Infinity' : value;
}
