// X: a cut at a stated value, for thresholds that are a rule of the protocol rather than of the data.
import { z } from 'zod';
import { cutGate, type GatingMethod } from './contract.ts';

const params = z.strictObject({ at: z.number() });

export const fixed: GatingMethod<z.infer<typeof params>> = {
  name: 'fixed',
  dims: 1,
  params,
  fit(input, { at }) {
    // a rule of the protocol does not scatter
    return { status: 'fitted', gate: cutGate(input, at), cut: at, evidence: { cut: at, cutSe: 0 } };
  },
};
