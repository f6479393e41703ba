// Endpoint rows as the values that ADIM takes in (statistics.md sections 5 and 6, populations.md section 4 on status).
// Invariant: a value below its limit of quantification keeps its number beside the limit, one below detection says "<limit" unless its
// parameter is compared by difference (of so little a ratio is noise, but a difference is as good as its two counts), and
// what is not evaluable is blank; the rule of the study then decides what stands for it.
import type { ImmuneRecord, ParameterRecord } from '../../study/index.ts';
import { comparedByDifference, type ImmuneParameter, type ParameterUnit } from '../indicators/paramcd.ts';
import { parameterText, type EndpointRow } from './endpoint.ts';

/** Decimals in rendered tables. */
const decimals: Readonly<Record<ParameterUnit, number>> = {
  'cells/uL': 1,
  '%': 2,
  '% points': 2,
  ratio: 3,
  MdFI: 0,
  '10^9/L': 2,
  events: 0,
  uL: 2,
};

/** The parameters of ADIM: quality belongs to tubes, not to patients. */
export function analysisParameters(parameters: readonly ImmuneParameter[]): ParameterRecord[] {
  return parameters
    .filter(({ kind }) => kind !== 'quality')
    .map((parameter) => ({
      PARAMCD: parameter.paramcd,
      PARAM: parameterText(parameter),
      dec: decimals[parameter.unit],
    }));
}

export interface RecordOptions {
  readonly studyId: string;
  /** Specimens whose tubes failed a check that makes their values unusable. */
  readonly failed: (row: EndpointRow) => boolean;
}

export function immuneRecords(rows: readonly EndpointRow[], options: RecordOptions): ImmuneRecord[] {
  return rows.map((row) => ({
    STUDYID: options.studyId,
    USUBJID: row.subject,
    SPECID: row.specimen,
    VISIT: row.visit,
    VISITNUM: row.visitNumber,
    ADT: row.collectedAt.slice(0, 10),
    ATPT: '',
    PARAMCD: row.paramcd,
    AVALC: valueText(row),
    LLOQ: row.status !== 'ND' ? row.lloq : keepsNumber(row) ? row.lod : null,
    ULOQ: null,
    QCFL: options.failed(row) ? 'N' : 'Y',
  }));
}

/** Below detection as well: nearly no drug before it was given is what a patient should have, and the pair would be lost with it. */
function keepsNumber({ paramcd }: EndpointRow): boolean {
  return comparedByDifference.has(paramcd);
}

function valueText(row: EndpointRow): string {
  const { status, reported, lod } = row;
  if (status === 'NE') return '';
  if (status === 'ND' && !keepsNumber(row)) return lod === null ? '' : `<${lod}`;
  return reported === null ? '' : String(reported === 0 ? 0 : reported);
}
