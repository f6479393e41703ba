// Unsaved gate edits of the open sample: what was moved, undo and redo, and the recount that follows the pointer.
// Invariant: at most one recount is on its way; while it is, only the newest edits wait, so a drag never queues up work.
import type { GeometricGate } from '../../../gating/index.ts';
import type { Preview } from '../../../server/index.ts';
import { call, type ApiError } from '../../api/client.ts';
import { fromWire } from '../../api/wire-gate.ts';
import { keepEdits, keptEdits } from '../../state/kept-edits.ts';
import { asApiError } from '../../state/loaded.svelte.ts';
import { openStudy } from '../../state/session.svelte.ts';
import { addEdit, wireEdits, type Edits } from './edits.ts';

export type Scope = 'sample' | 'subject' | 'all';

export class Draft {
  /** As drawn, also in the middle of a drag. */
  edits: Edits = $state.raw(new Map());
  preview: Preview | null = $state.raw(null);
  error: ApiError | null = $state.raw(null);
  scope: Scope = $state('sample');
  /** Milliseconds from the newest edit to its counts on the screen. */
  latency: number | null = $state(null);
  /** Edits were kept that belong to other gates than the present ones. */
  lapsed = $state(false);
  readonly sample: string;
  #past: Edits[] = $state.raw([]);
  #future: Edits[] = $state.raw([]);
  #settled: Edits = new Map();
  #strategy: string | null = null;
  readonly #reached = new Set<string>();
  #busy = false;
  #waiting = false;

  constructor(sample: string) {
    this.sample = sample;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** `drag`: in between, not a step of undo; `end`: the person let go. */
  edit(path: string, gate: GeometricGate, phase: 'drag' | 'end'): void {
    this.edits = addEdit(this.edits, path, gate);
    if (phase === 'end') {
      this.#past = [...this.#past, this.#settled];
      this.#future = [];
      this.#settle(this.edits);
    }
    void this.recount();
  }

  /** The gates that are edited, by hash. Takes up what a reload interrupted; edits of other gates are given up, and that is said. */
  begin(strategySha256: string | null): void {
    if (strategySha256 === null || strategySha256 === this.#strategy) return;
    this.#strategy = strategySha256;
    this.#reached.clear();
    if (this.edits.size > 0) return;
    const kept = keptEdits(openStudy().study, this.sample);
    if (kept === null || kept.edits.length === 0) return;
    if (kept.strategySha256 !== strategySha256) {
      this.lapsed = true;
      keepEdits(openStudy().study, this.sample, { strategySha256, edits: [] });
      return;
    }
    const edits = new Map(
      kept.edits.flatMap(({ path, gate }) => {
        const drawn = fromWire(gate);
        return drawn.kind === 'boolean' ? [] : [[path, drawn] as const];
      }),
    );
    this.#past = [new Map()];
    this.#take(edits);
  }

  /**
   * A person has reached for a gate: asks once for a recount of it as it is, so that the server has its events at hand when it moves. What
   * comes of it shows nowhere.
   */
  reach(path: string, gate: GeometricGate): void {
    if (this.#reached.has(path) || this.edits.size > 0 || this.#busy) return;
    this.#reached.add(path);
    const body = { edits: wireEdits(new Map([[path, gate]])), scope: 'sample' } as const;
    call('preview', { params: { ...openStudy(), sample: this.sample }, body }).catch(() => undefined);
  }

  undo(): void {
    const last = this.#past.at(-1);
    if (last === undefined) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [this.#settled, ...this.#future];
    this.#take(last);
  }

  redo(): void {
    const [next, ...rest] = this.#future;
    if (next === undefined) return;
    this.#future = rest;
    this.#past = [...this.#past, this.#settled];
    this.#take(next);
  }

  discard(): void {
    this.#past = [];
    this.#future = [];
    this.#take(new Map());
  }

  /** Asks for the counts under the present edits and scope. */
  async recount(): Promise<void> {
    if (this.#busy) {
      this.#waiting = true;
      return;
    }
    this.#busy = true;
    do {
      this.#waiting = false;
      await this.#ask();
    } while (this.#waiting);
    this.#busy = false;
  }

  #take(edits: Edits): void {
    this.edits = edits;
    this.#settle(edits);
    void this.recount();
  }

  #settle(edits: Edits): void {
    this.#settled = edits;
    if (this.#strategy === null) return;
    const kept = { strategySha256: this.#strategy, edits: wireEdits(edits) };
    keepEdits(openStudy().study, this.sample, kept);
  }

  async #ask(): Promise<void> {
    const { edits, scope } = this;
    if (edits.size === 0) {
      this.preview = null;
      this.error = null;
      return;
    }
    const began = performance.now();
    try {
      const preview = await call('preview', {
        params: { ...openStudy(), sample: this.sample },
        body: { edits: wireEdits(edits), scope },
      });
      // discarded meanwhile
      if (this.edits.size === 0) return;
      this.preview = preview;
      this.error = null;
      this.latency = performance.now() - began;
    } catch (cause) {
      this.error = asApiError(cause);
    }
  }
}
