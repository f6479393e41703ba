// The input of a report as a document, kept beside the outputs of a run so that the report can be made again without its files.
// Invariant: parseReport(reportText(x)) is x; another format is refused, never half understood.
import { ImmunogateError } from '../errors.ts';
import type { ReportInput } from './model.ts';

const reportFormat = 'immunogate report 4';

export function reportText(input: ReportInput): string {
  return `${JSON.stringify({ format: reportFormat, ...input })}\n`;
}

/** Reads a document that we wrote. Throws E_STORE_CORRUPT for anything else. */
export function parseReport(text: string): ReportInput {
  try {
    const { format, ...input } = JSON.parse(text) as ReportInput & { readonly format: unknown };
    if (format !== reportFormat) throw new TypeError(`The format is ${String(format)}.`);
    return input;
  } catch (cause) {
    throw new ImmunogateError('E_STORE_CORRUPT', 'report.json cannot be read; run the study again.', {
      cause,
    });
  }
}
