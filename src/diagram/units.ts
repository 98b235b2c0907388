/** Seconds as a person says them, with the digits that were measured: `0.4 ms`, `60.000 s`, `600.013 s (10 min)`. */
export function duration(seconds: number): string {
  const value = Math.abs(seconds)
  if (value < 0.9995e-3) return `${(value * 1e6).toFixed(0)} µs`
  if (value < 0.9995) return `${trimZeros((value * 1e3).toPrecision(3))} ms`
  const exact = `${value.toFixed(3)} s`
  return value < 119.5 ? exact : `${exact} (${inWords(value)})`
}

/** Hours, minutes and seconds, the two largest parts. */
function inWords(seconds: number): string {
  const whole = Math.round(seconds)
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ]
  const first = parts.findIndex(([amount]) => amount > 0)
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ')
}

/** A setting's value: `60 s`, `0.5 s`. */
export function settingSeconds(seconds: number): string {
  return `${trimZeros(seconds.toFixed(3))} s`
}

/** Bytes: exact below 10 000, then in KB, MB or GB (powers of 1000). */
export function byteCount(bytes: number): string {
  if (bytes < 10_000) return `${bytes} B`
  const units = ['KB', 'MB', 'GB', 'TB']
  let value = bytes / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value < 99.95 ? trimZeros(value.toFixed(1)) : value.toFixed(0)} ${units[unit] as string}`
}

/** `1 segment`, `14 segments`. */
export function counted(amount: number, noun: string): string {
  if (amount === 1) return `1 ${noun}`
  return `${amount} ${/[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`}`
}

/** Decimals that tell neighbouring times apart: at least 3, at most 9, and never finer than needed. */
export function decimalsFor(times: readonly number[]): number {
  let closest = Infinity
  for (let i = 1; i < times.length; i++) {
    const step = Math.abs((times[i] as number) - (times[i - 1] as number))
    // Below a nanosecond it is the same moment written twice, not a distance.
    if (step >= 0.5e-9 && step < closest) closest = step
  }
  let decimals = 3
  // Differences of decimal fractions come out a little short of the fraction that was written down.
  while (decimals < 9 && 10 ** -decimals > closest * 1.01) decimals++
  return decimals
}

/** The moment `seconds` after an ISO 8601 start, in UTC to the millisecond; null when the start is not readable. */
export function utcMoment(start: string | null, seconds: number): string | null {
  const match = start === null ? null : /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(start)
  if (match === null) return null
  const whole = Date.parse(`${match[1] as string}Z`)
  const milliseconds = whole + Math.floor((Number(match[2] ?? '0') + seconds) * 1000 + 1e-6)
  if (!Number.isFinite(milliseconds) || Math.abs(milliseconds) > 8e15) return null
  return `${new Date(milliseconds).toISOString().replace('T', ' ').slice(0, -1)} UTC`
}

function trimZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
}
