// The instrument of the benchmark: which parameters a file has, what the colours are called, how they spill into each other.
// The generator writes files by it and the gating tree names its channels by it. Not part of the product.

/** One colour: detector ($PnN), marker ($PnS) and the logicle width W of its scale in the tree (T = 262144, M = 4.5, A = 0). */
export interface Colour {
  readonly detector: string;
  readonly marker: string;
  readonly W: number;
}

/** The sixteen colours of the BIG workload; a file of fewer colours has the first ones. */
export const colours: readonly Colour[] = [
  { detector: 'BV510-A', marker: 'Viability', W: 0.6 },
  { detector: 'BUV395-A', marker: 'CD45', W: 0.5 },
  { detector: 'BV421-A', marker: 'CD3', W: 0.75 },
  { detector: 'BV605-A', marker: 'CD4', W: 0.8 },
  { detector: 'BV650-A', marker: 'CD8', W: 0.8 },
  { detector: 'BV711-A', marker: 'CD19', W: 0.9 },
  { detector: 'BV786-A', marker: 'CD56', W: 0.9 },
  { detector: 'FITC-A', marker: 'CD16', W: 0.7 },
  { detector: 'PerCP-Cy5.5-A', marker: 'CD14', W: 0.85 },
  { detector: 'PE-A', marker: 'CD25', W: 0.65 },
  { detector: 'PE-Cy7-A', marker: 'CD127', W: 0.95 },
  { detector: 'APC-A', marker: 'CD45RA', W: 0.7 },
  { detector: 'APC-Cy7-A', marker: 'CCR7', W: 1.0 },
  { detector: 'BUV496-A', marker: 'HLA-DR', W: 0.9 },
  { detector: 'BUV737-A', marker: 'PD-1', W: 0.85 },
  { detector: 'PE-CF594-A', marker: 'CD27', W: 0.8 },
];

export interface Panel {
  /** $PnN in file order. */
  readonly names: readonly string[];
  /** $PnS in file order, empty where there is none. */
  readonly stains: readonly string[];
  /** Where the first colour stands; the colours follow each other. */
  readonly firstColour: number;
  readonly colourCount: number;
}

/**
 * The panel of a file with `parameters` parameters (8 to 40). Under 20: FSC-A, FSC-H, SSC-A, colours, Time.
 * From 20: FSC and SSC with area, height and width, side scatter of the blue laser, colours, Time. Colours past the sixteenth are
 * called `X17-A`, `X18-A`, … and belong to no population.
 */
export function panelOf(parameters: number): Panel {
  if (!Number.isInteger(parameters) || parameters < 8 || parameters > 40)
    throw new RangeError('8 to 40 parameters');
  const scatter =
    parameters < 20
      ? ['FSC-A', 'FSC-H', 'SSC-A']
      : ['FSC-A', 'FSC-H', 'FSC-W', 'SSC-A', 'SSC-H', 'SSC-W', 'SSC-B-A'];
  const colourCount = parameters - scatter.length - 1;
  const named = Array.from(
    { length: colourCount },
    (_, i) => colours[i] ?? { detector: `X${i + 1}-A`, marker: '' },
  );
  return {
    names: [...scatter, ...named.map((colour) => colour.detector), 'Time'],
    stains: [...scatter.map(() => ''), ...named.map((colour) => colour.marker), ''],
    firstColour: scatter.length,
    colourCount,
  };
}

/** Spillover n x n, row-major, row = source: neighbours spill most (4 to 16 %), every colour a little into every other. */
export function spilloverOf(colourCount: number): Float64Array {
  const matrix = new Float64Array(colourCount * colourCount);
  for (let from = 0; from < colourCount; from++) {
    for (let to = 0; to < colourCount; to++) {
      const distance = Math.abs(from - to);
      const neighbour = 0.04 + 0.01 * ((from * 7 + to * 3) % 13);
      const value = distance === 0 ? 1 : distance === 1 ? neighbour : neighbour / (6 * distance);
      matrix[from * colourCount + to] = Math.round(value * 1e5) / 1e5;
    }
  }
  return matrix;
}
