// Checks of a study on hand-made manifests, blood counts and counts: what must be said, and what must not.
import { describe, expect, it } from 'vitest';
import { analyseStudy } from '../../src/analysis/index.ts';
import { checkBloodCounts } from '../../src/analysis/checks/blood-counts.ts';
import { checkFiles } from '../../src/analysis/checks/files.ts';
import { checkIdentities } from '../../src/analysis/checks/identity.ts';
import { checkManifest } from '../../src/analysis/checks/manifest.ts';
import type { GatedSample } from '../../src/analysis/model.ts';
import { createRandom, exp } from '../../src/math/index.ts';
import type { PopulationRow } from '../../src/results/index.ts';
import { buildStudy, parseDefinition, type Sample, type Study } from '../../src/study/index.ts';

const definition = parseDefinition(`
id: T
visits: [V0, V1, V2]
windows:
  - { n: 0, label: Baseline, phase: PRE, target: -1, lo: -28 }
  - { n: 1, label: Week 1, phase: DURING, target: 7, lo: 1, hi: 10 }
  - { n: 2, label: Month 1, phase: POST, target: 30, lo: 20, hi: 40 }
panels: { P1: p1.yaml, P2: p2.yaml }
`).definition!;
/** Days of the visits when the anchor is 2024-01-10. */
const days = { V0: '2024-01-08', V1: '2024-01-16', V2: '2024-02-08' } as const;
const subjects = ['S1', 'S2', 'S3', 'S4'];

interface Row {
  subject: string;
  visit: string;
  panel: string;
  role: string;
  day: string;
  batch: string;
  cytometer: string;
}

function complete(): Row[] {
  return subjects.flatMap((subject) =>
    Object.entries(days).flatMap(([visit, day]) =>
      ['P1', 'P2'].map((panel) => ({
        subject,
        visit,
        panel,
        role: 'stained',
        day,
        batch: 'B1',
        cytometer: 'C1',
      })),
    ),
  );
}

function studyOf(rows: readonly Row[], adsl = ''): Study {
  const lines = rows.map(
    ({ subject, visit, panel, role, day, batch, cytometer }, n) =>
      `f${n}.fcs,${subject}_${visit}_${panel}_${n},${subject},${visit},${panel},${role},${day},${batch},${cytometer}`,
  );
  const { study, issues } = buildStudy(definition, {
    adsl:
      adsl === ''
        ? `USUBJID,TRTSDT,ABLDT,DTHDT\n${subjects.map((s) => `${s},2024-01-09,2024-01-10,`).join('\n')}\n`
        : adsl,
    samples: `file,sample,subject,visit,panel,role,collected_at,batch,cytometer\n${lines.join('\n')}\n`,
  });
  expect(issues).toEqual([]);
  return study!;
}

const messages = (rows: readonly Row[]) => checkManifest(studyOf(rows)).map(({ message }) => message);

describe('checkManifest', () => {
  it('has nothing to say of a complete manifest', () => {
    expect(messages(complete())).toEqual([]);
  });

  it('misses a tube, and a whole visit of one subject', () => {
    const rows = complete().filter(
      ({ subject, visit, panel }) =>
        !(subject === 'S2' && visit === 'V1' && panel === 'P2') && !(subject === 'S3' && visit === 'V2'),
    );
    expect(messages(rows)).toEqual(['S2 has no P2 stained at V1.', 'S3 has no tubes at V2.']);
  });

  it('expects nothing of a subject that died before the visit', () => {
    const rows = complete().filter(({ subject, visit }) => !(subject === 'S3' && visit === 'V2'));
    const adsl = `USUBJID,TRTSDT,ABLDT,DTHDT\n${subjects.map((s) => `${s},2024-01-09,2024-01-10,${s === 'S3' ? '2024-01-20' : ''}`).join('\n')}\n`;
    expect(checkManifest(studyOf(rows, adsl))).toEqual([]);
  });

  it('does not ask for a tube that most subjects lack', () => {
    expect(messages(complete().filter(({ panel, subject }) => panel === 'P1' || subject === 'S1'))).toEqual(
      [],
    );
  });

  it('says a visit that occurs twice once', () => {
    const rows = complete();
    const again = rows.filter(({ subject, visit }) => subject === 'S4' && visit === 'V1');
    const found = messages([...rows, ...again]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^S4 has more than one P1 stained .* and P2 stained .* at V1/);
  });

  it('says days that belong to another visit, and visits out of order', () => {
    const rows = complete().map((row) =>
      row.subject !== 'S1'
        ? row
        : { ...row, day: row.visit === 'V1' ? days.V2 : row.visit === 'V2' ? days.V1 : row.day },
    );
    expect(messages(rows)).toEqual([
      'S1 V1: day 30 lies in the window of Month 1, not of Week 1; the window counts.',
      'S1 V2: day 7 lies in the window of Week 1, not of Month 1; the window counts.',
      'S1: V2 was drawn before V1.',
    ]);
  });

  it('says that a visit and a batch cannot be told apart, and only then', () => {
    const apart = complete().map((row) => ({ ...row, batch: row.visit === 'V2' ? 'B2' : 'B1' }));
    expect(messages(apart)).toEqual([
      'No batch of V2 occurs at V0 (P1 and P2): a change since V0 may be one of the batch.',
    ]);
    const crossed = complete().map((row) => ({ ...row, batch: row.subject < 'S3' ? 'B1' : 'B2' }));
    expect(messages(crossed)).toEqual([]);
  });

  it('says that a cytometer changes within subjects', () => {
    const rows = complete().map((row) => ({
      ...row,
      cytometer: row.subject === 'S2' && row.visit === 'V2' && row.panel === 'P1' ? 'C2' : 'C1',
    }));
    expect(messages(rows)).toEqual(['The cytometer of P1 changes within S2.']);
  });
});

