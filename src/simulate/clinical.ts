// The clinical side of a simulated trial: subjects, tumour measurements, local control of ablated lesions, adverse events, in
// the columns of statistics section 3. Plausible, not fitted to anything: enough for every derivation to have work to do.
import { createRandom, exp, log, type Random } from '../math/index.ts';
import { isoFromDays } from '../study/index.ts';
import { csvText, type Cell } from './csv.ts';
import { poisson } from './random-variates.ts';
import { dayOf } from './visits.ts';

/** What the rest of the study needs to know of a subject. Days are day numbers. */
export interface SubjectCourse {
  readonly id: string;
  readonly ablation: number;
  /** Whether the subject got G-CSF before the nadir. */
  readonly growthFactor: boolean;
}

export interface ClinicalTables {
  readonly subjects: readonly SubjectCourse[];
  /** CSV text by file name. */
  readonly files: ReadonlyMap<string, string>;
}

interface Course extends SubjectCourse {
  readonly start: number;
  readonly end: number;
  readonly death: number | null;
  readonly lastAlive: number;
  readonly newTherapy: number | null;
  readonly random: Random;
  readonly demographics: readonly Cell[];
}

/** First enrolment and data cut-off. */
const firstDay = 19370; // 2023-01-13
const cutOff = 20453; // 2025-12-31
const assessmentEvery = 56;
const longestFollowUp = 730;
const medianSurvival = 900;

const events: readonly (readonly [system: string, term: string])[] = [
  ['Blood and lymphatic system disorders', 'Neutropenia'],
  ['Blood and lymphatic system disorders', 'Thrombocytopenia'],
  ['Blood and lymphatic system disorders', 'Anaemia'],
  ['Gastrointestinal disorders', 'Diarrhoea'],
  ['Gastrointestinal disorders', 'Nausea'],
  ['General disorders and administration site conditions', 'Pyrexia'],
  ['General disorders and administration site conditions', 'Fatigue'],
  ['Nervous system disorders', 'Peripheral sensory neuropathy'],
  ['Hepatobiliary disorders', 'Immune-mediated hepatitis'],
  ['Hepatobiliary disorders', 'Hyperbilirubinaemia'],
  ['Endocrine disorders', 'Hypothyroidism'],
  ['Skin and subcutaneous tissue disorders', 'Rash'],
  ['Infections and infestations', 'Liver abscess'],
];

export function simulateClinical(study: string, seed: string, count: number): ClinicalTables {
  const courses = drawCourses(study, seed, count);
  const tumour: Cell[][] = [];
  const local: Cell[][] = [];
  const adverse: Cell[][] = [];
  for (const course of courses) {
    const lesions = lesionRows(study, course);
    tumour.push(...lesions.tumour);
    local.push(...lesions.local);
    adverse.push(...adverseRows(study, course));
  }
  const files = new Map([
    [
      'adsl.csv',
      csvText(
        columns(
          'STUDYID USUBJID AGE SEX REGIMEN SAFFL FASFL TRTSDT TRTEDT ABLDT DTHDT LSTALVDT NACTDT DCUTDT',
        ),
        courses.map((course) => subjectRow(study, course)),
      ),
    ],
    [
      'tumour.csv',
      csvText(columns('STUDYID USUBJID LESID LESTYPE NODE VISITNUM VISIT ADT DIAM STATE'), tumour),
    ],
    ['local.csv', csvText(columns('STUDYID USUBJID LESID VISITNUM ADT LOCSTAT'), local)],
    [
      'ae.csv',
      csvText(columns('STUDYID USUBJID AESEQ AEBODSYS AEDECOD AETOXGR AESER AEREL AESTDTC AEENDTC'), adverse),
    ],
  ]);
  return {
    subjects: courses.map(({ id, ablation, growthFactor }) => ({ id, ablation, growthFactor })),
    files,
  };
}

function drawCourses(study: string, seed: string, count: number): Course[] {
  const enrolment = createRandom(seed).fork('enrolment');
  let day = firstDay;
  return Array.from({ length: count }, (_, at) => {
    const id = `${study}-${String(at + 1).padStart(3, '0')}`;
    const random = createRandom(`${seed}/${id}`).fork('clinical');
    const start = day;
    day += 3 + enrolment.integer(18);
    const ablation = random.next() < 0.25 ? start + 7 + random.integer(14) : start;
    const survival = Math.round((-log(1 - random.next()) * medianSurvival) / log(2)) + 120;
    const death = start + survival < cutOff ? start + survival : null;
    const lastAlive = death ?? cutOff - random.integer(120);
    const end = Math.min(lastAlive, start + 120 + random.integer(280));
    const newTherapy = random.next() < 0.2 ? Math.min(lastAlive, end + 10 + random.integer(120)) : null;
    const demographics: Cell[] = [
      40 + random.integer(39),
      random.next() < 0.6 ? 'M' : 'F',
      random.next() < 0.5 ? 'mFOLFOX6+BEV' : 'FOLFIRI+CET',
    ];
    const growthFactor = random.next() < 0.25;
    return { id, start, ablation, end, death, lastAlive, newTherapy, random, demographics, growthFactor };
  });
}

