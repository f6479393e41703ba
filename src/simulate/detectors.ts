// What the cytometer makes of light: spillover, noise, top of scale, and the names and ranges of its channels. Spillover is
// written as it truly is: the gain of a file changes how bright a dye is, not the proportions in which it spills.
import { labelChannels, type Channel } from '../events/index.ts';
import { exp, type Random } from '../math/index.ts';
import type { Artefacts, Failure } from './artefacts.ts';
import { heightOverArea } from './classes.ts';
import type { Light } from './light.ts';
import type { Panel } from './model.ts';
import { instruments, stainOf, type StainStyle, type Vendor } from './naming.ts';
import { electronicNoise, photonNoiseOf, spilloverMatrix } from './spillover.ts';

/** Scale of the tables. */
const tableScale = 262144;
/** Seconds per unit of Time. */
export const timestep = 0.01;

/** `record` writes one event into row `place` of all columns. */
export interface Detectors {
  /** Scatter (area, height, width twice), then the colours. */
  readonly columns: readonly Float32Array[];
  record(place: number, light: Light, mayClip: boolean): void;
}

export function makeDetectors(
  panel: Panel,
  random: Random,
  total: number,
  artefacts: Artefacts,
  vendor: Vendor,
): Detectors {
  const n = panel.colours.length;
  const gains = random.fork('gains');
  const gain = Float64Array.from(panel.colours, () => exp(artefacts.gainSd * gains.normal()));
  const kappa = Float64Array.from(panel.colours, ({ fluor }) => photonNoiseOf(fluor));
  const matrix = spilloverMatrix(panel.colours.map(({ fluor }) => fluor));
  for (let i = 0; i < n * n; i++) matrix[i] *= gain[Math.floor(i / n)];
  const columns = Array.from({ length: 6 + n }, () => new Float32Array(total));
  const [forwardArea, forwardHeight, forwardWidth, sideArea, sideHeight, sideWidth] = columns;
  const colours = columns.slice(6);
  const factor = instruments[vendor].topOfScale / tableScale;
  const top = tableScale - 1;
  const noise = random.fork('noise');
  const base = electronicNoise * electronicNoise;
  return {
    columns,
    record(place, light, mayClip) {
      const { dyes } = light;
      for (let j = 0; j < n; j++) {
        let signal = 0;
        for (let i = 0, at = j; i < n; i++, at += n) signal += dyes[i] * matrix[at];
        const raw = signal + Math.sqrt(base + kappa[j] * Math.abs(signal)) * noise.normal();
        colours[j][place] = Math.min(top, raw) * factor;
      }
      const clip =
        mayClip && noise.next() < artefacts.marginFraction ? (noise.next() < 0.5 ? 'forward' : 'side') : null;
      const fa = clip === 'forward' ? top : Math.min(top, light.forwardArea);
      const fh = clip === 'forward' ? top : Math.min(top, light.forwardHeight);
      const sa = clip === 'side' ? top : Math.min(top, light.sideArea);
      const sh = clip === 'side' ? top : Math.min(top, light.sideHeight);
      forwardArea[place] = fa * factor;
      forwardHeight[place] = fh * factor;
      forwardWidth[place] = ((heightOverArea.widthScale * fa) / fh) * factor;
      sideArea[place] = sa * factor;
      sideHeight[place] = sh * factor;
      sideWidth[place] = ((heightOverArea.widthScale * sa) / sh) * factor;
    },
  };
}

export interface NamingOptions {
  readonly vendor: Vendor;
  readonly stains: StainStyle;
  readonly failure: Failure | null;
  /** Length of the run. */
  readonly seconds: number;
}

/** Channels in the order of the columns, with time last. */
export function channelsOf(panel: Panel, { vendor, stains, failure, seconds }: NamingOptions): Channel[] {
  const { scatter, time, topOfScale: range } = instruments[vendor];
  const style = failure?.kind === 'blankStains' ? 'blank' : stains;
  const swapped = failure?.kind === 'markersSwapped' ? failure.markers : null;
  swapped?.forEach((marker) => requireMarker(panel, marker));
  const nameOf = (marker: string): string => {
    if (swapped === null || !swapped.includes(marker)) return marker;
    return marker === swapped[0] ? swapped[1] : swapped[0];
  };
  return labelChannels([
    ...scatter.map((name) => ({ name, stain: null, range })),
    ...panel.colours.map(({ marker, fluor }) => ({
      name: detectorName(panel, fluor, vendor),
      stain: stainOf(nameOf(marker), fluor, style),
      range,
    })),
    { name: time, stain: null, range: Math.ceil(seconds / timestep) + 1 },
  ]);
}

/** Throws RangeError where the instrument lacks a detector that the panel needs. */
export function detectorName(panel: Panel, fluor: Panel['colours'][number]['fluor'], vendor: Vendor): string {
  const name = instruments[vendor].detectors[fluor];
  if (name === undefined)
    throw new RangeError(`${vendor} has no detector for ${fluor}, which ${panel.id} needs.`);
  return name;
}

/** Throws RangeError where the panel does not have the marker. */
export function requireMarker(panel: Panel, marker: string): void {
  if (!panel.colours.some((colour) => colour.marker === marker))
    throw new RangeError(`${panel.id} has no marker ${marker}.`);
}
