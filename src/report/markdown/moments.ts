/** Moments of the capture as people write them into incident reports. */

/** `2026-01-21 08:01:00.123`: UTC, to the millisecond; null when the capture has no start. */
export function utc(start: string | null, seconds: number): string | null {
  if (start === null) return null
  const base = Date.parse(`${start.slice(0, 19)}Z`)
  if (Number.isNaN(base)) return null
  const fraction = Number(`0${/\.\d+/.exec(start)?.[0] ?? ''}`)
  const at = new Date(base + Math.round((fraction + seconds) * 1000))
  if (Number.isNaN(at.getTime())) return null
  return at.toISOString().slice(0, 23).replace('T', ' ')
}

/** `+61.004 s`: from the start of the first capture. */
export function offset(seconds: number): string {
  return `${seconds < 0 ? '−' : '+'}${Math.abs(seconds).toFixed(3)} s`
}