function subjectRow(study: string, course: Course): Cell[] {
  const { id, demographics, start, end, ablation, death, lastAlive, newTherapy } = course;
  return [
    ...[study, id, ...demographics, 'Y', 'Y', isoFromDays(start), isoFromDays(end), isoFromDays(ablation)],
    ...[dateOrNull(death), isoFromDays(lastAlive), dateOrNull(newTherapy), isoFromDays(cutOff)],
  ];
}

/** Target lesions shrink to a nadir and grow again; all of them are ablated. Assessment ends with progression. */
function lesionRows(study: string, course: Course): { readonly tumour: Cell[][]; readonly local: Cell[][] } {
  const { id, random } = course;
  const tumour: Cell[][] = [];
  const local: Cell[][] = [];
  const targets = Array.from({ length: 1 + random.integer(3) }, (_, at) => ({
    id: `T${at + 1}`,
    diameter: 12 + random.integer(36),
  }));
  const others = random.next() < 0.3 ? ['NT1'] : [];
  const shrinking = 0.05 + 0.35 * random.next();
  const growing = 0.03 + 0.12 * random.next();
  const turn = 1 + random.integer(8);
  const assess = (visit: number, day: number, logSize: number): number => {
    const label = visit === 0 ? 'BASELINE' : `TUMOUR ${visit}`;
    let sum = 0;
    for (const target of targets) {
      const size = Math.max(
        0,
        Math.round(target.diameter * exp(logSize + (visit === 0 ? 0 : 0.05 * random.normal()))),
      );
      sum += size;
      tumour.push([study, id, target.id, 'TARGET', 'N', visit, label, isoFromDays(day), size, null]);
    }
    for (const other of others)
      tumour.push([study, id, other, 'NONTARGET', 'N', visit, label, isoFromDays(day), null, 'PRESENT']);
    return sum;
  };
  let nadir = assess(0, dayOf(course.start, -(3 + random.integer(18))), 0);
  let logSize = 0;
  const last = Math.min(course.lastAlive, course.start + longestFollowUp, cutOff);
  for (let visit = 1; ; visit++) {
    const day = course.start + visit * assessmentEvery + random.integer(9) - 4;
    if (day > last) break;
    if (random.next() < 0.05) continue;
    logSize += visit <= turn ? -shrinking / visit : growing;
    const sum = assess(visit, day, logSize);
    for (const target of targets)
      local.push([study, id, target.id, visit, isoFromDays(day), localStatus(random, visit)]);
    const isNew = visit > 2 && random.next() < 0.05;
    if (isNew)
      tumour.push([
        study,
        id,
        'N1',
        'NEW',
        'N',
        visit,
        `TUMOUR ${visit}`,
        isoFromDays(day),
        null,
        'UNEQUIVOCAL',
      ]);
    if (isNew || (sum >= nadir * 1.2 && sum - nadir >= 5)) break;
    nadir = Math.min(nadir, sum);
  }
  return { tumour, local };
}

function localStatus(random: Random, visit: number): string {
  const u = random.next();
  if (u < 0.03) return 'NE';
  if (visit === 1 && u < 0.08) return 'RES';
  return u > 0.98 ? 'LTP' : 'CA';
}

function adverseRows(study: string, course: Course): Cell[][] {
  const { random } = course;
  const length = course.end - course.start;
  return Array.from({ length: poisson(random, 2.5) }, (_, at) => {
    const [system, term] = events[random.integer(events.length)];
    const grade = 1 + Math.min(random.integer(3), random.integer(4));
    const begin = course.start + random.integer(length + 1);
    const over = begin + 3 + random.integer(45);
    return [
      ...[study, course.id, at + 1, system, term, grade],
      ...[grade >= 3 && random.next() < 0.4 ? 'Y' : 'N', random.next() < 0.7 ? 'Y' : 'N', isoFromDays(begin)],
      random.next() < 0.15 || over > course.lastAlive ? null : isoFromDays(over),
    ];
  });
}

function dateOrNull(day: number | null): string | null {
  return day === null ? null : isoFromDays(day);
}

function columns(names: string): string[] {
  return names.split(' ');
}
