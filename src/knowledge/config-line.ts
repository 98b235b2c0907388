/** A setting's line of configuration with another value in it. */
import { plain } from './components.js'
import type { TimerEntry } from './types.js'

/** Words for units longer than a second: such a line cannot take seconds without being written anew. */
const OTHER_UNITS = /minute|hour|\bday|milli|\d:\d\d/i

/** One number of a line, with what stands around it. */
interface NumberAt {
  readonly start: number
  readonly end: number
  readonly value: number
  /** `s`, `ms`, `m`, `h`; empty: none is written. */
  readonly unit: string
  /** Digits after the point, so that `5.0` stays a decimal. */
  readonly decimal: boolean
  /** The word before it, without punctuation. */
  readonly name: string
}

/**
 * The line to write so that a setting has this many seconds.
 * @returns null when it has none, or when the place or the unit of its value cannot be told
 */
export function withValue(timer: TimerEntry, seconds: number): string | null {
  const { syntax, component } = timer
  // Retransmissions and rates are numbers of another kind.
  if (timer.timer === 'count' || timer.timer === 'retransmit' || timer.timer === 'none') return null
  if (syntax.startsWith('(') || /B\/s|=\(/.test(syntax) || seconds <= 0) return null
  const minutes = /TimeSpan\.FromMinutes\(\d+\)/
  if (minutes.test(syntax)) return syntax.replace(minutes, `TimeSpan.FromSeconds(${seconds})`)
  if (OTHER_UNITS.test(syntax)) return null
  // Envoy's page names the field only; its durations are text with an `s`.
  if (component === 'envoy' && /^[\w. ]+?(\s\([^)]*\))?$/.test(syntax))
    return `${syntax.replace(/\s*\(.*$/, '').replace(/^.* /, '')}: ${seconds}s`
  const limits = /\((\d+)-(\d+)( s)?\)$/.exec(syntax)
  if (limits !== null && (seconds < Number(limits[1]) || seconds > Number(limits[2]))) return null
  const line = syntax.replace(/\s+\((?=[^)]*(-|ms|to |CLB|quota))[^)]*\)$/, '')
  const range = /\b(\d+)-(\d+)\b/.exec(line)
  if (range !== null) {
    const [all, low, high] = range
    const fits = seconds >= Number(low) && seconds <= Number(high)
    return fits && !line.includes('=') ? line.replace(all, String(seconds)) : null
  }
  const place = placeOf(line, timer)
  return place === null
    ? null
    : line.slice(0, place.start) + written(place, timer, seconds) + line.slice(place.end)
}

function placeOf(line: string, timer: TimerEntry): NumberAt | null {
  // A bare 0 switches off, in whatever unit.
  const numbers = numbersIn(line).filter(({ value, unit }) => value > 0 || unit !== '')
  const names = namesOf(timer)
  const named = numbers.filter(({ name }) => names.has(name))
  if (named.length === 1) return named[0] ?? null
  // Several of one name: the one that is the default.
  const own = (named.length > 0 ? named : numbers).filter((one) => isDefault(one, timer))
  if (own.length === 1) return own[0] ?? null
  return numbers.length === 1 ? (numbers[0] ?? null) : null
}

function numbersIn(line: string): NumberAt[] {
  const found: NumberAt[] = []
  for (const match of line.matchAll(/(?<![\w.])(\d[\d_]*(?:\.\d+)?)(ms|s|m|h)?(?![\w.:])/g)) {
    const [all, digits = '', unit = ''] = match
    const start = match.index
    const name = /([A-Za-z][\w.-]*)\W*$/.exec(line.slice(0, start))?.[1] ?? ''
    found.push({
      start,
      end: start + all.length,
      value: Number(digits.replaceAll('_', '')),
      unit,
      decimal: digits.includes('.'),
      name: plain(name.slice(name.lastIndexOf('.') + 1)),
    })
  }
  return found
}

/** The names by which the setting may stand before its value: whole, and its last word. */
function namesOf({ setting, id }: TimerEntry): ReadonlySet<string> {
  const parts = setting.replace(/\s*\([^)]*\)/g, '').split(/\s*\/\s*|[.\s]+/)
  return new Set([...parts, id.slice(id.lastIndexOf('.') + 1)].map(plain).filter((name) => name !== ''))
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, ms: 0.001, m: 60, h: 3600 }

function isDefault({ value, unit }: NumberAt, { default: known }: TimerEntry): boolean {
  if (known === null) return false
  const scale = UNIT_SECONDS[unit]
  return scale === undefined ? value === known || value === known * 1000 : value * scale === known
}

/** The value in the unit that the line has; without one, numbers from 1000 on that are no default in seconds are milliseconds. */
function written({ value, unit, decimal }: NumberAt, timer: TimerEntry, seconds: number): string {
  const inMs = unit === 'ms' || (unit === '' && value >= 1000 && value !== timer.default)
  if (inMs) return `${Math.round(seconds * 1000)}${unit}`
  const text = decimal && Number.isInteger(seconds) ? seconds.toFixed(1) : String(seconds)
  return `${text}${unit === '' ? '' : 's'}`
}
