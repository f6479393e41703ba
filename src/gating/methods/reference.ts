// R(population, q): the q-quantile of a population of the same tube and lineage that is biologically negative, e.g. PD-1 of naive
// CD8 T cells (populations specification, section 0). FIT hands its events over; without it there is no cut.
import { z } from 'zod';
import { quantileSorted } from '../../math/index.ts';
import { countBelow, cutGate, quantileError, sortedFinite, type GatingMethod } from './contract.ts';

export const referenceParams = z.strictObject({
  /** Id or path in a template, path in a plan. */
  population: z.string().min(1),
  q: z.number().gt(0).lt(1),
  /** Added to the quantile, scale units. */
  plus: z.number().default(0),
  /** Fewest events of the reference population; a quantile needs as many beyond it as are a few. */
  minReference: z.number().int().min(1).default(100),
});

export const reference: GatingMethod<z.infer<typeof referenceParams>> = {
  name: 'reference',
  dims: 1,
  params: referenceParams,
  fit(input, { population, q, plus, minReference }) {
    const rejected = (reason: string, events: number) =>
      ({ status: 'rejected', reason, evidence: { reference: population, referenceEvents: events } }) as const;
    if (input.reference === null) return rejected(`the reference ${population} is not evaluable`, 0);
    const values = sortedFinite(input.reference[0]);
    if (values.length < minReference)
      return rejected(`the reference ${population} has only ${values.length} events`, values.length);
    if (values[0] === values[values.length - 1])
      return rejected(`all events of the reference ${population} have the same value`, values.length);
    const cut = quantileSorted(values, q) + plus;
    const all = sortedFinite(input.columns[0]);
    const below = countBelow(all, cut);
    return {
      status: 'fitted',
      gate: cutGate(input, cut),
      cut,
      evidence: {
        cut,
        cutSe: quantileError(values, q),
        reference: population,
        referenceEvents: values.length,
        referenceMedian: quantileSorted(values, 0.5),
        eventsBelow: below,
        eventsAbove: all.length - below,
      },
    };
  },
};
