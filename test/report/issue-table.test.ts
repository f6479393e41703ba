// The table of issues ends at 200 lines; what is said of the study alone must not be among those that fall off.
import { expect, it } from 'vitest';
import { issue } from '../../src/errors.ts';
import { issueTable } from '../../src/report/tables/samples.ts';
import { markupText } from '../../src/report/markup.ts';

it('keeps what is said of the study alone, however many warnings tubes have', () => {
  const warnings = Array.from({ length: 300 }, (_, i) => issue('W_METHOD_FALLBACK', `fallback ${i}`));
  const absent = issue('I_PARAMETER_ABSENT', 'PD1TPCT has no value in any specimen: no tube.', 'PD1TPCT');
  const text = markupText(issueTable([...warnings, absent]));
  expect(text).toContain(absent.message);
  expect(text).toContain('200 of 301, errors first; all are in issues.csv.');
  expect(text).toContain('fallback 198');
  expect(text).not.toContain('fallback 199');
  expect(markupText(issueTable([absent]))).not.toContain('issues.csv');
});