describe('checkBloodCounts', () => {
  const good = {
    subject: 'S1',
    visit: 'V0',
    collected_at: days.V0,
    WBC: 5.42,
    NEUT: 3.61,
    LYM: 1.32,
    MONO: 0.48,
    EOS: 0.1,
    BASO: 0.02,
    PLT: 188,
  };

  it('leaves a plausible count alone, also a very low and a leukaemic one', () => {
    for (const WBC of [5.42, 0.3, 180]) {
      const count = { ...good, WBC, NEUT: 0.1, LYM: 0.1, MONO: 0.05, EOS: 0, BASO: 0 };
      expect(checkBloodCounts([count])).toEqual({ counts: [count], issues: [] });
    }
  });

  it('does not use a count per microlitre, and says it once', () => {
    const { counts, issues } = checkBloodCounts([{ ...good, WBC: 5420, NEUT: 3610, LYM: 1320, MONO: 480 }]);
    expect(counts[0]).toMatchObject({ WBC: null, NEUT: null, LYM: null, PLT: 188 });
    expect(issues.map(({ code }) => code)).toEqual(['W_CBC_IMPLAUSIBLE']);
  });

  it('does not use parts in per cent', () => {
    const { counts, issues } = checkBloodCounts([{ ...good, LYM: 24.3, NEUT: 66.6 }]);
    expect(counts[0]).toMatchObject({ WBC: 5.42, LYM: null, NEUT: null, MONO: 0.48 });
    expect(issues).toHaveLength(1);
  });
});

