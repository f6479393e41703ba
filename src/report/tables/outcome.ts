// Immune change against outcome: landmark Cox regressions and correlation with tumour change (T-EFF-3, T-COR).
// Invariant: covariates are values drawn before the landmark; numbers are rounded by the display rules.
import type { OutcomeTables } from '../../analysis/index.ts';
import { fewestForArea, type ChangeVariable } from '../../clinical/index.ts';
import { formatP } from '../../stats/index.ts';
import { valuesAnchor } from '../anchors.ts';
import { whole, type FigurePart } from '../figure.ts';
import type { ParameterView } from '../immune-view.ts';
import { estimateText, levelText, numberText, ratioText } from '../lettering.ts';
import type { Markup } from '../markup.ts';
import { tableMarkup, type Cell } from './table.ts';

const number = 'number' as const;

export function landmarkTable(
  outcome: OutcomeTables,
  parameters: readonly ParameterView[],
  part: FigurePart = whole,
): Markup {
  return tableMarkup({
    id: `t-eff-3${part.id}`,
    caption: `Immune change and progression-free survival after the landmark (T-EFF-3)${part.title}.`,
    note: 'Hazard ratio per unit of ln(value / baseline), or per unit of the difference where the row says so, of values drawn before the landmark; Firth: penalised likelihood, profile interval. Ratios beyond 0.01 and 999 are in landmark.csv.',
    columns: [
      { title: 'Parameter' },
      { title: 'Landmark', unit: 'day', align: number },
      { title: 'n', unit: 'subjects', align: number },
      { title: 'Events', unit: 'n', align: number },
      { title: 'Hazard ratio', unit: `${levelText(outcome.conf)} CI`, align: number },
      { title: 'p', align: number },
      { title: 'Hazard ratio, Firth', unit: `${levelText(outcome.conf)} CI`, align: number },
      { title: 'p', unit: 'Firth', align: number },
    ],
    rows: parameterRows(outcome, parameters, outcome.landmark, (row, cell) => [
      String(row.landmark),
      cell(String(row.n)),
      cell(String(row.events)),
      cell(estimateText([row.HR, row.low, row.high], ratioText)),
      cell(formatP(row.p) || 'NE'),
      cell(estimateText([row.firthHR, row.firthLow, row.firthHigh], ratioText)),
      cell(formatP(row.firthP) || 'NE'),
    ]),
  });
}

export function respondersTable(
  outcome: OutcomeTables,
  parameters: readonly ParameterView[],
  part: FigurePart = whole,
): Markup {
  return tableMarkup({
    id: `t-eff-5${part.id}`,
    caption: `Immune change by tumour response${part.title}.`,
    note: `Ratio to baseline, or difference where the row says so,${outcome.visit === null ? '' : ` at ${outcome.visit.label}`} of confirmed responders against other evaluable subjects: Hodges-Lehmann shift, exact Mann-Whitney, area under the ROC curve with DeLong's interval, not evaluable (NE) below ${fewestForArea} subjects in a group; Kruskal-Wallis over response, stable and progressive disease. Exploratory.`,
    columns: [
      { title: 'Parameter' },
      { title: 'Responders, others', unit: 'subjects', align: number },
      { title: 'Median', unit: 'responders, others', align: number },
      { title: 'Shift', unit: `${levelText(outcome.conf)} CI`, align: number },
      { title: 'p', align: number },
      { title: 'AUC', unit: `${levelText(outcome.conf)} CI`, align: number },
      { title: 'p', unit: 'three groups', align: number },
    ],
    rows: parameterRows(outcome, parameters, outcome.responders, (row, cell) => [
      cell(`${row.nResponders}, ${row.nOthers}`),
      cell(`${numberText(row.medianResponders, 2)}, ${numberText(row.medianOthers, 2)}`),
      cell(estimateText([row.shift, row.shiftLow, row.shiftHigh], 2)),
      cell(formatP(row.p) || 'NE'),
      cell(row.auc === null ? 'NE' : estimateText([row.auc, row.aucLow, row.aucHigh], 2)),
      cell(formatP(row.pKruskal) || 'NE'),
    ]),
  });
}

export function tumourTable(
  outcome: OutcomeTables,
  parameters: readonly ParameterView[],
  part: FigurePart = whole,
): Markup {
  return tableMarkup({
    id: `t-cor${part.id}`,
    caption: `Immune change and best tumour change (T-COR)${part.title}.`,
    note: `Spearman, ratio to baseline, or difference where the row says so,${outcome.visit === null ? '' : ` at ${outcome.visit.label}`} against best change of the sum of diameters; p exact up to 9 subjects, by t of more.`,
    columns: [
      { title: 'Parameter' },
      { title: 'n', unit: 'subjects', align: number },
      { title: 'rho', unit: `${levelText(outcome.conf)} CI`, align: number },
      { title: 'p', align: number },
    ],
    rows: parameterRows(outcome, parameters, outcome.tumour, ({ n, rho, low, high, p }, cell) => [
      cell(String(n)),
      cell(estimateText([rho, low, high], 2)),
      cell(formatP(p) || 'NE'),
    ]),
  });
}

/** One row a parameter that is shown: its name, then its cells; `cell` leads to the values of the visit. */
function parameterRows<Row extends { readonly PARAMCD: string; readonly variable: ChangeVariable }>(
  outcome: OutcomeTables,
  parameters: readonly ParameterView[],
  rows: readonly Row[],
  cellsOf: (row: Row, cell: (text: string) => Cell) => readonly (Cell | string)[],
): (Cell | string)[][] {
  const nameOf = new Map(parameters.map(({ PARAMCD, name }) => [PARAMCD, name]));
  return rows.flatMap((row) => {
    const name = nameOf.get(row.PARAMCD);
    if (name === undefined) return [];
    const to = outcome.visit === null ? null : valuesAnchor(row.PARAMCD, outcome.visit.n);
    return [
      [
        { text: row.variable === 'CHG' ? `${name} (difference)` : name, strong: true },
        ...cellsOf(row, (text) => ({ text, to })),
      ],
    ];
  });
}
