// Issues and errors: the one registry of codes that every row of the house shares.
// Trouble with data is a value (`Issue`); a broken contract is a throw (`ImmunogateError`). A code never changes its meaning.

/** How bad an issue is: `info` needs nobody, `warning` is shown with every table made from the sample, `error` refuses it. */
export type Severity = 'info' | 'warning' | 'error';

/** One line a code: what it means, in plain words. Codes beginning with `I_` are info, `W_` warnings, `E_` refusals. */
export const codes = {
  // FCS container and HEADER (reliability)
  E_FCS_EMPTY: 'The file has no bytes.',
  E_FCS_HEADER_SHORT: 'The file ends inside the FCS HEADER.',
  E_INPUT_COMPRESSED: 'The file is compressed; unpack it first.',
  E_FCS_NOT_FCS: 'The file is not an FCS file.',
  E_FCS_VERSION: 'This FCS version is not known.',
  E_FCS_HEADER_OFFSET: 'A HEADER offset is not a number.',
  E_FCS_TEXT_RANGE: 'The TEXT segment does not lie inside the file.',
  E_FCS_OFFSET_AMBIGUOUS: 'HEADER and TEXT give two different, equally possible places for DATA.',
  E_FCS_TRUNCATED: 'The file is shorter than its DATA segment.',
  E_FCS_SEGMENT_OVERLAP: 'DATA overlaps TEXT or HEADER.',
  E_FCS_KEYWORD_MISSING: 'A required keyword is missing.',
  E_FCS_KEYWORD_INVALID: 'A required keyword cannot be read.',
  E_FCS_OFFSET_INVALID: 'A segment offset is not a plain whole number.',
  E_FCS_TOT_MISMATCH: '$TOT does not agree with the size of DATA.',
  E_FCS_DATA_LENGTH: 'The length of DATA is not a whole number of events.',
  E_FCS_TEXT_EMPTY: 'TEXT holds no keywords.',
  E_FCS_DUPLICATE_KEYWORD: 'A keyword that decides decoding occurs twice with different values.',
  E_FCS_LIMIT: 'The file is beyond a configured limit.',
  E_FCS_UNSUPPORTED: 'This kind of FCS data is not supported.',
  E_FCS_LAYOUT_INCONSISTENT: 'Data type and field width contradict each other.',
  E_FCS_MULTIPLE_DATASETS: 'The file holds several data sets; choose one.',
  E_FCS_DATASET_MISSING: 'The file has no data set of that number.',
  E_IDENTITY_FOUND: 'A de-identified file would still hold something that may identify a person.',
  E_STRICT: 'A warning that strict mode does not allow.',
  W_HEADER_NEGATIVE_OFFSET: 'A HEADER offset is negative and was taken as absent.',
  W_TEXT_END_OVERLAP: 'TEXT ends on the first byte of DATA; it was ended one byte earlier.',
  W_HEADER_DATA_ZERO: 'HEADER gives no DATA offsets although they would fit; TEXT decides.',
  W_HEADER_DATA_99999999: 'HEADER gives 99999999 as the end of DATA; TEXT decides.',
  W_HEADER_SPLIT_OFFSET: 'HEADER gives a begin of DATA but no end; TEXT decides.',
  W_OFFSET_DISCREPANCY: 'HEADER and TEXT disagree about DATA; the pair that fits was used.',
  W_DATA_END_OFF_BY_ONE: 'The end of DATA is one byte too far.',
  W_DATA_END_UNUSABLE: 'The end of DATA equals its begin; $TOT decides.',
  W_MISSING_DATA_OFFSETS: 'TEXT gives no DATA offsets; HEADER decides.',
  W_TOT_MISSING: '$TOT is missing; the number of events follows from the size of DATA.',
  W_ZERO_EVENTS: 'The file holds no events.',
  W_TEXT_EMPTY_VALUE: 'TEXT holds empty keyword values.',
  W_TEXT_NO_FINAL_DELIMITER: 'TEXT does not end with its delimiter.',
  W_TEXT_DANGLING_KEYWORD: 'TEXT ends with a keyword that has no value; it was dropped.',
  W_TEXT_DELIMITER: 'The TEXT delimiter is outside 1 to 126.',
  W_DUPLICATE_KEYWORD: 'A keyword occurs twice; the first counts.',
  W_TEXT_NOT_UTF8: 'TEXT is not UTF-8 and was read as Latin-1.',
  W_TEXT_CONTROL_CHARACTER: 'TEXT holds control or invisible characters.',
  W_EXTRA_PARAMETER_KEYWORDS: 'Keywords describe parameters beyond $PAR; they were ignored.',
  W_MODE_MISSING: '$MODE is missing; list mode was assumed.',
  W_KEYWORD_CASE: 'A keyword value is in lower case.',
  W_BYTEORD_LENGTH: '$BYTEORD does not match the field width; it was taken as endianness.',
  W_PNB_FROM_BYTEORD: '$PnB is smaller than the stored field; $BYTEORD gives the width.',
  W_INTEGER_PRECISION: 'Integers above 2^53 - 1 lose precision.',
  W_PNR_INVALID: '$PnR is missing or not usable; axis limits come from the data.',
  W_PNE_ON_FLOAT: '$PnE asks for logarithmic decoding of floating-point data; it was not applied.',
  W_PNE_MISSING: '$PnE is missing; the parameter was taken as linear.',
  W_PNG_INVALID: '$PnG is not a positive number; it was not applied.',
  W_TIMESTEP_INVALID: '$TIMESTEP is not a positive number; it was not applied.',
  W_PNN_MISSING: 'A parameter has no name; it was named P<n>.',
  W_DUPLICATE_PARAMETER_NAME: 'Two parameters share a name; the second got #2.',
  W_DATE_INVALID: '$DATE cannot be read; no date was taken.',
  W_NON_FINITE_VALUES: 'Events hold values that are not finite numbers.',
  W_ZERO_FILLED_TAIL: 'The last events are zero in every parameter.',
  W_TIME_NOT_MONOTONE: 'Time runs backwards or is negative.',
  W_SPILL_CHANNEL_MISSING: 'The spillover names a channel that the file does not have.',
  W_SPILL_INDEXED: 'The spillover names channels by number.',
  W_SPILL_DECIMAL_COMMA: 'The spillover was written with decimal commas.',
  W_SPILL_INVALID: 'The spillover cannot be read; there is no matrix.',
  W_SPILL_SINGULAR: 'The spillover cannot be inverted.',
  W_SPILL_CONFLICT: '$SPILLOVER and SPILL differ; $SPILLOVER counts.',
  W_NEXTDATA_INVALID: '$NEXTDATA does not point to a further data set.',
  W_STEXT_INVALID: 'The supplemental TEXT is not usable; it was ignored.',
  W_ANALYSIS_INVALID: 'The ANALYSIS segment is not usable; it was ignored.',
  W_CRC_MISMATCH: 'The CRC word does not match.',
  W_OVERRIDE_USED: 'A reading option chosen by a person was used.',
  I_FCS_NEXTDATA_MISSING: '$NEXTDATA is missing.',
  I_FCS_NUMBER_PADDED: 'A number is padded with spaces or zeros.',
  I_FCS_TRAILING_BYTES: 'Bytes follow the last segment.',
  I_FCS_STEXT_IS_TEXT: 'Supplemental TEXT begins where TEXT begins.',
  I_FCS_PNE_ZERO_OFFSET: '$PnE has a zero offset; it was read as 1.',
  I_FCS_CRC_ABSENT: 'No CRC word was computed by the writer.',

  // Applying a protocol to a good file
  E_CHANNEL_MISSING: 'A channel that a gate needs is not in the file.',
  E_CHANNEL_AMBIGUOUS: 'More than one channel fits a name that a gate uses.',
  E_COMP_CHANNEL_MISSING: 'The compensation names a channel that is not in the file.',
  E_COMP_SINGULAR: 'The compensation matrix cannot be inverted.',
  W_UNCOMPENSATED: 'Fluorescence channels were gated without compensation.',
  E_COMP_MISSING: 'Gates ask for a compensation that neither the file nor the protocol holds.',
  E_GATE_INVALID: 'A gate is not well formed.',
  E_PROTOCOL_INVALID: 'The protocol or template is not valid.',
  E_PROTOCOL_LOCKED: 'The protocol of that name is locked to another content.',
  E_EDIT_INVALID: 'A manual change of a gate is not acceptable.',
  W_COMP_PERCENT: 'The compensation table is in percent; it was divided by 100.',
  W_COMP_DIAGONAL: 'A fluorochrome has a coefficient other than 1 in its own detector.',
  W_COMP_UNDER: 'Cells that are bright in one colour look as if they kept some of it in another.',
  W_COMP_OVER: 'Cells that are bright in one colour lie below zero in another.',
  W_COMP_ILL_CONDITIONED: 'The compensation matrix is nearly singular; small errors grow.',
  W_METHOD_FALLBACK: 'The first method for a gate was not acceptable; a fallback placed it.',
  W_CUT_JUMP: "A sample's own cut lies far from that of its pooled tubes; the pooled cut was used.",
  W_NOT_EVALUABLE: 'A population could not be evaluated; it is not zero.',
  W_UNUSED_TEMPLATE_ENTRY: 'A template entry has no effect.',

  // Documents: templates, GatingML, workspaces
  E_XML_DTD: 'The document holds a DTD, which is refused.',
  E_XML_INVALID: 'The document is not well-formed XML.',
  E_GATINGML_INVALID: 'The document is not valid Gating-ML 2.0.',
  E_GATINGML_UNSUPPORTED: 'The document uses something of Gating-ML 2.0 that is not supported.',
  E_TEMPLATE_UNSUPPORTED: 'A gate cannot be said in a template.',
  W_TEMPLATE_COMPENSATION: 'A compensation matrix of the document is not part of the template.',
  W_TEMPLATE_RENAMED:
    'A population has another id in the template, because ids there are letters, digits and _.',
  E_FLOWJO_INVALID: 'The document is not a FlowJo workspace that can be read.',
  E_FLOWJO_UNSUPPORTED: 'The workspace uses something of FlowJo that is not supported.',
  E_FLOWJO_SAMPLE: 'The workspace has no sample, or several, of the name of the file.',
  W_FLOWJO_RENAMED:
    'A population of the workspace has another id here, because ids hold no "/" and occur once.',
  W_GATINGML_FOREIGN_ELEMENT: 'The document holds an element that is not part of Gating-ML 2.0.',
  W_GATINGML_RENAMED: 'A population was written under another id, because Gating-ML ids occur once.',
  W_GATINGML_COVARIANCE:
    'A covariance is not symmetric and positive definite; the formula was applied as written.',
  E_NO_SERVER: 'The program that serves this page does not answer.',
  E_PAGE: 'The page could not do this.',
  E_INPUT_LIMIT: 'The input is beyond a configured limit.',
  E_TEMPLATE_SYNTAX: 'The template is not valid YAML or JSON.',
  E_TEMPLATE_SCHEMA: 'The template does not follow its schema.',
  E_TEMPLATE_REFERENCE: 'The template refers to something that it does not define.',

  // Engine and store
  E_FILE_UNREADABLE: 'The file cannot be opened or read.',
  E_FILE_CHANGED: 'The file is not the one that was gated.',
  E_DUPLICATE_SAMPLE: 'Two files would have the same sample name.',
  E_WORKER_CRASHED: 'The worker that handled the sample ended unexpectedly.',
  E_OUT_OF_MEMORY: 'The sample needs more memory than is allowed.',
  E_TIMEOUT: 'The sample took longer than its deadline.',
  E_CANCELLED: 'The run was cancelled.',
  E_NONDETERMINISTIC: 'The same work gave a different result.',
  E_STORE_LOCKED: 'Another run is using this store.',
  E_STORE_CORRUPT: 'The store fails its integrity check.',
  E_STORE_VERSION: 'The store was made by another version.',
  E_DISK_FULL: 'There is not enough space to write.',
  E_OUTPUT_UNWRITABLE: 'The output cannot be written.',
  E_INTERNAL: 'A defect of the program; please report it.',

  // Study: description, manifest, tubes
  E_STUDY_INVALID: 'The description of the study is not valid.',
  E_TABLE_MISSING: 'A table of the study cannot be read.',
  E_SAMPLE_INVALID: 'A row of the sample manifest cannot be used.',
  E_TEMPLATE_MISSING: 'A panel has no gating template.',
  E_SAME_CONTENT: 'Two samples of the manifest are the same file.',
  W_TUBE_MISSING: 'A tube that the study plans is not in the manifest.',
  W_TUBE_REPEATED: 'A tube occurs more than once at one visit.',
  W_SAMPLE_SWAPPED: 'Samples of two subjects or visits may have been swapped.',
  W_DATE_DIFFERS: 'A file was not acquired on or soon after the day of collection.',
  W_CONFOUNDED: 'The effect of a visit cannot be told from that of a batch, bead lot or cytometer.',
  W_INSTRUMENT_CHANGED: 'The cytometer changes within a subject.',
  W_PANEL_CHANGED: 'The detectors or markers of a panel change within the study.',
  W_CBC_IMPLAUSIBLE: 'A blood count is not plausible in 10^9 per litre.',
  W_QUALITY_FAILED: 'A tube failed a check of quality.',
  W_PLATFORM_MIXED: 'A count is made in more than one way within a subject.',
  W_VOLUME_UNSTATED: 'Files say what was drawn ($VOL), and the manifest does not say of how much.',
  I_VOLUME_UNUSED: 'Files say what was drawn ($VOL), and cells are counted by the blood count.',
  W_VOLUME_IMPLAUSIBLE: '$VOL cannot be what was drawn in the time of the run.',
  W_VOLUME_UNEVEN: 'What flowed in the stretches that gates on Time took out is doubtful.',
  W_EVENTS_LOST: 'The instrument did not record a notable part of what it saw ($ABRT, $LOST).',
  I_PARAMETER_ABSENT: 'A parameter has no value in any specimen, for one and the same reason.',
  W_REPORT_CHOICE: 'The report was asked for a parameter or a subject that the study does not have.',

  // Server
  E_HOST: 'The request names another host than this server.',
  E_ORIGIN: 'The request does not come from a page of this server.',
  E_SIGN_IN: 'Nobody is signed in.',
  E_SIGN_IN_FAILED: 'Name or password is not right.',
  E_ROLE: 'The role of this person does not allow it.',
  E_SAME_PERSON: 'Whoever made an edit cannot approve it.',
  E_REQUEST: 'The request is not well formed.',
  E_NOT_FOUND: 'There is nothing of that name.',
  E_CONFLICT: 'The state does not allow it now.',
  E_STUDY_LOCKED: 'The study or sample is locked.',
  E_UPLOAD_BROKEN: 'The upload ended before its end; nothing was kept.',
  E_UPLOAD_HASH: 'The bytes do not have the expected hash; nothing was kept.',
  E_TOO_MANY_REQUESTS: 'Too many requests; wait a little.',

  // Table files (statistics.md section 22)
  E_FORMAT_LIMIT: 'A table cannot be written in this file format without loss.',
  E_XPT_INVALID: 'The file is not a readable SAS transport file of version 5.',

  // Tables and statistics (statistics.md section 20)
  BAD_INPUT: 'A table has an unknown column, type or date.',
  DUPLICATE_KEY: 'A table holds the same key twice.',
  MULTIPLE_BASELINE: 'A subject has more than one baseline.',
  UNKNOWN_PARAM: 'A parameter code is not defined.',
  UNKNOWN_RESPONSE: 'A response code is not known.',
  NEGATIVE_TIME: 'A time is negative.',
  IMMORTAL_TIME: 'A post-baseline covariate was used from time zero.',
  UNSORTED_INTERVALS: 'A start-stop interval does not run forward.',
  TOO_FEW: 'There are too few values.',
  ZERO_VARIANCE: 'All values are equal.',
  NONPOSITIVE: 'A logarithm of a value that is not positive was asked for.',
  DIFFERENCE_ONLY:
    'The baseline is about 0 by its nature: the change is a difference, and there is no ratio.',
  CI_NOT_ATTAINABLE: 'The confidence level cannot be reached with so few values.',
  ALL_ZERO: 'All differences are zero.',
  TIES_PRESENT: 'Values are tied.',
  MANY_BLQ: 'More than half of the values are below the limit of quantification.',
  UNPARSED_VALUE: 'A result text is not a number.',
  NO_BASELINE: 'A subject has no baseline value.',
  SINGULAR_FIT: 'The random-intercept variance is zero.',
  NO_CONVERGENCE: 'An iteration did not converge.',
  MONOTONE_LIKELIHOOD: 'The likelihood has no finite maximum; use the Firth penalty.',
  NO_EVENTS: 'There are no events.',
  CR_THEN_PR: 'A partial response follows a complete response.',
  DEATH_BEFORE_LAST_DATE: 'A date lies after the death of the subject.',
  OUT_OF_WINDOW: 'A visit lies outside every window.',
  IMPUTED_DATE: 'A partial date was completed by rule.',
} as const;

