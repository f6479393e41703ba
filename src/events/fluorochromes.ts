// Fluorochromes under the many names of vendors and detectors (populations.md 1.3).
// Invariant: patterns are alternations without nested repetition, so that hostile names cost linear time.

/** Canonical fluorochrome -> how it is written, in folded (upper-case) text. Earlier rows win: the compound dyes stand before their parts. */
const rows: readonly (readonly [string, string])[] = [
  ['PE-CF594', 'PE[-_ ]?CF594|PE[-_ ]?TEXAS[-_ ]?RED|PE[-_ ]?TR|PE[-_ ]?DAZZLE[-_ ]?594|DAZZLE594|ECD'],
  ['PerCP-Cy5.5', 'PERCP[-_ /]?CY5[-_. ]?5|PERCP[-_ ]?EF(?:LUOR)?[-_ ]?710|PC5\\.5|BB700'],
  ['PE-Cy7', 'PE[-_ /]?CY7|PE[-_ ]?VIO770|PC7'],
  ['PE-Cy5.5', 'PE[-_ /]?CY5[-_. ]5|PE[-_ /]?CY55'],
  ['PE-Cy5', 'PE[-_ /]?CY5|PC5'],
  [
    'APC-Cy7',
    'APC[-_ /]?CY7|APC[-_ ]?H7|APC[-_ ]?FIRE[-_ ]?7(?:50|80)|APC[-_ ]?A(?:F|LEXA)?750|APC[-_ ]?VIO770|APC[-_ ]?EF?(?:LUOR)?[-_ ]?780|A(?:X|F)?750|AX750|ALEXA[-_ ]?(?:FLUOR)?[-_ ]?750',
  ],
  ['AF700', 'APC[-_ ]?A700|APC[-_ ]?R700|A(?:X|F)700|ALEXA[-_ ]?(?:FLUOR)?[-_ ]?700|A700'],
  ['APC', 'APC|A(?:X|F)647|ALEXA[-_ ]?(?:FLUOR)?[-_ ]?647|EF(?:LUOR)?[-_ ]?660'],
  ['FITC', 'FITC|A(?:X|F)488|ALEXA[-_ ]?(?:FLUOR)?[-_ ]?488|BB515'],
  ['BV421', 'BV421|V450|PAC(?:IFIC)?[-_ ]?BLUE?|E(?:F(?:LUOR)?[-_ ]?)?450|PB450|PB|VIOBLUE'],
  ['BV510', 'BV510|V500|AMCYAN|KRO|KROME[-_ ]?ORANGE|KO525'],
  ['BV605', 'BV605|Q(?:DOT|D)[-_ ]?605|VIOLET610|SB600'],
  ['BV650', 'BV650|Q(?:DOT|D)[-_ ]?655|VIOLET660|SB645'],
  ['BV785', 'BV78[56]|VIOLET780|SB780|Q(?:DOT|D)[-_ ]?800'],
  ['PerCP', 'PERCP'],
  ['PE', 'PE|RD1|R[-_ ]?PE'],
  ['PacificOrange', 'PAC(?:IFIC)?[-_ ]?ORANGE'],
  [
    'other',
    'BU?V[-_ ]?\\d{3}|Q(?:DOT|D)[-_ ]?\\d{3}|ALEXA[-_ ]?(?:FLUOR)?[-_ ]?\\d{3}|A(?:F|X)\\d{3}|EF(?:LUOR)?[-_ ]?\\d{3}|SB\\d{3}|CY[357]|VIOGREEN|TEXAS[-_ ]?RED',
  ],
];

/** Dye names that the marker table reads as viability: a detector may be asked for by them, a stain is never stripped of them. */
const viabilityDetectors: readonly (readonly [string, string])[] = [
  ['BV510', 'FVS510|AQUA|ZOMBIE[-_ ]?AQUA|EF(?:LUOR)?[-_ ]?506'],
];

/** Detectors named by laser letter and band centre, as on some LSR instruments; and by position, which only the maker's order explains. */
const bands: Readonly<Record<string, string>> = {
  ...{
    B515: 'FITC',
    B710: 'PerCP-Cy5.5',
    G560: 'PE',
    G610: 'PE-CF594',
    G780: 'PE-Cy7',
    R660: 'APC',
    R710: 'AF700',
  },
  ...{ R780: 'APC-Cy7', V450: 'BV421', V605: 'BV605', V655: 'BV650', V800: 'BV785' },
};
const attune: Readonly<Record<string, string>> = {
  ...{
    VL1: 'BV421',
    VL2: 'BV510',
    VL3: 'BV605',
    VL4: 'BV650',
    BL1: 'FITC',
    BL3: 'PerCP-Cy5.5',
    YL1: 'PE',
    YL2: 'PE-CF594',
  },
  ...{ YL4: 'PE-Cy7', RL1: 'APC', RL2: 'AF700', RL3: 'APC-Cy7' },
};
const navios: Readonly<Record<string, string>> = {
  ...{
    FL1: 'FITC',
    FL2: 'PE',
    FL3: 'PE-CF594',
    FL4: 'PerCP-Cy5.5',
    FL5: 'PE-Cy7',
    FL6: 'APC',
    FL7: 'AF700',
    FL8: 'APC-Cy7',
  },
  ...{ FL9: 'BV421', FL10: 'BV510' },
};
const aurora: Readonly<Record<string, string>> = {
  ...{
    V1: 'BV421',
    V7: 'BV510',
    V10: 'BV605',
    V11: 'BV650',
    V15: 'BV785',
    B2: 'FITC',
    B9: 'PerCP-Cy5.5',
    YG1: 'PE',
  },
  ...{ YG3: 'PE-CF594', YG9: 'PE-Cy7', R1: 'APC', R4: 'AF700', R7: 'APC-Cy7' },
};

const edge = (pattern: string): RegExp => new RegExp(`(?<![A-Z0-9])(?:${pattern})(?![A-Z0-9])`, 'g');
const compiled = rows.map(([name, pattern]) => ({ name, pattern: edge(pattern) }));
const compiledDetectors = viabilityDetectors.map(([name, pattern]) => ({ name, pattern: edge(pattern) }));

/** Folded text with every fluorochrome name replaced by a blank. */
export function withoutFluorochromes(folded: string): string {
  return compiled.reduce((text, { pattern }) => text.replace(pattern, ' '), folded);
}

/** Canonical fluorochrome named in folded text, null when none is. */
export function fluorochromeIn(folded: string): string | null {
  for (const { name, pattern } of [...compiledDetectors, ...compiled]) {
    if (folded.search(pattern) >= 0)
      return name === 'other' ? (folded.match(pattern)?.[0].replace(/[-_ ]/g, '') ?? null) : name;
  }
  return null;
}

/** Fluorochrome of a detector known by position or band only. `names` = all folded names of the table: they tell the maker. */
export function fluorochromeByPosition(folded: string, names: readonly string[]): string | null {
  const detector = folded.replace(/[-_. ](A|H|W|INT|PEAK|LIN|LOG|AREA|HEIGHT|WIDTH)\b.*$/, '');
  const isNavios = names.some((name) => /^FS[ -](INT|PEAK)/.test(name));
  const isAurora = names.some((name) => /^YG\d/.test(name));
  const tables = [bands, attune, ...(isNavios ? [navios] : []), ...(isAurora ? [aurora] : [])];
  const table = tables.find((candidate) => Object.hasOwn(candidate, detector));
  return table === undefined ? null : table[detector];
}
