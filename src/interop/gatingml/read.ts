// Gating-ML 2.0 text -> GatingStrategy. Gate ids become population ids, chains of parent_id become paths.
// Everything wrong with a document is said at once, each with its line; a document with an error gives no strategy at all.
import { ImmunogateError, issue, type Issue } from '../../errors.ts';
import {
  isPositiveDefinite,
  type Gate,
  type GatingStrategy,
  type StrategyPopulation,
} from '../../gating/index.ts';
import type { CompensationMatrix } from '../../signal/index.ts';
import { parseXml, type XmlElement, type XmlLimits } from '../xml.ts';
import { FILE_COMPENSATION, UNCOMPENSATED, type Definitions } from './dimensions.ts';
import { DATATYPES, GATING, TRANSFORMS, fault, textAttribute } from './elements.ts';
import { gateNames, readGate, type GateDefinition } from './gates.ts';
import { readSpectrumMatrix } from './matrices.ts';
import { readTransformation, type Transformation } from './transforms.ts';

export interface ReadGatingMLOptions {
  /** Name of the strategy's template; default `gating-ml`, version `2.0`. */
  readonly template?: { readonly id: string; readonly version: string };
  readonly limits?: Partial<XmlLimits>;
}

/** Gates a document may hold, and how deep they may depend on each other (reliability section 3). */
const MOST_GATES = 10_000;
const DEEPEST = 64;

/** `strategy` is null exactly when an issue is an error. Never throws for what a document holds. */
export function readGatingML(
  text: string,
  options: ReadGatingMLOptions = {},
): { readonly strategy: GatingStrategy | null; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const attempt = <T>(what: string, run: () => T): T | null => {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof ImmunogateError)) throw error;
      issues.push(issue(error.code, `${what}${error.message}`, error.place));
      return null;
    }
  };
  const populations = attempt('', () => {
    const root = parseXml(text, options.limits);
    checkRoot(root);
    const parts = collectParts(root, issues);

    const matrices = new Map<string, CompensationMatrix>();
    for (const element of parts.matrices) {
      attempt(label(element), () => define(matrices, element, readSpectrumMatrix));
    }
    const transformations = new Map<string, Transformation>();
    for (const element of parts.transformations) {
      attempt(label(element), () => define(transformations, element, readTransformation));
    }
    // what is named but faulty is complained of once, not at every use
    if (issues.some((i) => i.level === 'error')) return null;
    const definitions: Definitions = { transformations, matrices: new Set(matrices.keys()) };
    const gates = parts.gates.flatMap(
      (element) => attempt(label(element), () => readGate(element, definitions)) ?? [],
    );
    requireFewGates(gates.length);
    if (issues.some((i) => i.level === 'error')) return null;
    for (const gate of gates) checkCovariance(gate, issues);
    return { matrices: Object.fromEntries(matrices), populations: toPopulations(gates, issues) };
  });
  if (populations === null || issues.some((i) => i.level === 'error')) return { strategy: null, issues };
  const template = options.template ?? { id: 'gating-ml', version: '2.0' };
  return { strategy: { template, ...populations }, issues };
}

function checkRoot(root: XmlElement): void {
  if (root.name === 'Gating-ML' && root.namespace === GATING) return;
  if (root.name === 'Gating-ML') {
    throw fault(
      `This is Gating-ML of another version (namespace "${root.namespace}"); only version 2.0 is supported.`,
      root,
      'E_GATINGML_UNSUPPORTED',
    );
  }
  const hint = root.name === 'Workspace' ? ' It looks like a FlowJo workspace.' : '';
  throw fault(`The document is not Gating-ML: its root element is <${root.name}>.${hint}`, root);
}

interface Parts {
  readonly gates: XmlElement[];
  readonly transformations: XmlElement[];
  readonly matrices: XmlElement[];
}

/** Sorts what the document defines. Gates inside elements that are not of Gating-ML are read too, with a warning. */
function collectParts(root: XmlElement, issues: Issue[]): Parts {
  const parts: Parts = { gates: [], transformations: [], matrices: [] };
  const visit = (parent: XmlElement): void => {
    for (const element of parent.children) {
      const { namespace, name } = element;
      if (namespace === GATING && gateNames.has(name)) parts.gates.push(element);
      else if (namespace === TRANSFORMS && name === 'transformation') parts.transformations.push(element);
      else if (namespace === TRANSFORMS && name === 'spectrumMatrix') parts.matrices.push(element);
      else if (namespace === DATATYPES && name === 'custom_info') continue;
      else if (namespace === GATING || namespace === TRANSFORMS || namespace === DATATYPES) {
        const message = `<${name}> is not supported here.`;
        issues.push(fault(message, element, 'E_GATINGML_UNSUPPORTED').toIssue());
      } else {
        const message = `<${name}> is not part of Gating-ML 2.0; what it says itself was ignored.`;
        issues.push(issue('W_GATINGML_FOREIGN_ELEMENT', message, `line ${element.line}`));
        visit(element);
      }
    }
  };
  visit(root);
  if (parts.gates.length === 0) {
    issues.push(issue('E_GATINGML_INVALID', 'The document defines no gate.', `line ${root.line}`));
  }
  requireFewGates(parts.gates.length);
  return parts;
}

function requireFewGates(count: number): void {
  if (count > MOST_GATES)
    throw new ImmunogateError('E_INPUT_LIMIT', `The document defines more than ${MOST_GATES} gates.`);
}

