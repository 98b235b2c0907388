/** Numbers as people read them. No locale: equal input gives equal bytes, wherever it runs. */

/** 5120 as `5 120`: digits in threes, a space between; below 10 000 four digits stay together. */
export function count(value: number): string {
  const digits = String(Math.round(value))
  return digits.length <= 4 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, ' ')
}

/** `1 frame`, `2 frames`, `12 480 frames`. `many` is for words that do not end in s. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`
}

/** A duration with the digits that mean something: `83 µs`, `38.2 ms`, `5.002 s`, `60.00 s`, `1204.5 s`. */
export function duration(seconds: number): string {
  const size = Math.abs(seconds)
  if (size === 0) return '0 s'
  if (size < 0.001) return `${trimmed(seconds * 1e6, size < 0.0001 ? 1 : 0)} µs`
  if (size < 1) return `${trimmed(seconds * 1e3, size < 0.1 ? 2 : 1)} ms`
  if (size < 10) return `${seconds.toFixed(3)} s`
  if (size < 1000) return `${seconds.toFixed(2)} s`
  return `${seconds.toFixed(1)} s`
}

function trimmed(value: number, digits: number): string {
  const text = value.toFixed(digits)
  return digits === 0 ? text : text.replace(/\.?0+$/, '')
}

/** A moment on the capture's clock, to the microsecond: `60.124013 s`. */
export function moment(seconds: number): string {
  return `${seconds.toFixed(6)} s`
}

/** A configured value, as one would write it: `60 s`, `0.5 s`, `59.998 s`. */
export function setValue(seconds: number): string {
  return `${trimmed(seconds, 3)} s`
}

/** `412 B`, `18.3 kB`, `1.20 GB`: thousands, as networks count. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let size = value / 1000
  let unit = 0
  // 999.5 would be printed as 1000 kB.
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit += 1
  }
  return `${size.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0)} ${units[unit] ?? ''}`
}
