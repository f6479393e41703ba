import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../src/study/index.ts';
import { studyYaml } from '../../src/simulate/study-yaml.ts';
import { plannedVisits } from '../../src/simulate/visits.ts';

const window = '{ n: 0, label: Baseline, phase: PRE, target: -1, lo: -28 }';

function complaints(text: string): string[] {
  const { definition, issues } = parseDefinition(text);
  expect(definition === null).toBe(issues.length > 0);
  return issues.map(({ message }) => message);
}

describe('parseDefinition', () => {
  it('fills in what a study need not say', () => {
    const { definition, issues } = parseDefinition(`windows:\n  - ${window}\n`);
    expect(issues).toEqual([]);
    expect(definition).toMatchObject({
      anchor: 'ABLDT',
      windowTie: 'later',
      blqRule: 'half',
      windows: [{ n: 0, hi: null }],
      panels: {},
      tables: {},
      ratios: [],
      landmarkDay: 60,
    });
  });

  it('reads what the simulator writes', () => {
    const { definition, issues } = parseDefinition(studyYaml('SIM', '1', plannedVisits, ['P1', 'P6w']));
    expect(issues).toEqual([]);
    expect(definition?.panels).toEqual({ P1: 'p1-tbnk.yaml', P6w: 'p6w-mye.yaml' });
    expect(definition?.windows.map(({ phase }) => phase)).toEqual([
      'PRE',
      'DURING',
      'DURING',
      'POST',
      'POST',
    ]);
  });

  it('refuses a list of visits with one of them twice', () => {
    expect(complaints(`windows:\n  - ${window}\nvisits: [V0, V1, V0]\n`)).toEqual([
      'line 3: visits: a visit occurs twice',
    ]);
  });

  it('reads JSON, which is YAML', () => {
    expect(
      complaints(
        '{"windows": [{"n": 0, "label": "B", "phase": "PRE", "target": -1, "lo": -28, "hi": null}]}',
      ),
    ).toEqual([]);
  });

  it('names line and key of what it does not know', () => {
    expect(complaints(`windows:\n  - ${window}\nblqrule: half\n`)).toEqual([
      expect.stringMatching(/^line [13]: .*blqrule/),
    ]);
    expect(complaints(`windows:\n  - ${window}\nanchor: ABLDATE\n`)).toEqual([
      expect.stringMatching(/^line 3: anchor: /),
    ]);
  });

  it('names the line of a window that cannot be', () => {
    const bad = '{ n: 1, label: Month 1, phase: POST, target: 30, lo: 60, hi: 15 }';
    expect(complaints(`windows:\n  - ${window}\n  - ${bad}\n`)).toEqual([
      'line 3: windows.1: hi is before lo',
    ]);
    expect(complaints(`windows:\n  - ${window.replace('-28', '0')}\n`)).toEqual([
      'line 2: windows.0.lo: there is no day 0',
    ]);
    expect(complaints(`windows:\n  - ${window}\n  - ${window}\n`).join()).toContain('occurs twice');
  });

  it('refuses broken YAML, doubled keys, no windows and hostile keys', () => {
    expect(complaints('windows: [')).not.toEqual([]);
    expect(complaints(`id: A\nid: B\nwindows:\n  - ${window}\n`)).toEqual([
      expect.stringMatching(/^line 2: /),
    ]);
    expect(complaints('id: A\n')).not.toEqual([]);
    expect(complaints(`__proto__: { a: 1 }\nwindows:\n  - ${window}\n`)).toEqual([
      'line 1: the key __proto__ is refused',
    ]);
    expect(complaints('')).not.toEqual([]);
    expect(complaints('just words')).not.toEqual([]);
  });
});
