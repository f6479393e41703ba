// immunogate serve: a folder of studies in a browser on this machine, until it is told to stop.
import { ImmunogateError } from '../errors.ts';
import { startServer } from '../server/node.ts';
import { exitCodeOf, exitCodes, sayError, UsageError } from './exit.ts';

export interface ServeCommandOptions {
  readonly port?: number;
  readonly listen?: string;
  readonly workers?: number;
}

const usualPort = 8321;

/** Prints the address, serves, returns the exit code when a signal ended it. */
export async function serve(
  folder: string,
  options: ServeCommandOptions,
  { software, version }: { readonly software: string; readonly version: string },
): Promise<number> {
  const { port = usualPort, listen, workers } = options;
  try {
    const server = await startServer({
      folder,
      port,
      software,
      version,
      ...(listen === undefined ? {} : { listen }),
      ...(workers === undefined ? {} : { workers }),
    });
    process.stdout.write(`immunogate is at ${server.address}\n`);
    const signal = await new Promise<NodeJS.Signals>((resolve) => {
      process.once('SIGINT', resolve).once('SIGTERM', resolve);
    });
    await server.close();
    return signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
      throw new UsageError(`Port ${port} is in use; choose another with --port.`);
    if (!(error instanceof ImmunogateError)) throw error;
    sayError(error);
    return exitCodeOf(error);
  }
}
