// Which plots are asked for, in terms of the product: what comes from outside is checked as a strategy document is, and a channel by name gets
// the scale that the gates of the sample use for it.
import { ImmunogateError } from '../../errors.ts';
import {
  gateView,
  type DensityView as View,
  type Dimension,
  type GatingStrategy,
} from '../../gating/index.ts';
import { parseStrategy } from '../../results/index.ts';
import type { DensityView } from '../schema.ts';
import type { FileChannel } from '../side/tasks.ts';

/** Throws E_REQUEST for a view that cannot be shown. */
export async function viewsOf(
  asked: readonly DensityView[],
  strategy: GatingStrategy,
  channels: () => Promise<readonly FileChannel[]>,
): Promise<View[]> {
  const views: View[] = [];
  for (const view of asked) {
    switch (view.kind) {
      case 'gate': {
        const found = gateView(strategy, view.path);
        if (found === null)
          throw new ImmunogateError('E_REQUEST', `${view.path} has no gate that could be drawn.`, {
            place: view.path,
          });
        views.push(found);
        break;
      }
      case 'axes': {
        const [x, y = null] = await checkedDimensions(view.y === null ? [view.x] : [view.x, view.y]);
        views.push({ population: view.population, x, y });
        break;
      }
      case 'channels': {
        const known = await channels();
        const dimension = (name: string) => usualDimension(name, strategy, known);
        views.push({
          population: view.population,
          x: dimension(view.x),
          y: view.y === null ? null : dimension(view.y),
        });
        break;
      }
    }
  }
  return views;
}

/** The check of a strategy document, applied to axes alone. Throws E_PROTOCOL_INVALID. */
async function checkedDimensions(dims: readonly Dimension[]): Promise<Dimension[]> {
  const open = (side: string) => dims.map(() => side);
  const gate = { kind: 'rectangle', dims, min: open('-Infinity'), max: open('Infinity') };
  const population = { id: 'view', path: 'view', parent: null, gate, fit: { status: 'explicit' } };
  const template = { id: 'view', version: '1' };
  const parsed = await parseStrategy(JSON.stringify({ template, matrices: {}, populations: [population] }));
  const checked = parsed.populations[0].gate;
  return checked === null || checked.kind === 'boolean' ? [] : [...checked.dims];
}

function usualDimension(name: string, strategy: GatingStrategy, channels: readonly FileChannel[]): Dimension {
  for (const { gate } of strategy.populations) {
    if (gate === null || gate.kind === 'boolean') continue;
    const used = gate.dims.find(({ source }) => source.kind === 'channel' && source.channel === name);
    if (used !== undefined) return used;
  }
  const channel = channels.find((one) => one.channel === name);
  if (channel === undefined)
    throw new ImmunogateError('E_REQUEST', `The file has no channel ${name}.`, { place: name });
  return {
    source: { kind: 'channel', channel: name },
    compensation: { kind: channel.compensated ? 'file' : 'none' },
    transform:
      channel.kind === 'fluorescence'
        ? { scale: { kind: 'asinhCofactor', cofactor: 150 }, boundMin: null, boundMax: null }
        : null,
  };
}