function define<T>(known: Map<string, T>, element: XmlElement, read: (element: XmlElement) => T): void {
  const id = textAttribute(element, TRANSFORMS, 'id');
  if (id === UNCOMPENSATED || id === FILE_COMPENSATION) throw fault(`The id ${id} is reserved.`, element);
  if (known.has(id)) throw fault(`The id ${id} is used twice.`, element);
  known.set(id, read(element));
}

function label(element: XmlElement): string {
  const id = element.attributes.find((attribute) => attribute.name === 'id');
  return `${element.name}${id === undefined ? '' : ` ${id.value}`}: `;
}

/** Populations with their paths, parents before children, otherwise in the order of the document. */
function toPopulations(gates: readonly GateDefinition[], issues: Issue[]): readonly StrategyPopulation[] {
  const byId = new Map<string, GateDefinition>();
  for (const gate of gates) {
    if (byId.has(gate.id))
      issues.push(fault(`The gate id ${gate.id} is used twice.`, gate.element).toIssue());
    if (gate.id.includes('/')) {
      const message = `The gate id ${gate.id} holds "/", which separates the populations of a path.`;
      issues.push(fault(message, gate.element).toIssue());
    }
    byId.set(gate.id, gate);
  }
  for (const gate of gates) {
    for (const reference of referencesOf(gate)) {
      if (byId.has(reference)) continue;
      const isSet = gates.some(({ gate: other }) => other.kind === 'quadrant' && other.set === reference);
      const hint = isSet
        ? ' is a quadrant gate as a whole; refer to one of its quadrants'
        : ' does not exist';
      issues.push(fault(`Gate ${gate.id} refers to ${reference}, which${hint}.`, gate.element).toIssue());
    }
  }
  if (issues.some((i) => i.level === 'error')) return [];
  checkDepth(gates, byId, issues);
  if (issues.some((i) => i.level === 'error')) return [];

  const paths = new Map<string, string>();
  const ordered: GateDefinition[] = [];
  const place = (gate: GateDefinition): string => {
    const known = paths.get(gate.id);
    if (known !== undefined) return known;
    const parent = gate.parent === null ? undefined : byId.get(gate.parent);
    const path = parent === undefined ? gate.id : `${place(parent)}/${gate.id}`;
    paths.set(gate.id, path);
    ordered.push(gate);
    return path;
  };
  for (const gate of gates) place(gate);
  return ordered.map(({ id, parent, gate }) => ({
    id,
    path: paths.get(id) ?? id,
    parent: parent === null ? null : (paths.get(parent) ?? null),
    gate: withPaths(gate, paths),
    fit: { status: 'explicit' },
  }));
}

/** The standard wants a covariance; its own test `Ellipsoid3D` holds something else, so this is said but not refused. */
function checkCovariance({ id, gate, element }: GateDefinition, issues: Issue[]): void {
  if (gate.kind !== 'ellipsoid') return;
  const { covariance, dims } = gate;
  const n = dims.length;
  const symmetric = covariance.every((value, k) => value === covariance[(k % n) * n + Math.floor(k / n)]);
  if (symmetric && isPositiveDefinite(covariance, n)) return;
  const message = `The covariance of gate ${id} is not symmetric and positive definite; the formula is applied as written.`;
  issues.push(issue('W_GATINGML_COVARIANCE', message, `line ${element.line}`));
}

function referencesOf({ parent, gate }: GateDefinition): readonly string[] {
  const operands = gate.kind === 'boolean' ? gate.operands.map((operand) => operand.population) : [];
  return parent === null ? operands : [parent, ...operands];
}

/** Refuses gates that depend on themselves and chains of parents and operands that are too deep. Level by level, no recursion. */
function checkDepth(
  gates: readonly GateDefinition[],
  byId: ReadonlyMap<string, GateDefinition>,
  issues: Issue[],
): void {
  const users = new Map<string, GateDefinition[]>();
  const waiting = new Map<GateDefinition, number>();
  for (const gate of byId.values()) {
    const references = [...new Set(referencesOf(gate))];
    waiting.set(gate, references.length);
    for (const reference of references) users.set(reference, [...(users.get(reference) ?? []), gate]);
  }
  let level = gates.filter((gate) => waiting.get(gate) === 0);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > DEEPEST) {
      const message = `Gates depend on each other over more than ${DEEPEST} steps, for instance ${level[0].id}.`;
      issues.push(fault(message, level[0].element, 'E_INPUT_LIMIT').toIssue());
      return;
    }
    const next: GateDefinition[] = [];
    for (const gate of level) {
      waiting.delete(gate);
      for (const user of users.get(gate.id) ?? []) {
        const left = (waiting.get(user) ?? 0) - 1;
        waiting.set(user, left);
        if (left === 0) next.push(user);
      }
    }
    level = next;
  }
  for (const gate of waiting.keys()) {
    const message = `Gate ${gate.id} depends on itself through its parents or operands, or on a gate that does.`;
    issues.push(fault(message, gate.element).toIssue());
  }
}

/** Operands by path instead of by id. */
function withPaths(gate: Gate, paths: ReadonlyMap<string, string>): Gate {
  if (gate.kind !== 'boolean') return gate;
  const operands = gate.operands.map(({ population, complement }) => ({
    population: paths.get(population) ?? population,
    complement,
  }));
  return { ...gate, operands };
}
