// Simulated stained blood for benchmarks: 19 populations, dead cells, debris and doublets, drawn event by event from a seed.
// Events come in chunks; a chunk depends on the seed and its number alone, so a longer file begins with the bytes of a shorter one.
import { colours, spilloverOf, type Panel } from './panel.ts';

/** Events a chunk. */
export const CHUNK_EVENTS = 50_000;

/** Mean log10 signal of a marker in a population; markers that are not listed are negative. */
interface Population {
  readonly name: string;
  readonly weight: number;
  readonly fsc: number;
  readonly ssc: number;
  readonly signals: Readonly<Record<string, number>>;
}

const lymphocyte = { fsc: 78_000, ssc: 26_000 };
const tCell = { CD45: 4.6, CD3: 4.3 };

export const populations: readonly Population[] = [
  {
    name: 'CD4 naive',
    weight: 9,
    ...lymphocyte,
    signals: { ...tCell, CD4: 4.3, CD45RA: 4.3, CCR7: 3.9, CD127: 3.9, CD27: 4 },
  },
  {
    name: 'CD4 central memory',
    weight: 7,
    ...lymphocyte,
    signals: { ...tCell, CD4: 4.3, CCR7: 3.8, CD127: 3.9, CD27: 4 },
  },
  {
    name: 'CD4 effector memory',
    weight: 5,
    ...lymphocyte,
    signals: { ...tCell, CD4: 4.25, CD127: 3.6, 'PD-1': 3.2 },
  },
  {
    name: 'CD4 regulatory',
    weight: 2,
    ...lymphocyte,
    signals: { ...tCell, CD4: 4.2, CD25: 4.1, CD127: 2.6, CCR7: 3.6, CD27: 3.9 },
  },
  {
    name: 'CD4 PD-1 high',
    weight: 2,
    ...lymphocyte,
    signals: { ...tCell, CD4: 4.3, 'PD-1': 4.1, CD127: 3.2, CD27: 3.6 },
  },
  {
    name: 'CD8 naive',
    weight: 5,
    ...lymphocyte,
    signals: { ...tCell, CD8: 4.5, CD45RA: 4.4, CCR7: 3.8, CD127: 3.8, CD27: 4.1 },
  },
  {
    name: 'CD8 effector memory',
    weight: 5,
    ...lymphocyte,
    signals: { ...tCell, CD8: 4.5, CD127: 3.2, CD27: 3.6, 'PD-1': 3.1 },
  },
  {
    name: 'CD8 terminal effector',
    weight: 4,
    ...lymphocyte,
    signals: { ...tCell, CD8: 4.4, CD45RA: 4.4, CD16: 2.4 },
  },
  {
    name: 'CD8 PD-1 high',
    weight: 2,
    ...lymphocyte,
    signals: { ...tCell, CD8: 4.5, 'PD-1': 4.2, 'HLA-DR': 4, CD27: 3.7 },
  },
  {
    name: 'double-negative T',
    weight: 1.5,
    ...lymphocyte,
    signals: { ...tCell, CD3: 4.5, CD45RA: 3.6, CD127: 3.2 },
  },
  { name: 'NKT', weight: 1.5, ...lymphocyte, signals: { ...tCell, CD8: 3.8, CD56: 3.9, CD45RA: 3.7 } },
  { name: 'NK bright', weight: 1, ...lymphocyte, signals: { CD45: 4.5, CD56: 4.7, CD127: 3.2, CD27: 3.4 } },
  {
    name: 'NK dim',
    weight: 5,
    ...lymphocyte,
    signals: { CD45: 4.5, CD56: 3.8, CD16: 4.3, CD45RA: 4.2, CD8: 2.9 },
  },
  {
    name: 'B naive',
    weight: 4,
    ...lymphocyte,
    signals: { CD45: 4.4, CD19: 4.2, 'HLA-DR': 4.3, CD45RA: 4.5, CCR7: 3.3 },
  },
  {
    name: 'B memory',
    weight: 2,
    ...lymphocyte,
    signals: { CD45: 4.4, CD19: 4.3, 'HLA-DR': 4.3, CD45RA: 4.3, CD27: 4.2 },
  },
  {
    name: 'classical monocyte',
    weight: 7,
    fsc: 115_000,
    ssc: 62_000,
    signals: { CD45: 4.3, CD14: 4.6, 'HLA-DR': 4.2, CD4: 3.2 },
  },
  {
    name: 'non-classical monocyte',
    weight: 1.5,
    fsc: 105_000,
    ssc: 50_000,
    signals: { CD45: 4.3, CD14: 3.1, CD16: 4.4, 'HLA-DR': 4.3 },
  },
  {
    name: 'dendritic cell',
    weight: 1,
    fsc: 100_000,
    ssc: 40_000,
    signals: { CD45: 4.2, 'HLA-DR': 4.8, CD4: 3.3 },
  },
  { name: 'neutrophil', weight: 20, fsc: 120_000, ssc: 150_000, signals: { CD45: 3.8, CD16: 5 } },
];

