// F(q): the q-quantile of the events themselves (populations specification, section 0). With `tube` those of a control inside the same
// parent: FMO:PD1 for a threshold, BASELINE for the visit before treatment. On the tube's own events it cuts off a stated fraction.
import { z } from 'zod';
import { quantileSorted } from '../../math/index.ts';
import { countBelow, cutGate, quantileError, sortedFinite, type GatingMethod } from './contract.ts';

const params = z.strictObject({
  q: z.number().gt(0).lt(1).default(0.995),
  /** Added to the quantile, scale units. */
  plus: z.number().default(0),
  /** Fewest events; a quantile needs as many beyond it as are a few. */
  minEvents: z.number().int().min(1).default(200),
});

export const quantile: GatingMethod<z.infer<typeof params>> = {
  name: 'quantile',
  dims: 1,
  params,
  fit(input, { q, plus, minEvents }) {
    const values = sortedFinite(input.columns[0]);
    const rejected = (reason: string) =>
      ({ status: 'rejected', reason, evidence: { events: values.length } }) as const;
    if (values.length < minEvents) return rejected(`only ${values.length} events show the quantile`);
    if (values[0] === values[values.length - 1]) return rejected('all events have the same value');
    const beyond = values.length * Math.min(q, 1 - q);
    if (beyond < 1) return rejected(`${values.length} events are too few for the quantile ${q}`);
    const cut = quantileSorted(values, q) + plus;
    const below = countBelow(values, cut);
    const evidence = {
      cut,
      cutSe: quantileError(values, q),
      events: values.length,
      median: quantileSorted(values, 0.5),
      eventsBelow: below,
      eventsAbove: values.length - below,
    };
    return { status: 'fitted', gate: cutGate(input, cut), cut, evidence };
  },
};