/** T of Lymph, CD4T of T and B of Lymph for one sample. */
function populations(counts: readonly [number, number, number]): PopulationRow[] {
  const row = (path: string, parent: string | null, count: number, parentCount: number): PopulationRow => ({
    ...{ population: path.replace(/^.*\//, ''), path, parent, count, parentCount },
    ...{
      fractionOfParent: count / parentCount,
      fractionOfTotal: null,
      status: 'ok',
      reason: null,
      method: 'valley',
    },
    ...{ ciLow: null, ciHigh: null },
  });
  const [t, cd4, b] = counts;
  return [
    row('Lymph', null, 10_000, 20_000),
    row('Lymph/T', 'Lymph', t, 10_000),
    row('Lymph/T/CD4T', 'Lymph/T', cd4, t),
    row('Lymph/B', 'Lymph', b, 10_000),
  ];
}

function gated(sample: Sample, rest: Partial<GatedSample> = {}): GatedSample {
  return {
    ...{
      sample,
      state: 'gated',
      reason: null,
      resultId: sample.sample,
      fileSha256: sample.sample,
      eventCount: 20_000,
    },
    ...{
      strategySha256: null,
      populations: [],
      statistics: [],
      uncertainty: [],
      kept: [],
      quality: [],
      issues: [],
    },
    ...rest,
  };
}

describe('events that an instrument did not record', () => {
  it('are held against all of the file, gated or not', () => {
    const study = studyOf(complete());
    const codesOf = (unrecorded: number) => {
      const facts = study.samples.map(({ sample }) => ({
        ...{ sample, acquired: null, cytometer: null, parameters: [], volumeNanolitres: null },
        ...{ unrecorded, recorded: 20_000, times: null, seconds: null },
      }));
      const refused = study.samples.map((sample) =>
        gated(sample, { state: 'refused', reason: 'No cut.', resultId: null, eventCount: null }),
      );
      return analyseStudy(study, refused, { facts }).findings.map(({ code }) => code);
    };
    expect(codesOf(20)).not.toContain('W_EVENTS_LOST');
    expect(codesOf(2000)).toContain('W_EVENTS_LOST');
  });
});

describe('checkFiles', () => {
  const { samples } = studyOf(complete());
  const facts = samples.map(({ sample, collectedAt, panel }) => ({
    ...{ sample, acquired: collectedAt.slice(0, 10), cytometer: 'X' },
    parameters: ['FSC-A ', `${panel}-A CD3`],
    ...{ volumeNanolitres: null, unrecorded: 0, recorded: 20_000, times: null, seconds: null },
  }));
  const tubes = samples.map((sample) => gated(sample));

  it('has nothing to say of files that fit', () => {
    expect(checkFiles(tubes, facts)).toEqual({ issues: [], failed: new Set() });
  });

  it('keeps both of two samples with one content out of the analysis', () => {
    const same = tubes.map((tube, n) => (n === 3 ? { ...tube, fileSha256: tubes[7].fileSha256 } : tube));
    const { issues, failed } = checkFiles(same, facts);
    expect(issues.map(({ code }) => code)).toEqual(['E_SAME_CONTENT']);
    expect([...failed]).toEqual([tubes[3].sample.sample, tubes[7].sample.sample]);
  });

  it('names two tubes whose days are exchanged together, and no keyword value', () => {
    const [a, b] = samples.filter(({ panel, subject }) => panel === 'P1' && subject === 'S1');
    const other = facts.map((fact) => {
      if (fact.sample === a.sample) return { ...fact, acquired: b.collectedAt };
      return fact.sample === b.sample ? { ...fact, acquired: a.collectedAt } : fact;
    });
    const { issues } = checkFiles(tubes, other);
    expect(issues.map(({ code }) => code)).toEqual(['W_SAMPLE_SWAPPED']);
    expect(issues[0].message).toContain(a.sample);
    expect(issues[0].message).toContain(b.sample);
    expect(issues[0].message).not.toMatch(/2024/);
  });

  it('says a file from before its blood was drawn', () => {
    const early = facts.map((fact, n) => (n === 0 ? { ...fact, acquired: '2023-12-01' } : fact));
    expect(checkFiles(tubes, early).issues.map(({ code }) => code)).toEqual(['W_DATE_DIFFERS']);
  });

  it('names files whose detectors are not those of the others', () => {
    const other = facts.map((fact, n) => (n === 2 ? { ...fact, parameters: ['FSC-A ', 'PE-A CD3'] } : fact));
    const { issues } = checkFiles(tubes, other);
    expect(issues.map(({ code }) => code)).toEqual(['W_PANEL_CHANGED']);
    expect(issues[0].message).toContain(samples[2].sample);
  });
});

describe('checkIdentities', () => {
  /** Every subject has fractions of its own; a visit moves all of them alike; tubes scatter a little. */
  function cohort(seed: number, exchange: readonly [string, string] | null): GatedSample[] {
    const random = createRandom(`identity ${seed}`);
    const own = new Map(subjects.map((subject) => [subject, [0, 0, 0].map(() => 0.3 * random.normal())]));
    const tubes = studyOf(complete()).samples.filter(({ panel }) => panel === 'P1');
    const counts = new Map(
      tubes.map((tube) => {
        const shift = { V0: 0, V1: -0.4, V2: 0.2 }[tube.visit] ?? 0;
        const [t, cd4, b] = (own.get(tube.subject) ?? []).map(
          (value) => value + shift + 0.03 * random.normal(),
        );
        const share = (x: number) => exp(x) / (1 + exp(x));
        const all = Math.round(10_000 * share(t + 0.8));
        return [
          tube.sample,
          [all, Math.round(all * share(cd4 + 0.5)), Math.round(10_000 * share(b - 2))] as const,
        ];
      }),
    );
    const source = (name: string) =>
      exchange === null
        ? name
        : name === exchange[0]
          ? exchange[1]
          : name === exchange[1]
            ? exchange[0]
            : name;
    return tubes.map((tube) => gated(tube, { populations: populations(counts.get(source(tube.sample))!) }));
  }
  const [first, second] = studyOf(complete())
    .samples.filter(({ panel, visit }) => panel === 'P1' && visit === 'V1')
    .map(({ sample }) => sample);

  it('names two exchanged samples in most cohorts, and nobody else', () => {
    const found = Array.from({ length: 20 }, (_, seed) => checkIdentities(cohort(seed, [first, second])));
    const right = found.filter(
      (issues) =>
        issues.length === 1 && issues[0].message.includes(first) && issues[0].message.includes(second),
    );
    expect(right.length).toBeGreaterThanOrEqual(14);
    expect(found.flat().length).toBe(right.length);
  });

  it('names nobody where nothing was exchanged', () => {
    const found = Array.from({ length: 40 }, (_, seed) => checkIdentities(cohort(seed, null)));
    expect(found.flat()).toEqual([]);
  });
});
