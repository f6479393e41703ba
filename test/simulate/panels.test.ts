// The panels are what the specification prints: every share, class and level, read from its text by another parser.
import { describe, expect, it } from 'vitest';
import { panels, type PanelId } from '../../src/simulate/index.ts';
import { spilloverMatrix } from '../../src/simulate/spillover.ts';
import { specification, specifiedTable } from './witness.ts';

const tables: readonly (readonly [PanelId, number])[] = [
  ['P1', 5],
  ['P2', 6],
  ['P3', 7],
  ['P4', 8],
  ['P5', 9],
  ['P6w', 10],
];

describe.skipIf(specification === null)('tables of the specification', () => {
  it.each(tables)('%s', (id, number) => {
    const panel = panels[id];
    const specified = specifiedTable(number);
    expect(panel.cells.map((cell) => cell.id)).toEqual(specified.map((cell) => cell.id));
    panel.cells.forEach(({ share, cellClass, levels }, at) => {
      const truth = specified[at];
      expect(cellClass).toBe(truth.cls);
      if (truth.id === 'K562') expect(share).toBeNull();
      else expect([share!.healthy, share!.patient]).toEqual([truth.shares[0], truth.shares.at(-1)]);
      expect(Object.fromEntries([...levels].map(([marker, { mean, sd }]) => [marker, [mean, sd]]))).toEqual(
        truth.levels,
      );
    });
  });
});

describe.each(Object.values(panels))('$id', (panel) => {
  it('every cell type of blood is in one family, and populations name cell types', () => {
    const inBlood = panel.cells.filter(({ share }) => share !== null).map(({ id }) => id);
    expect(panel.families.flatMap(({ cells }) => cells).sort()).toEqual([...inBlood].sort());
    const named = new Set(panel.groups.flatMap(({ cells }) => cells));
    expect([...named].filter((id) => !inBlood.includes(id))).toEqual([]);
  });

  it('every detector is used once', () => {
    const fluors = panel.colours.map(({ fluor }) => fluor);
    expect(new Set(fluors).size).toBe(fluors.length);
    expect(fluors.length).toBeLessThanOrEqual(13);
  });
});

it('spillover coefficients stand where the table puts them', () => {
  const fluors = ['FITC', 'PE', 'PerCP-Cy5.5', 'PE-Cy7', 'APC', 'APC-Cy7'] as const;
  // Rows of section 5.3, by hand.
  const byHand = [
    [1, 0.18, 0.015, 0, 0, 0],
    [0.007, 1, 0.08, 0.015, 0, 0],
    [0, 0, 1, 0.14, 0.04, 0.05],
    [0, 0.035, 0.02, 1, 0, 0.06],
    [0, 0, 0, 0, 1, 0.12],
    [0, 0, 0, 0, 0.04, 1],
  ];
  expect([...spilloverMatrix(fluors)]).toEqual(byHand.flat());
});
