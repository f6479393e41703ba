// Cells that slide on a marker, in tubes of skewed levels: below which level they no longer show it (decision 0021).
import { classes } from './classes.ts';
import type { CellType, Level, Panel } from './model.ts';

type Levels = ReadonlyMap<string, Level>;

/** The boundary on y; -Infinity where no population asks. `levels` are those of a state of the cell, `typical` those of all types. */
export function slideBoundary(
  panel: Panel,
  { cell, levels }: { readonly cell: CellType; readonly levels: Levels },
  marker: string,
  typical: ReadonlyMap<string, Levels>,
): number {
  const slide = panel.slides.find(
    (other) => other.marker === marker && Object.hasOwn(other.towards, cell.id),
  );
  if (slide === undefined) return Number.NEGATIVE_INFINITY;
  const towards = slide.towards[cell.id] ?? null;
  const meanOf = ({ id, cellClass }: CellType): number =>
    typical.get(id)?.get(marker)?.mean ?? classes[cellClass].background.mean;
  const lower = panel.cells.find(({ id }) => id === towards);
  // what a stimulus gave or took leaves the boundary where the higher level puts it
  const own = Math.max(meanOf(cell), levels.get(marker)?.mean ?? Number.NEGATIVE_INFINITY);
  return (own + (lower === undefined ? classes[cell.cellClass].background.mean : meanOf(lower))) / 2;
}
