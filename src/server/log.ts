// The server's log: one JSON object a line (reliability S-13). It names codes and ids, never files, people or keywords (P-5).

export interface LogLine {
  readonly level: 'info' | 'error';
  readonly message: string;
  readonly trace?: string | null | undefined;
}

export type Log = (line: LogLine) => void;

/** Writes lines with every control character escaped, so that no text from outside can begin a line or move a cursor. */
export function createLog(write: (text: string) => void): Log {
  return (line) => write(`${escaped(JSON.stringify({ utc: new Date().toISOString(), ...line }))}\n`);
}

/** JSON escapes controls up to U+001F; the second range, and what some terminals take for a line end, remain. */
function escaped(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
