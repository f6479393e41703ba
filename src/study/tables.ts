// The clinical input tables (statistics.md section 3): one description of the columns, from which the record types follow.
// Invariant: a blank text is '', every other blank is null; dates are ISO text. Column order in a file is free.

/**
 * `text` without blanks around it; `date` YYYY-MM-DD; `partialDate` YYYY[-MM[-DD]] or blank; `dateTime` YYYY-MM-DD[Thh:mm[:ss]]; `number` any
 * decimal; `integer` whole; a list: one of these words (blank only where '' is listed).
 */
export type ColumnKind =
  'text' | 'date' | 'partialDate' | 'dateTime' | 'number' | 'integer' | readonly string[];

interface Column {
  readonly kind: ColumnKind;
  /** A required column must be in the file; a required date or number may still be blank where `filled` is not set. */
  readonly required: boolean;
  /** Every row must have a value. */
  readonly filled: boolean;
}

function key<K extends ColumnKind>(kind: K): { kind: K; required: true; filled: true } {
  return { kind, required: true, filled: true };
}

function need<K extends ColumnKind>(kind: K): { kind: K; required: true; filled: false } {
  return { kind, required: true, filled: false };
}

function may<K extends ColumnKind>(kind: K): { kind: K; required: false; filled: false } {
  return { kind, required: false, filled: false };
}

const flag = ['Y', 'N', ''] as const;

/** What a tube is for. */
export const sampleRoles = ['stained', 'fmo', 'unstained', 'stimulated', 'single-stain', 'bridge'] as const;
export type SampleRole = (typeof sampleRoles)[number];

/** Every table by name, every column by name. */
export const tables = {
  adsl: {
    STUDYID: may('text'),
    USUBJID: key('text'),
    AGE: may('number'),
    SEX: may('text'),
    REGIMEN: may('text'),
    ENRLFL: may(flag),
    SAFFL: may(flag),
    FASFL: may(flag),
    TRTSDT: need('date'),
    TRTEDT: may('date'),
    ABLDT: may('date'),
    DTHDT: may('date'),
    LSTALVDT: may('date'),
    NACTDT: may('date'),
    DCUTDT: may('date'),
  },
  immune: {
    STUDYID: may('text'),
    USUBJID: key('text'),
    SPECID: key('text'),
    VISIT: may('text'),
    VISITNUM: may('number'),
    ADT: key('date'),
    ATPT: may(['PRE', 'INTRA', 'POST', ''] as const),
    PARAMCD: key('text'),
    AVALC: need('text'),
    LLOQ: may('number'),
    ULOQ: may('number'),
    QCFL: may(flag),
  },
  params: {
    PARAMCD: key('text'),
    PARAM: key('text'),
    dec: may('integer'),
  },
  tumour: {
    STUDYID: may('text'),
    USUBJID: key('text'),
    LESID: key('text'),
    LESTYPE: key(['TARGET', 'NONTARGET', 'NEW'] as const),
    NODE: may(flag),
    VISITNUM: key('number'),
    VISIT: may('text'),
    ADT: key('date'),
    DIAM: need('number'),
    STATE: need(['', 'NE', 'ABSENT', 'TSTM', 'PRESENT', 'UNEQPD', 'UNEQUIVOCAL', 'EQUIVOCAL'] as const),
    ABLRULE: may(['measure', 'zero', 'exclude', ''] as const),
  },
  local: {
    STUDYID: may('text'),
    USUBJID: key('text'),
    LESID: key('text'),
    VISITNUM: key('number'),
    ADT: key('date'),
    LOCSTAT: key(['CA', 'RES', 'LTP', 'NE'] as const),
  },
  ae: {
    STUDYID: may('text'),
    USUBJID: key('text'),
    AESEQ: key('integer'),
    AEBODSYS: key('text'),
    AEDECOD: key('text'),
    AETOXGR: need('integer'),
    AESER: may(flag),
    AEREL: may(flag),
    AESTDTC: need('partialDate'),
    AEENDTC: may('partialDate'),
  },
  /**
   * The manifest: one row a tube. Volumes in microlitres: `blood_volume_ul` went into the tube, `total_volume_ul` is all that was in it when it
   * was acquired (blood, antibodies, lysis, buffer); `omitted` the markers left out of an FMO tube, parted by `;`.
   */
  samples: {
    file: key('text'),
    sample: may('text'),
    subject: key('text'),
    visit: key('text'),
    panel: key('text'),
    role: key(sampleRoles),
    stimulus: may('text'),
    collected_at: key('dateTime'),
    beads_per_tube: may('number'),
    bead_lot: may('text'),
    blood_volume_ul: may('number'),
    total_volume_ul: may('number'),
    batch: may('text'),
    cytometer: may('text'),
    omitted: may('text'),
  },
  /** Blood counts in 10^9 per litre. */
  cbc: {
    subject: key('text'),
    visit: key('text'),
    collected_at: key('dateTime'),
    WBC: may('number'),
    NEUT: may('number'),
    LYM: may('number'),
    MONO: may('number'),
    EOS: may('number'),
    BASO: may('number'),
    PLT: may('number'),
  },
} as const satisfies Record<string, Record<string, Column>>;

export type TableName = keyof typeof tables;

/** The columns that together name one row. */
export const tableKeys: Readonly<Record<TableName, readonly string[]>> = {
  adsl: ['USUBJID'],
  immune: ['USUBJID', 'SPECID', 'PARAMCD'],
  params: ['PARAMCD'],
  tumour: ['USUBJID', 'LESID', 'VISITNUM'],
  local: ['USUBJID', 'LESID', 'VISITNUM'],
  ae: ['USUBJID', 'AESEQ'],
  samples: ['file'],
  cbc: ['subject', 'visit', 'collected_at'],
};

type CellOf<K, Filled> = K extends 'text' | 'partialDate'
  ? string
  : K extends readonly (infer Word)[]
    ? Word
    : K extends 'date' | 'dateTime'
      ? Filled extends true
        ? string
        : string | null
      : Filled extends true
        ? number
        : number | null;

export type RecordOf<T extends TableName> = {
  readonly [C in keyof (typeof tables)[T]]: (typeof tables)[T][C] extends { kind: infer K; filled: infer F }
    ? CellOf<K, F>
    : never;
};

export type SubjectRecord = RecordOf<'adsl'>;
export type ImmuneRecord = RecordOf<'immune'>;
export type ParameterRecord = RecordOf<'params'>;
export type LesionRecord = RecordOf<'tumour'>;
export type LocalRecord = RecordOf<'local'>;
export type AdverseEventRecord = RecordOf<'ae'>;
export type ManifestRecord = RecordOf<'samples'>;
export type BloodCountRecord = RecordOf<'cbc'>;
