// How each file of a study is read: what the study chooses for its panel, and before that for the sample itself (reliability R-3).
import { issue, type Issue } from '../errors.ts';
import type { ReadOptions } from '../fcs/index.ts';
import type { Sample, Study } from '../study/index.ts';

/** Options of one sample: what is chosen for it counts over what is chosen for its panel, later entries over earlier ones. */
export function readOptionsOf(
  { definition }: Pick<Study, 'definition'>,
  tube: Pick<Sample, 'sample' | 'panel'>,
): ReadOptions {
  const ofPanel = definition.reading.filter(({ panel }) => panel === tube.panel);
  const ofSample = definition.reading.filter(({ sample }) => sample === tube.sample);
  return [...ofPanel, ...ofSample].reduce<ReadOptions>((all, one) => ({ ...all, ...choiceOf(one) }), {});
}

function choiceOf({
  dataset,
  onTotMismatch,
  offsets,
  textReading,
}: Study['definition']['reading'][number]): ReadOptions {
  return {
    ...(dataset === undefined ? {} : { dataset }),
    ...(onTotMismatch === undefined ? {} : { onTotMismatch }),
    ...(offsets === undefined ? {} : { offsets }),
    ...(textReading === undefined ? {} : { textReading }),
  };
}

/** Choices for what the study does not have, which may be misspelt. */
export function readingIssues({ definition, samples }: Pick<Study, 'definition' | 'samples'>): Issue[] {
  return definition.reading.flatMap(({ panel, sample }) => {
    const known =
      panel === undefined
        ? samples.some((tube) => tube.sample === sample)
        : Object.hasOwn(definition.panels, panel);
    const what = panel === undefined ? `sample ${sample}` : `panel ${panel}`;
    return known
      ? []
      : [issue('E_STUDY_INVALID', `reading names the ${what}, which the study does not have.`, 'study')];
  });
}
