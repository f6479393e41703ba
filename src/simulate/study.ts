// A whole trial as a plan: which tubes of which subjects at which visits, and the tables beside them. Nothing is simulated until a
// tube of the plan is asked for, so a study of any size costs the memory of one tube.
import { createRandom } from '../math/index.ts';
import { isoFromDays } from '../study/index.ts';
import type { Failure } from './artefacts.ts';
import { drawBlood, type Blood } from './blood.ts';
import { simulateClinical, type SubjectCourse } from './clinical.ts';
import { csvText, type Cell } from './csv.ts';
import type { PanelId, SimulatedTube } from './model.ts';
import { instruments, type StainStyle, type Vendor } from './naming.ts';
import { panels } from './panels.ts';
import { lognormal } from './random-variates.ts';
import { studyYaml } from './study-yaml.ts';
import type { Stimulus } from './stimulation.ts';
import { simulateTube, type TubeOptions } from './tube.ts';
import { dayOf, plannedVisits, type PlannedVisit, type VisitState } from './visits.ts';

export interface StudyOptions {
  readonly id?: string;
  readonly subjects?: number;
  /** First n of the planned visits, 1 to 5. */
  readonly visits?: number;
  readonly seed?: number | string;
  readonly panels?: readonly PanelId[];
  /** Part of the usual acquisition. P1 is small and never goes below the 6 microlitres that its quality rules need. Default 1. */
  readonly scale?: number;
  /** FMO tubes and the drug-saturated tube. Default true. */
  readonly controls?: boolean;
  readonly vendor?: Vendor;
  readonly stains?: StainStyle;
  readonly misset?: boolean | number;
  readonly levels?: 'normal' | 'heavy';
  /** Share of stained tubes that went wrong as a whole. Default 0. */
  readonly failureRate?: number;
}

/** One tube to be made: a row of samples.csv and how to simulate it. */
export interface PlannedTube {
  readonly sample: string;
  /** Path of the FCS file below the study folder. */
  readonly file: string;
  readonly subject: string;
  readonly visit: string;
  readonly panel: PanelId;
  readonly role: 'stained' | 'fmo' | 'stimulated';
  readonly stimulus: string | null;
  readonly collectedAt: string;
  readonly batch: string;
  readonly failure: Failure | null;
  readonly tube: TubeOptions;
}

export interface SimulatedStudy {
  readonly id: string;
  readonly tubes: readonly PlannedTube[];
  /** Text files of the study folder by name: study.yaml and the CSV tables. */
  readonly files: ReadonlyMap<string, string>;
}

const allPanels: readonly PanelId[] = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6w'];
const subjectsPerBatch = 5;
const cbcCv = 0.03;
const beadLot = 'BL51300';

/** Plans a study. The same options give the same plan, tables and tubes. */
export function simulateStudy(options: StudyOptions = {}): SimulatedStudy {
  const { id = 'SIM', subjects = 20, visits = 4, seed = 1 } = options;
  if (visits < 1 || visits > plannedVisits.length)
    throw new RangeError(`A study has 1 to ${plannedVisits.length} visits, not ${visits}.`);
  const seedText = String(seed);
  const clinical = simulateClinical(id, seedText, subjects);
  const schedule = plannedVisits.slice(0, visits);
  const draws = clinical.subjects.flatMap((subject, number) =>
    schedule.map((visit) => planDraw(subject, number, visit, seedText)),
  );
  const tubes = draws.flatMap((draw) => tubesOf(draw, options, seedText));
  const files = new Map([
    ['study.yaml', studyYaml(id, seedText, schedule, options.panels ?? allPanels)],
    ['samples.csv', samplesCsv(tubes, options.vendor ?? 'BD')],
    ['cbc.csv', cbcCsv(draws, seedText)],
    ...clinical.files,
    ['truth-visits.csv', visitsCsv(draws)],
    ['truth-failures.csv', failuresCsv(tubes)],
  ]);
  return { id, tubes, files };
}

/** Makes one tube of the plan. */
export function makeTube(planned: PlannedTube): SimulatedTube {
  return simulateTube(planned.tube);
}

/** Blood of one subject at one visit. */
interface Draw {
  readonly subject: string;
  readonly visit: PlannedVisit;
  readonly day: number;
  readonly collectedAt: string;
  readonly batch: string;
  readonly blood: Blood;
}

