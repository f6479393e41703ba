// Small FCS files written by hand for tests: byte by byte, knowing nothing of src/, every part open to change.

export type Pair = readonly [string, string];

export interface Plan {
  readonly version?: string;
  /** Keywords added to, or replacing, those of the default file; null removes one. */
  readonly set?: Readonly<Record<string, string | null>>;
  /** Pairs appended as they are (for duplicates). */
  readonly extra?: readonly Pair[];
  readonly delimiter?: string;
  readonly data?: Uint8Array;
  /** HEADER numbers to replace; they get the true offsets. */
  readonly header?: (o: Offsets) => Partial<Record<'tb' | 'te' | 'db' | 'de' | 'ab' | 'ae', number | string>>;
  /** Replaces $BEGINDATA and $ENDDATA. */
  readonly offsets?: (o: Offsets) => readonly [string, string];
  /** Bytes after DATA; default the word 00000000. */
  readonly tail?: string;
  /** Bytes between TEXT and DATA. */
  readonly gap?: number;
}

export interface Offsets {
  readonly tb: number;
  readonly te: number;
  readonly db: number;
  readonly de: number;
  /** First byte after DATA. */
  readonly after: number;
}

/** Three events of FSC-A, PE-A, Time as 32-bit little-endian floats unless the plan says otherwise. */
export const defaultRows = [
  [1.5, -2.25, 0],
  [70000, 3, 10],
  [0.1, 4, 20],
].map((row) => row.map(Math.fround));

export function floats(rows: readonly (readonly number[])[], littleEndian = true): Uint8Array {
  const values = rows.flat();
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => view.setFloat32(4 * i, value, littleEndian));
  return new Uint8Array(view.buffer);
}

export function defaultKeywords(): Map<string, string> {
  const keywords = new Map([
    ['$BEGINANALYSIS', '0'],
    ['$ENDANALYSIS', '0'],
    ['$BEGINSTEXT', '0'],
    ['$ENDSTEXT', '0'],
    ['$BYTEORD', '1,2,3,4'],
    ['$DATATYPE', 'F'],
    ['$MODE', 'L'],
    ['$NEXTDATA', '0'],
    ['$PAR', '3'],
    ['$TOT', '3'],
  ]);
  ['FSC-A', 'PE-A', 'Time'].forEach((name, i) => {
    for (const [letter, value] of Object.entries({ B: '32', E: '0,0', N: name, R: '262144' }))
      keywords.set(`$P${i + 1}${letter}`, value);
  });
  return keywords;
}

export function buildFcs(plan: Plan = {}): Uint8Array {
  const data = plan.data ?? floats(defaultRows);
  const keywords = defaultKeywords();
  for (const [name, value] of Object.entries(plan.set ?? {})) {
    if (value === null) keywords.delete(name);
    else keywords.set(name, value);
  }
  const d = plan.delimiter ?? '|';
  const text = (pairs: readonly Pair[]): Buffer =>
    Buffer.from(d + pairs.map(([k, v]) => `${k}${d}${v}${d}`).join(''), 'latin1');
  const tb = 58;
  let o: Offsets = { tb, te: 0, db: 0, de: 0, after: 0 };
  let bytes: Buffer = Buffer.alloc(0);
  for (let round = 0; round < 8; round++) {
    const [begin, end] = plan.offsets?.(o) ?? [String(o.db), String(o.de)];
    if (plan.set?.['$BEGINDATA'] !== null) keywords.set('$BEGINDATA', begin).set('$ENDDATA', end);
    bytes = text([...keywords, ...(plan.extra ?? [])]);
    const te = tb + bytes.length - 1;
    const db = te + 1 + (plan.gap ?? 0);
    o = { tb, te, db, de: db + data.length - 1, after: db + data.length };
  }
  const h = {
    tb: o.tb,
    te: o.te,
    db: data.length === 0 ? 0 : o.db,
    de: data.length === 0 ? 0 : o.de,
    ab: 0,
    ae: 0,
    ...plan.header?.(o),
  };
  const field = (value: number | string): string => String(value).padStart(8).slice(0, 8);
  const head = `FCS${plan.version ?? '3.1'}    ${[h.tb, h.te, h.db, h.de, h.ab, h.ae].map(field).join('')}`;
  const parts = [
    Buffer.from(head, 'latin1'),
    bytes,
    Buffer.alloc(plan.gap ?? 0, 0x20),
    data,
    Buffer.from(plan.tail ?? '00000000', 'latin1'),
  ];
  return new Uint8Array(Buffer.concat(parts));
}
