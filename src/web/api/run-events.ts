// Live progress of a run as server-sent events. EventSource reconnects by itself and tells the server where it stood (Last-Event-ID).
import type { RunEvent } from '../../server/index.ts';
import { addressOf } from './client.ts';

/** Calls `take` for every state of the run until its last; answers a function that stops listening. */
export function watchRun(study: string, run: string, take: (run: RunEvent) => void): () => void {
  const source = new EventSource(addressOf('runEvents', { study, run }));
  source.addEventListener('run', (event: MessageEvent<string>) => {
    const now = JSON.parse(event.data) as RunEvent;
    // the server ends the stream after a last state; without closing, the browser would ask again
    if (now.state !== 'running') source.close();
    take(now);
  });
  return () => source.close();
}
