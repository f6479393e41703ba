// A written scale as a transform of the signal layer.
import type { Transform } from '../signal/index.ts';
import type { TemplateScale } from './schema.ts';

/** Cofactor of asinh on the top of scale that follows (populations specification, section 0). */
const COFACTOR = 150;
const TOP = 262_144;

/** null = linear. `top` = top of scale of the channel; where it is not known, 262,144. */
export function transformOf(scale: TemplateScale, top: number | null): Transform | null {
  const unbounded = { boundMin: null, boundMax: null };
  if (scale === 'linear') return null;
  if ('asinhCofactor' in scale) {
    const cofactor = scale.asinhCofactor === 'auto' ? (COFACTOR * (top ?? TOP)) / TOP : scale.asinhCofactor;
    return { scale: { kind: 'asinhCofactor', cofactor }, ...unbounded };
  }
  if ('logicle' in scale) return { scale: { kind: 'logicle', ...scale.logicle }, ...unbounded };
  if ('hyperlog' in scale) return { scale: { kind: 'hyperlog', ...scale.hyperlog }, ...unbounded };
  if ('asinh' in scale) return { scale: { kind: 'asinh', ...scale.asinh }, ...unbounded };
  return { scale: { kind: 'log', ...scale.log }, ...unbounded };
}
