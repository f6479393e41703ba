// True medians of simulated tubes: compensated linear values of the events whose label says what they are, without any gate. For
// study-effects.ts. Single live cells only; those that a clog dimmed are among them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findChannel } from '../src/events/index.ts';
import { readEvents, readFcs } from '../src/fcs/index.ts';
import { openFile } from '../src/fcs/node.ts';
import { median } from '../src/math/index.ts';
import { compensateColumns, createUnmixing, spilloverMatrix } from '../src/signal/index.ts';
import { panels, populationsOf, type PanelId } from '../src/simulate/index.ts';

/** Population ids of parameters by the panels' names for them, where they differ. */
const alias: Readonly<Record<string, string>> = { NK: 'NKall' };
const fewest = 10;

/** Median of a marker in a population of a sample; null where the simulation has no such population or too few of its cells. */
export function labelledMedians(study: string) {
  const tubes = new Map<string, ReturnType<typeof readTube>>();
  return (panel: PanelId, sample: string, population: string, marker: string): number | null => {
    const { groups, colours } = panels[panel];
    const id = alias[population] ?? population;
    const place = colours.findIndex((colour) => colour.marker === marker);
    if (!groups.some((group) => group.id === id) || place < 0) return null;
    let tube = tubes.get(sample);
    if (tube === undefined) {
      // samples are asked for visit by visit
      if (tubes.size > 12) tubes.clear();
      tube = readTube(study, sample);
      tubes.set(sample, tube);
    }
    const { labels, compensated } = tube;
    const isIt = new Map(
      [...new Set(labels)].map((name) => [name, populationsOf(panels[panel], name).has(id)]),
    );
    const events = labels.flatMap((name, e) => (isIt.get(name) === true ? [e] : []));
    return events.length < fewest ? null : median(compensated(place, events));
  };
}

function readTube(study: string, sample: string) {
  const source = openFile(join(study, 'fcs', `${sample}.fcs`));
  try {
    const file = readFcs(source);
    const { table } = readEvents(source, file, { scaling: 'raw' });
    if (file.spillover === null) throw new Error(`${sample} has no spillover.`);
    const unmixing = createUnmixing(spilloverMatrix(file.spillover));
    const columns = unmixing.detectors.map((name) => table.columns[findChannel(table.channels, name)]);
    const lines = readFileSync(join(study, 'truth', `${sample}.csv`), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1);
    const labels = lines.map((line) => line.slice(line.indexOf(',') + 1));
    const compensated = (colour: number, events: readonly number[]) =>
      compensateColumns(
        unmixing,
        columns.map((column) => Float64Array.from(events, (e) => column[e])),
      )[colour];
    return { labels, compensated };
  } finally {
    source.close();
  }
}
