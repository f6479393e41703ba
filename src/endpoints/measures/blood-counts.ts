// What the haematology analyser gives: cells in 10^9 per litre as they are, and the indices made of them.
import type { BloodCountRecord } from '../../study/index.ts';
import { notEvaluable, type Indicator, type Measured } from '../indicators/indicator.ts';
import { cbcIndices } from '../indicators/ratios.ts';
import type { ImmuneParameter } from '../indicators/paramcd.ts';
import type { Measurement } from './endpoint.ts';

export function measureBloodCount(count: BloodCountRecord, { paramcd }: ImmuneParameter): Measurement {
  const indices = cbcIndices({
    neutrophils: count.NEUT,
    lymphocytes: count.LYM,
    monocytes: count.MONO,
    platelets: count.PLT,
  });
  const plain: Readonly<Record<string, Indicator>> = {
    NEUT: asMeasured(count.NEUT),
    EOS: asMeasured(count.EOS),
    BASO: asMeasured(count.BASO),
    NLR: indices.nlr,
    LMR: indices.lmr,
    PLR: indices.plr,
    SII: indices.sii,
  };
  return {
    indicator: plain[paramcd] ?? notEvaluable(`The blood count has no ${paramcd}.`),
    collectedAt: count.collected_at.replace(' ', 'T'),
    sources: [],
  };
}

function asMeasured(value: Measured): Indicator {
  if (value === null) return notEvaluable('The blood count does not give it.');
  return { value, ciLow: null, ciHigh: null, status: 'OK', reason: null };
}
