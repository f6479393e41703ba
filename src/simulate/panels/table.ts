// Reads a panel table in the form in which it is specified (populations sections 5.5 to 5.10): one row a cell type, a cell
// `mean/sd` on y, `.` for the background of the class. The tables stand in the panel files unchanged, so that they can be compared.
import type {
  CellClass,
  CellType,
  Family,
  Level,
  Panel,
  PanelId,
  PopulationChange,
  Preparation,
  Slide,
  TruthGroup,
} from '../model.ts';
import type { Fluor } from '../model.ts';

export interface PanelText {
  readonly id: PanelId;
  readonly title: string;
  readonly preparation: Preparation;
  /** `marker dye` in the order of the detectors, separated by `·`. */
  readonly colours: string;
  readonly table: string;
  readonly families: readonly Family[];
  readonly groups: readonly TruthGroup[];
  /** Each change as `A B > C`: who is in A leaves A and B and enters C (model.ts). */
  readonly slides: readonly (Omit<Slide, 'changes'> & { readonly changes: readonly string[] })[];
}

/** Throws RangeError where the table names a marker that has no colour: a defect of the panel file. */
export function panelOf(text: PanelText): Panel {
  const colours = text.colours.split('·').map((pair) => {
    const [marker, fluor] = pair.trim().split(' ');
    return { marker, fluor: fluor as Fluor };
  });
  const { id, title, preparation, families, groups } = text;
  return {
    id,
    title,
    preparation,
    colours,
    families,
    groups,
    slides: text.slides.map((slide) => ({ ...slide, changes: slide.changes.map(parseChange) })),
    cells: parseTable(
      text.table,
      colours.map(({ marker }) => marker),
    ),
  };
}

function parseChange(text: string): PopulationChange {
  const [leaves, enters] = text.split('>').map((part) => part.split(' ').filter((id) => id !== ''));
  return { leaves, enters };
}

/** Rows of `| pop | % | cls | marker | … |`; two share columns `H` and `P` give healthy and patient. */
function parseTable(table: string, markers: readonly string[]): CellType[] {
  const [head, ...rows] = table
    .trim()
    .split('\n')
    .filter((line) => !/^\|[-|]+\|$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const cls = head.indexOf('cls');
  const unknown = head.slice(cls + 1).filter((marker) => !markers.includes(marker));
  if (unknown.length > 0) throw new RangeError(`The table has no detector for ${unknown.join(', ')}.`);
  return rows.map((row) => {
    const [healthy, patient] = [row[1], row[cls - 1]].map(Number);
    const levels = head
      .slice(cls + 1)
      .flatMap((marker, at) =>
        row[cls + 1 + at] === '.' ? [] : [[marker, parseLevel(row[cls + 1 + at])] as const],
      );
    return {
      id: row[0],
      share: Number.isNaN(healthy) ? null : { healthy, patient },
      cellClass: row[cls] as CellClass,
      levels: new Map(levels),
    };
  });
}

function parseLevel(cell: string): Level {
  const [mean, sd] = cell.split('/').map(Number);
  return { mean, sd };
}
