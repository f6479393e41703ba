// Whether a file can be of a panel: what the panel's template asks for, against the channels and markers that the file has. The check is the one by
// which the run binds the template; only names are judged here, never events.
import { createHash } from 'node:crypto';
import { labelChannels } from '../../events/index.ts';
import { bindTemplate, parseTemplate, type GatingTemplate } from '../../template/index.ts';
import type { FileInspection } from '../schema.ts';
import { templateText } from '../templates.ts';

/** What keeps a file from being gated as a tube of a panel, in words; empty = nothing. Null = cannot be said. */
export type PanelFit = (inspection: FileInspection, panel: string) => readonly string[] | null;

/** Judges files of one study. `panels`: template by panel. */
export function panelFit(folder: string, panels: Readonly<Record<string, string>>): PanelFit {
  const templates = new Map(Object.keys(panels).map((panel) => [panel, templateOf(folder, panels[panel])]));
  return (inspection, panel) => {
    const template = templates.get(panel) ?? null;
    return template === null || inspection.result !== 'ok' ? null : missingIn(inspection.markers, template);
  };
}

interface KnownTemplate {
  readonly sha256: string;
  readonly template: GatingTemplate;
}

const mostKept = 2000;
const read = new Map<string, KnownTemplate | null>();
const judged = new Map<string, readonly string[]>();

function templateOf(folder: string, name: string): KnownTemplate | null {
  const text = templateText(folder, name);
  if (text === null) return null;
  const sha256 = createHash('sha256').update(text).digest('hex');
  const known = read.get(sha256);
  if (known !== undefined) return known;
  const { template } = parseTemplate(text);
  const made = template === null ? null : { sha256, template };
  keep(read, sha256, made);
  return made;
}

type Markers = Extract<FileInspection, { result: 'ok' }>['markers'];

/** Files of one panel of one instrument name their channels alike, so few of them are judged anew. */
function missingIn(markers: Markers, { sha256, template }: KnownTemplate): readonly string[] {
  const key = `${sha256} ${JSON.stringify(markers)}`;
  const known = judged.get(key);
  if (known !== undefined) return known;
  const channels = labelChannels(
    markers.map(({ channel, marker }) => ({ name: channel, stain: marker, range: null })),
  );
  const { issues } = bindTemplate(template, channels, { spillover: null });
  const missing = issues
    .filter(({ code, level }) => level === 'error' && /^E_CHANNEL_/.test(code))
    // without the path of the population, so that one missing marker is said once
    .map(({ message, place }) =>
      place !== null && message.startsWith(`${place}: `) ? message.slice(place.length + 2) : message,
    );
  const said = [...new Set(missing)];
  keep(judged, key, said);
  return said;
}

function keep<V>(map: Map<string, V>, key: string, value: V): void {
  if (map.size >= mostKept) map.clear();
  map.set(key, value);
}
