// Handlers of tables, the way back from a value, the report, the audit trail and the interface's own description.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImmunogateError } from '../../errors.ts';
import { sha256 } from '../../results/node.ts';
import { auditCsv, auditOf } from '../audit-trail.ts';
import { reportPolicy } from '../guard.ts';
import type { Handlers } from '../handler.ts';
import { openApiDocument } from '../openapi.ts';
import { reportPdf } from '../report/pdf.ts';
import { resultsFolder } from '../results-reading.ts';
import { fileOfTable, pageOf, studyTablesOf, summaryOfTable, tableOf } from '../tables.ts';
import { provenanceOfValue } from '../value-provenance.ts';
import type { HandlerContext } from './context.ts';

type Results = Pick<
  Handlers,
  'tables' | 'table' | 'tableFile' | 'provenance' | 'report' | 'audit' | 'auditFile' | 'redact' | 'openapi'
>;

export function resultHandlers({ workspace, version }: HandlerContext): Results {
  return {
    tables: ({ params }) => studyTablesOf(workspace.find(params.study)).map(summaryOfTable),
    table: ({ params, query }) =>
      pageOf(params.table, tableOf(workspace.find(params.study), params.table), query),
    tableFile({ params, query: { format }, by }) {
      const study = workspace.find(params.study);
      const file = fileOfTable(params.table, tableOf(study, params.table), format);
      const hash = sha256(
        typeof file.bytes === 'string' ? file.bytes : Buffer.from(file.bytes).toString('latin1'),
      );
      study.log.record(
        { action: 'table exported' },
        { object: `${params.table} ${format}`, by, after: hash },
      );
      return file;
    },
    provenance: ({ params, query }) => provenanceOfValue(workspace.find(params.study), query),
    async report({ params, query: { format, download } }) {
      const folder = resultsFolder(workspace.find(params.study));
      const path = join(folder, 'report.html');
      if (!existsSync(path))
        throw new ImmunogateError('E_NOT_FOUND', 'There is no such report; run the study first.');
      return {
        bytes: format === 'html' ? readFileSync(path) : await reportPdf(folder),
        type: format === 'html' ? 'text/html; charset=utf-8' : 'application/pdf',
        name: download === '1' || format === 'pdf' ? `${params.study}-report.${format}` : null,
        policy: reportPolicy,
      };
    },
    audit: ({ params, query }) => auditOf(workspace.find(params.study), query),
    auditFile: ({ params }) => ({
      bytes: auditCsv(workspace.find(params.study)),
      type: 'text/csv; charset=utf-8',
      name: `${params.study}-audit.csv`,
    }),
    redact({ params, body: { text, reason }, by }) {
      if (reason.includes(text))
        throw new ImmunogateError('E_REQUEST', 'The reason must not hold the text: reasons are sealed.');
      return { contents: workspace.find(params.study).log.redact(text, { by, reason }) };
    },
    openapi: () => ({
      bytes: JSON.stringify(openApiDocument(version), null, 2),
      type: 'application/json; charset=utf-8',
      name: 'immunogate-openapi.json',
    }),
  };
}
