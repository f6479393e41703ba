// A density as pixels: counts of events per cell become colours. Pure; the canvas is someone else's.
// Invariant: a cell without events is transparent and a cell with events is not, whatever the smoothing: no event is hidden, none invented.

/** Events per cell, row-major, row 0 at the bottom of the plot (lowest y); the grid spans `x` and `y` in scaled units. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly counts: ArrayLike<number>;
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
}

/** 256 colours, four bytes each (RGBA), from few events to many. */
export type Palette = Uint8ClampedArray;

/** Samples a colour map, t in [0, 1], over the part of it that reads well on the background: away from paper on light, from black on dark. */
export function paletteOf(colour: (t: number) => string, theme: 'light' | 'dark'): Palette {
  const [low, high] = theme === 'dark' ? [0.22, 1] : [0.08, 0.94];
  const palette = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) {
    const [r, g, b] = channels(colour(low + (i / 255) * (high - low)));
    palette.set([r, g, b, 255], i * 4);
  }
  return palette;
}

/** A palette of one of its colours, for events that are shown without their number. */
export function onlyShade(palette: Palette, shade: number): Palette {
  return palette.map((_, i) => palette[shade * 4 + (i % 4)]);
}

/** `#rrggbb` or `rgb(r, g, b)` as bytes. */
function channels(text: string): readonly [number, number, number] {
  const numbers = text.startsWith('#')
    ? [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16))
    : [...text.matchAll(/\d+(?:\.\d+)?/g)].map(([digits]) => Number(digits));
  return [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0];
}

/** RGBA of a grid, row 0 at the top as canvases want it. Colour grows with the logarithm of the smoothed count. */
export function pseudocolour(grid: Grid, palette: Palette): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, counts } = grid;
  const smooth = smoothed(grid);
  let most = 0;
  for (const value of smooth) if (value > most) most = value;
  const pixels = new Uint8ClampedArray(width * height * 4);
  const step = most > 0 ? 255 / Math.log1p(most) : 0;
  for (let row = 0; row < height; row++) {
    const target = (height - 1 - row) * width * 4;
    for (let column = 0; column < width; column++) {
      const cell = row * width + column;
      if (counts[cell] === 0) continue;
      const shade = Math.round(Math.log1p(smooth[cell]) * step) * 4;
      const at = target + column * 4;
      pixels[at] = palette[shade];
      pixels[at + 1] = palette[shade + 1];
      pixels[at + 2] = palette[shade + 2];
      pixels[at + 3] = 255;
    }
  }
  return pixels;
}

/** Index of the cell that holds a point in scaled units, or null outside the grid. */
export function cellAt({ width, height, x, y }: Grid, px: number, py: number): number | null {
  const column = Math.floor(((px - x[0]) / (x[1] - x[0])) * width);
  const row = Math.floor(((py - y[0]) / (y[1] - y[0])) * height);
  return column >= 0 && column < width && row >= 0 && row < height ? row * width + column : null;
}

const kernel = [1, 4, 6, 4, 1];

/** Binomial smoothing over five cells each way; edges repeat. The sum of a far-from-edge cell is kept. */
export function smoothed({ width, height, counts }: Pick<Grid, 'width' | 'height' | 'counts'>): Float32Array {
  const across = new Float32Array(width * height);
  const out = new Float32Array(width * height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let k = -2; k <= 2; k++)
        sum += kernel[k + 2] * counts[row * width + Math.min(Math.max(column + k, 0), width - 1)];
      across[row * width + column] = sum / 16;
    }
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let k = -2; k <= 2; k++)
        sum += kernel[k + 2] * across[Math.min(Math.max(row + k, 0), height - 1) * width + column];
      out[row * width + column] = sum / 16;
    }
  return out;
}

/**
 * Heights of contour lines so that equal shares of the events lie between them: share k of `lines` lies outside line k. Rising,
 * without repeats; empty for an empty grid.
 */
export function contourLevels(smooth: ArrayLike<number>, lines: number): number[] {
  const values = Float64Array.from(smooth)
    .filter((value) => value > 0)
    .sort();
  let total = 0;
  for (const value of values) total += value;
  const levels: number[] = [];
  let below = 0;
  let next = 1;
  for (const value of values) {
    below += value;
    while (next <= lines && below >= (total * next) / (lines + 1)) {
      if (levels[levels.length - 1] !== value) levels.push(value);
      next++;
    }
  }
  return levels;
}
