/** Durations as configuration files write them. */

const unitSeconds: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  mins: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
  d: 86400,
  day: 86400,
  days: 86400,
}

/** What a duration may look like, for messages. */
export const durationForms = 'seconds as a number, or text like "75s", "10m", "500ms", "1h30m"'

/**
 * Seconds of a duration: a number is seconds, text is a number with a unit (`m` is minutes) or several of them.
 * @returns null for anything else, also for negative and infinite values
 */
export function seconds(duration: unknown): number | null {
  if (typeof duration === 'number') return Number.isFinite(duration) && duration >= 0 ? duration : null
  if (typeof duration !== 'string') return null
  const text = duration.trim().toLowerCase()
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  if (!/^(\d+(\.\d+)?\s*[a-z]+\s*)+$/.test(text)) return null
  let total = 0
  for (const [, amount = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const factor = unitSeconds[unit]
    if (factor === undefined) return null
    total += Number(amount) * factor
  }
  // 0.1 + 0.2 kind of noise would show in reports.
  return Math.round(total * 1e9) / 1e9
}
