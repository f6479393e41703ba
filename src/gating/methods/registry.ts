// The methods by name. Templates name them; parameters are checked here, once, against the method's own schema.
import type { z } from 'zod';
import { createRandom } from '../../math/index.ts';
import { background } from './background.ts';
import type { Fitted, GatingMethod, MethodFit, MethodInput } from './contract.ts';
import { carryWithError, withError } from './cut-error.ts';
import { fixed } from './fixed.ts';
import { kmeans } from './kmeans.ts';
import { mixture } from './mixture.ts';
import { oblique } from './oblique.ts';
import { open } from './open.ts';
import { quantile } from './quantile.ts';
import { reference } from './reference.ts';
import { singlet } from './singlet.ts';
import { stable } from './stable.ts';
import { tail } from './tail.ts';
import { valley } from './valley.ts';

/** A method with its parameters settled: only the events are missing. */
export interface ReadyMethod {
  readonly name: string;
  readonly dims: number;
  /** The fit, with the standard error of its cut in the evidence. `seed` names its random streams. */
  fit(input: MethodInput, seed: string): MethodFit;
  /** A fit of a control tube as a gate of this one; the error of its place is that of both tubes. */
  carry(found: Fitted, input: MethodInput, seed: string): MethodFit;
}

const makers: ReadonlyMap<string, (raw: unknown) => ReadyMethod | string> = new Map([
  ['valley', (raw: unknown) => ready(valley, raw)],
  ['tail', (raw: unknown) => ready(tail, raw)],
  ['singlet', (raw: unknown) => ready(singlet, raw)],
  ['fixed', (raw: unknown) => ready(fixed, raw)],
  ['kmeans', (raw: unknown) => ready(kmeans, raw)],
  ['mixture', (raw: unknown) => ready(mixture, raw)],
  ['oblique', (raw: unknown) => ready(oblique, raw)],
  ['background', (raw: unknown) => ready(background, raw)],
  ['quantile', (raw: unknown) => ready(quantile, raw)],
  ['reference', (raw: unknown) => ready(reference, raw)],
  ['stable', (raw: unknown) => ready(stable, raw)],
  ['open', (raw: unknown) => ready(open, raw)],
]);

/** Names of all methods. */
export const methodNames: readonly string[] = [...makers.keys()];

const schemas: ReadonlyMap<string, z.ZodType> = new Map(
  [valley, tail, singlet, fixed, kmeans, mixture, oblique, background, quantile, reference, stable, open].map(
    ({ name, params }) => [name, params],
  ),
);

/** The schema of a method's parameters, for its documentation. Throws RangeError for a method that does not exist. */
export function methodSchema(name: string): z.ZodType {
  const schema = schemas.get(name);
  if (schema === undefined) throw new RangeError(`there is no method ${name}`);
  return schema;
}

/** A method with checked parameters, or in plain words what is wrong with them. */
export function prepareMethod(name: string, rawParams: unknown): ReadyMethod | string {
  const make = makers.get(name);
  return make === undefined
    ? `there is no method ${name}; there are ${methodNames.join(', ')}`
    : make(rawParams);
}

function ready<P>(method: GatingMethod<P>, raw: unknown): ReadyMethod | string {
  const parsed = method.params.safeParse(raw);
  if (!parsed.success)
    return parsed.error.issues
      .map((problem) => `${method.name}.${problem.path.join('.')}: ${problem.message}`)
      .join('; ');
  return {
    name: method.name,
    dims: method.dims,
    fit: (input, seed) => {
      const fitted = method.fit(input, parsed.data, createRandom(seed));
      return fitted.status === 'rejected' ? fitted : withError(method, parsed.data, input, { fitted, seed });
    },
    carry: (found, input, seed) => carryWithError(method, parsed.data, input, { found, seed }),
  };
}
