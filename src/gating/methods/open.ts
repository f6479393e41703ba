// Everything: the whole of an axis, as the last resort of a list whose methods could not judge. Recorded like any other fallback.
import { z } from 'zod';
import type { GatingMethod } from './contract.ts';

const params = z.strictObject({});

export const open: GatingMethod<z.infer<typeof params>> = {
  name: 'open',
  dims: 1,
  params,
  fit: ({ dims }) => ({
    status: 'fitted',
    gate: { kind: 'rectangle', dims: [dims[0]], min: [-Infinity], max: [Infinity] },
    cut: null,
    evidence: {},
  }),
};
