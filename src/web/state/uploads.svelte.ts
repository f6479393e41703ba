// Files on their way to the server, a few at a time. Lives outside the view, so that an upload goes on while the person looks elsewhere.
import type { UploadAnswer } from '../../server/index.ts';
import type { ApiError } from '../api/client.ts';
import { uploadFile } from '../api/upload.ts';
import { asApiError } from './loaded.svelte.ts';

export interface Upload {
  readonly file: File;
  state: 'waiting' | 'sending' | 'done' | 'failed' | 'stopped';
  sent: number;
  answer: UploadAnswer | null;
  error: ApiError | null;
}

const atOnce = 3;

class Uploads {
  list: Upload[] = $state([]);
  #stop = new AbortController();

  get waiting(): number {
    return this.list.filter(({ state }) => state === 'waiting' || state === 'sending').length;
  }

  /** Sends files in order, `atOnce` at a time; resolves when all have ended. */
  async send(study: string, files: readonly File[]): Promise<void> {
    if (this.waiting === 0) this.list = [];
    const first = this.list.length;
    this.list.push(
      ...files.map((file): Upload => ({ file, state: 'waiting', sent: 0, answer: null, error: null })),
    );
    const queue = this.list.slice(first);
    const next = async (): Promise<void> => {
      for (let upload = queue.shift(); upload !== undefined; upload = queue.shift())
        await this.#sendOne(study, upload);
    };
    await Promise.all(Array.from({ length: atOnce }, next));
  }

  stop(): void {
    for (const upload of this.list) if (upload.state === 'waiting') upload.state = 'stopped';
    this.#stop.abort();
    this.#stop = new AbortController();
  }

  async #sendOne(study: string, upload: Upload): Promise<void> {
    if (upload.state !== 'waiting') return;
    upload.state = 'sending';
    try {
      upload.answer = await uploadFile(study, upload.file, (sent) => (upload.sent = sent), this.#stop.signal);
      upload.sent = upload.file.size;
      upload.state = 'done';
    } catch (cause) {
      const stopped = cause instanceof DOMException && cause.name === 'AbortError';
      upload.state = stopped ? 'stopped' : 'failed';
      upload.error = stopped ? null : asApiError(cause);
    }
  }
}

export const uploads = new Uploads();
