// What is true of a tube: events and concentration of every population that a template may gate, and of what is not a cell.
import { createRandom } from '../math/index.ts';
import { concentrations, type Blood } from './blood.ts';
import { sum, type Source } from './composition.ts';
import { partsOf, populationsOf } from './labels.ts';
import { shareLost } from './light.ts';
import type { Labels, Panel, PopulationTruth } from './model.ts';

/**
 * True numbers: the panel's gated populations by what cells show, then cell types that no population is named after, then artefacts. The
 * concentration is that of the blood, where as many cells have slid as is expected; events are those of this tube.
 */
export function truthOf(
  panel: Panel,
  blood: Blood,
  sources: readonly Source[],
  labels: Labels,
): PopulationTruth[] {
  const perLabel = new Float64Array(labels.names.length);
  for (const code of labels.codes) perLabel[code]++;
  const perCell = concentrations(panel, blood);
  const shown = sources.flatMap((source) => {
    const count = perCell.get(source.state.cell.id) ?? null;
    return shownBy(panel, source).map(({ label, part }) => ({
      label,
      concentration: count === null ? null : count * part,
    }));
  });
  const named = new Set(panel.groups.map(({ id }) => id));
  const populations = [
    ...panel.groups.map(({ id }) => ({ id, has: (label: string) => populationsOf(panel, label).has(id) })),
    ...panel.cells
      .filter(({ id }) => !named.has(id))
      .map(({ id }) => ({ id, has: (label: string) => partsOf(label).cell === id })),
  ];
  const cells = populations.map(({ id, has }) => ({
    population: id,
    events: sum(labels.names.map((name, code) => (has(name) ? perLabel[code] : 0))),
    cellsPerMicrolitre: shown
      .filter(({ label }) => has(label))
      .map(({ concentration }) => concentration)
      .reduce((a, b) => (a === null || b === null ? null : a + b), 0),
  }));
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

/** What the cells of a source show and the expected part of them that does, in one tube of which they are many. */
function shownBy(panel: Panel, source: Source): readonly { readonly label: string; readonly part: number }[] {
  const { recipe, labelOf, state } = source;
  const random = createRandom(`slides ${panel.id} ${labelOf(0)}`);
  let shown = [{ lost: 0, part: 1 }];
  panel.colours.forEach(({ marker }, c) => {
    const share = shareLost(random.fork(marker), recipe, c);
    if (share > 0)
      shown = shown.flatMap(({ lost, part }) => [
        { lost, part: part * (1 - share) },
        { lost: lost | (1 << c), part: part * share },
      ]);
  });
  return shown.map(({ lost, part }) => ({ label: labelOf(lost), part: part * state.fraction }));
}
