// The server: a folder of studies over HTTP on this machine. Started by the command line; everything that it opens, it closes again.
// Invariant: it listens only after the folder is its own, and another address than loopback is asked for by name.
import multipart from '@fastify/multipart';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { defaultUploadLimits, type UploadLimits } from './files/receive.ts';
import { hostsOf, type Hosts } from './guard.ts';
import { keepEdits } from './gates/edits.ts';
import { keepLocks } from './gates/locks.ts';
import { gateHandlers } from './handlers/gates.ts';
import { peopleHandlers } from './handlers/people.ts';
import { resultHandlers } from './handlers/results.ts';
import { studyHandlers } from './handlers/studies.ts';
import { createLog, type Log } from './log.ts';
import { addPage } from './page.ts';
import { createRuns } from './runs/runs.ts';
import { createSessions } from './sessions.ts';
import { startSideProcess } from './side/process.ts';
import { openUsers } from './users.ts';
import { openWorkspace } from './workspace.ts';

export interface ServeOptions {
  /** Folder of studies; made when absent. */
  readonly folder: string;
  /** 0 = any that is free. */
  readonly port: number;
  /** Name and version of the program. */
  readonly software: string;
  readonly version: string;
  /** Default 127.0.0.1; another address is reachable from outside. */
  readonly listen?: string;
  /** Threads of a run; default all. */
  readonly workers?: number;
  readonly limits?: Partial<UploadLimits>;
  /** Folder of the built page; default the one that ships. */
  readonly page?: string;
  readonly log?: Log;
  /** How long a connection may take to say what it wants. */
  readonly headersMilliseconds?: number;
}

export interface RunningServer {
  readonly port: number;
  /** The address to open, with the token of this start. */
  readonly address: string;
  /** Stops runs with their finished work stored, ends connections, gives the folder back. */
  close(): Promise<void>;
}

const idleMilliseconds = 15 * 60 * 1000;

/** Throws E_STORE_LOCKED when the folder is served already, and what opening its stores throws. */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { folder, port, software, version, listen = '127.0.0.1', page } = options;
  const log = options.log ?? createLog((text) => process.stderr.write(text));
  const limits = { ...defaultUploadLimits, ...options.limits };
  const now = () => performance.now();
  hostsOf(listen, port);
  const workspace = openWorkspace(folder, software);
  const runs = createRuns(software, options.workers ?? null);
  const [viewer, inspector] = [startSideProcess(), startSideProcess()];
  let hosts: Hosts = new Set();
  let bound = port;
  try {
    const users = openUsers(workspace.store, now);
    const sessions = createSessions({
      port: () => bound,
      idleMilliseconds: () => (users.list().length > 0 ? idleMilliseconds : null),
      now,
    });
    const context = { workspace, users, sessions, runs, viewer, inspector, limits, software, version };
    const app = createApp({
      hosts: () => hosts,
      sessions,
      handlers: {
        ...peopleHandlers(context),
        ...studyHandlers(context),
        ...gateHandlers(context),
        ...resultHandlers(context),
      },
      system: workspace.system,
      log,
      headersMilliseconds: options.headersMilliseconds ?? 20_000,
      plugins: async (instance) => {
        await instance.register(multipart);
      },
    });
    const startToken = randomBytes(32).toString('base64url');
    addPage(app, {
      sessions,
      startToken,
      openSession: () =>
        sessions.open(users.list().length > 0 ? null : { actor: workspace.system, role: 'approver' }),
      ...(page === undefined ? {} : { folder: page }),
    });
    for (const study of workspace.list()) {
      await keepEdits(study);
      keepLocks(study);
    }
    await app.listen({ port, host: listen });
    bound = (app.server.address() as AddressInfo).port;
    hosts = hostsOf(listen, bound);
    const [host] = hosts;
    return {
      port: bound,
      address: `http://${host}/?token=${startToken}`,
      async close() {
        await runs.close();
        await app.close();
        await Promise.all([viewer.close(), inspector.close()]);
        workspace.close();
      },
    };
  } catch (error) {
    await Promise.all([viewer.close(), inspector.close()]);
    workspace.close();
    throw error;
  }
}
