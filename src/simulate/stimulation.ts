// What a stimulus does to cells: which share of a cell type responds, with which mark on its label, and how its levels move
// (populations sections 5.8 and 5.9). Without a stimulus a cell type is one state without a mark.
import { classes } from './classes.ts';
import type { CellType, Level, Panel } from './model.ts';

export type Stimulus = 'UNST' | 'K562' | 'PMA' | 'LPS';

/** A share of a cell type with its own levels. `marks` are appended to the label: `NKbr+CD107A+IFNG`. */
export interface CellState {
  readonly cell: CellType;
  readonly marks: readonly string[];
  readonly fraction: number;
  readonly levels: ReadonlyMap<string, Level>;
}

/** Probability that a cell degranulates and that it makes interferon. */
interface Response {
  readonly degranulating: number;
  readonly interferon: number;
}

const responses: Readonly<
  Record<'UNST' | 'K562' | 'PMA', { readonly dim: Response; readonly bright: Response }>
> = {
  UNST: { dim: response(0.015, 0.005), bright: response(0.015, 0.005) },
  K562: { dim: response(0.18, 0.05), bright: response(0.1, 0.08) },
  PMA: { dim: response(0.3, 0.28), bright: response(0.25, 0.45) },
};
const positive = { CD107A: { mean: 3.4, sd: 0.6 }, IFNG: { mean: 4, sd: 0.7 } } as const;
/** Share of interferon-positive cells that also degranulate. */
const bothOfInterferon = 0.4;
const negativeShift = 0.1;
const cd16Shedding: Readonly<Record<'UNST' | 'K562' | 'PMA', number>> = { UNST: 0, K562: 1.8, PMA: 3 };
const patientResponse = 0.7;

const activation: Readonly<
  Record<string, { readonly fraction: number; readonly shifts: Readonly<Record<string, number>> }>
> = {
  cDC2: { fraction: 0.7, shifts: { CD80: 1, CD86: 1.2, CD83: 2, CD40: 0.8, HLADR: 0.4 } },
  pDC: { fraction: 0.7, shifts: { CD80: 0.5, CD86: 0.6, CD83: 1, CD40: 0.4, HLADR: 0.2 } },
  cMo: { fraction: 1, shifts: { CD83: 1.2, CD86: 0.5 } },
};

/** The states of a cell type in a tube; fractions sum to 1. `reactivity` scales the responding fractions (1 = healthy). */
export function statesOf(
  panel: Panel,
  cell: CellType,
  stimulus: Stimulus | null,
  reactivity: number,
): readonly CellState[] {
  if (panel.id === 'P4')
    return functionStates(cell, stimulus === 'K562' || stimulus === 'PMA' ? stimulus : 'UNST', reactivity);
  const change =
    stimulus === null || stimulus === 'UNST' || panel.id !== 'P5' ? undefined : activation[cell.id];
  if (change === undefined) return [{ cell, marks: [], fraction: 1, levels: cell.levels }];
  const { background } = classes[cell.cellClass];
  const levels = new Map(cell.levels);
  for (const [marker, shift] of Object.entries(change.shifts)) {
    const { mean, sd } = levels.get(marker) ?? background;
    levels.set(marker, { mean: mean + shift, sd });
  }
  const active: CellState = { cell, marks: ['ACT'], fraction: change.fraction, levels };
  const resting: CellState = { cell, marks: [], fraction: 1 - change.fraction, levels: cell.levels };
  return change.fraction === 1 ? [active] : [resting, active];
}

/** Default reactivity of a subject. */
export function reactivityOf(profile: 'healthy' | 'patient'): number {
  return profile === 'patient' ? patientResponse : 1;
}

function functionStates(cell: CellType, stimulus: 'UNST' | 'K562' | 'PMA', reactivity: number): CellState[] {
  const { mean, sd } = classes[cell.cellClass].background;
  const negative: Level = { mean: mean + negativeShift, sd };
  const resting = new Map([...cell.levels, ['CD107A', negative] as const, ['IFNG', negative] as const]);
  const kind = cell.id.startsWith('NKdim') ? 'dim' : cell.id === 'NKbr' ? 'bright' : null;
  if (kind === null) return [{ cell, marks: [], fraction: 1, levels: resting }];
  const scale = stimulus === 'UNST' ? 1 : reactivity;
  const degranulating = responses[stimulus][kind].degranulating * scale;
  const interferon = responses[stimulus][kind].interferon * scale;
  const both = bothOfInterferon * interferon;
  const cd16 = cell.levels.get('CD16') ?? { mean, sd };
  const shed: Level = { mean: Math.max(mean, cd16.mean - cd16Shedding[stimulus]), sd: cd16.sd };
  const responding = (marks: readonly ('CD107A' | 'IFNG')[], fraction: number): CellState => ({
    cell,
    marks,
    fraction,
    levels: new Map([...resting, ['CD16', shed], ...marks.map((mark) => [mark, positive[mark]] as const)]),
  });
  return [
    { cell, marks: [], fraction: 1 - degranulating - interferon + both, levels: resting },
    responding(['CD107A'], degranulating - both),
    responding(['IFNG'], interferon - both),
    responding(['CD107A', 'IFNG'], both),
  ];
}

function response(degranulating: number, interferon: number): Response {
  return { degranulating, interferon };
}