export type IssueCode = keyof typeof codes;

/** One thing worth saying about an input: what, where, how bad. `place` is a keyword, a path in a document, a population, … */
export interface Issue {
  readonly code: IssueCode;
  readonly level: Severity;
  readonly message: string;
  readonly place: string | null;
}

/** Makes an issue; the level follows from the code's first letter (`I_` info, `W_` warning, otherwise error). */
export function issue(code: IssueCode, message: string = codes[code], place: string | null = null): Issue {
  return { code, level: levelOf(code), message, place };
}

/** The statistics codes that refuse (statistics.md section 20); the others of that section warn. They carry no letter of level. */
const statisticsErrors: ReadonlySet<string> = new Set<IssueCode>([
  'BAD_INPUT',
  'DUPLICATE_KEY',
  'MULTIPLE_BASELINE',
  'UNKNOWN_PARAM',
  'UNKNOWN_RESPONSE',
  'NEGATIVE_TIME',
  'IMMORTAL_TIME',
  'UNSORTED_INTERVALS',
]);

export function levelOf(code: IssueCode): Severity {
  if (code.startsWith('I_')) return 'info';
  if (code.startsWith('E_') || statisticsErrors.has(code)) return 'error';
  return 'warning';
}

/** The one error class: a code, a message that says what, where and what to do, and the cause if there was one. */
export class ImmunogateError extends Error {
  readonly code: IssueCode;
  readonly place: string | null;

  constructor(
    code: IssueCode,
    message: string = codes[code],
    options: { place?: string | null; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ImmunogateError';
    this.code = code;
    this.place = options.place ?? null;
  }

  toIssue(): Issue {
    return { code: this.code, level: 'error', message: this.message, place: this.place };
  }
}

const systemWords: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'the system does not allow it',
  EPERM: 'the system does not allow it',
  EROFS: 'the disk is for reading only',
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'it is a folder',
  EEXIST: 'a file of that name is in the way',
  EMFILE: 'too many files are open',
  ENOSPC: 'no space is left',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the disk holds no file of that size',
  EIO: 'the device failed',
};

/** Why the system refused, in words where they are known: `there is no such file or folder (ENOENT)`. */
export function systemReason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
  if (code === null) return String(cause);
  return Object.hasOwn(systemWords, code) ? `${systemWords[code]} (${code})` : code;
}
