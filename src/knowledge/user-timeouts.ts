/** Checks and normalises the document a user gives with `--timeouts`. */
import { componentWord, componentWords, plain } from './components.js'
import { durationForms, seconds } from './durations.js'
import { timersFor, wordOf } from './settings.js'
import { entriesOf, timers } from './timers.js'
import type { UserTimeout } from './types.js'

/** What was read of a `--timeouts` document. */
export interface UserTimeouts {
  /** The valid entries, in their order; component as a word of components.ts where it is known, else as written. */
  readonly timeouts: readonly UserTimeout[]
  /** What is wrong, one sentence each, naming the entry and what was expected. Anything here means: do not go on. */
  readonly errors: readonly string[]
  /** What is unusual but usable: unknown names with the nearest known one, fields that are ignored. */
  readonly remarks: readonly string[]
}

const fields = ['component', 'setting', 'seconds'] as const

/** Longer waits do not occur; such a number is rather milliseconds given as seconds. */
const longest = 366 * 86400

/**
 * Reads a parsed document: an array of `{ component, setting, seconds }`, or an object with such an array in `timeouts`.
 * Durations: see durations.ts; 0 says that the timer is switched off. Nothing is thrown.
 */
export function readUserTimeouts(document: unknown): UserTimeouts {
  const list = listOf(document)
  if (typeof list === 'string') return { timeouts: [], errors: [list], remarks: [] }
  const where = list === document ? '' : 'timeouts'
  const timeouts: UserTimeout[] = []
  const errors: string[] = []
  const remarks: string[] = []
  list.forEach((item, at) => {
    const name = `${where}[${at}]`
    const problems = problemsOf(item, name)
    errors.push(...problems)
    if (problems.length > 0) return
    const timeout = normalised(item as Readonly<Record<string, unknown>>)
    timeouts.push(timeout)
    remarks.push(...remarksOn(timeout, item as object, name))
  })
  return { timeouts, errors, remarks }
}

/** The array in a document, or what is wrong with it. */
function listOf(document: unknown): readonly unknown[] | string {
  if (Array.isArray(document)) return document
  if (isRecord(document) && Array.isArray(document['timeouts'])) return document['timeouts']
  const found = isRecord(document) && 'timeouts' in document ? 'timeouts that is' : 'the document is'
  const value = isRecord(document) && 'timeouts' in document ? document['timeouts'] : document
  return `expected an array of { component, setting, seconds }, or { "timeouts": [ … ] }; ${found} ${kindOf(value)}`
}

function problemsOf(item: unknown, name: string): string[] {
  if (!isRecord(item)) return [`${name}: expected { component, setting, seconds }, found ${kindOf(item)}`]
  const problems: string[] = []
  for (const field of ['component', 'setting'] as const) {
    const value = item[field]
    if (typeof value === 'string' && value.trim() !== '') continue
    problems.push(`${name}.${field}: expected a name, found ${kindOf(value)}`)
  }
  const value = seconds(item['seconds'])
  if (value === null)
    problems.push(`${name}.seconds: expected ${durationForms}; found ${shown(item['seconds'])}`)
  else if (value > longest) {
    problems.push(
      `${name}.seconds: expected at most ${longest} seconds, found ${value}; given in milliseconds?`,
    )
  }
  return problems
}

function normalised(item: Readonly<Record<string, unknown>>): UserTimeout {
  const component = String(item['component']).trim()
  return {
    component: componentWord(component) ?? component,
    setting: String(item['setting']).trim(),
    seconds: seconds(item['seconds']) ?? 0,
  }
}

function remarksOn(timeout: UserTimeout, item: object, name: string): string[] {
  const remarks = Object.keys(item)
    .filter((key) => !(fields as readonly string[]).includes(key))
    .map((key) => `${name}: the field "${key}" is not used`)
  if (timersFor(timeout).length > 0) return remarks
  const known = componentWord(timeout.component) !== null
  const near = known ? nearestSetting(timeout) : nearestId(timeout)
  const what = known
    ? `"${timeout.setting}" is not a known setting of ${timeout.component}`
    : `the component "${timeout.component}" is not known`
  remarks.push(`${name}: ${what}; kept as it is${near === null ? '' : `. Did you mean ${near}?`}`)
  return remarks
}

function nearestSetting(timeout: UserTimeout): string | null {
  const all = entriesOf(wordOf(timeout))
  const near = nearest(
    plain(timeout.setting),
    all.flatMap(({ id, setting }) => [
      [plain(setting), id],
      [plain(id.slice(id.indexOf('.') + 1)), id],
    ]),
  )
  return near ?? nearestId(timeout)
}

function nearestId(timeout: UserTimeout): string | null {
  const wanted = plain(timeout.component) + plain(timeout.setting)
  const byId = nearest(
    wanted,
    timers().flatMap(({ id, component, setting }) => [
      [plain(id), id],
      [plain(component) + plain(setting), id],
    ]),
  )
  const word = nearest(
    plain(timeout.component),
    componentWords.map((word) => [plain(word), word]),
  )
  return byId ?? (word === null ? null : `the component ${word}`)
}

/** The value whose key is closest, if at most a third of the letters differ. */
function nearest(wanted: string, keys: readonly (readonly string[])[]): string | null {
  let best: string | null = null
  let least = Math.floor(wanted.length / 3) + 1
  for (const [key = '', value = ''] of keys) {
    if (Math.abs(key.length - wanted.length) >= least) continue
    const distance = editDistance(wanted, key)
    if (distance < least) [best, least] = [value, distance]
  }
  return best
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (value === '') return 'an empty text'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `${typeof value} ${shown(value)}`
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
