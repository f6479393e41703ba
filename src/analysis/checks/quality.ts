// Tubes that failed a check of quality: their values are shown and kept out of the analysis (QCFL = N), unless the study says otherwise.
// Invariant: too few beads touch counts alone, which are not evaluable then; percentages of such a tube stay.
import type { Issue } from '../../errors.ts';
import type { GatedSample } from '../model.ts';
import type { FileFindings } from './files.ts';
import { said } from './manifest.ts';

export function checkQuality(samples: readonly GatedSample[], failures: 'exclude' | 'keep'): FileFindings {
  const failed = new Set<string>();
  const issues: Issue[] = [];
  for (const { sample, quality } of samples) {
    const bad = quality.filter(({ check, verdict }) => verdict === 'fail' && check !== 'beads');
    if (bad.length === 0) continue;
    if (failures === 'exclude') failed.add(sample.sample);
    const reasons = bad.map(({ check, reason }) => reason ?? check).join(' ');
    const consequence = failures === 'exclude' ? 'is kept out of the analysis' : 'failed its quality checks';
    issues.push(said('W_QUALITY_FAILED', `${sample.sample} ${consequence}: ${reasons}`, sample.sample));
  }
  return { issues, failed };
}
