// Listing of immune values: every analysed value of a parameter with its intervals, the text it was reported as, and where it was counted.
// Invariant: the anchors of values, of visits and of parameters are made here; each sample leads to its hashes.
import { linked, parameterAnchor, sampleAnchor, valueAnchor, valuesAnchor } from '../anchors.ts';
import { labelOf, type AnalysedRow, type ImmuneView, type ParameterView } from '../immune-view.ts';
import { counted, numberText } from '../lettering.ts';
import { h, type Child, type Markup } from '../markup.ts';
import type { ValueOrigin } from '../model.ts';
import { headMarkup, type Column } from './table.ts';

/** One folded list a parameter. */
export function valueListings(immune: ImmuneView, parameters: readonly ParameterView[]): Markup[] {
  return parameters.map((parameter) => {
    const rows = immune.windows.flatMap((visit) =>
      immune.subjects.flatMap((subject) => {
        const row = immune.valueOf(parameter.PARAMCD, visit.n, subject);
        return row === null ? [] : [{ visit, row }];
      }),
    );
    const origins = rows.flatMap(({ row }) => immune.originOf(row) ?? []);
    const pathOf = onlyPaths(origins);
    const bodies = immune.windows.map((visit) =>
      h(
        'tbody',
        { id: valuesAnchor(parameter.PARAMCD, visit.n) },
        ...rows
          .filter((entry) => entry.visit === visit)
          .map(({ row }) => valueRow(row, parameter, immune.originOf(row), pathOf)),
      ),
    );
    const id = parameterAnchor(parameter.PARAMCD);
    const table = h(
      'div',
      { class: 'table', role: 'region', 'aria-label': `Values of ${parameter.name}`, tabindex: '0' },
      h('table', {}, headMarkup(columnsOf(parameter)), ...bodies),
    );
    return h(
      'details',
      { id },
      h('summary', {}, `${labelOf(parameter)}: ${counted(rows.length, 'value')}`),
      pathOf.size === 0
        ? null
        : h(
            'p',
            { class: 'note' },
            `Populations: ${[...pathOf].map(([name, path]) => `${name} = ${path}`).join('; ')}.`,
          ),
      table,
    );
  });
}

function columnsOf({ unit }: ParameterView): Column[] {
  const number = 'number' as const;
  return [
    { title: 'Subject' },
    { title: 'Visit' },
    { title: 'Date' },
    { title: 'Day', unit: 'from anchor', align: number },
    { title: 'Specimen' },
    { title: 'Value', unit, align: number },
    { title: '95 % CI', unit: 'of counting', align: number },
    { title: '95 % CI', unit: 'of gating', align: number },
    { title: '95 % CI', unit: 'of both', align: number },
    { title: 'Change', unit, align: number },
    { title: 'Reported', unit: 'as text', align: number },
    { title: 'Marks' },
    { title: 'Where the value comes from' },
  ];
}

/** Names of populations that have one path in all these values: it is said once above them. */
function onlyPaths(origins: readonly ValueOrigin[]): ReadonlyMap<string, string> {
  const paths = new Set(origins.flatMap(({ populations }) => populations.map(({ path }) => path)));
  const named = [...paths].map((path) => [lastOf(path), path] as const);
  return new Map(
    named.filter(([name, path]) => named.every((other) => other[0] !== name || other[1] === path)),
  );
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function valueRow(
  row: AnalysedRow,
  parameter: ParameterView,
  origin: ValueOrigin | null,
  pathOf: ReadonlyMap<string, string>,
): Markup {
  const marks = [
    row.BLQFL === 'Y' ? 'BLQ' : '',
    row.ALQFL === 'Y' ? 'ALQ' : '',
    row.PARAMTYP === 'DERIVED' ? 'derived' : '',
    row.DTYPE === 'AVERAGE' ? 'average' : '',
    origin === null || origin.status === 'OK' ? '' : origin.status,
  ].filter((mark) => mark !== '');
  const d = parameter.decimals;
  const interval = (low: number | null = null, high: number | null = null): string =>
    low === null || high === null ? '' : `${numberText(low, d)} to ${numberText(high, d)}`;
  return h(
    'tr',
    { id: valueAnchor(row.PARAMCD, row.AVISITN ?? -1, row.USUBJID) },
    h('th', { scope: 'row' }, row.USUBJID),
    h('td', {}, row.AVISIT),
    h('td', {}, row.ADT),
    h('td', { class: 'num' }, row.ADYA === null ? '' : numberText(row.ADYA, 0)),
    h('td', {}, row.SPECID),
    h('td', { class: 'num' }, numberText(row.AVAL, d)),
    h('td', { class: 'num' }, interval(origin?.ciLow, origin?.ciHigh)),
    h('td', { class: 'num' }, interval(origin?.gatingLow, origin?.gatingHigh)),
    h('td', { class: 'num' }, interval(origin?.totalLow, origin?.totalHigh)),
    h('td', { class: 'num' }, row.CHG === null ? '' : numberText(row.CHG, d)),
    h('td', {}, row.AVALC),
    h('td', {}, marks.join(', ')),
    h('td', {}, ...originText(row, origin, pathOf)),
  );
}

/** "012_C1_p1 CD4T: 5210 of 20413 events, valley". */
function originText(
  row: AnalysedRow,
  origin: ValueOrigin | null,
  pathOf: ReadonlyMap<string, string>,
): Child[] {
  if (origin === null)
    return [row.PARAMTYP === 'DERIVED' ? 'derived from values of this specimen' : 'table of immune values'];
  return origin.populations.flatMap(({ sample, path, count, parentCount, method, status }, i) => {
    const counts = count === null ? 'not evaluable' : `${count} of ${parentCount ?? 'unknown'} events`;
    const how = method === null ? status : status === 'ok' ? method : `${method} (${status})`;
    const name = pathOf.has(lastOf(path)) ? lastOf(path) : path;
    return [
      ...(i === 0 ? [] : [h('br')]),
      linked(sampleAnchor(sample), sample),
      ` ${name}: ${counts}, ${how}`,
    ];
  });
}
