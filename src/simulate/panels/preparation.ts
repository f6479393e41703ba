// How specimens become tubes (populations sections 1, 4 and 5.2): defaults that the panels take over or change.
// Fractions are of all events except beads.
import type { Preparation } from '../model.ts';

/** Lysed whole blood; the acquired volume of blood decides the number of cells. */
export const wholeBlood: Preparation = {
  specimen: 'blood',
  counted: true,
  beadsPerTube: null,
  bloodPerTube: 50,
  dilution: 10,
  acquired: 10,
  liveCells: null,
  deadFraction: 0.015,
  debrisFraction: 0.25,
  doubletFraction: 0.03,
};

/** Fresh mononuclear cells; a number of live cells is acquired. */
export const mononuclear: Preparation = {
  specimen: 'pbmc',
  counted: false,
  beadsPerTube: null,
  bloodPerTube: 1000,
  dilution: 1,
  acquired: null,
  liveCells: 100_000,
  deadFraction: 0.04,
  debrisFraction: 0.08,
  doubletFraction: 0.05,
};

/** Dead cells among thawed mononuclear cells. */
export const thawedDeadFraction = 0.12;