const share = { debris: 0.06, doublet: 0.05, dead: 0.04 } as const;
const rangeTop = 262_143;

/** Writes the events [first, first + count) of chunk `chunk` as rows of float32; `first` counts from the start of the file. */
export function drawChunk(
  panel: Panel,
  seed: number,
  chunk: number,
  count: number,
  timeOf: (event: number) => number,
): Float32Array {
  const width = panel.names.length;
  const rows = new Float32Array(count * width);
  const draw = randomSource(seed, chunk);
  const n = panel.colourCount;
  const spill = spilloverOf(n);
  const pure = new Float64Array(n);
  const levels = populations.map((population) =>
    Float64Array.from({ length: n }, (_, c) => population.signals[colours[c]?.marker ?? ''] ?? 0),
  );
  const cumulative = cumulativeWeights();
  const positions = ['FSC-A', 'FSC-H', 'FSC-W', 'SSC-A', 'SSC-H', 'SSC-W', 'SSC-B-A'].map((name) =>
    panel.names.indexOf(name),
  );
  const scatter = { fsc: 0, ssc: 0 };
  for (let i = 0; i < count; i++) {
    const row = i * width;
    pure.fill(0);
    scatter.fsc = scatter.ssc = 0;
    const kind = draw.uniform();
    const isDebris = kind < share.debris;
    const isDoublet = !isDebris && kind < share.debris + share.doublet;
    const isDead = !isDebris && !isDoublet && kind < share.debris + share.doublet + share.dead;
    if (isDebris) {
      scatter.fsc = 11_000 * Math.exp(0.8 * draw.normal());
      scatter.ssc = 8_000 * Math.exp(0.8 * draw.normal());
    } else {
      addCell(draw, cumulative, levels, pure, scatter);
      if (isDoublet) addCell(draw, cumulative, levels, pure, scatter);
      if (isDead) pure[0] += power10(4.2 + 0.2 * draw.normal());
    }
    const heightShare = (isDoublet ? 0.56 : 0.9) + 0.025 * draw.normal();
    const height = scatter.fsc * heightShare;
    const sscHeight = scatter.ssc * (isDoublet ? 0.6 : 0.88) + 300 * draw.normal();
    const values = [
      scatter.fsc,
      height,
      (65_536 * scatter.fsc) / Math.max(height, 1),
      scatter.ssc,
      sscHeight,
      (65_536 * scatter.ssc) / Math.max(sscHeight, 1),
      0.8 * scatter.ssc + 400 * draw.normal(),
    ];
    for (let k = 0; k < positions.length; k++)
      if (positions[k] >= 0) rows[row + positions[k]] = clamp(values[k]);
    for (let to = 0; to < n; to++) {
      let sum = 0;
      for (let from = 0; from < n; from++) sum += pure[from] * spill[from * n + to];
      // Electronic noise, and counting noise that grows with the square root of the light: negatives straddle zero after compensation.
      rows[row + panel.firstColour + to] = clamp(
        sum + Math.sqrt(2_500 + 1.5 * Math.abs(sum)) * draw.normal(),
      );
    }
    rows[row + width - 1] = timeOf(chunk * CHUNK_EVENTS + i);
  }
  return rows;
}

function addCell(
  draw: RandomSource,
  cumulative: Float64Array,
  levels: readonly Float64Array[],
  pure: Float64Array,
  scatter: { fsc: number; ssc: number },
): void {
  const u = draw.uniform();
  let k = 0;
  while (k < cumulative.length - 1 && cumulative[k] <= u) k++;
  const { fsc, ssc } = populations[k];
  const size = 0.1 * draw.normal();
  scatter.fsc += fsc * Math.exp(size);
  scatter.ssc += ssc * Math.exp(size + 0.15 * draw.normal());
  const level = levels[k];
  for (let c = 0; c < pure.length; c++)
    pure[c] += level[c] > 0 ? power10(level[c] + 0.16 * draw.normal()) : 40 * draw.uniform();
}

function cumulativeWeights(): Float64Array {
  const total = populations.reduce((sum, population) => sum + population.weight, 0);
  let sum = 0;
  return Float64Array.from(populations, (population) => (sum += population.weight / total));
}

function clamp(value: number): number {
  return Math.min(Math.max(value, -5_000), rangeTop);
}

function power10(exponent: number): number {
  return Math.exp(Math.LN10 * exponent);
}

interface RandomSource {
  /** In [0, 1), 32 bits. */
  readonly uniform: () => number;
  readonly normal: () => number;
}

/** sfc32 (Doty-Humphrey) seeded by two numbers; normal variates by the polar method of Marsaglia. */
function randomSource(seed: number, stream: number): RandomSource {
  let a = seed | 0;
  let b = stream | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  let spare = NaN;
  const uniform = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return (t >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 16; i++) uniform();
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = NaN;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      spare = y * factor;
      return x * factor;
    }
  };
  return { uniform, normal };
}
