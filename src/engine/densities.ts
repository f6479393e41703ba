// Every gate of a sample as a plot: the parent's events on the axes of the gate, gates that are drawn on the same plot together. Plain data
// for reports and browsers, kept as densities/<sample>.json.
// Invariant: a pure function of file and strategy; the same bytes wherever it is made.
import type { ByteSource, FcsFile } from '../fcs/index.ts';
import { binDensities, gateView, type Density, type GatingStrategy } from '../gating/index.ts';

/** One plot and the populations whose gates are drawn on it, in the order of the strategy. */
export interface GatePlot {
  readonly gates: readonly string[];
  readonly density: Density;
}

export interface SampleDensities {
  readonly sample: string;
  readonly template: { readonly id: string; readonly version: string };
  /** In the order of the strategy. Logical populations have no plot. */
  readonly plots: readonly GatePlot[];
}

export interface DensitiesOptions {
  /** Bins an axis, default 128: about 60 kB a plot as text. */
  readonly bins?: number;
  readonly mostDots?: number;
  readonly signal?: AbortSignal;
}

export function sampleDensities(
  sample: string,
  opened: { readonly source: ByteSource; readonly file: FcsFile },
  strategy: GatingStrategy,
  { bins = 128, ...rest }: DensitiesOptions = {},
): SampleDensities {
  const plots = new Map<
    string,
    { readonly view: NonNullable<ReturnType<typeof gateView>>; gates: string[] }
  >();
  for (const { path } of strategy.populations) {
    const view = gateView(strategy, path);
    if (view === null) continue;
    const key = JSON.stringify(view);
    const known = plots.get(key);
    if (known === undefined) plots.set(key, { view, gates: [path] });
    else known.gates.push(path);
  }
  const all = [...plots.values()];
  const densities = binDensities(
    opened.source,
    opened.file,
    strategy,
    all.map(({ view }) => view),
    { bins, ...rest },
  );
  return {
    sample,
    template: strategy.template,
    plots: all.map(({ gates }, p) => ({ gates, density: densities[p] })),
  };
}

/** The document as JSON, one plot a line, LF at the end. */
export function densitiesText({ plots, ...head }: SampleDensities): string {
  const start = JSON.stringify(head).slice(0, -1);
  return `${start},"plots":[\n${plots.map((plot) => JSON.stringify(plot)).join(',\n')}\n]}\n`;
}
