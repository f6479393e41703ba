// What a channel measures and which property of the pulse, told from its name as instruments of many makers write it.
import type { ChannelKind, Pulse } from './channel.ts';
import { foldText } from './markers.ts';

/** Forward or side scatter, null for everything else. */
export type Scatter = 'FSC' | 'SSC' | null;

/** Kind of a channel by $PnN, with $PnS where the name says nothing (`FS Lin` stained `FS`; `TIME` stained `Time LSW`). */
export function kindOf(name: string, stain: string | null): ChannelKind {
  const folded = foldText(name);
  if (/^(HDR-T|T|TIME\d?|TIME[ _-].*|COMPUTED TIME)$/.test(folded)) return 'time';
  if (scatterOf(name, stain) !== null) return 'scatter';
  return notLight.test(folded) ? 'other' : 'fluorescence';
}

const notLight =
  /^((EVENT|CELL)[ _-]?(LENGTH|COUNT|NUMBER|NO|#)?|EV|EVENT ?#?|(PULSE )?WIDTH|CENTER|OFFSET|RESIDUAL|BEADST_BEADDIST|BEADDIST|DOUBLET|UNUSED ?\d*|HDR-(CE|SE|V)|INDEX|CLASSIFIER|SAMPLE_?ID|FILE_?(NO|NUMBER))$/;

/** Which scatter a channel holds. Side scatter of further lasers (`SSC-B-A`, `SSC1`, `405SSC`) is side scatter too. */
export function scatterOf(name: string, stain: string | null): Scatter {
  const own = scatterIn(foldText(name));
  return own ?? (stain === null ? null : scatterIn(foldText(stain)));
}

function scatterIn(folded: string): Scatter {
  const match = /(?:^|[^A-Z])(F|S)S(?:C\d?)?(?=$|[-_. ])/.exec(folded);
  if (match !== null) return match[1] === 'F' ? 'FSC' : 'SSC';
  if (/^(FORWARD|SIDE)[ _-]?SCATTER/.test(folded)) return folded.startsWith('F') ? 'FSC' : 'SSC';
  return null;
}

/** Area, height or width by the last words of a name; null where it does not say (`FL1 Log`, `FSC`). */
export function pulseOf(name: string): Pulse {
  const words = foldText(name)
    .split(/[-_. ]+/)
    .slice(1);
  for (const word of words.reverse()) {
    if (/^(A|AREA|INT|INTEGRAL|(LIN|LOG)A)$/.test(word)) return 'A';
    if (/^(H|HEIGHT|PEAK|(LIN|LOG)H)$/.test(word)) return 'H';
    if (/^(W|WIDTH|TOF|(LIN|LOG)W)$/.test(word)) return 'W';
    if (word !== 'LOG' && word !== 'LIN') return null;
  }
  return null;
}
