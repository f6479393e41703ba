// The immune tables of the page: by visit, change from baseline, course, missingness (statistics.md section 19).
// Invariant: numbers are rounded by the display rules and lead to the values that entered them.
import { comparisonRows, courseRows } from '../../endpoints/index.ts';
import { formatP } from '../../stats/index.ts';
import { valuesAnchor } from '../anchors.ts';
import { whole, type FigurePart } from '../figure.ts';
import { labelOf, type ImmuneView, type ParameterView } from '../immune-view.ts';
import { estimateText, levelText, numberText, signedText } from '../lettering.ts';
import type { Markup } from '../markup.ts';
import { tableMarkup, type Cell } from './table.ts';

/** T-IMM-1, the measured values. */
export function descriptionTable(
  immune: ImmuneView,
  parameters: readonly ParameterView[],
  part: FigurePart = whole,
): Markup {
  const rows = parameters.flatMap((parameter) =>
    immune.descriptions
      .filter((cell) => cell.PARAMCD === parameter.PARAMCD && cell.VARIABLE === 'AVAL')
      .map((cell, i): (Cell | string)[] => {
        const d = parameter.decimals;
        const to = valuesAnchor(parameter.PARAMCD, cell.AVISITN);
        const number = (value: number | null, decimals: number): Cell => ({
          text: cell.n === 0 ? '' : numberText(value, decimals),
          to,
        });
        return [
          { text: i === 0 ? labelOf(parameter) : '', strong: true },
          cell.AVISIT,
          { text: String(cell.n), to },
          String(cell.nMissing),
          String(cell.nBlq ?? 0),
          number(cell.mean, d + 1),
          number(cell.sd, d + 2),
          number(cell.median, d + 1),
          { text: cell.n === 0 ? '' : `${numberText(cell.q1, d + 1)} to ${numberText(cell.q3, d + 1)}`, to },
          { text: cell.n === 0 ? '' : `${numberText(cell.min, d)} to ${numberText(cell.max, d)}`, to },
          number(cell.geoMean, d + 1),
          number(cell.geoCvPct, 1),
        ];
      }),
  );
  const number = 'number' as const;
  return tableMarkup({
    id: `t-imm-1${part.id}`,
    caption: `Immune parameters by visit (T-IMM-1)${part.title}.`,
    note: 'Values in the unit of the parameter; full analysis set. BLQ: below the limit of quantification; where more than half are, median and range only.',
    columns: [
      { title: 'Parameter', unit: 'unit in brackets' },
      { title: 'Visit' },
      { title: 'n', unit: 'subjects', align: number },
      { title: 'Missing', unit: 'subjects', align: number },
      { title: 'BLQ', unit: 'subjects', align: number },
      { title: 'Mean', align: number },
      { title: 'SD', align: number },
      { title: 'Median', align: number },
      { title: 'Q1 to Q3', align: number },
      { title: 'Min to max', align: number },
      { title: 'Geometric mean', align: number },
      { title: 'Geometric CV', unit: '%', align: number },
    ],
    rows,
  });
}

/** T-IMM-2. */
export function comparisonTable(
  immune: ImmuneView,
  parameters: readonly ParameterView[],
  part: FigurePart = whole,
): Markup {
  const all = comparisonRows(immune.comparisons);
  const rows = parameters.flatMap((parameter) =>
    all
      .filter((cell) => cell.PARAMCD === parameter.PARAMCD)
      .map((cell, i): (Cell | string)[] => {
        const d = parameter.decimals + 1;
        const to = valuesAnchor(parameter.PARAMCD, cell.AVISITN);
        const linkedText = (text: string, strong = false): Cell => ({ text, to, strong });
        return [
          { text: i === 0 ? labelOf(parameter) : '', strong: true },
          cell.AVISIT,
          linkedText(String(cell.nPairs)),
          linkedText(numberText(cell.medianBase, d)),
          linkedText(numberText(cell.medianPost, d)),
          linkedText(estimateText([cell.HL, cell.hlLow, cell.hlHigh], (value) => signedText(value, d))),
          linkedText(formatP(cell.pWilcoxon) || 'NE'),
          linkedText(formatP(cell.pHolm) || 'NE'),
          linkedText(formatP(cell.pBH) || 'NE', cell.pBH !== null && cell.pBH < 0.05),
          linkedText(estimateText([cell.GMR, cell.gmrLow, cell.gmrHigh], 2)),
          linkedText(formatP(cell.pLogT) || 'NE'),
          linkedText(numberText(cell.rankBiserial, 2)),
        ];
      }),
  );
  const number = 'number' as const;
  return tableMarkup({
    id: `t-imm-2${part.id}`,
    caption: `Change from baseline (T-IMM-2)${part.title}.`,
    note: 'Medians and shifts in the unit of the parameter. p: Wilcoxon signed rank, exact, zeros by Pratt; adjusted over the parameters of a visit. NE: not estimable, as the interval of a shift of too few pairs for its level, or a ratio to a baseline that is about 0 by its nature (DIFFERENCE_ONLY in comparisons.csv).',
    columns: [
      { title: 'Parameter', unit: 'unit in brackets' },
      { title: 'Visit' },
      { title: 'Pairs', unit: 'subjects', align: number },
      { title: 'Median', unit: 'baseline', align: number },
      { title: 'Median', unit: 'visit', align: number },
      { title: 'Hodges-Lehmann shift', unit: `${levelText(immune.conf)} CI`, align: number },
      { title: 'p', align: number },
      { title: 'p', unit: 'Holm', align: number },
      { title: 'p', unit: 'BH', align: number },
      { title: 'Geometric mean ratio', unit: `${levelText(immune.conf)} CI`, align: number },
      { title: 'p', unit: 'log t', align: number },
      { title: 'Rank-biserial', unit: '−1 to 1', align: number },
    ],
    rows,
  });
}

