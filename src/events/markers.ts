// From what people type on a cytometer to canonical markers (populations.md 1.2, steps 1 to 7).
// Invariant: whole tokens only, never a prefix: CD3 is not CD38, CD4 is not CD45, CD8 is not CD80.
import { withoutFluorochromes } from './fluorochromes.ts';
import { lineageMarkers, lookUpMarker } from './marker-table.ts';

/** Names longer than this say nothing about a marker; the rest is not looked at. */
const longestText = 160;

const greek: Readonly<Record<string, string>> = {
  α: 'a',
  β: 'b',
  γ: 'g',
  δ: 'd',
  ε: 'e',
  κ: 'k',
  λ: 'l',
  μ: 'u',
  µ: 'u',
};

/** Words that describe the tube or the dye and are no marker. */
const notMarkers =
  /^(EMPTY|BLANK|NONE|NA|N\/A|UNUSED\d*|UNSTAINED|ISOTYPE|CONTROL|CTRL|FIXABLE|STAIN|DYE|NEAR|IR|NIR|VIOLET|BLUE|GREEN|YELLOW|ORANGE|RED|FARRED|ANTI|HUMAN|X+|FL\d+|FL)$/;

/** One canonical form of a spelling for comparison: Greek letters in Latin, upper case, trademark signs away. */
export function foldText(text: string): string {
  return text
    .slice(0, longestText)
    .replace(/[®™†]/g, ' ')
    .normalize('NFKC')
    .replace(/[αβγδεκλμµ]/gi, (letter) => greek[letter.toLowerCase()] ?? letter)
    .toUpperCase()
    .trim();
}

/**
 * Canonical markers that a text names, sorted, each once; empty when it names none. `free` (for stains): a text without a known marker
 * may name its own, e.g. `pSTAT3` -> PSTAT3; detector names are not read so.
 */
export function canonicalMarkers(text: string, options: { readonly free?: boolean } = {}): string[] {
  const folded = foldText(text);
  if (options.free === true && lookUpMarker(folded.replace(/[- ]/g, ''))?.weak === true) return ['VIAB'];
  const tokens = tokensOf(folded);
  const found = new Map<string, boolean>();
  const unknown: string[] = [];
  for (let at = 0; at < tokens.length;) {
    const match = longestMatch(tokens, at);
    if (match === null) unknown.push(tokens[at++]);
    else {
      for (const { marker, weak } of match.markers) found.set(marker, weak && (found.get(marker) ?? true));
      at += match.length;
    }
  }
  const strong = [...found].filter(([, weak]) => !weak).map(([marker]) => marker);
  if (strong.length > 0) return strong.sort();
  if (options.free !== true) return [];
  if (found.size > 0) return [...found.keys()].sort();
  const own = unknown
    .filter((token) => !notMarkers.test(token) && /[A-Z]/.test(token))
    .join('')
    .replace(/[^A-Z0-9]/g, '');
  return own.length >= 2 && own.length <= 24 ? [own] : [];
}

/** The one name of a set of markers in one channel: `CD16_56`, `LIN` for an exclusion channel, else the sorted names joined by `_`; null for none. */
export function markerName(markers: readonly string[]): string | null {
  if (markers.length === 0) return null;
  const set = new Set(markers);
  if (set.size === 1) return markers[0];
  const lineage = [...set].filter((marker) => lineageMarkers.has(marker));
  if (set.has('LIN') || lineage.length >= 2) return set.has('VIAB') ? 'LIN_VIAB' : 'LIN';
  if (set.size === 2 && set.has('CD16') && set.has('CD56')) return 'CD16_56';
  return [...set].sort().join('_');
}

/** Metal isotopes of mass cytometry. Cadmium is left out: CD110 the marker is met more often than Cd110 the isotope. */
const isotope =
  /^(Y89|(RH|PD|AG|IN|SN|I|XE|CS|BA|LA|CE|PR|ND|PM|SM|EU|GD|TB|DY|HO|ER|TM|YB|LU|IR|PT|PB|BI|BCKG)\d{3})(DI|DD)?$/;
const massFirst =
  /^(89Y|\d{3}(RH|PD|AG|IN|SN|I|XE|CS|BA|LA|CE|PR|ND|PM|SM|EU|GD|TB|DY|HO|ER|TM|YB|LU|IR|PT|PB|BI|BCKG))$/;

/** Whether a text names a metal isotope, as channels of mass cytometry do: `CCR2_Nd142`. */
export function namesIsotope(text: string): boolean {
  return foldText(text)
    .split(/[\s_-]+/)
    .some((word) => isotope.test(word) || massFirst.test(word));
}

function tokensOf(folded: string): string[] {
  let text = folded.replace(/^(FJ)?COMP-/, '').replace(/^\((\w{2,6})\)D[DI]$/, '$1DI');
  for (let round = 0; round < 3; round++) {
    text = text.replace(/[-_. ](A|H|W|AREA|HEIGHT|WIDTH|INT|LIN|LOG|PEAK|TOF|LIN[AHW]|LOG[AHW])$/, '');
  }
  // filter bands, 530/30@488/B; they hold slashes and numbers that would look like CD numbers
  text = text.replace(/\(?\d{3}\/\d{1,3}(@\d{3})?(\/[A-Z])?\)?|\d{3}LP/g, ' ');
  text = withoutFluorochromes(text);
  return numbersSpelledOut(text)
    .split(/[\s_:;|/,+&()[\]{}]+/)
    .map((token) => token.replace(/^-+|-+$/g, ''))
    .filter((token) => token !== '' && !isotope.test(token) && !massFirst.test(token));
}

/** `CD16+56` and `CD3/19/20` say CD once for several numbers. With `_` only the pair of the NK reagent does: `CD4_2` may be a lot. */
function numbersSpelledOut(text: string): string {
  let spelled = text;
  for (let round = 0; round < 12; round++) {
    const next = spelled
      .replace(/(CD\d{1,3}[A-Z]?) ?[+/&] ?(\d{1,3}[A-Z]?)(?![A-Z0-9])/, '$1 CD$2')
      .replace(/(CD(?:16|56))_(16|56)(?![A-Z0-9])/, '$1 CD$2');
    if (next === spelled) break;
    spelled = next;
  }
  return spelled;
}

interface Match {
  readonly length: number;
  readonly markers: readonly { readonly marker: string; readonly weak: boolean }[];
}

/** The longest run of up to four tokens that is one marker when written together; a single token may also be several CD numbers. */
function longestMatch(tokens: readonly string[], at: number): Match | null {
  for (let length = Math.min(4, tokens.length - at); length > 1; length--) {
    const parts = tokens.slice(at, at + length);
    // two complete markers side by side are two markers, whatever their letters make together
    if (parts.some((part) => /^CD\d/.test(part))) continue;
    const joined = lookUpMarker(bare(parts.join('')));
    if (joined !== null) return { length, markers: [joined] };
  }
  const token = bare(tokens[at]);
  const whole = lookUpMarker(token);
  if (whole !== null) return { length: 1, markers: [whole] };
  const parts = token.split(/(?=CD\d)/).map((part) => lookUpMarker(part));
  const known = parts.filter((part) => part !== null);
  return known.length === parts.length ? { length: 1, markers: known } : null;
}

/** Without separators, and without the antibody's own word: anti-CD4, αCD4 and hCD4 (human) are CD4; mCD4 of a mouse is not. */
function bare(token: string): string {
  return token.replace(/[-.]/g, '').replace(/^(ANTI(HUMAN)?|A|H)(?=CD\d)/, '');
}
