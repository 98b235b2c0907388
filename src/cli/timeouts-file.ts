/** `--timeouts`: the user's own settings, as JSON or YAML. */
import { readFile } from 'node:fs/promises'
import { systemTrouble } from './system-trouble.js'
import { UsageError } from './usage-error.js'

/** One setting as the user configured it. */
export interface ConfiguredTimeout {
  readonly component: string
  readonly setting: string
  readonly seconds: number
}

const EXAMPLE =
  'write one line per setting, such as  nginx.proxy_read_timeout: 60  (YAML) or {"nginx": {"proxy_read_timeout": 60}} (JSON)'

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86_400 }

/** `60`, `"60"`, `"75s"`, `"500ms"`, `"1h"` in seconds; null when it is no duration. */
function secondsOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : null
  if (typeof value !== 'string') return null
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d)?$/.exec(value.trim()) ?? []
  return amount === undefined ? null : Number(amount) * (UNITS[unit ?? 's'] ?? 1)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function timeoutOf(path: string, component: string, setting: string, value: unknown): ConfiguredTimeout {
  const seconds = secondsOf(value)
  if (seconds === null) {
    throw new UsageError(`${path}: ${component}.${setting} is not a number of seconds`, EXAMPLE)
  }
  return { component, setting, seconds }
}

/** A list of `{component, setting, seconds}`, as the contract names the fields. */
function fromList(path: string, list: readonly unknown[]): ConfiguredTimeout[] {
  return list.map((entry, index) => {
    if (!isRecord(entry) || typeof entry['component'] !== 'string' || typeof entry['setting'] !== 'string') {
      throw new UsageError(`${path}: entry ${index + 1} needs component, setting and seconds`, EXAMPLE)
    }
    return timeoutOf(path, entry['component'], entry['setting'], entry['seconds'])
  })
}

/** `nginx: {proxy_read_timeout: 60}` or `nginx.proxy_read_timeout: 60`. */
function fromMapping(path: string, mapping: Record<string, unknown>): ConfiguredTimeout[] {
  return Object.entries(mapping).flatMap(([name, value]) => {
    if (isRecord(value)) {
      return Object.entries(value).map(([setting, inner]) => timeoutOf(path, name, setting, inner))
    }
    const dot = name.indexOf('.')
    if (dot <= 0) throw new UsageError(`${path}: "${name}" names no component`, EXAMPLE)
    return [timeoutOf(path, name.slice(0, dot), name.slice(dot + 1), value)]
  })
}

async function parseText(path: string, text: string): Promise<unknown> {
  try {
    if (/^\s*[[{]/.test(text)) return JSON.parse(text) as unknown
    const { parse } = await import('yaml')
    return parse(text, { maxAliasCount: 0 }) as unknown
  } catch (error) {
    // The parser's own message has the line in it; its drawing of the line comes after a line break.
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw new UsageError(`${path}: neither JSON nor YAML: ${reason}`, EXAMPLE)
  }
}

/** Reads a file of settings. Throws UsageError that names the file and the entry. */
export async function readTimeouts(path: string): Promise<ConfiguredTimeout[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${path}: the timeouts file can't be read: ${systemTrouble(error)}`)
  }
  const content = await parseText(path, text)
  if (Array.isArray(content)) return fromList(path, content)
  if (isRecord(content)) {
    const list = content['timeouts']
    return Array.isArray(list) ? fromList(path, list) : fromMapping(path, content)
  }
  throw new UsageError(`${path}: no settings in it`, EXAMPLE)
}
