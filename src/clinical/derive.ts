// The clinical side of a study in one step: input tables and the study's options to analysis data sets and tables.
// Invariant: efficacy uses the full analysis set, adverse events the safety set, and the data sets hold every subject.
import type { Issue } from '../errors.ts';
import type { AdverseEventRecord, LesionRecord, LocalRecord, SubjectRecord } from '../study/index.ts';
import { deriveAdae, type AdaeRow } from './adae.ts';
import { aeByTerm, aeOverview, type AeOverview, type AeTermRow } from './ae-tables.ts';
import { adrsRows, deriveResponses, type AdrsRow, type ResponseConfig, type Responses } from './adrs.ts';
import { deriveAdsl, populationTable, type AdslRow, type PopulationLine } from './adsl.ts';
import { deriveAdtte, tteTable, type AdtteRow, type TteConfig, type TteTable } from './adtte.ts';
import { responseTable, waterfall, type ResponseTable, type WaterfallBar } from './response-table.ts';
import {
  localProgressionRows,
  sensitivityRows,
  type LocalProgressionRow,
  type SensitivityRow,
} from './supportive.ts';

export interface ClinicalInput {
  readonly subjects: readonly SubjectRecord[];
  readonly lesions: readonly LesionRecord[];
  readonly local: readonly LocalRecord[];
  readonly adverseEvents: readonly AdverseEventRecord[];
}

/** The keys of a study's options that concern this side; further keys are ignored. */
export interface ClinicalConfig extends TteConfig {
  readonly recist?: ResponseConfig;
  readonly teaeWindowDays?: number;
  /** Denominator of adverse-event rates; the registered rate is per enrolled subject. */
  readonly aeDenominator?: 'safety' | 'enrolled';
  readonly conf?: number;
}

export interface ClinicalResult {
  /** Level of all its intervals. */
  readonly conf: number;
  readonly adsl: readonly AdslRow[];
  readonly adrs: readonly AdrsRow[];
  readonly adtte: readonly AdtteRow[];
  readonly adae: readonly AdaeRow[];
  readonly responses: Responses;
  readonly population: readonly PopulationLine[];
  readonly response: ResponseTable;
  readonly waterfall: readonly WaterfallBar[];
  readonly timeToEvent: readonly TteTable[];
  readonly sensitivity: readonly SensitivityRow[];
  readonly localProgression: readonly LocalProgressionRow[];
  readonly aeOverview: AeOverview;
  readonly aeByTerm: readonly AeTermRow[];
  readonly issues: readonly Issue[];
}

export function deriveClinical(input: ClinicalInput, config: ClinicalConfig = {}): ClinicalResult {
  const { conf = 0.95, teaeWindowDays = 30, aeDenominator = 'safety' } = config;
  const treated = input.subjects.filter((subject) => subject.TRTSDT !== null);
  const responses = deriveResponses(treated, input.lesions, config.recist);
  const adsl = deriveAdsl(input.subjects, responses.subjects, input.lesions, input.local);
  const { rows: adtte, issues: timeIssues } = deriveAdtte(
    treated,
    responses.assessments,
    input.local,
    config,
  );
  const { rows: adae, issues: eventIssues } = deriveAdae(input.adverseEvents, input.subjects, {
    windowDays: teaeWindowDays,
  });
  const setOf = (flag: 'FASFL' | 'SAFFL' | 'ENRLFL'): ReadonlySet<string> =>
    new Set(adsl.filter((row) => row[flag] === 'Y').map((row) => row.USUBJID));
  const full = setOf('FASFL');
  const denominator = setOf(aeDenominator === 'safety' ? 'SAFFL' : 'ENRLFL');
  const analysed = responses.subjects.filter((row) => full.has(row.USUBJID));
  const times = adtte.filter((row) => full.has(row.USUBJID));
  const events = adae.filter((row) => denominator.has(row.USUBJID));
  const codes = (['PFS', 'LPFS', 'OS', 'LTPL'] as const).filter((code) =>
    times.some((row) => row.PARAMCD === code),
  );
  return {
    conf,
    adsl,
    adrs: adrsRows(responses, input.subjects),
    adtte,
    adae,
    responses,
    population: populationTable(adsl),
    response: responseTable(analysed, conf),
    waterfall: waterfall(analysed),
    timeToEvent: codes.map((code) => tteTable(times, code, { conf })),
    sensitivity: sensitivityRows(
      treated.filter(({ USUBJID }) => full.has(USUBJID)),
      responses,
      config,
    ),
    localProgression: localProgressionRows(times),
    aeOverview: aeOverview(events, denominator.size, conf),
    aeByTerm: aeByTerm(events, denominator.size),
    issues: [...responses.issues, ...timeIssues, ...eventIssues],
  };
}
