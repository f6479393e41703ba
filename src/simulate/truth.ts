// What is true of a tube: events and concentration of every population that a template may gate, and of what is not a cell.
import { concentrations, type Blood } from './blood.ts';
import { sum, type Source } from './composition.ts';
import type { Labels, Panel, PopulationTruth } from './model.ts';

/** True numbers: the panel's gated populations, then cell types that no population is named after, then artefacts. */
export function truthOf(
  panel: Panel,
  blood: Blood,
  sources: readonly Source[],
  labels: Labels,
): PopulationTruth[] {
  const perLabel = new Float64Array(labels.names.length);
  for (const code of labels.codes) perLabel[code]++;
  const perCell = concentrations(panel, blood);
  const named = new Set(panel.groups.map(({ id }) => id));
  const groups = [
    ...panel.groups,
    ...panel.cells.filter(({ id }) => !named.has(id)).map(({ id }) => ({ id, cells: [id] })),
  ];
  const cells = groups.map(({ id, cells: members, response = [] }: Panel['groups'][number]) => {
    const inside = sources.filter(
      ({ state }) => members.includes(state.cell.id) && response.every((mark) => state.marks.includes(mark)),
    );
    const parts = inside.map(({ state }) => {
      const count = perCell.get(state.cell.id) ?? null;
      return count === null ? null : count * state.fraction;
    });
    return {
      population: id,
      events: sum(inside.map(({ label }) => perLabel[label])),
      cellsPerMicrolitre: parts.reduce((a, b) => (a === null || b === null ? null : a + b), 0),
    };
  });
  const artefacts = ['DEAD', 'DEBRIS', 'DBL', 'BEAD'].map((population) => ({
    population,
    events: sum(
      labels.names.map((name, code) =>
        name === population || name.startsWith(`${population}_`) ? perLabel[code] : 0,
      ),
    ),
    cellsPerMicrolitre: null,
  }));
  return [...cells, ...artefacts];
}