function planDraw(subject: SubjectCourse, number: number, visit: PlannedVisit, seed: string): Draw {
  const random = createRandom(`${seed}/${subject.id}/${visit.id}`).fork('time');
  const [first, last] = visit.draw;
  const day = dayOf(subject.ablation, first + random.integer(last - first + 1));
  const time = `${twoDigits(8 + random.integer(3))}:${twoDigits(random.integer(60))}`;
  const state: VisitState =
    visit.id === 'V2' && subject.growthFactor ? 'V2g' : (visit.id as Exclude<VisitState, 'V2g'>);
  return {
    subject: subject.id,
    visit,
    day,
    collectedAt: `${isoFromDays(day)}T${time}:00`,
    batch: `B${twoDigits(1 + Math.floor(number / subjectsPerBatch))}`,
    blood: drawBlood({ profile: 'patient', state, subject: `${seed}/${subject.id}`, visit: visit.id }),
  };
}

/** One tube of the set that a panel asks for at a visit. */
interface TubeKind {
  readonly suffix: string;
  readonly role: PlannedTube['role'];
  readonly stimulus?: string;
  readonly omitted?: readonly string[];
  readonly tube?: Pick<TubeOptions, 'occupancy'> & { readonly stimulus?: Stimulus };
}

/** Occupancy in the tube to which drug was added, and the name of that stimulus. */
const saturated = { occupancy: 0.98, stimulus: 'SATURATED' } as const;

function kindsOf(panel: PanelId, visit: PlannedVisit, controls: boolean): TubeKind[] {
  const fmo = (...omitted: string[]): TubeKind => ({
    suffix: `_FMO-${omitted.join('-')}`,
    role: 'fmo',
    omitted,
  });
  const stained: TubeKind = { suffix: '', role: 'stained' };
  const isBaseline = visit.phase === 'PRE';
  switch (panel) {
    case 'P1':
    case 'P6p':
      return [stained];
    case 'P2': {
      const sat: TubeKind = {
        suffix: '_SAT',
        role: 'stimulated',
        stimulus: saturated.stimulus,
        tube: { occupancy: saturated.occupancy },
      };
      const fmos = isBaseline ? ['PD1', 'TIM3', 'CD25', 'HLADR', 'IGG4'].map((marker) => fmo(marker)) : [];
      return [stained, ...(controls ? [sat, ...fmos] : [])];
    }
    case 'P3':
      return [stained, ...(controls && isBaseline ? [fmo('CD27'), fmo('IGD')] : [])];
    case 'P4': {
      const stimuli = ['UNST', 'K562', 'PMA'] as const;
      const tubes = stimuli.map((stimulus) => ({
        suffix: `_${stimulus}`,
        role: stimulus === 'UNST' ? ('stained' as const) : ('stimulated' as const),
        stimulus,
        tube: { stimulus },
      }));
      return [...tubes, ...(controls && isBaseline ? [fmo('GZMB'), fmo('PERF')] : [])];
    }
    case 'P5':
      return [
        stained,
        { suffix: '_LPS', role: 'stimulated', stimulus: 'LPS', tube: { stimulus: 'LPS' } },
        ...(controls ? [fmo('CD80', 'CD86', 'CD83', 'CD40')] : []),
      ];
    case 'P6w':
      return [stained, ...(controls && isBaseline ? [fmo('LOX1'), fmo('HLADR')] : [])];
  }
}

