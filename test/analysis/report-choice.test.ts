// What a report shows in full: what the study names, else the primary endpoints of the trial (populations.md section 6), else its first ones.
import { describe, expect, it } from 'vitest';
import { checkReport, keyParameters } from '../../src/analysis/checks/report.ts';
import { immuneParameter, primaryParameters, type AdimRow } from '../../src/endpoints/index.ts';
import { parseDefinition, type ParameterRecord, type Study } from '../../src/study/index.ts';

const parameter = (PARAMCD: string) => ({ PARAMCD }) as ParameterRecord;
const value = (PARAMCD: string, AVAL: number | null = 1) => ({ PARAMCD, AVAL, ANL01FL: 'Y' }) as AdimRow;

describe('key parameters', () => {
  const parameters = ['CD3ABS', 'CD4ABS', 'BABS', 'NKPCT', 'NLR'].map(parameter);
  const adim = [...parameters.map(({ PARAMCD }) => value(PARAMCD)), value('CD8ABS', null)];

  it('are those that the study names, in its order, where there are values', () => {
    expect(keyParameters(['NLR', 'CD8ABS', 'CD4ABS'], parameters, adim)).toEqual(['NLR', 'CD4ABS']);
  });

  it('are the primary endpoints and then the first of the rest when it names none, or none with values', () => {
    const expected = ['CD4ABS', 'BABS', 'CD3ABS', 'NKPCT', 'NLR'];
    expect(keyParameters(null, parameters, adim)).toEqual(expected);
    expect(keyParameters(['CD8ABS'], parameters, adim)).toEqual(expected);
  });

  it('are the first six of a study that has no parameter of the trial', () => {
    const own = 'A B C D E F G H'.split(' ');
    const rows = own.filter((code) => code !== 'B').map((code) => value(code));
    expect(keyParameters(null, own.map(parameter), rows)).toEqual(['A', 'C', 'D', 'E', 'F', 'G']);
    // beside a few that it has, its own come after them; supporting parameters of the trial stand behind those
    const mixed = [...own.slice(0, 3), 'NLR', 'NEUT', 'D', 'E', 'F', 'G'];
    expect(
      keyParameters(
        null,
        mixed.map(parameter),
        mixed.map((code) => value(code)),
      ),
    ).toEqual(['NEUT', 'A', 'B', 'C', 'D', 'E']);
  });

  it('by default have one for each indicator of the trial, blood counts for granulocytes', () => {
    const known = primaryParameters.map((code) => immuneParameter(code));
    expect(known).not.toContain(null);
    expect(new Set(primaryParameters).size).toBe(primaryParameters.length);
    for (const code of ['NEUT', 'EOS', 'BASO']) expect(immuneParameter(code)?.kind).toBe('cbc');
  });
});

describe('a choice that the study cannot follow', () => {
  const { definition } = parseDefinition(`
id: T
windows: [{ n: 0, label: Baseline, phase: PRE, target: -1, lo: -28 }]
report: { parameters: [CD4ABS, CD9ABS], subject: nobody }
`);
  const study = { definition: definition!, samples: [{ subject: 'S1' }] } as unknown as Study;

  it('is said once a name', () => {
    const said = checkReport(study, [parameter('CD4ABS')]);
    expect(said.map(({ code, message }) => [code, message])).toEqual([
      ['W_REPORT_CHOICE', 'The report asks for CD9ABS, which is no parameter of this study.'],
      ['W_REPORT_CHOICE', 'The report asks for the gates of nobody, who has no tube.'],
    ]);
    const plain = { ...study, definition: { ...study.definition, report: {} } };
    expect(checkReport(plain, [])).toEqual([]);
  });

  it('is refused when it is no choice at all', () => {
    const written = (report: string) =>
      parseDefinition(
        `windows: [{ n: 0, label: B, phase: PRE, target: -1, lo: -28 }]\nreport: ${report}\n`,
      ).issues.map(({ message }) => message);
    expect(written('{ parameters: [] }')[0]).toMatch(/at least one parameter/);
    expect(written('{ parameters: [CD4ABS, CD4ABS] }')[0]).toMatch(/twice/);
    expect(written('{ parameter: [CD4ABS] }')[0]).toMatch(/parameter/);
  });
});
