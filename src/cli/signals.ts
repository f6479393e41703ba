// Ctrl-C and SIGTERM: the first asks the work to stop with what is finished stored, a second one ends at once (reliability W-5, C-9).
import { exitCodes } from './exit.ts';

export interface StopSignals {
  readonly signal: AbortSignal;
  /** Exit code of the signal that came, null when none did. */
  exitCode(): number | null;
  /** Gives the signals back. */
  release(): void;
}

export function stopSignals(): StopSignals {
  const stop = new AbortController();
  let signalled: number | null = null;
  const onSignal = (signal: NodeJS.Signals) => {
    const code = signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
    if (signalled !== null) process.exit(code);
    signalled = code;
    console.error('\nStopping; what is finished stays. Once more stops at once.');
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: stop.signal,
    exitCode: () => signalled,
    release: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
}
