// Percentages, ratios and responses to a stimulus, from the events of tubes.
import { concentrationRatio, eventRatio } from '../indicators/ratios.ts';
import { percentage } from '../indicators/limits.ts';
import { notEvaluable, type Indicator } from '../indicators/indicator.ts';
import { stimulatedMinusBackground } from '../indicators/stimulation.ts';
import type { ImmuneParameter } from '../indicators/paramcd.ts';
import { anchorNames, bridgedCount, countInTube } from './counts.ts';
import type { Draw, Measurement, Tube } from './endpoint.ts';
import {
  differenceInterval,
  gatingError,
  gatingInterval,
  inverted,
  joined,
  percentInterval,
} from './gating-error.ts';
import { countOf, sourceOf, stainedTube, stimulatedTube } from './tubes.ts';
import { unrecordedFactor } from './volume.ts';

function withReason<T extends Indicator>(indicator: T, reason: string | null): T {
  return indicator.value === null && reason !== null ? { ...indicator, reason } : indicator;
}

export function measurePercent(tube: Tube, parameter: ImmuneParameter): Measurement {
  const parentNames = (parameter.denominator ?? '').split('+').map(anchorNames);
  const parent = countOf(tube, parentNames);
  const found = countOf(tube, parameter.populations, parameter.denominator);
  const percent = percentage(found.events, parent.events);
  return {
    indicator: withReason(percent, found.reason ?? parent.reason),
    collectedAt: tube.sample.collectedAt,
    sources: [sourceOf(tube, found.paths, parent.paths)],
    events: found.events,
    parentEvents: parent.events,
    limits: percent.limits,
    gating: percentInterval(percent.value, gatingError(tube.result, found.paths, parent.paths)),
  };
}

export function measureEventRatio(tube: Tube, parameter: ImmuneParameter): Measurement {
  const top = countOf(tube, parameter.populations);
  const bottom = countOf(tube, [parameter.denominator ?? '']);
  const ratio = eventRatio(top.events, bottom.events);
  return {
    indicator: withReason(ratio, top.reason ?? bottom.reason),
    collectedAt: tube.sample.collectedAt,
    gating: gatingInterval(ratio.value, gatingError(tube.result, top.paths, bottom.paths)),
    sources: [sourceOf(tube, top.paths, bottom.paths)],
    events: top.events,
    parentEvents: bottom.events,
  };
}

/** CD8/Treg: the divisor is bridged in `tube`; M-MDSC/CD8: the numerator is counted in it. The other one is counted in P1. */
export function measureConcentrationRatio(draw: Draw, tube: Tube, parameter: ImmuneParameter): Measurement {
  const collectedAt = tube.sample.collectedAt;
  const other = stainedTube(draw, 'P1');
  if (other === null) {
    const reason = 'There is no P1 tube.';
    return { indicator: notEvaluable(reason), collectedAt, sources: [sourceOf(tube)] };
  }
  const denominator = parameter.denominator ?? '';
  const isDivisorHere = tube.sample.panel === 'P2';
  const [numerator, divisor] = isDivisorHere
    ? [countInTube(draw, other, parameter.populations), bridgedCount(draw, tube, [denominator], 'CD4T')]
    : [countInTube(draw, tube, parameter.populations), countInTube(draw, other, [denominator])];
  const ratio = concentrationRatio(numerator.count, divisor.count);
  const [above, below] = isDivisorHere ? [other, tube] : [tube, other];
  // what a bridge was not recorded of is missing in both
  const isBridged = divisor.count.platform === 'bridged';
  const error = joined(numerator.gating, inverted(divisor.gating));
  return {
    indicator: withReason(ratio, numerator.count.reason ?? divisor.count.reason),
    collectedAt,
    sources: [...numerator.sources, ...divisor.sources],
    gating: gatingInterval(
      ratio.value,
      error === null || isBridged
        ? error
        : { down: error.down + unrecordedFactor(below), up: error.up + unrecordedFactor(above) },
    ),
    events: numerator.count.events,
    parentEvents: divisor.count.events,
  };
}

export function measureStimulation(draw: Draw, tube: Tube, parameter: ImmuneParameter): Measurement {
  const collectedAt = tube.sample.collectedAt;
  const parent = anchorNames(parameter.denominator ?? '');
  const stimulated = stimulatedTube(draw, tube.sample.panel);
  if (stimulated === null) {
    const reason = 'There is no stimulated tube.';
    return { indicator: notEvaluable(reason), collectedAt, sources: [sourceOf(tube)], reported: null };
  }
  const read = (of: Tube) => ({
    of,
    positive: countOf(of, parameter.populations, parameter.denominator),
    parent: countOf(of, [parent]),
  });
  const [with1, with0] = [read(stimulated), read(tube)];
  const errorOf = (side: ReturnType<typeof read>) =>
    gatingError(side.of.result, side.positive.paths, side.parent.paths);
  const response = stimulatedMinusBackground(
    { positive: with1.positive.events, parent: with1.parent.events },
    { positive: with0.positive.events, parent: with0.parent.events },
  );
  const reason = with1.positive.reason ?? with1.parent.reason ?? with0.positive.reason ?? with0.parent.reason;
  return {
    indicator: withReason(response, reason),
    collectedAt,
    sources: [with1, with0].map((side) => sourceOf(side.of, side.positive.paths, side.parent.paths)),
    events: with1.positive.events,
    parentEvents: with1.parent.events,
    reported: response.reported,
    gating:
      response.stimulatedPercent === null || response.backgroundPercent === null
        ? null
        : differenceInterval(
            [response.stimulatedPercent / 100, response.backgroundPercent / 100],
            [errorOf(with1), errorOf(with0)],
          ),
  };
}
