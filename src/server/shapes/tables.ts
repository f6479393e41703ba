// Shapes of result tables, the way back from a value, and the audit trail.
import { z } from 'zod';
import type { Fit } from '../../gating/index.ts';
import { count, id, issue, person, plain, sha256, utc } from './words.ts';
import { gate, override, populationRow } from './sample.ts';

export const format = z.enum(['csv', 'xpt', 'dataset-json', 'parquet', 'xlsx']);
export const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export const column = z
  .object({
    name: z.string(),
    label: z.string(),
    type: z.enum(['text', 'integer', 'float', 'date', 'boolean']),
    help: z.string().describe('how the value comes about, its unit, its permitted values; may be empty'),
  })
  .meta({ id: 'Column' });
export const tableSummary = z
  .object({
    table: id,
    label: z.string(),
    rows: count,
    keys: z.array(z.string()).describe('columns that together name a row'),
    columns: z.array(column),
    formats: z.array(format).describe('formats that hold this table without loss'),
  })
  .meta({ id: 'TableSummary' });
export const tablePage = z
  .object({ table: id, columns: z.array(column), total: count, offset: count, rows: z.array(z.array(cell)) })
  .meta({ id: 'TablePage' });

export const provenance = z
  .object({
    subject: z.string(),
    visit: z.string(),
    parameter: z.string(),
    label: z.string(),
    value: z.number().nullable(),
    reason: z.string().nullable(),
    formula: z.string().describe('how the value follows from the populations, in words'),
    sources: z.array(
      z.object({
        sample: z.string(),
        resultId: sha256,
        fileSha256: sha256,
        populations: z.array(
          z.object({
            row: populationRow,
            gate: gate.nullable(),
            fit: plain<Fit>('how the gate was found, with evidence'),
            overrides: z.array(override),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'ValueProvenance' });

const difference = { before: z.number().nullable(), after: z.number().nullable() };
export const effect = z.object({
  populations: z.array(z.object({ path: z.string(), ...difference })).describe('events'),
  endpoints: z.array(z.object({ parameter: z.string(), label: z.string(), unit: z.string(), ...difference })),
});

export const auditEntry = z
  .object({
    chain: z.enum(['study', 'results']).describe('people and the study · the store of results'),
    seq: count,
    utc,
    person,
    action: z.string(),
    object: z.string(),
    beforeSha256: sha256.nullable(),
    afterSha256: sha256.nullable(),
    reason: z.string().nullable(),
    software: z.string(),
    hash: sha256,
    effect: effect
      .nullable()
      .describe('of a gate edit or its withdrawal: what the recount changed; null while there was none'),
  })
  .meta({ id: 'AuditEntry' });
export const audit = z
  .object({
    entries: z.array(auditEntry).describe('newest first'),
    total: count,
    issues: z.array(issue).describe('empty: every chain is whole'),
    heads: z.array(z.object({ chain: z.enum(['study', 'results']), seq: count, hash: sha256 })),
  })
  .meta({ id: 'Audit' });
