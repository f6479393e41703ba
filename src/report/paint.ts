// Colours of figures and page as named tokens with a light and a dark value. Series colours follow Okabe and Ito (2008), moved until
// each has a contrast of at least 3 : 1 against its page, so that they stay apart for colour-blind readers and in both themes.
// Invariant: figures name tokens only; a hexadecimal colour is written nowhere else.

interface Shade {
  readonly light: string;
  readonly dark: string;
}

const shades = {
  page: { light: '#ffffff', dark: '#15181b' },
  panel: { light: '#f6f7f9', dark: '#1d2125' },
  ink: { light: '#1b1f24', dark: '#e9ecef' },
  muted: { light: '#545d67', dark: '#a9b2bb' },
  rule: { light: '#aab2bb', dark: '#59626b' },
  grid: { light: '#e3e6ea', dark: '#2c3238' },
  link: { light: '#0b5a94', dark: '#79bdf0' },
  blue: { light: '#0067a5', dark: '#5bb0ea' },
  orange: { light: '#b95a00', dark: '#f0993f' },
  green: { light: '#007a5a', dark: '#3fc79d' },
  purple: { light: '#9c4f7f', dark: '#dd93bd' },
  red: { light: '#b3261e', dark: '#f28b82' },
  sky: { light: '#2b86b8', dark: '#7cc8f0' },
  gold: { light: '#8a6d00', dark: '#e3c341' },
  grey: { light: '#6b747d', dark: '#98a1aa' },
} as const satisfies Record<string, Shade>;

export type PaintName = keyof typeof shades;

/** Token → what a figure writes as its colour. */
export const paint = Object.fromEntries(
  Object.keys(shades).map((name) => [name, `var(--${name})`]),
) as Readonly<Record<PaintName, string>>;

/** Series in the order in which they are given out. */
export const series: readonly string[] = [
  paint.blue,
  paint.orange,
  paint.green,
  paint.purple,
  paint.gold,
  paint.sky,
  paint.red,
  paint.grey,
];

/** Best responses and time points, the same everywhere. */
export const responsePaint: Readonly<Record<string, string>> = {
  CR: paint.green,
  PR: paint.blue,
  SD: paint.gold,
  'NON-CR/NON-PD': paint.purple,
  PD: paint.red,
  NE: paint.grey,
  MISSING: paint.grey,
};

/** The declarations of all tokens for one theme. */
export function paintVariables(theme: keyof Shade): string {
  return Object.entries(shades)
    .map(([name, shade]) => `--${name}:${shade[theme]}`)
    .join(';');
}

/** An attribute value with every token replaced by its light colour, for files that have no style sheet. */
export function lightPaint(value: string): string {
  return value.replace(/var\(--([a-z]+)\)/g, (whole, name: string) =>
    Object.hasOwn(shades, name) ? shades[name as PaintName].light : whole,
  );
}
