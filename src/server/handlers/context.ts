// What every handler may use. Made once, when the server starts.
import type { Runs } from '../runs/runs.ts';
import type { Sessions } from '../sessions.ts';
import type { SideProcess } from '../side/process.ts';
import type { UploadLimits } from '../files/receive.ts';
import type { Users } from '../users.ts';
import type { Workspace } from '../workspace.ts';

export interface HandlerContext {
  readonly workspace: Workspace;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly runs: Runs;
  /** For plots and recounts, which people wait for. */
  readonly viewer: SideProcess;
  /** For looking at uploaded files, which may take long. */
  readonly inspector: SideProcess;
  readonly limits: UploadLimits;
  readonly software: string;
  readonly version: string;
}
