// GatingStrategy -> Gating-ML 2.0 text. Reading it back gives the same membership; whatever the format cannot say is reported.
// Invariant: nothing is written approximately in silence. What would select other events gives no text at all.
import { issue, type Issue } from '../../errors.ts';
import type { BooleanGate, GatingStrategy, GeometricGate, QuadrantGate } from '../../gating/index.ts';
import { lowestInputAtLeast } from '../../signal/index.ts';
import { DATATYPES, GATING, TRANSFORMS } from './elements.ts';
import { markup, render, type Attributes, type Markup } from './markup.ts';
import { IMMUNOGATE } from './transforms.ts';
import {
  createTransformations,
  dimensionMarkup,
  matrixMarkup,
  type Transformations,
} from './write-dimensions.ts';

/**
 * `text` is null exactly when an issue is an error: E_GATINGML_UNSUPPORTED for a polygon or ellipsoid on a FlowJo biexponential
 * scale and for names that XML cannot say. Warnings say what was left out or renamed: populations that are not evaluable, ids that occur twice.
 */
export function writeGatingML(strategy: GatingStrategy): {
  readonly text: string | null;
  readonly issues: readonly Issue[];
} {
  const issues: Issue[] = [];
  const ids = populationIds(strategy, issues);
  const transformations = createTransformations();
  const gates: Markup[] = [];
  const setsDone = new Set<string>();

  for (const population of strategy.populations) {
    const { path, parent, gate } = population;
    const id = ids.get(path);
    if (id === undefined || gate === null) continue;
    const attributes = { 'gating:id': id, 'gating:parent_id': parent === null ? undefined : ids.get(parent) };
    if (gate.kind === 'boolean') {
      gates.push(markup('gating:BooleanGate', attributes, [booleanMarkup(gate, ids)]));
      continue;
    }
    const written = inLinearUnits(gate, path, issues);
    if (written === null) continue;
    if (written.kind !== 'quadrant') {
      gates.push(geometricMarkup(written, attributes, transformations));
      continue;
    }
    const key = setKey(written, parent);
    if (setsDone.has(key)) continue;
    setsDone.add(key);
    const cells = strategy.populations.flatMap((other) => {
      const cell = other.gate?.kind === 'quadrant' ? inLinearUnits(other.gate, other.path, []) : null;
      const cellId = ids.get(other.path);
      return cell?.kind === 'quadrant' && cellId !== undefined && setKey(cell, other.parent) === key
        ? [{ id: cellId, cell: cell.cell }]
        : [];
    });
    const setId = `${written.set}_set${setsDone.size}`;
    gates.push(quadrantMarkup(written, cells, { ...attributes, 'gating:id': setId }, transformations));
  }
  if (issues.some((i) => i.level === 'error')) return { text: null, issues };

  const matrices = Object.entries(strategy.matrices).map(([id, matrix]) => matrixMarkup(id, matrix));
  const root = markup(
    'gating:Gating-ML',
    {
      'xmlns:gating': GATING,
      'xmlns:transforms': TRANSFORMS,
      'xmlns:data-type': DATATYPES,
      'xmlns:immunogate': IMMUNOGATE,
    },
    [...matrices, ...transformations.all(), ...gates],
  );
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${render(root, '')}`;
  if (!notInXml.test(text)) return { text, issues };
  const message = 'A population or channel has a control character in its name, which XML cannot say.';
  return { text: null, issues: [...issues, issue('E_GATINGML_UNSUPPORTED', message)] };
}

/** What XML 1.0 section 2.2 leaves out: control characters, halves of surrogate pairs, U+FFFE and U+FFFF. */
const notInXml = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** Ids of the populations that can be written: the last segment, with its ancestors in front where that occurs twice. */
function populationIds(strategy: GatingStrategy, issues: Issue[]): Map<string, string> {
  const { populations } = strategy;
  const absent = new Set(populations.filter((p) => p.gate === null).map((p) => p.path));
  for (let before = -1; before !== absent.size;) {
    before = absent.size;
    for (const { path, parent, gate } of populations) {
      const operands = gate?.kind === 'boolean' ? gate.operands.map((o) => o.population) : [];
      if ([...operands, ...(parent === null ? [] : [parent])].some((p) => absent.has(p))) absent.add(path);
    }
  }
  const ids = new Map<string, string>();
  const uses = new Map<string, number>();
  for (const { id } of populations) uses.set(id, (uses.get(id) ?? 0) + 1);
  for (const { id, path } of populations) {
    if (absent.has(path)) {
      issues.push(issue('W_NOT_EVALUABLE', `Population ${path} is not evaluable and was left out.`, path));
      continue;
    }
    const written = (uses.get(id) ?? 0) > 1 ? path.replaceAll('/', '.') : id;
    if (written !== id) {
      const message = `Gating-ML ids occur once; population ${path} was written as ${written}.`;
      issues.push(issue('W_GATINGML_RENAMED', message, path));
    }
    ids.set(path, written);
  }
  return ids;
}

/**
 * The gate with every FlowJo biexponential axis carried back to linear units, which selects the same events: y >= c exactly when
 * x >= the lowest x whose y reaches c. Null, with an issue, where the border is not parallel to that axis.
 */
function inLinearUnits(gate: GeometricGate, path: string, issues: Issue[]): GeometricGate | null {
  const onBiex = gate.dims.map((dim) => dim.transform?.scale.kind === 'biex');
  if (!onBiex.includes(true)) return gate;
  if (gate.kind === 'polygon' || gate.kind === 'ellipsoid') {
    const message = `Population ${path}: Gating-ML has no FlowJo biexponential scale, and a ${gate.kind} cannot be carried to another.`;
    issues.push(issue('E_GATINGML_UNSUPPORTED', message, path));
    return null;
  }
  const dims = gate.dims.map((dim, d) => (onBiex[d] ? { ...dim, transform: null } : dim));
  const linear = (limit: number, d: number): number => {
    const { transform } = gate.dims[d];
    return transform === null || !onBiex[d] || !Number.isFinite(limit)
      ? limit
      : lowestInputAtLeast(transform, limit);
  };
  if (gate.kind === 'rectangle')
    return { ...gate, dims, min: gate.min.map(linear), max: gate.max.map(linear) };
  return { ...gate, dims, dividers: gate.dividers.map((cuts, d) => cuts.map((cut) => linear(cut, d))) };
}

// ---- gates ---------------------------------------------------------------------------------------------------------

function geometricMarkup(
  gate: Exclude<GeometricGate, QuadrantGate>,
  attributes: Attributes,
  transformations: Transformations,
): Markup {
  switch (gate.kind) {
    case 'rectangle': {
      const dims = gate.dims.map((dim, d) =>
        dimensionMarkup('gating:dimension', dim, transformations, {
          'gating:min': gate.min[d] === Number.NEGATIVE_INFINITY ? lowestIfOpen(gate.max[d]) : gate.min[d],
          'gating:max': gate.max[d] === Number.POSITIVE_INFINITY ? undefined : gate.max[d],
        }),
      );
      return markup('gating:RectangleGate', attributes, dims);
    }
    case 'polygon': {
      const dims = gate.dims.map((dim) => dimensionMarkup('gating:dimension', dim, transformations, {}));
      const vertices = gate.vertices.map((v) => markup('gating:vertex', {}, v.map(coordinate)));
      return markup('gating:PolygonGate', attributes, [...dims, ...vertices]);
    }
    case 'ellipsoid': {
      const n = gate.dims.length;
      const dims = gate.dims.map((dim) => dimensionMarkup('gating:dimension', dim, transformations, {}));
      const rows = gate.dims.map((_, r) =>
        markup(
          'gating:row',
          {},
          gate.covariance
            .slice(r * n, r * n + n)
            .map((value) => markup('gating:entry', { 'data-type:value': value })),
        ),
      );
      return markup('gating:EllipsoidGate', attributes, [
        ...dims,
        markup('gating:mean', {}, gate.mean.map(coordinate)),
        markup('gating:covarianceMatrix', {}, rows),
        markup('gating:distanceSquare', { 'data-type:value': gate.distanceSquare }),
      ]);
    }
  }
}

/** A side may be open, but not both: then the lowest double stands for it. */
function lowestIfOpen(max: number): number | undefined {
  return max === Number.POSITIVE_INFINITY ? -Number.MAX_VALUE : undefined;
}

function coordinate(value: number): Markup {
  return markup('gating:coordinate', { 'data-type:value': value });
}

function booleanMarkup(gate: BooleanGate, ids: ReadonlyMap<string, string>): Markup {
  const references = gate.operands.map(({ population, complement }) =>
    markup('gating:gateReference', {
      'gating:ref': ids.get(population) ?? population,
      'gating:use-as-complement': complement ? 'true' : undefined,
    }),
  );
  // "and" and "or" take two operands or more; one alone is said twice
  const both =
    gate.operator !== 'not' && references.length === 1 ? [...references, ...references] : references;
  return markup(`gating:${gate.operator}`, {}, both);
}

/** Cells of one set under one parent, with the same dividers, make one QuadrantGate. */
function setKey(gate: QuadrantGate, parent: string | null): string {
  return JSON.stringify([gate.set, parent, gate.dims, gate.dividers]);
}

function quadrantMarkup(
  set: QuadrantGate,
  cells: readonly { readonly id: string; readonly cell: QuadrantGate['cell'] }[],
  attributes: Attributes & { readonly 'gating:id': string },
  transformations: Transformations,
): Markup {
  const dividerId = (d: number): string => `${attributes['gating:id']}_${d + 1}`;
  const dividers = set.dims.map((dim, d) =>
    dimensionMarkup(
      'gating:divider',
      dim,
      transformations,
      { 'gating:id': dividerId(d) },
      set.dividers[d].map((cut) => markup('gating:value', {}, [], String(cut))),
    ),
  );
  const quadrants = cells.map(({ id, cell }) =>
    markup(
      'gating:Quadrant',
      { 'gating:id': id },
      cell.flatMap((k, d) =>
        k === null
          ? []
          : markup('gating:position', {
              'gating:divider_ref': dividerId(d),
              'gating:location': insideInterval(set.dividers[d], k),
            }),
      ),
    ),
  );
  return markup('gating:QuadrantGate', attributes, [...dividers, ...quadrants]);
}

/** A value of interval k of ascending cuts, well inside where there is room. */
function insideInterval(cuts: readonly number[], k: number): number {
  if (k === 0) return cuts[0] - Math.max(1, Math.abs(cuts[0]));
  const low = cuts[k - 1];
  if (k === cuts.length) return low + Math.max(1, Math.abs(low));
  const middle = low + (cuts[k] - low) / 2;
  return middle < cuts[k] ? middle : low;
}
