/** Checks and normalises the document a user gives with `--timeouts`. */
import { componentWord, componentWords, plain } from './components.js'
import { durationForms, seconds } from './durations.js'
import { nearest } from './nearest.js'
import { lookUpPolicy } from './policy.js'
import { timersFor, wordOf } from './settings.js'
import { entriesOf, timers } from './timers.js'
import type { UserTimeout } from './types.js'

/** A place in the document, from its top: keys and indices. */
export type DocumentPath = readonly (string | number)[]

/** What is wrong or unusual at one place. */
export interface Trouble {
  readonly path: DocumentPath
  /** The place as its writer would call it: `nginx.proxy_read_timeout`, `timeouts[2].seconds`; empty: the whole document. */
  readonly name: string
  /** What was expected and what was found, without a full stop. */
  readonly text: string
}

/** What was read of a `--timeouts` document. */
export interface UserTimeouts {
  /** The valid entries, in their order; component as a word of components.ts where it is known, else as written. */
  readonly timeouts: readonly UserTimeout[]
  /** What is wrong. Anything here means: do not go on. */
  readonly errors: readonly Trouble[]
  /** What is unusual but usable: unknown names with the nearest known one, fields that are ignored. */
  readonly remarks: readonly Trouble[]
}

/** One setting as found in the document, whatever its form. */
interface Item {
  readonly path: DocumentPath
  readonly name: string
  readonly value: unknown
  /** Where the seconds stand, and what they are called in messages. */
  readonly secondsPath: DocumentPath
  readonly secondsName: string
}

const fields = ['component', 'setting', 'seconds'] as const

/**
 * Reads a parsed document in any of its forms: a list of `{ component, setting, seconds }`, an object with such a list in `timeouts`,
 * or a mapping (`nginx: { proxy_read_timeout: 60 }`, `nginx.proxy_read_timeout: 60`).
 * Durations: see durations.ts; 0 says that the timer is switched off. Nothing is thrown.
 */
export function readUserTimeouts(document: unknown): UserTimeouts {
  const items = itemsOf(document)
  if (!Array.isArray(items)) return { timeouts: [], errors: [items as Trouble], remarks: [] }
  const timeouts: UserTimeout[] = []
  const errors: Trouble[] = []
  const remarks: Trouble[] = []
  for (const item of items as readonly Item[]) {
    const problems = problemsOf(item)
    errors.push(...problems)
    if (problems.length > 0) continue
    const timeout = normalised(item.value as Readonly<Record<string, unknown>>)
    timeouts.push(timeout)
    remarks.push(...remarksOn(timeout, item))
  }
  return { timeouts, errors, remarks }
}

/** The settings in a document, or what is wrong with it. */
function itemsOf(document: unknown): readonly Item[] | Trouble {
  if (Array.isArray(document)) return listItems(document, [])
  const empty = isRecord(document) && Object.keys(document).length === 0
  if (isRecord(document) && !empty) {
    const { timeouts } = document
    if (Array.isArray(timeouts)) return listItems(timeouts, ['timeouts'])
    return isRecord(timeouts) ? mappingItems(timeouts, ['timeouts']) : mappingItems(document, [])
  }
  const found = empty ? 'none' : kindOf(document)
  const text = `expected settings, such as nginx.proxy_read_timeout: 60, found ${found}`
  return { path: [], name: '', text }
}

function listItems(list: readonly unknown[], at: DocumentPath): Item[] {
  return list.map((value, index) => {
    const path = [...at, index]
    const name = `${at.join('')}[${index}]`
    return { path, name, value, secondsPath: [...path, 'seconds'], secondsName: `${name}.seconds` }
  })
}

function mappingItems(mapping: Readonly<Record<string, unknown>>, at: DocumentPath): Item[] {
  return Object.entries(mapping).flatMap(([key, value]) => {
    const path = [...at, key]
    if (isRecord(value))
      return Object.entries(value).map(([setting, duration]) =>
        mapped([...path, setting], `${key}.${setting}`, { component: key, setting, seconds: duration }),
      )
    // `node.server.keepAliveTimeout`: what stands before the first dot is the component.
    const dot = key.indexOf('.')
    const [component, setting] = dot < 0 ? [undefined, key] : [key.slice(0, dot), key.slice(dot + 1)]
    return [mapped(path, key, { component, setting, seconds: value })]
  })
}

function mapped(path: DocumentPath, name: string, value: object): Item {
  return { path, name, value, secondsPath: path, secondsName: name }
}

function problemsOf({ path, name, value, secondsPath, secondsName }: Item): Trouble[] {
  if (!isRecord(value))
    return [{ path, name, text: `expected { component, setting, seconds }, found ${kindOf(value)}` }]
  const problems: Trouble[] = []
  for (const field of ['component', 'setting'] as const) {
    const given = value[field]
    if (typeof given === 'string' && given.trim() !== '') continue
    const text = `expected the name of a ${field}, found ${kindOf(given)}`
    problems.push({ path, name: secondsName === name ? name : `${name}.${field}`, text })
  }
  const duration = seconds(value['seconds'])
  if (duration === null) {
    const text = `expected ${durationForms}; found ${shown(value['seconds'])}`
    problems.push({ path: secondsPath, name: secondsName, text })
  } else if (duration > lookUpPolicy.longestWait) {
    const text = `expected at most ${lookUpPolicy.longestWait} seconds, found ${duration}; given in milliseconds?`
    problems.push({ path: secondsPath, name: secondsName, text })
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

function remarksOn(timeout: UserTimeout, { path, name, value }: Item): Trouble[] {
  const remarks = Object.keys(value as object)
    .filter((key) => !(fields as readonly string[]).includes(key))
    .map((key) => ({ path, name, text: `the field "${key}" is not used` }))
  if (timersFor(timeout).length > 0) return remarks
  const known = componentWord(timeout.component) !== null
  const near = known ? nearestSetting(timeout) : nearestId(timeout)
  const what = known
    ? `"${timeout.setting}" is not a known setting of ${timeout.component}`
    : `the component "${timeout.component}" is not known`
  const text = `${what}; kept as it is${near === null ? '' : `. Did you mean ${near}?`}`
  return [...remarks, { path, name, text }]
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
  return near ?? nearestEntry(timeout)
}

function nearestId(timeout: UserTimeout): string | null {
  const word = nearest(
    plain(timeout.component),
    componentWords.map((word) => [plain(word), word]),
  )
  return nearestEntry(timeout) ?? (word === null ? null : `the component ${word}`)
}

function nearestEntry(timeout: UserTimeout): string | null {
  const wanted = plain(timeout.component) + plain(timeout.setting)
  return nearest(
    wanted,
    timers().flatMap(({ id, component, setting }) => [
      [plain(id), id],
      [plain(component) + plain(setting), id],
    ]),
  )
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
