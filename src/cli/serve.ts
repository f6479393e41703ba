// immunogate serve: a folder of studies in a browser on this machine, until it is told to stop.
import { ImmunogateError } from '../errors.ts';
import { startServer } from '../server/node.ts';
import { exitCodeOf, exitCodes, sayError, UsageError } from './exit.ts';
import { printable } from './text.ts';

export interface ServeCommandOptions {
  readonly port?: number;
  readonly listen?: string;
  readonly workers?: number;
  /** GiB. */
  readonly quota?: number;
  /** GiB. */
  readonly largestFile?: number;
}

const GiB = 1024 * 1024 * 1024;

const usualPort = 8321;

/** Prints the address, serves, returns the exit code when a signal ended it. */
export async function serve(
  folder: string,
  options: ServeCommandOptions,
  { software, version }: { readonly software: string; readonly version: string },
): Promise<number> {
  const { port = usualPort, listen, workers, quota, largestFile } = options;
  try {
    const server = await startServer({
      folder,
      port,
      software,
      version,
      ...(listen === undefined ? {} : { listen }),
      ...(workers === undefined ? {} : { workers }),
      limits: {
        ...(quota === undefined ? {} : { storeBytes: Math.round(quota * GiB) }),
        ...(largestFile === undefined ? {} : { fileBytes: Math.round(largestFile * GiB) }),
      },
    });
    process.stdout.write(`immunogate is at ${server.address}\n`);
    const signal = await new Promise<NodeJS.Signals>((resolve) => {
      process.once('SIGINT', resolve).once('SIGTERM', resolve);
    });
    await server.close();
    return signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRINUSE') throw new UsageError(`Port ${port} is in use; choose another with --port.`);
    if (code === 'EACCES' || code === 'EPERM')
      throw new UsageError(`Port ${port} needs more rights; choose one from 1024 with --port.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EINVAL')
      throw new UsageError(
        `This machine has no address ${printable(listen ?? '')}; choose another with --listen.`,
      );
    if (!(error instanceof ImmunogateError)) throw error;
    sayError(error);
    return exitCodeOf(error);
  }
}
