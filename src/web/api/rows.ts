// Rows of a result table as records by column name, for views that draw them. Cells are as the server sent them: nothing is computed.
import type { QueryOf, TablePage } from '../../server/index.ts';
import { call } from './client.ts';

export type Cell = TablePage['rows'][number][number];
export type Row = Readonly<Record<string, Cell>>;

/** All rows that a filter leaves, up to the server's page limit of 5,000. Throws ApiError. */
export async function tableRows(
  study: string,
  table: string,
  query: QueryOf<'table'> = {},
): Promise<readonly Row[]> {
  const page = await call('table', { params: { study, table }, query: { limit: 5000, ...query } });
  const names = page.columns.map(({ name }) => name);
  return page.rows.map((cells) => Object.fromEntries(names.map((name, c) => [name, cells[c]])));
}

export function numberOf(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}

/** Empty for a missing cell. */
export function textOf(cell: Cell | undefined): string {
  return cell === null || cell === undefined ? '' : String(cell);
}
