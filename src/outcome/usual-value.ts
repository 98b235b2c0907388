import { entry, USUAL_SUSPECT } from '../knowledge/look-up.js'
import type { Side, Verdict } from '../result.js'
import { findingPolicy } from './policy.js'

/** The verdict, its timer marked where the setting is a mere guess. `software` is that of both ends. */
export function withGuess(verdict: Verdict, software: Readonly<Record<Side, string | null>>): Verdict {
  const { timer } = verdict
  if (timer === null || timer.setting === null || software[waiter(verdict)] !== null) return verdict
  return isUsual(timer.setting, timer.seconds) ? verdict : { ...verdict, timer: { ...timer, guessed: true } }
}

/** The end whose timer it is. */
function waiter(verdict: Verdict): Side {
  if (verdict.gone !== undefined) return verdict.gone === 'client' ? 'server' : 'client'
  return verdict.closer === 'server' ? 'server' : 'client'
}

/**
 * Whether a setting that is met every day has this value where nobody has given it another: only then it stands out among all those of
 * software that nobody knows.
 */
export function isUsual(setting: string, seconds: number): boolean {
  const known = entry(setting)
  if (known === null) return true
  const values = [known.default, ...known.variants.map(({ value }) => value)]
  return known.prior === USUAL_SUSPECT && values.some((value) => value !== null && isSame(value, seconds))
}

function isSame(value: number, seconds: number): boolean {
  return Math.abs(value - seconds) < findingPolicy.sameSettingSeconds
}
