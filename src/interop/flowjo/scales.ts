// The axis of each channel of one FlowJo sample (<Transformations>), as scales on which FlowJo draws its gates. FlowJo's own elements
// beside those of Gating-ML: biex, fasinh, log with offset and decades, linear with a range.
import { pow10 } from '../../math/index.ts';
import type { ScaleFunction, Transform } from '../../signal/index.ts';
import {
  DATATYPES,
  TRANSFORMS,
  fault,
  numberAttribute,
  onlyChild,
  optionalNumber,
  textAttribute,
} from '../gatingml/elements.ts';
import { childrenOf, type XmlElement } from '../xml.ts';

/** An axis: null transform = linear units. `display` maps the axis to FlowJo's bins: 256 bins = `bins` units of it. */
export interface FlowJoAxis {
  readonly transform: Transform | null;
  /** The same axis ending at 0 and `unit`, for gates that FlowJo keeps in bins (ellipses). */
  readonly display: Transform;
  readonly unit: number;
  /**
   * What FlowJo multiplies values by before it writes limits and vertices: seconds per unit for Time, which FlowJo measures by the clock and
   * not by $TIMESTEP; else 1.
   */
  readonly gain: number;
}

/** Steps of FlowJo's display axes. */
export const BINS = 256;

/** Channel name as FlowJo writes it -> axis. Throws E_FLOWJO_UNSUPPORTED for an axis of a kind that is not known. */
export function readScales(sample: XmlElement): ReadonlyMap<string, FlowJoAxis> {
  const scales = new Map<string, FlowJoAxis>();
  for (const list of childrenOf(sample, '', 'Transformations')) {
    for (const element of list.children) {
      const name = textAttribute(onlyChild(element, DATATYPES, 'parameter'), DATATYPES, 'name');
      scales.set(name, readAxis(element));
    }
  }
  return scales;
}

function readAxis(element: XmlElement): FlowJoAxis {
  const number = (name: string): number => numberAttribute(element, TRANSFORMS, name);
  switch (element.name) {
    case 'linear': {
      const gain = optionalNumber(element, '', 'gain') ?? 1;
      if (!(gain > 0)) throw fault('The gain of an axis must be above 0.', element, 'E_FLOWJO_INVALID');
      return linearAxis(number('minRange'), number('maxRange'), gain);
    }
    case 'biex':
      return curved(
        {
          kind: 'biex',
          T: number('maxRange'),
          neg: number('neg'),
          width: number('width'),
          pos: number('pos'),
          channels: BINS,
        },
        BINS,
      );
    case 'logicle':
      return curved({ kind: 'logicle', T: number('T'), W: number('W'), M: number('M'), A: number('A') });
    case 'hyperlog':
      return curved({ kind: 'hyperlog', T: number('T'), W: number('W'), M: number('M'), A: number('A') });
    case 'fasinh':
      return curved({ kind: 'asinh', T: number('T'), M: number('M'), A: number('A') });
    case 'log':
      return logAxis(number('offset'), number('decades'));
  }
  throw fault(
    `FlowJo axes of the kind <${element.name}> are not supported.`,
    element,
    'E_FLOWJO_UNSUPPORTED',
  );
}

/** A channel without an axis of its own is linear from 0. `from` and `to` as written, times the gain. */
export function linearAxis(from: number, to: number, gain = 1): FlowJoAxis {
  const scale: ScaleFunction = { kind: 'linear', T: to / gain, A: -from / gain };
  return { transform: null, display: { scale, boundMin: null, boundMax: null }, unit: 1, gain };
}

function curved(scale: ScaleFunction, unit = 1): FlowJoAxis {
  const transform: Transform = { scale, boundMin: null, boundMax: null };
  return { transform, display: transform, unit, gain: 1 };
}

/** y = (log10(x) - log10(offset)) / decades, and 0 where x is below the offset. */
function logAxis(offset: number, decades: number): FlowJoAxis {
  const scale: ScaleFunction = { kind: 'log', T: offset * pow10(decades), M: decades };
  const transform: Transform = { scale, boundMin: 0, boundMax: null };
  return { transform, display: transform, unit: 1, gain: 1 };
}
