import { entry } from '../knowledge/look-up.js'
import { findingPolicy } from './policy.js'

/** Whether a setting has this value where nobody has given it another. */
export function isUsual(setting: string, seconds: number): boolean {
  const known = entry(setting)
  if (known === null) return true
  const values = [known.default, ...known.variants.map(({ value }) => value), ...known.typical]
  return values.some(
    (value) => value !== null && Math.abs(value - seconds) < findingPolicy.sameSettingSeconds,
  )
}
