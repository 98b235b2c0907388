/** A span as people read it: `60.000 s`, `412 ms`, `0.21 ms`. */
export function span(ns: number): string {
  const seconds = ns / 1e9
  if (Math.abs(seconds) >= 1) return `${seconds.toFixed(3)} s`
  const ms = seconds * 1000
  return Math.abs(ms) >= 10 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(2)} ms`
}
