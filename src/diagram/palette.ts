import type { Severity, VerdictClass } from '../result.js'

/** Every colour of a picture has a role; equal roles have equal names in light and dark. */
export type Role =
  | 'page'
  | 'box'
  | 'edge'
  | 'life'
  | 'silence'
  | 'deciding'
  | 'ink'
  | 'muted'
  | 'request'
  | 'response'
  | 'control'
  | 'fin'
  | 'reset'
  | 'pill'

/** Which colours are written down: `auto` is light, with dark for viewers that prefer it and read style sheets. */
export type Theme = 'auto' | 'light' | 'dark'

/** Colours by role. */
export type Palette = Readonly<Record<Role, string>>

export const LIGHT: Palette = {
  page: '#ffffff',
  box: '#f6f8fa',
  edge: '#d1d9e0',
  life: '#c4ccd4',
  silence: '#f3f5f8',
  deciding: '#fff1e5',
  ink: '#1f2328',
  muted: '#59636e',
  request: '#0860ca',
  response: '#1a7037',
  control: '#818b98',
  fin: '#ad4500',
  reset: '#c8202b',
  pill: '#ffffff',
}

export const DARK: Palette = {
  page: '#0d1117',
  box: '#151b23',
  edge: '#3d444d',
  life: '#4a525c',
  silence: '#161c25',
  deciding: '#33210f',
  ink: '#f0f6fc',
  muted: '#9ea7b3',
  request: '#58a6ff',
  response: '#4cc35e',
  control: '#7d8590',
  fin: '#f0883e',
  reset: '#ff7b72',
  pill: '#ffffff',
}

/** Ground of the pill; white text stands on it in light and dark alike. */
export function pillColour(verdict: VerdictClass, severity: Severity): string {
  if (severity === 'latent') return '#ad4500'
  if (severity === 'ok' && verdict !== 'open' && verdict !== 'unclassified') return '#1a7037'
  switch (verdict) {
    case 'open':
    case 'unclassified':
      return '#59636e'
    case 'idle-timeout':
    case 'connect-timeout':
    case 'half-open-zombie':
    case 'shutdown':
      return '#ad4500'
    default:
      return '#c8202b'
  }
}

/** Dark colours as rules for the pictures that a selector finds: `#id` for one of several that share a page. */
export function darkRules(selector: string): string {
  const rules = (Object.keys(DARK) as Role[])
    .filter((role) => DARK[role] !== LIGHT[role])
    .map(
      (role) =>
        `${selector} .pw-f-${role}{fill:${DARK[role]}}${selector} .pw-s-${role}{stroke:${DARK[role]}}`,
    )
  return `@media screen and (prefers-color-scheme:dark){${rules.join('')}}`
}
