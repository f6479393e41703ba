// The form of a strategy document (strategies/<sample>.json). Unknown keys are refused, names that could reach a prototype too.
// The types of gating/model.ts are the meaning; this file only guards the door.
import { z } from 'zod';

const forbidden = new Set(['__proto__', 'constructor', 'prototype']);
const name = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => !forbidden.has(text), 'this name is not allowed');
const path = z
  .string()
  .min(1)
  .max(4096)
  .refine(
    (text) => !text.split('/').some((part) => part === '' || forbidden.has(part)),
    'this path is not allowed',
  );
const finite = z.number();
/** A limit that may be open. */
const limit = z.union([finite, z.literal('Infinity'), z.literal('-Infinity')]);

const scale = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('linear'), T: finite, A: finite }),
  z.strictObject({ kind: z.literal('log'), T: finite, M: finite }),
  z.strictObject({ kind: z.literal('asinh'), T: finite, M: finite, A: finite }),
  z.strictObject({ kind: z.literal('logicle'), T: finite, W: finite, M: finite, A: finite }),
  z.strictObject({ kind: z.literal('hyperlog'), T: finite, W: finite, M: finite, A: finite }),
  z.strictObject({ kind: z.literal('asinhCofactor'), cofactor: finite.positive() }),
  z.strictObject({
    kind: z.literal('biex'),
    T: finite,
    neg: finite,
    width: finite,
    pos: finite,
    channels: z.int().min(2),
  }),
]);
const transform = z.strictObject({ scale, boundMin: finite.nullable(), boundMax: finite.nullable() });

const compensation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('file'), absent: z.literal('uncompensated').optional() }),
  z.strictObject({ kind: z.literal('matrix'), id: name }),
]);
const source = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('channel'), channel: name }),
  z.strictObject({
    kind: z.literal('ratio'),
    numerator: name,
    denominator: name,
    A: finite,
    B: finite,
    C: finite,
  }),
]);
const dimension = z.strictObject({ source, compensation, transform: transform.nullable() });
const dimensions = z.array(dimension).min(1).max(64);

const rectangle = z
  .strictObject({ kind: z.literal('rectangle'), dims: dimensions, min: z.array(limit), max: z.array(limit) })
  .refine(
    (g) => g.min.length === g.dims.length && g.max.length === g.dims.length,
    'min and max need one number a dimension',
  );
const polygon = z.strictObject({
  kind: z.literal('polygon'),
  dims: z.tuple([dimension, dimension]),
  vertices: z
    .array(z.tuple([finite, finite]))
    .min(3)
    .max(10_000),
});
const ellipsoid = z
  .strictObject({
    kind: z.literal('ellipsoid'),
    dims: dimensions,
    mean: z.array(finite),
    covariance: z.array(finite),
    distanceSquare: finite.positive(),
  })
  .refine(
    (g) => g.mean.length === g.dims.length && g.covariance.length === g.dims.length * g.dims.length,
    'mean and covariance do not fit the dimensions',
  );
const quadrant = z
  .strictObject({
    kind: z.literal('quadrant'),
    set: name,
    dims: dimensions,
    dividers: z.array(z.array(finite).min(1)),
    cell: z.array(z.int().min(0).nullable()),
  })
  .refine(
    (g) => g.dividers.length === g.dims.length && g.cell.length === g.dims.length,
    'dividers and cell need one entry a dimension',
  );
const boolean = z.strictObject({
  kind: z.literal('boolean'),
  operator: z.enum(['and', 'or', 'not']),
  operands: z
    .array(z.strictObject({ population: path, complement: z.boolean() }))
    .min(1)
    .max(10_000),
});

const notEvaluableWords = 'a population without a gate must be notEvaluable, and only such';
function hasGateUnlessNotEvaluable(p: {
  readonly gate: unknown;
  readonly fit: { readonly status: string };
}): boolean {
  return (p.gate === null) === (p.fit.status === 'notEvaluable');
}

const evidence = z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]));
const placedFit = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('explicit') }),
  z.strictObject({ status: z.literal('fitted'), method: name, evidence }),
  z.strictObject({ status: z.literal('fallback'), method: name, reason: z.string(), evidence }),
  z.strictObject({ status: z.literal('notEvaluable'), reason: z.string() }),
]);
const geometric = z.discriminatedUnion('kind', [rectangle, polygon, ellipsoid, quadrant]);
const gate = z.discriminatedUnion('kind', [geometric, boolean]);
const words = z.string().trim().min(1).max(4096);
const who = { author: words, utc: z.iso.datetime(), reason: words };
const edited = z.strictObject({
  status: z.literal('edited'),
  ...who,
  distance: finite.nullable(),
  placed: z
    .strictObject({ gate: gate.nullable(), fit: placedFit })
    .refine(hasGateUnlessNotEvaluable, notEvaluableWords),
});
const fit = z.discriminatedUnion('status', [placedFit, edited]);

/** A gate edit from outside. */
export const overrideSchema = z.strictObject({ path, gate: geometric, ...who });

const population = z
  .strictObject({
    id: name,
    path,
    parent: path.nullable(),
    gate: gate.nullable(),
    fit,
    moves: z.array(z.tuple([z.int().min(0), finite])).optional(),
  })
  .refine(hasGateUnlessNotEvaluable, notEvaluableWords)
  .refine(
    (p) => p.path === (p.parent === null ? p.id : `${p.parent}/${p.id}`),
    'path must be the path of the parent, "/" and the id',
  );

const matrix = z
  .strictObject({
    fluorochromes: z.array(name).min(1),
    detectors: z.array(name).min(1),
    spill: z.array(finite),
  })
  .refine(
    (m) => m.spill.length === m.fluorochromes.length * m.detectors.length,
    'spill must have fluorochromes x detectors numbers',
  );

export const strategySchema = z.strictObject({
  template: z.strictObject({ id: name, version: z.string() }),
  matrices: z.record(name, matrix),
  populations: z.array(population).min(1).max(10_000),
  cuts: z
    .array(
      z.strictObject({
        name: z.string(),
        error: finite.nullable(),
        below: finite.min(0),
        above: finite.min(0),
      }),
    )
    .optional(),
});
