// What a template that follows its schema can still get wrong without any file: methods and their parameters, numbers of axes,
// scales, ranges, circles. Used by lint.ts (with lines) and by bind.ts, so that nothing wrong reaches FIT.
import { ImmunogateError, type IssueCode } from '../errors.ts';
import { isPositiveDefinite, prepareMethod, referenceOf, type MethodCall } from '../gating/index.ts';
import { compileForward } from '../signal/index.ts';
import { methodList, type ExplicitEntry, type ExplicitRule } from './expand.ts';
import type { GatingTemplate, TemplateAxis, TemplateEntry, TemplateGate, TemplateMethods } from './schema.ts';
import { referencesOf, resolve } from './quality.ts';
import { transformOf } from './transform.ts';

/** `path` = keys and positions from the top of the template. */
export interface TemplateProblem {
  readonly code: IssueCode;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Every problem of a template by itself, in the order of the text. `entries` as `expandTemplate` makes them. */
export function checkTemplate(
  template: GatingTemplate,
  entries: readonly ExplicitEntry[],
): readonly TemplateProblem[] {
  return [
    ...checkScales(template),
    ...template.populations.flatMap((entry, position) =>
      checkEntry(entry, template).map((problem) => ({
        ...problem,
        path: ['populations', position, ...problem.path],
      })),
    ),
    ...checkCircles(entries),
    ...checkQuality(template, entries),
  ];
}

function checkScales(template: GatingTemplate): TemplateProblem[] {
  const used = new Set(template.populations.flatMap(axesOf).flatMap(scaleNames));
  return Object.entries(template.scales).flatMap(([name, scale]): TemplateProblem[] => {
    const path = ['scales', name];
    try {
      const transform = transformOf(scale, null);
      if (transform !== null) compileForward(transform);
    } catch (cause) {
      if (!(cause instanceof ImmunogateError || cause instanceof RangeError)) throw cause;
      return [{ code: 'E_TEMPLATE_REFERENCE', path, message: cause.message }];
    }
    // `fluorescence` is the scale of every colour that names none
    if (used.has(name) || name === 'fluorescence') return [];
    return [{ code: 'W_UNUSED_TEMPLATE_ENTRY', path, message: 'no population uses this scale' }];
  });
}

function axesOf(entry: TemplateEntry): readonly TemplateAxis[] {
  if ('quadrant' in entry) return entry.quadrant;
  if (!('on' in entry)) return [];
  return Array.isArray(entry.on) ? entry.on : [entry.on];
}

function scaleNames(axis: TemplateAxis): string[] {
  return typeof axis === 'string' || axis.scale === undefined ? [] : [axis.scale];
}

function checkEntry(entry: TemplateEntry, template: GatingTemplate): TemplateProblem[] {
  const axes = axesOf(entry);
  const axisKey = 'quadrant' in entry ? 'quadrant' : 'on';
  const problems = axes.flatMap((axis, a) => checkAxis(axis, template, [axisKey, a]));
  if ('expected' in entry && entry.expected !== undefined) {
    const [low, high] = entry.expected;
    if (!((low ?? 0) >= 0 && (high ?? 1) <= 1 && (low ?? 0) < (high ?? 1)))
      problems.push(invalid(['expected'], 'is a fraction of the parent: 0 <= from < to <= 1'));
  }
  if ('gate' in entry) return [...problems, ...checkGate(entry.gate, axes.length)];
  if ('place' in entry) {
    return [...problems, ...checkMethods(entry.place, axes.length, entry.keep !== undefined, ['place'])];
  }
  if ('quadrant' in entry) {
    const signs = Object.values(entry.cells);
    const twice = Object.keys(entry.cells).filter((_, k) => signs.indexOf(signs[k]) < k);
    return [
      ...problems,
      ...entry.cuts.flatMap((cut, c) =>
        typeof cut === 'number' ? [] : checkMethods(cut, 1, false, ['cuts', c]),
      ),
      ...twice.map((cell) => invalid(['cells', cell], 'has the signs of another cell')),
    ];
  }
  return problems;
}

function checkAxis(axis: TemplateAxis, template: GatingTemplate, path: PropertyKey[]): TemplateProblem[] {
  if (typeof axis === 'string') return [];
  const names = [axis.marker, axis.channel, axis.fluorochrome].filter((name) => name !== undefined);
  const problems: TemplateProblem[] = [];
  if (names.length !== 1) problems.push(invalid(path, 'needs one of: marker, channel, fluorochrome'));
  if (
    axis.scale !== undefined &&
    !['linear', 'fraction'].includes(axis.scale) &&
    !Object.hasOwn(template.scales, axis.scale)
  ) {
    const message = `scale ${axis.scale} is not defined under scales`;
    problems.push({ code: 'E_TEMPLATE_REFERENCE', path: [...path, 'scale'], message });
  }
  return problems;
}

function checkGate(gate: TemplateGate, axes: number): TemplateProblem[] {
  const path = ['gate', ...Object.keys(gate)];
  const needs = (count: number): TemplateProblem[] =>
    count === axes ? [] : [invalid(path, `needs ${count} axes, but "on" names ${axes}`)];
  if ('polygon' in gate) return needs(2);
  if ('ellipse' in gate) {
    const { mean, covariance } = gate.ellipse;
    const n = mean.length;
    const square = covariance.length === n && covariance.every((row) => row.length === n);
    if (!square)
      return [...needs(n), invalid([...path, 'covariance'], `needs ${n} rows of ${n} numbers, as mean has`)];
    const symmetric = covariance.every((row, i) => row.every((value, j) => value === covariance[j][i]));
    return symmetric && isPositiveDefinite(covariance.flat(), n)
      ? needs(n)
      : [...needs(n), invalid([...path, 'covariance'], 'is not symmetric and positive definite')];
  }
  const sides = 'range' in gate ? [gate.range] : gate.rectangle;
  const empty = sides.filter(([low, high]) => low !== null && high !== null && !(low < high));
  return [
    ...needs(sides.length),
    ...empty.map(([low, high]) => invalid(path, `holds nothing between ${low} and ${high}`)),
  ];
}

/** A control is named by what it leaves out or is: a word in capitals, with the marker for an FMO tube. */
const tubeName = /^(?:FMO:[A-Za-z0-9_]+|(?!FMO$)[A-Z][A-Z0-9_]*)$/;
const tubeWords = 'write FMO: and the marker left out, or a word like UNST, ISO, BASELINE';

function checkMethods(
  written: TemplateMethods,
  axes: number,
  keeps: boolean,
  path: readonly PropertyKey[],
): TemplateProblem[] {
  const list = Array.isArray(written) ? written : [written];
  return list.flatMap((item, k) => {
    const here = Array.isArray(written) ? [...path, k] : path;
    const calls = methodList(item);
    const problems = calls.flatMap(({ method, params, tube }): TemplateProblem[] => {
      const at = [...here, method];
      if (tube !== undefined && !tubeName.test(tube))
        return [invalid([...at, 'tube'], `${tube} is no control tube; ${tubeWords}`)];
      if (tube !== undefined && method === 'fixed')
        return [invalid([...at, 'tube'], 'a fixed value looks at no tube')];
      const ready = prepareMethod(method, params);
      if (typeof ready === 'string') return [invalid(at, ready)];
      if (ready.dims !== axes)
        return [invalid(at, `${method} needs ${ready.dims} axes, but "on" names ${axes}`)];
      return keeps && ready.dims > 1
        ? [invalid(at, `"keep" belongs to a cut on one axis; ${method} has ${ready.dims}`)]
        : [];
    });
    return calls.length === 1 ? problems : [...problems, invalid(here, 'write one method in each line')];
  });
}

/** Booleans and internal references that wait for each other, or for something below themselves, can never be settled. */
function checkCircles(entries: readonly ExplicitEntry[]): TemplateProblem[] {
  const settled = new Set<string>();
  let open = [...entries];
  for (;;) {
    const ready = open.filter(
      ({ parent, rule }) =>
        (parent === null || settled.has(parent)) && waitsFor(rule).every((path) => settled.has(path)),
    );
    if (ready.length === 0) break;
    for (const { path } of ready) settled.add(path);
    open = open.filter((entry) => !ready.includes(entry));
  }
  return open
    .filter(({ rule }) => waitsFor(rule).length > 0)
    .map(({ path, position, rule }) => ({
      code: 'E_TEMPLATE_REFERENCE',
      path: ['populations', position, circleKeys[rule.kind]],
      message: `${path} depends on itself`,
    }));
}

/** Where an entry of each kind names other populations. */
const circleKeys = { gate: 'gate', methods: 'place', quadrant: 'cuts', boolean: 'is' } as const;

function waitsFor(rule: ExplicitRule): readonly string[] {
  const references = (calls: readonly MethodCall[]) =>
    calls.map(({ params }) => referenceOf(params)).filter((path) => path !== null);
  switch (rule.kind) {
    case 'gate':
      return [];
    case 'methods':
      return references(rule.attempts);
    case 'quadrant':
      return references(rule.cuts.flat());
    case 'boolean':
      return rule.operands.map(({ population }) => population);
  }
}

/** Checks of samples: names that occur twice, references, windows that hold nothing. */
function checkQuality(template: GatingTemplate, entries: readonly ExplicitEntry[]): TemplateProblem[] {
  const checks = template.checks ?? [];
  return checks.flatMap((check, position): TemplateProblem[] => {
    const path = ['checks', position];
    const twice = checks.findIndex((other) => other.check === check.check) < position;
    const unknown = referencesOf(check).filter((name) => resolve(name, entries) === undefined);
    return [
      ...(twice ? [invalid([...path, 'check'], `${check.check} is the name of another check`)] : []),
      ...unknown.map((name) => ({
        code: 'E_TEMPLATE_REFERENCE' as const,
        path,
        message: `${name} is not one population (write its path)`,
      })),
      ...(['target', 'accept'] as const).flatMap((key) => {
        const [low, high] = check[key] ?? [null, null];
        return low !== null && high !== null && low > high
          ? [invalid([...path, key], `holds nothing between ${low} and ${high}`)]
          : [];
      }),
    ];
  });
}

function invalid(path: readonly PropertyKey[], message: string): TemplateProblem {
  return { code: 'E_TEMPLATE_SCHEMA', path, message };
}
