// Gate edits of people: checked, tried without saving, saved with a reason, withdrawn. A saved edit is an entry of the study's log and a line of
// edits.json, which every run of the study applies.
// Invariant: edits.json holds exactly the edits in force, oldest first; locked samples and studies take none.
import { ImmunogateError } from '../../errors.ts';
import { applyOverride, type GateOverride, type GatingStrategy } from '../../gating/index.ts';
import { parseOverride, type Actor } from '../../results/index.ts';
import { writeEdits } from '../../run/node.ts';
import { randomBytes } from 'node:crypto';
import type { GateEdit, OverrideRecord, SampleRow } from '../schema.ts';
import type { WireGate } from '../shapes/sample.ts';
import { personOf } from '../study-log.ts';
import { requireOpen } from './locks.ts';
import type { StudyFolder } from '../workspace.ts';

/** The strategy with edits of this moment on it. Throws E_EDIT_INVALID. */
export async function withEdits(
  strategy: GatingStrategy,
  edits: readonly GateEdit[],
  by: Actor,
): Promise<GatingStrategy> {
  let edited = strategy;
  for (const edit of edits)
    edited = applyOverride(edited, await overrideOf(edit, by, 'not saved', new Date(0).toISOString()));
  return edited;
}

async function overrideOf(edit: GateEdit, by: Actor, reason: string, utc: string): Promise<GateOverride> {
  return await parseOverride({ ...edit, author: personOf(by).name, utc, reason });
}

/** Samples that an edit reaches: itself, the same tube at all visits of its subject, or the same tube of everybody. */
export function reach(scope: OverrideRecord['scope'], sample: string, rows: readonly SampleRow[]): string[] {
  const own = rows.find((row) => row.sample === sample);
  if (own === undefined) throw new ImmunogateError('E_NOT_FOUND', 'The manifest has no sample of that name.');
  const tube = tubeKey(own);
  return rows
    .filter((row) => {
      switch (scope) {
        case 'sample':
          return row.sample === sample;
        case 'subject':
          return row.subject === own.subject && tubeKey(row) === tube;
        case 'all':
          return tubeKey(row) === tube;
      }
    })
    .map((row) => row.sample);
}

function tubeKey({ panel, role, stimulus = '', omitted = '' }: SampleRow): string {
  return JSON.stringify([panel, role, stimulus, omitted]);
}

/** How far an edited gate is from what the template placed, in words. */
export function distanceOf(strategy: GatingStrategy, path: string): OverrideRecord['distance'] {
  const fit = strategy.populations.find((population) => population.path === path)?.fit;
  const value = fit?.status === 'edited' ? fit.distance : null;
  return {
    value,
    unit: 'scale',
    words:
      value === null
        ? 'not comparable with the gate that the template placed'
        : `${Number(value.toPrecision(3))} on the scale of the axis from the gate that the template placed`,
  };
}

export interface NewEdit {
  readonly sample: string;
  readonly edit: GateEdit;
  readonly scope: OverrideRecord['scope'];
  readonly reason: string;
  readonly by: Actor;
}

/** Saves an edit for each sample that it reaches; `strategyOf` null: that sample has no gates yet and is passed over. */
export async function saveEdit(
  study: StudyFolder,
  { sample, edit, scope, reason, by }: NewEdit,
  rows: readonly SampleRow[],
  strategyOf: (sample: string) => GatingStrategy | null,
): Promise<OverrideRecord[]> {
  const samples = reach(scope, sample, rows);
  requireOpen(study.log.state(), samples);
  const utc = new Date().toISOString();
  const override = await overrideOf(edit, by, reason, utc);
  const made = samples.flatMap((one) => {
    const strategy = strategyOf(one);
    if (strategy === null) return [];
    // every sample is tried before any is saved
    const edited = applyOverride(strategy, override);
    const before = strategy.populations.find(({ path }) => path === edit.path)?.gate ?? null;
    return [
      {
        override: randomBytes(8).toString('hex'),
        sample: one,
        path: edit.path,
        gate: wire<WireGate>(override.gate),
        before: wire<WireGate | null>(before),
        distance: distanceOf(edited, edit.path),
        scope,
      },
    ];
  });
  for (const one of made)
    study.log.record(
      { action: 'gate edited', override: one },
      { object: `${one.sample} ${one.path}`, by, reason, before: one.before },
    );
  await keepEdits(study);
  const { overrides } = study.log.state();
  return made.flatMap(({ override: id }) => overrides.get(id) ?? []);
}

/** Takes an edit back; the gate returns to the edit before it, or to what the template placed. */
export async function withdrawEdit(
  study: StudyFolder,
  id: string,
  by: Actor,
  reason: string,
): Promise<OverrideRecord> {
  const known = study.log.state().overrides.get(id);
  if (known === undefined) throw new ImmunogateError('E_NOT_FOUND', 'There is no gate edit of that name.');
  if (known.undone !== null)
    throw new ImmunogateError('E_CONFLICT', 'This gate edit was taken back already.');
  requireOpen(study.log.state(), [known.sample]);
  study.log.record(
    { action: 'gate edit withdrawn', override: id },
    { object: `${known.sample} ${known.path}`, by, reason, before: known.gate },
  );
  await keepEdits(study);
  return study.log.state().overrides.get(id) ?? known;
}

/** Writes the edits in force where runs look for them. Also called when a study is opened: the log decides. */
export async function keepEdits(study: StudyFolder): Promise<void> {
  const inForce = [...study.log.state().overrides.values()].filter(({ undone }) => undone === null);
  const edits = [];
  for (const { sample, path, gate, made } of inForce) {
    const edit = await parseOverride({
      path,
      gate,
      author: made.name,
      utc: made.utc,
      reason: made.reason ?? '',
    });
    edits.push({ sample, edit });
  }
  writeEdits(study.folder, edits);
}

/** A gate as JSON has it: open sides as texts. */
function wire<T>(gate: unknown): T {
  if (gate === null) return null as T;
  return JSON.parse(
    JSON.stringify(gate, (_key, value: unknown) =>
      value === Infinity ? 'Infinity' : value === -Infinity ? '-Infinity' : value,
    ),
  ) as T;
}
