// A written scale as a transform of the signal layer.
import type { Transform } from '../signal/index.ts';
import type { TemplateScale } from './schema.ts';

/** Cofactor and top of scale that `auto` stands for (populations specification, section 0). */
const AUTO = { cofactor: 150, top: 262_144 } as const;

/** null = linear. `top` = top of scale of the channel; where it is not known, 262,144. */
export function transformOf(scale: TemplateScale, top: number | null): Transform | null {
  const unbounded = { boundMin: null, boundMax: null };
  const channelTop = top ?? AUTO.top;
  if (scale === 'linear') return null;
  if (scale === 'fraction') return { scale: { kind: 'linear', T: channelTop, A: 0 }, ...unbounded };
  if ('asinhCofactor' in scale) {
    const { cofactor, top: meantFor } =
      scale.asinhCofactor === 'auto' ? AUTO : { cofactor: scale.asinhCofactor, top: scale.top ?? channelTop };
    return { scale: { kind: 'asinhCofactor', cofactor: (cofactor * channelTop) / meantFor }, ...unbounded };
  }
  if ('logicle' in scale) return { scale: { kind: 'logicle', ...scale.logicle }, ...unbounded };
  if ('hyperlog' in scale) return { scale: { kind: 'hyperlog', ...scale.hyperlog }, ...unbounded };
  if ('asinh' in scale) return { scale: { kind: 'asinh', ...scale.asinh }, ...unbounded };
  if ('biex' in scale) return { scale: { kind: 'biex', ...scale.biex }, ...unbounded };
  return { scale: { kind: 'log', ...scale.log }, ...unbounded };
}
