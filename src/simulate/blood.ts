// How many cells of which kind a microlitre of one subject's blood holds at one visit: the truth that all tubes of the draw
// share (populations sections 5.4 to 5.10). Without a seed there is no biological variation: exactly the tables.
import { createRandom, type Random } from '../math/index.ts';
import type { Compartment, Family, Panel } from './model.ts';
import { dirichlet, lognormal } from './random-variates.ts';
import { visitEffects, type VisitState } from './visits.ts';

export type Profile = 'healthy' | 'patient';

export interface BloodOptions {
  readonly profile?: Profile;
  readonly state?: VisitState;
  /** Names the subject; null = no variation between or within subjects. */
  readonly subject?: string | null;
  /** Names the visit of that subject, for the variation within it. Default the state. */
  readonly visit?: string;
}

/** One draw of blood. Counts in cells per microlitre. */
export interface Blood {
  readonly profile: Profile;
  readonly state: VisitState;
  readonly subject: string | null;
  readonly occupancy: number;
  /** Counts before and after the effect of the visit. */
  readonly baseline: Readonly<Record<Compartment, number>>;
  readonly counts: Readonly<Record<Compartment, number>>;
}

/** Percent of white cells; sums to 100. Healthy from the tables of P1, P5 and P6, patient from that of P6. */
const composition: Readonly<Record<Profile, Readonly<Record<Compartment, number>>>> = {
  healthy: {
    ...{ CD4: 11.37, CD8: 6.66, TO: 1.56, B: 3.08, NK: 4.76, OTH: 1.22 },
    ...{ MONO: 7, DC: 0.45, NEUT: 60, IG: 0.5, EOS: 2.8, BASO: 0.6 },
  },
  patient: {
    ...{ CD4: 9.4, CD8: 5.51, TO: 1.29, B: 2.4, NK: 5, OTH: 1 },
    ...{ MONO: 8.4, DC: 0.3, NEUT: 63, IG: 1, EOS: 2.2, BASO: 0.5 },
  },
};
const whiteCells: Readonly<Record<Profile, number>> = { healthy: 6200, patient: 6800 };
const whiteCellCv = 0.22;
/** Concentrations of the Dirichlet variation between subjects. */
const majorConcentration = 400;
const subsetConcentration = 100;
/** Variation of each compartment between two draws of one subject, beyond the effect of treatment. A project choice. */
const withinSubjectCv = 0.1;

const compartments = Object.keys(composition.healthy) as Compartment[];

export function drawBlood(options: BloodOptions = {}): Blood {
  const { profile = 'patient', state = 'V0', subject = null, visit = state } = options;
  const effect = visitEffects[state];
  const share = composition[profile];
  let baseline = byCompartment((name) => (share[name] * whiteCells[profile]) / 100);
  if (subject !== null) {
    const random = createRandom(subject);
    const total = lognormal(random.fork('white cells'), whiteCells[profile], whiteCellCv);
    const majors = dirichlet(
      random.fork('majors'),
      compartments.map((name) => share[name]),
      majorConcentration,
    );
    const within = random.fork(`visit ${visit}`);
    baseline = byCompartment((_, at) => total * majors[at] * lognormal(within, 1, withinSubjectCv));
  }
  const counts = byCompartment((name) => baseline[name] * (effect.compartments[name] ?? 1));
  return {
    ...{ profile, state, subject, occupancy: effect.occupancy, baseline },
    counts: effect.immatureNeutrophils === null ? counts : leftShift(counts, effect.immatureNeutrophils),
  };
}

/** Cells per microlitre of each cell type of a panel; null for those that are no part of blood's compartments. */
export function concentrations(panel: Panel, blood: Blood): ReadonlyMap<string, number | null> {
  const out = new Map<string, number | null>();
  for (const family of panel.families) {
    const shares = subsetShares(panel, family, blood);
    family.cells.forEach((id, at) => {
      const own = visitEffects[blood.state].cells[id];
      const count =
        own === undefined ? familyCount(family, blood.counts) : own * familyCount(family, blood.baseline);
      out.set(id, family.compartments.length === 0 ? null : count * shares[at]);
    });
  }
  return out;
}

/**
 * Relative frequencies of the cell types of a panel on separated cells. In healthy blood without variation they are the
 * table itself; otherwise each family follows its compartments.
 */
export function separatedShares(panel: Panel, blood: Blood): ReadonlyMap<string, number> {
  const reference = drawBlood({ profile: 'healthy' });
  const out = new Map<string, number>();
  for (const family of panel.families) {
    const total = family.cells.reduce((sum, id) => sum + tableShare(panel, id, blood.profile), 0);
    const shares = subsetShares(panel, family, blood);
    const fixed = family.compartments.length === 0;
    family.cells.forEach((id, at) => {
      const own = visitEffects[blood.state].cells[id];
      const counts = own === undefined ? blood.counts : blood.baseline;
      const change = fixed ? 1 : familyCount(family, counts) / familyCount(family, reference.counts);
      out.set(id, total * shares[at] * change * (own ?? 1));
    });
  }
  return out;
}

/** Shares of a family's cell types, summing to 1 over the family (before effects on single cell types). */
function subsetShares(panel: Panel, family: Family, blood: Blood): number[] {
  const table = family.cells.map((id) => tableShare(panel, id, blood.profile));
  const total = table.reduce((sum, share) => sum + share, 0);
  const random: Random | null =
    blood.subject === null ? null : createRandom(blood.subject).fork(`subsets ${family.cells.join(' ')}`);
  const shares =
    random === null || table.length === 1
      ? table.map((share) => share / total)
      : dirichlet(random, table, subsetConcentration);
  return raised(family, shares, 'CD8ACT', visitEffects[blood.state].activatedCd8);
}

/** Multiplies one share and lets the others give way, so that the sum stays 1. */
function raised(family: Family, shares: number[], id: string, factor: number): number[] {
  const at = family.cells.indexOf(id);
  if (at < 0 || factor === 1) return shares;
  const wanted = Math.min(0.9, shares[at] * factor);
  return shares.map((share, other) => (other === at ? wanted : (share * (1 - wanted)) / (1 - shares[at])));
}

function leftShift(counts: Record<Compartment, number>, immature: number): Record<Compartment, number> {
  const all = counts.NEUT + counts.IG;
  return { ...counts, NEUT: all * (1 - immature), IG: all * immature };
}

function tableShare(panel: Panel, id: string, profile: Profile): number {
  const share = panel.cells.find((cell) => cell.id === id)?.share;
  if (share === undefined || share === null) throw new RangeError(`${panel.id} has no share for ${id}.`);
  return share[profile];
}

function familyCount(family: Family, counts: Readonly<Record<Compartment, number>>): number {
  return family.compartments.reduce((sum, name) => sum + counts[name], 0);
}

function byCompartment(value: (name: Compartment, at: number) => number): Record<Compartment, number> {
  return Object.fromEntries(compartments.map((name, at) => [name, value(name, at)])) as Record<
    Compartment,
    number
  >;
}
