// The tree of populations under one <SampleNode>: <Population> with a gate, <AndNode>, <OrNode>, <NotNode> over other populations by path.
// Invariant: parents precede children, and every path that a Boolean node names is a population of the same sample.
import { issue, type Issue } from '../../errors.ts';
import type { Gate, StrategyPopulation } from '../../gating/index.ts';
import { GATING, fault } from '../gatingml/elements.ts';
import { attributeOf, childrenOf, type XmlElement } from '../xml.ts';
import { readFlowJoGate, type SampleNames } from './gates.ts';

export interface FlowJoPopulations {
  readonly populations: readonly StrategyPopulation[];
  readonly counts: ReadonlyMap<string, number>;
  readonly issues: readonly Issue[];
}

const booleanNodes: ReadonlyMap<string, 'and' | 'or' | 'not'> = new Map([
  ['AndNode', 'and'],
  ['OrNode', 'or'],
  ['NotNode', 'not'],
] as const);

/** Throws ImmunogateError when a gate cannot be read: a tree with a hole would count something else. */
export function readFlowJoPopulations(sampleNode: XmlElement, names: SampleNames): FlowJoPopulations {
  const populations: StrategyPopulation[] = [];
  const counts = new Map<string, number>();
  const issues: Issue[] = [];
  /** FlowJo's path of names -> ours; null where two populations have it. */
  const paths = new Map<string, string | null>();
  const logical: { at: number; element: XmlElement; operator: 'and' | 'or' | 'not' }[] = [];

  const visit = (node: XmlElement, parent: string | null, written: string | null): void => {
    const siblings = new Set<string>();
    for (const list of childrenOf(node, '', 'Subpopulations'))
      for (const element of list.children) {
        const operator = booleanNodes.get(element.name);
        if (operator === undefined && element.name !== 'Population') continue;
        const name = attributeOf(element, '', 'name') ?? '';
        const id = unique(name.replaceAll('/', '_').trim() || 'population', siblings);
        if (id !== name)
          issues.push(
            issue('W_FLOWJO_RENAMED', `Population "${name}" is called "${id}" here.`, `line ${element.line}`),
          );
        const path = pathOf(id, parent);
        const theirs = written === null ? name : `${written}/${name}`;
        paths.set(theirs, paths.has(theirs) ? null : path);
        const count = countOf(element);
        if (count !== null) counts.set(path, count);
        if (operator === undefined) populations.push(...gated(element, id, parent, siblings, names));
        else {
          logical.push({ at: populations.length, element, operator });
          populations.push({ id, path, parent, gate: null, fit: { status: 'explicit' } });
        }
        visit(element, path, theirs);
      }
  };
  visit(sampleNode, null, null);

  for (const { at, element, operator } of logical) {
    const operands = childrenOf(element, '', 'Dependents')
      .flatMap((list) => childrenOf(list, '', 'Dependent'))
      .map((dependent) => {
        const name = attributeOf(dependent, '', 'name') ?? '';
        const population = paths.get(name) ?? null;
        if (population === null)
          throw fault(
            `<${element.name}> names the population ${name}, which ${paths.has(name) ? 'is there twice' : 'is not there'}.`,
            dependent,
            'E_FLOWJO_INVALID',
          );
        return { population, complement: false };
      });
    const enough = operator === 'not' ? operands.length === 1 : operands.length >= 1;
    if (!enough)
      throw fault(`<${element.name}> has ${operands.length} populations.`, element, 'E_FLOWJO_INVALID');
    populations[at] = { ...populations[at], gate: { kind: 'boolean', operator, operands } };
  }
  return { populations, counts, issues };
}

/** A gate that keeps what lies outside of its shape needs the shape as a population of its own beside it. */
function gated(
  element: XmlElement,
  id: string,
  parent: string | null,
  siblings: Set<string>,
  names: SampleNames,
): readonly StrategyPopulation[] {
  const shapes = childrenOf(element, '', 'Gate').flatMap((gate) =>
    gate.children.filter(({ namespace }) => namespace === GATING),
  );
  if (shapes.length !== 1)
    throw fault(`Population ${id} has ${shapes.length} gates instead of one.`, element, 'E_FLOWJO_INVALID');
  const [shape] = shapes;
  const gate = readFlowJoGate(shape, names);
  const population = (of: string, drawn: Gate): StrategyPopulation => ({
    id: of,
    path: pathOf(of, parent),
    parent,
    gate: drawn,
    fit: { status: 'explicit' },
  });
  if (attributeOf(shape, '', 'eventsInside') !== '0') return [population(id, gate)];
  const inside = population(unique(`${id} (inside)`, siblings), gate);
  const operands = [{ population: inside.path, complement: false }];
  return [inside, population(id, { kind: 'boolean', operator: 'not', operands })];
}

/** Events that FlowJo stored with an element; -1 means that it never counted. */
export function countOf(element: XmlElement): number | null {
  const count = Number(attributeOf(element, '', 'count') ?? '-1');
  return Number.isInteger(count) && count >= 0 ? count : null;
}

function pathOf(id: string, parent: string | null): string {
  return parent === null ? id : `${parent}/${id}`;
}

function unique(name: string, taken: Set<string>): string {
  let id = name;
  for (let n = 2; taken.has(id); n++) id = `${name}#${n}`;
  taken.add(id);
  return id;
}