function tubesOf(draw: Draw, options: StudyOptions, seed: string): PlannedTube[] {
  const { controls = true, failureRate = 0 } = options;
  const { subject, visit, collectedAt, batch, blood } = draw;
  return (options.panels ?? allPanels).flatMap((panel) =>
    kindsOf(panel, visit, controls).map((kind) => {
      const sample = `${subject}_${visit.id}_${panel}${kind.suffix}_s${seed}`;
      const failure = kind.role === 'stained' ? drawFailure(`${seed}/${sample}`, panel, failureRate) : null;
      return {
        ...{ sample, file: `fcs/${sample}.fcs`, subject, visit: visit.id, panel, role: kind.role },
        ...{ stimulus: kind.stimulus ?? null, collectedAt, batch, failure },
        tube: {
          ...{ panel, blood, failure, drift: `${seed}/${subject}/${visit.id}`, seed: `${seed}/${sample}` },
          ...(kind.tube ?? {}),
          omitted: kind.omitted ?? [],
          scale: panel === 'P1' ? Math.max(1, options.scale ?? 1) : (options.scale ?? 1),
          ...{ vendor: options.vendor ?? 'BD', stains: options.stains ?? 'marker' },
          ...{ misset: options.misset ?? false, levels: options.levels ?? 'normal' },
          keywords: fileKeywords(draw, panel, sample),
        },
      };
    }),
  );
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function fileKeywords(
  { subject, day, collectedAt }: Draw,
  panel: PanelId,
  sample: string,
): Map<string, string> {
  const [year, month, date] = isoFromDays(day).split('-');
  const name = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ')[Number(month) - 1];
  const time = collectedAt.slice(11);
  return new Map([
    ['$DATE', `${date}-${name}-${year}`],
    ['$BTIM', time],
    ['$FIL', `${sample}.fcs`],
    ['$SRC', subject],
    ['TUBE NAME', `${panel} ${panels[panel].title}`],
  ]);
}

function drawFailure(seed: string, panel: PanelId, rate: number): Failure | null {
  const random = createRandom(seed).fork('failure');
  if (random.next() >= rate) return null;
  const { preparation, colours } = panels[panel];
  const first = random.integer(colours.length);
  const second = (first + 1 + random.integer(colours.length - 1)) % colours.length;
  const possible: Failure[] = [
    { kind: 'dyeOmitted', marker: colours[first].marker },
    { kind: 'markersSwapped', markers: [colours[first].marker, colours[second].marker] },
    { kind: 'blankStains' },
    ...(preparation.specimen === 'blood' ? [{ kind: 'unlysedRedCells' } as const] : []),
    ...(preparation.beadsPerTube === null ? [] : [{ kind: 'beadsMissing' } as const]),
  ];
  return possible[random.integer(possible.length)];
}

function samplesCsv(tubes: readonly PlannedTube[], vendor: Vendor): string {
  const header =
    'file,sample,subject,visit,panel,role,stimulus,collected_at,beads_per_tube,bead_lot,blood_volume_ul,batch,cytometer,omitted';
  const rows = tubes.map((planned): Cell[] => {
    const { file, sample, subject, visit, panel, role, stimulus, collectedAt, batch, tube } = planned;
    const { beadsPerTube, bloodPerTube, counted } = panels[panel].preparation;
    return [
      ...[file, sample, subject, visit, panel, role, stimulus, collectedAt, beadsPerTube],
      ...[beadsPerTube === null ? null : beadLot, counted ? bloodPerTube : null, batch],
      ...[instruments[vendor].cytometer, (tube.omitted ?? []).join(';') || null],
    ];
  });
  return csvText(header.split(','), rows);
}

/** Blood counts of the same draw, in 10^9 per litre, as a haematology analyser reports them. */
function cbcCsv(draws: readonly Draw[], seed: string): string {
  const rows = draws.map(({ subject, visit, collectedAt, blood: { counts } }): Cell[] => {
    const random = createRandom(`${seed}/${subject}/${visit.id}`).fork('cbc');
    const measured = (perMicrolitre: number): number => lognormal(random, perMicrolitre / 1000, cbcCv);
    const { CD4, CD8, TO, B, NK, OTH, MONO, DC, NEUT, IG, EOS, BASO } = counts;
    const parts = [NEUT + IG, CD4 + CD8 + TO + B + NK + OTH, MONO + DC, EOS, BASO];
    const white = measured(parts.reduce((sum, count) => sum + count, 0));
    const platelets = lognormal(random, visit.id === 'V2' ? 140 : 220, 0.2);
    return [
      ...[subject, visit.id, collectedAt, white.toFixed(2)],
      ...[...parts.map((part) => measured(part).toFixed(2)), platelets.toFixed(0)],
    ];
  });
  return csvText('subject,visit,collected_at,WBC,NEUT,LYM,MONO,EOS,BASO,PLT'.split(','), rows);
}

function visitsCsv(draws: readonly Draw[]): string {
  return csvText(
    ['subject', 'visit', 'state', 'occupancy'],
    draws.map(({ subject, visit, blood }) => [subject, visit.id, blood.state, blood.occupancy]),
  );
}

function failuresCsv(tubes: readonly PlannedTube[]): string {
  const wrong = tubes.flatMap(({ sample, failure }): Cell[][] => {
    if (failure === null) return [];
    const markers =
      failure.kind === 'dyeOmitted'
        ? failure.marker
        : failure.kind === 'markersSwapped'
          ? failure.markers.join(';')
          : null;
    return [[sample, failure.kind, markers]];
  });
  return csvText(['sample', 'failure', 'markers'], wrong);
}
