// The tables of the results store. A change of this text raises schemaVersion; a store of another version is refused.
// Audit entries and results are write-once: triggers refuse UPDATE and DELETE (reliability ).

export const schemaVersion = 1;

export const schema = `
CREATE TABLE runs (
  run INTEGER PRIMARY KEY,
  outcome TEXT NOT NULL CHECK (outcome IN ('running', 'finished', 'cancelled', 'failed', 'interrupted')),
  protocols TEXT NOT NULL,
  startedUtc TEXT NOT NULL,
  endedUtc TEXT
) STRICT;
CREATE TABLE results (
  resultId TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  bodySha256 TEXT NOT NULL,
  execution TEXT NOT NULL
) STRICT;
CREATE TABLE outputs (
  resultId TEXT NOT NULL REFERENCES results (resultId),
  kind TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (resultId, kind)
) STRICT;
CREATE TABLE items (
  run INTEGER NOT NULL REFERENCES runs (run),
  sample TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'running', 'done', 'refused')),
  resultId TEXT REFERENCES results (resultId),
  issues TEXT NOT NULL,
  PRIMARY KEY (run, sample),
  CHECK ((state = 'done') = (resultId IS NOT NULL))
) STRICT;
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  utc TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  beforeSha256 TEXT,
  afterSha256 TEXT,
  reason TEXT,
  software TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TABLE payloads (
  sha256 TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER results_no_update BEFORE UPDATE ON results BEGIN SELECT RAISE(ABORT, 'results are never replaced'); END;
CREATE TRIGGER results_no_delete BEFORE DELETE ON results BEGIN SELECT RAISE(ABORT, 'results are never removed'); END;
`;
