// Light or dark: the system's choice until a person toggles, then theirs, kept on this machine. Canvases read `theme.shown`; CSS reads the attribute.
type Theme = 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');
const place = 'immunogate-theme';

function chosen(): Theme | null {
  const kept = localStorage.getItem(place);
  return kept === 'light' || kept === 'dark' ? kept : null;
}

function systemTheme(): Theme {
  return system.matches ? 'dark' : 'light';
}

export const theme: { shown: Theme } = $state({ shown: chosen() ?? systemTheme() });

export function startTheme(): void {
  const kept = chosen();
  if (kept !== null) document.documentElement.dataset['theme'] = kept;
  system.addEventListener('change', () => (theme.shown = chosen() ?? systemTheme()));
}

export function toggleTheme(): void {
  theme.shown = theme.shown === 'dark' ? 'light' : 'dark';
  localStorage.setItem(place, theme.shown);
  document.documentElement.dataset['theme'] = theme.shown;
}
