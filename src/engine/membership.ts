// Membership of every event in every population, as CSV bytes or as columns. One 0/1 cell an event and population, file order;
// the cells of a population that could not be evaluated are empty (CSV) or null (Parquet): it is not the same as 0.
import type { BlockMembership, GatingStrategy } from '../gating/index.ts';
import { headerLine } from '../results/index.ts';

const [comma, newline, zero] = [0x2c, 0x0a, 0x30];

/** First line of a membership file: ids in the order of the strategy. */
export function membershipHeader(strategy: GatingStrategy): string {
  return headerLine(strategy.populations.map(({ id }) => id));
}

/** CSV lines of one block. `evaluable[p]` false leaves the cells of population p empty. */
export function membershipLines(block: BlockMembership, evaluable: readonly boolean[]): Uint8Array {
  const widths = evaluable.map((known) => (known ? 2 : 1));
  const lineBytes = widths.reduce((sum, width) => sum + width, 0);
  const bytes = new Uint8Array(block.count * lineBytes);
  let offset = 0;
  evaluable.forEach((known, p) => {
    const separator = p === evaluable.length - 1 ? newline : comma;
    const place = block.bitOf[p];
    const word = known && place !== null ? block.words[place.word] : null;
    for (let e = 0, at = offset; e < block.count; e++, at += lineBytes) {
      if (word !== null && place !== null) bytes[at] = zero + Number((word[e] & place.bit) !== 0);
      bytes[at + widths[p] - 1] = separator;
    }
    offset += widths[p];
  });
  return bytes;
}

/** Collects whole columns: 1 byte an event and population, null for populations that could not be evaluated. */
export function createMembershipColumns(eventCount: number, evaluable: readonly boolean[]) {
  const columns = evaluable.map((known) => (known ? new Uint8Array(eventCount) : null));
  return {
    columns,
    add(block: BlockMembership): void {
      columns.forEach((column, p) => {
        const place = block.bitOf[p];
        if (column === null || place === null) return;
        const word = block.words[place.word];
        for (let e = 0; e < block.count; e++) column[block.first + e] = Number((word[e] & place.bit) !== 0);
      });
    },
  };
}

/** Column names for formats that need them unique: the id, or the path where the id occurs twice. */
export function membershipNames(strategy: GatingStrategy): string[] {
  const ids = strategy.populations.map(({ id }) => id);
  return strategy.populations.map(({ id, path }) => (ids.indexOf(id) === ids.lastIndexOf(id) ? id : path));
}

/** Whether each population has a count: it has a gate, and so have its ancestors and the operands of its logic. */
export function evaluablePopulations(strategy: GatingStrategy): boolean[] {
  const byPath = new Map(strategy.populations.map((population) => [population.path, population]));
  const known = new Map<string, boolean>();
  function evaluable(path: string): boolean {
    const answer = known.get(path);
    if (answer !== undefined) return answer;
    known.set(path, false);
    const population = byPath.get(path);
    const gate = population?.gate ?? null;
    const parent = population?.parent ?? null;
    const operands = gate?.kind === 'boolean' ? gate.operands.map((operand) => operand.population) : [];
    const result = gate !== null && (parent === null || evaluable(parent)) && operands.every(evaluable);
    known.set(path, result);
    return result;
  }
  return strategy.populations.map(({ path }) => evaluable(path));
}
