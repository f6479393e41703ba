// What a report shows in full: the parameters and the subject that the study names, or what stands for the trial.
// Invariant: a choice that names nothing of this study is said, and never leaves the report without its key parameters.
import { immuneParameter, primaryParameters, type AdimRow } from '../../endpoints/index.ts';
import { issue, type Issue } from '../../errors.ts';
import type { ParameterRecord, Study } from '../../study/index.ts';

/** Fewer primary endpoints than this are filled up: with what was measured elsewhere under codes of its own, then with the first of the rest. */
const fewest = 6;

/** Those named, else the primary endpoints, filled up; all of which there is an analysed value. */
export function keyParameters(
  named: readonly string[] | null,
  parameters: readonly ParameterRecord[],
  adim: readonly AdimRow[],
): string[] {
  const valued = new Set(
    adim.filter(({ ANL01FL, AVAL }) => ANL01FL === 'Y' && AVAL !== null).map(({ PARAMCD }) => PARAMCD),
  );
  const chosen = (named ?? []).filter((code) => valued.has(code));
  if (chosen.length > 0) return chosen;
  const primary = primaryParameters.filter((code) => valued.has(code));
  const rest = parameters
    .map(({ PARAMCD }) => PARAMCD)
    .filter((code) => valued.has(code) && !primary.includes(code));
  const isOwn = (code: string) => immuneParameter(code) === null;
  const filling = [...rest.filter(isOwn), ...rest.filter((code) => !isOwn(code))];
  return [...primary, ...filling.slice(0, Math.max(0, fewest - primary.length))];
}

/** Choices of the report that the study cannot follow; `known`: its parameters. */
export function checkReport(
  { definition, samples }: Study,
  known: readonly Pick<ParameterRecord, 'PARAMCD'>[],
): Issue[] {
  const { parameters = [], subject } = definition.report;
  const codes = new Set(known.map(({ PARAMCD }) => PARAMCD));
  const strangers = parameters.filter((code) => !codes.has(code));
  return [
    ...strangers.map((code) =>
      issue('W_REPORT_CHOICE', `The report asks for ${code}, which is no parameter of this study.`, code),
    ),
    ...(subject !== undefined && samples.length > 0 && !samples.some((one) => one.subject === subject)
      ? [issue('W_REPORT_CHOICE', `The report asks for the gates of ${subject}, who has no tube.`, subject)]
      : []),
  ];
}
