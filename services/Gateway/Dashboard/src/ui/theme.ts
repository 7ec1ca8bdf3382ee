// The two themes; charts on canvas read the colours that the style sheet resolves.
export const themeChanged = new EventTarget();

export function isDark(): boolean {
  const chosen = document.documentElement.dataset['theme'];
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

export function setTheme(theme: 'light' | 'dark'): void {
  document.documentElement.dataset['theme'] = theme;
  try { localStorage.setItem('theme', theme); } catch { /* Storage is off: for this page only. */ }
  themeChanged.dispatchEvent(new Event('change'));
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => themeChanged.dispatchEvent(new Event('change')));

/** The colour of a custom property, as rgb(): light-dark() is resolved by the browser. */
export function colour(name: string): string {
  const probe = document.createElement('span');
  probe.style.setProperty('color', `var(--${name})`);
  probe.hidden = true;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
