// The file that says which populations each event of a sample is in, written while its events are counted.
// Invariant: rows stand in the order of events, columns in that of the strategy; a file that could not be finished is not left behind.
import { createHash } from 'node:crypto';
import type { ByteSource, FcsFile } from '../../fcs/index.ts';
import {
  countPopulations,
  type CountOptions,
  type CountResult,
  type GatingStrategy,
  type StatisticsChannel,
} from '../../gating/index.ts';
import type { OutputRecord } from '../../results/index.ts';
import { openFileWriter, type FileWriter } from '../../results/node.ts';
import {
  createMembershipColumns,
  evaluablePopulations,
  membershipHeader,
  membershipLines,
  membershipNames,
} from '../membership.ts';
import type { MembershipRequest } from '../model.ts';

interface WithMembership {
  readonly counted: CountResult;
  readonly output: OutputRecord;
}

/** COUNT, with the populations of every event written to the requested file, whole or not at all. Throws what counting and writing throw. */
export async function countWithMembership(
  source: ByteSource,
  file: FcsFile,
  strategy: GatingStrategy,
  statistics: readonly StatisticsChannel[],
  request: MembershipRequest,
): Promise<WithMembership> {
  const evaluable = evaluablePopulations(strategy);
  const writer = hashingWriter(request.path);
  try {
    let counted: CountResult;
    if (request.format === 'csv') {
      writer.write(membershipHeader(strategy));
      const onMembership: CountOptions['onMembership'] = (block) =>
        writer.write(membershipLines(block, evaluable));
      counted = countPopulations(source, file, strategy, { statistics, onMembership });
    } else {
      const collected = createMembershipColumns(file.data.eventCount, evaluable);
      counted = countPopulations(source, file, strategy, {
        statistics,
        onMembership: (block) => collected.add(block),
      });
      writer.write(await parquetOf(membershipNames(strategy), collected.columns, file.data.eventCount));
    }
    writer.commit();
    return { counted, output: { kind: `membership ${request.format}`, sha256: writer.digest() } };
  } catch (error) {
    writer.discard();
    throw error;
  }
}

async function parquetOf(
  names: readonly string[],
  columns: readonly (Uint8Array | null)[],
  count: number,
): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = columns.map((column, p) => ({
    name: names[p],
    type: 'BOOLEAN' as const,
    nullable: true,
    data: column === null ? new Array<null>(count).fill(null) : Array.from(column, (bit) => bit === 1),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function hashingWriter(path: string): FileWriter & { digest(): string } {
  const hash = createHash('sha256');
  const writer = openFileWriter(path);
  return {
    ...writer,
    write(chunk) {
      hash.update(chunk);
      writer.write(chunk);
    },
    digest: () => hash.digest('hex'),
  };
}
