// Gating figures: how one sample of a panel was gated, step by step; and the same gates at all visits of its subject.
// Invariant: outlines are those that were counted with, shares those of the counts; gates placed by a fallback are dashed and red.
import { figureId, linkedMark, sampleAnchor } from '../anchors.ts';
import { label11 } from '../axes.ts';
import { figureWidth, type DataCell, type Figure } from '../figure.ts';
import type { PlotOfGates, SampleGates } from '../gates/model.ts';
import { gatePlot } from '../gates/plot.ts';
import { counted, fitted, fromTo, textWidth } from '../lettering.ts';
import type { Markup } from '../markup.ts';
import { paint } from '../paint.ts';

const perRow = 3;
const size = 158;
const pitchX = figureWidth / perRow;
const pitchY = size + 62;

/** Every step of one sample, in the order of its strategy; a panel with many steps gives several figures. */
export function gatingFigures(gates: SampleGates): Figure[] {
  return inParts(gates.plots, 15).map((plots, part, parts) => {
    const rows = Math.ceil(plots.length / perRow);
    const marks = plots.flatMap((plot, i): Markup[] => {
      const left = (i % perRow) * pitchX + 46;
      const top = Math.floor(i / perRow) * pitchY + 22;
      const title = `${plot.parent === null ? 'All events' : lastOf(plot.parent)}: ${grouped(plot.events)}`;
      return [
        label11(left, top - 6, fitted(title, size, 11)),
        gatePlot(plot, {
          area: { left, right: left + size, top, bottom: top + size },
          axes: true,
          to: sampleAnchor(gates.sample),
        }),
      ];
    });
    return {
      id: figureId('gating', gates.panel, ...(parts.length > 1 ? [String(part + 1)] : [])),
      title: `Gating of panel ${gates.panel}${partText(part, parts.length)}`,
      help: 'Each plot shows the events of the population named above it (with their number); orange outlines are its gates with their share of these events, red dashed ones were placed by a fallback. Red bands of Time are unstable and left out. Axes are in the units of the file, Time in its steps.',
      n: `Sample ${gates.sample} (${gates.subject}, ${gates.visit}), ${grouped(gates.events)} events`,
      description: `Gating of ${gates.sample}: ${plots.flatMap((plot) => plot.gates.map(({ population, fractionOfParent }) => `${population} ${percent(fractionOfParent)}`)).join(', ')}.`,
      width: figureWidth,
      height: rows * pitchY + 4,
      marks,
      data: dataOf([{ ...gates, plots }]),
    };
  });
}

/** Rows are plots, columns the visits of one subject, in the order given; at least one of them has plots. */
export function visitGridFigures(samples: readonly SampleGates[]): Figure[] {
  const first = samples.find(({ unavailable }) => unavailable === null) ?? samples[0];
  const gap = 8;
  const left = 96;
  const width = Math.min(150, (figureWidth - left - gap * samples.length) / samples.length);
  const top = 30;
  const pitch = width + 14;
  return inParts(first.plots, 8).map((plots, part, parts) => {
    const marks: Markup[] = samples.map((sample, s) =>
      label11(left + s * (width + gap) + width / 2, 18, fitted(sample.visit, width, 11), 'middle'),
    );
    plots.forEach((plot, p) => {
      const y = top + p * pitch;
      marks.push(
        label11(6, y + 14, fitted(plot.parent === null ? 'All events' : lastOf(plot.parent), left - 12, 11)),
        label11(6, y + 30, fitted(shortLabel(plot.x.label, left - 12), left - 12, 10), 'start', paint.muted),
        label11(
          6,
          y + 44,
          fitted(shortLabel(plot.y?.label ?? '', left - 12), left - 12, 10),
          'start',
          paint.muted,
        ),
      );
      samples.forEach((sample, s) => {
        const same = sample.plots.find((one) => alike(one, plot));
        const x = left + s * (width + gap);
        const absent = sample.unavailable === null ? 'not evaluable' : 'not drawn';
        marks.push(
          same === undefined
            ? linkedMark(
                sampleAnchor(sample.sample),
                sample.unavailable ?? 'Not evaluable',
                label11(x + width / 2, y + width / 2, fitted(absent, width, 11), 'middle', paint.muted),
              )
            : gatePlot(same, {
                area: { left: x, right: x + width, top: y, bottom: y + width },
                axes: false,
                to: sampleAnchor(sample.sample),
              }),
        );
      });
    });
    return {
      id: figureId('visits', first.panel, ...(parts.length > 1 ? [String(part + 1)] : [])),
      title: `Panel ${first.panel} at all visits of ${first.subject}${partText(part, parts.length)}`,
      help: 'One row a gate, one column a visit: a gate that wanders, or a population that moves under a fixed gate, shows here. Left: parent, horizontal and vertical axis.',
      n: `${counted(samples.length, 'sample')}, ${fromTo(
        samples.map(({ events }) => events),
        grouped,
      )} events each${unavailableText(samples)}`,
      description: `Gates of panel ${first.panel} at ${samples.map(({ visit }) => visit).join(', ')}.`,
      width: figureWidth,
      height: top + plots.length * pitch + 2,
      marks,
      data: dataOf(
        samples.map((sample) => ({
          ...sample,
          plots: sample.plots.filter((one) => plots.some((plot) => alike(one, plot))),
        })),
      ),
    };
  });
}

/** Plots of two samples that show the same step: one parent, and a gate in common (a visit may have gates that others do not need). */
function alike(one: PlotOfGates, other: PlotOfGates): boolean {
  const paths = new Set(other.gates.map(({ path }) => path));
  return one.parent === other.parent && one.gates.some(({ path }) => paths.has(path));
}

function dataOf(samples: readonly SampleGates[]): Figure['data'] {
  return {
    columns: [
      'sample',
      'visit',
      'population (path)',
      'events',
      'events of parent',
      'fraction of parent',
      'status',
      'method',
    ],
    rows: samples.flatMap(({ sample, visit, plots }) =>
      plots.flatMap((plot) =>
        plot.gates.map(({ path, count, fractionOfParent, status, method }): DataCell[] => [
          sample,
          visit,
          path,
          count,
          plot.events,
          fractionOfParent,
          status,
          method,
        ]),
      ),
    ),
  };
}

/** What is not drawn, and why, after the number of samples. */
export function unavailableText(samples: readonly SampleGates[]): string {
  return samples
    .flatMap(({ sample, unavailable }) =>
      unavailable === null ? [] : [`; ${sample} is not drawn: ${unavailable}`],
    )
    .join('');
}

function inParts<T>(all: readonly T[], most: number): T[][] {
  const parts = Math.max(1, Math.ceil(all.length / most));
  const each = Math.ceil(all.length / parts);
  return Array.from({ length: parts }, (_, k) => all.slice(k * each, (k + 1) * each));
}

/** "CD45 · PerCP-Cy5-5-A" in a narrow place is "CD45": its detector is on the figure of the strategy. */
function shortLabel(label: string, width: number): string {
  return textWidth(label, 10) <= width ? label : label.split(' · ')[0];
}

function partText(part: number, parts: number): string {
  return parts > 1 ? `, part ${part + 1} of ${parts}` : '';
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

function percent(fraction: number | null): string {
  return fraction === null ? 'not evaluable' : `${(100 * fraction).toFixed(2)} %`;
}
