/** What to do about a setting, in words that stand by themselves. */
import { componentName } from './components.js'
import type { TimerEntry, TimerMatch } from './types.js'

/** The advice on a setting, led by its name where it speaks only of “it”: beside other lines nobody would know what to raise. */
export function fixText({ setting, fix }: Pick<TimerEntry, 'setting' | 'fix'>): string {
  const name = setting.replace(/\s*\([^)]*\)/g, '').trim()
  const last = /[\w-]+$/.exec(name)?.[0] ?? name
  if (fix.toLowerCase().includes(last.toLowerCase())) return fix
  // Names and abbreviations keep their capitals.
  const begin = /^[A-Z][a-z]/.test(fix) ? fix.charAt(0).toLowerCase() + fix.slice(1) : fix
  return `${name}: ${begin}`
}

/** The advice where nothing tells what software `who` runs, and no usual value of a setting fits either. */
export function fixOfUnknown(
  { component, setting }: Pick<TimerMatch, 'component' | 'setting'>,
  who: string,
): string {
  return `which setting of ${who} that is, its software tells (in ${componentName(component)}: ${setting})`
}
