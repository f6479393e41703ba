// simulate/: synthetic stained blood with known labels. Pure; files on disk are in node.ts.
export { simulateTube, tubeBytes, type TubeOptions } from './tube.ts';
export { noArtefacts, usualArtefacts, type Artefacts, type Failure } from './artefacts.ts';
export { concentrations, drawBlood, type Blood, type BloodOptions, type Profile } from './blood.ts';
export { panels } from './panels.ts';
export type { CellType, Labels, Level, Panel, PanelId, PopulationTruth, SimulatedTube } from './model.ts';
export { descentOf, populationsOf } from './labels.ts';
export type { StainStyle, Vendor } from './naming.ts';
export type { Stimulus } from './stimulation.ts';
export { poisson } from './random-variates.ts';
export { visitEffects, type VisitState } from './visits.ts';
export {
  makeTube,
  simulateStudy,
  type PlannedTube,
  type SimulatedStudy,
  type StudyOptions,
} from './study.ts';