/** T-IMM-3. */
export function courseTable(
  immune: ImmuneView,
  parameters: readonly ParameterView[],
  part: FigurePart = whole,
): Markup {
  const all = courseRows(immune.courses);
  const [baseline] = immune.windows;
  // against the first visit that has values, which need not be the baseline
  const visitOf = new Map<string, number>(
    immune.windows.flatMap(({ label, n }) =>
      immune.windows.map((reference): [string, number] => [`${label} - ${reference.label}`, n]),
    ),
  );
  const rows = parameters.flatMap((parameter) =>
    all
      .filter((row) => row.PARAMCD === parameter.PARAMCD)
      .map((row, i): (Cell | string)[] => {
        const to = valuesAnchor(parameter.PARAMCD, visitOf.get(row.contrast) ?? baseline.n);
        return [
          { text: i === 0 ? parameter.name : '', strong: true },
          row.contrast === '' ? 'no model' : row.contrast,
          { text: estimateText([row.GMR, row.low, row.high], 2), to },
          { text: numberText(row.df, 1), to },
          { text: formatP(row.p) || 'NE', to },
          { text: i === 0 ? numberText(row.overallF, 2) : '', to },
          { text: i === 0 ? formatP(row.overallP) || 'NE' : '', to },
          { text: i === 0 ? formatP(row.friedmanP) || 'NE' : '', to },
        ];
      }),
  );
  const number = 'number' as const;
  return tableMarkup({
    id: `t-imm-3${part.id}`,
    caption: `Course over all visits (T-IMM-3)${part.title}.`,
    note: 'Mixed model of ln(value) with a random intercept a subject, Kenward-Roger; Friedman test over subjects with all visits.',
    columns: [
      { title: 'Parameter' },
      { title: 'Contrast' },
      { title: 'Geometric mean ratio', unit: `${levelText(immune.conf)} CI`, align: number },
      { title: 'df', align: number },
      { title: 'p', align: number },
      { title: 'F', unit: 'all visits', align: number },
      { title: 'p', unit: 'all visits', align: number },
      { title: 'p', unit: 'Friedman', align: number },
    ],
    rows,
  });
}

/** T-MISS. */
export function missingTable(
  immune: ImmuneView,
  parameters: readonly ParameterView[],
  part: FigurePart = whole,
): Markup {
  const { windows: visits } = immune;
  return tableMarkup({
    id: `t-miss${part.id}`,
    caption: `Values by parameter and visit (T-MISS)${part.title}.`,
    note: 'Subjects with an analysed value of all subjects of the analysis set.',
    columns: [
      { title: 'Parameter' },
      ...visits.map((visit) => ({ title: visit.label, unit: 'subjects', align: 'number' as const })),
    ],
    rows: parameters.map((parameter) => [
      { text: parameter.name, strong: true },
      ...visits.map((visit): Cell => {
        const cell = immune.missingness.find(
          (one) => one.PARAMCD === parameter.PARAMCD && one.AVISITN === visit.n,
        );
        return {
          text: cell === undefined ? '' : `${cell.nValue} of ${cell.nSubjects}`,
          to: valuesAnchor(parameter.PARAMCD, visit.n),
        };
      }),
    ]),
  });
}
