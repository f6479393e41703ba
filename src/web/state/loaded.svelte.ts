// A value that comes from the server: what is known, whether more is on its way, and why not. Only the newest request counts; an old value stays
// visible while a new one is fetched, so that nothing flickers.
import { ApiError } from '../api/client.ts';

export class Loaded<T> {
  value: T | null = $state.raw(null);
  error: ApiError | null = $state.raw(null);
  busy = $state(false);
  #latest = 0;

  /** Fetches; answers the value, or null where it failed or a newer request overtook. */
  async load(fetching: Promise<T>): Promise<T | null> {
    const turn = ++this.#latest;
    this.busy = true;
    try {
      const value = await fetching;
      if (turn !== this.#latest) return null;
      this.value = value;
      this.error = null;
      return value;
    } catch (cause) {
      if (turn === this.#latest) this.error = asApiError(cause);
      return null;
    } finally {
      if (turn === this.#latest) this.busy = false;
    }
  }

  /** Forgets the value, for a change of subject. */
  clear(): void {
    this.#latest++;
    this.value = null;
    this.error = null;
    this.busy = false;
  }
}

export function asApiError(cause: unknown): ApiError {
  return cause instanceof ApiError
    ? cause
    : new ApiError(0, { code: 'E_PAGE', message: cause instanceof Error ? cause.message : String(cause) });
}
