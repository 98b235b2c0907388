/** A report that `pcap-why --json` wrote, read back: it stands for a capture that may be long gone. */
import { open, readFile } from 'node:fs/promises'
import type { Report } from '../result.js'
import { systemTrouble } from './system-trouble.js'
import { UsageError } from './usage-error.js'

const SCHEMA = 'pcap-why/report/1'
const HINT = 'a saved report is what  pcap-why incident.pcap --json > incident.json  writes'

/** Whether a file begins like a JSON document; no capture format does. False when it cannot be read: opening it as a capture says why. */
export async function looksLikeJson(path: string): Promise<boolean> {
  if (path === '-') return false
  try {
    const file = await open(path, 'r')
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(64), 0, 64, 0)
      return /^\ufeff?\s*\{/.test(buffer.toString('utf8', 0, bytesRead))
    } finally {
      await file.close()
    }
  } catch {
    return false
  }
}

/** Reads a saved report. Throws UsageError when it is none, or lacks what a comparison needs. */
export async function readSavedReport(path: string): Promise<Report> {
  let content: unknown
  try {
    content = JSON.parse((await readFile(path, 'utf8')).replace(/^\ufeff/, ''))
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${path} is no JSON document`, HINT)
    throw new UsageError(`${path} can't be read: ${systemTrouble(error)}`)
  }
  if (!isRecord(content) || content['schema'] !== SCHEMA) {
    const found = isRecord(content) && typeof content['schema'] === 'string' ? content['schema'] : 'none'
    throw new UsageError(`${path} is no report of pcap-why: its schema is ${found}, not ${SCHEMA}`, HINT)
  }
  const trouble = missing(content)
  if (trouble !== null) throw new UsageError(`${path} is no whole report: ${trouble}`, HINT)
  return withLadders(content as unknown as Report)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

type Shape = 'string' | 'number' | 'array' | 'object'

const FINDING: Readonly<Record<string, Shape>> = {
  class: 'string',
  severity: 'string',
  closer: 'string',
  title: 'string',
  count: 'number',
  example: 'number',
  streams: 'array',
  client: 'object',
  server: 'object',
}
const FLOW: Readonly<Record<string, Shape>> = {
  stream: 'number',
  verdict: 'object',
  close: 'object',
  client: 'object',
  server: 'object',
  links: 'array',
}
const CAPTURE: Readonly<Record<string, Shape>> = { file: 'string', seconds: 'number', frames: 'number' }

function fits(value: unknown, shape: Shape): boolean {
  if (shape === 'array') return Array.isArray(value)
  return shape === 'object' ? isRecord(value) : typeof value === shape
}

/** The first thing that is not there as it should be; null: all that a comparison reads is there. */
function missing(report: Record<string, unknown>): string | null {
  const lists: [string, Readonly<Record<string, Shape>>][] = [
    ['captures', CAPTURE],
    ['findings', FINDING],
    ['flows', FLOW],
  ]
  if (!isRecord(report['summary'])) return 'summary is missing'
  for (const [name, shape] of lists) {
    const list = report[name]
    if (!Array.isArray(list)) return `${name} is missing`
    for (const [index, item] of list.entries()) {
      const wrong = Object.keys(shape).find(
        (key) => !isRecord(item) || !fits(item[key], shape[key] ?? 'string'),
      )
      if (wrong !== undefined) return `${name}[${index}].${wrong} is missing`
    }
  }
  return missingExposure(report['exposure'])
}

const DURATIONS = [
  'reuseGaps',
  'answered',
  'unanswered',
  'responses',
  'unfinished',
  'pauses',
  'arrivals',
  'tunnels',
  'ages',
]

function missingExposure(exposure: unknown): string | null {
  // Reports of older versions have none; then nothing can be said about chance.
  if (exposure === undefined) return null
  if (!isRecord(exposure) || !Array.isArray(exposure['legs'])) return 'exposure.legs is missing'
  for (const [index, leg] of exposure['legs'].entries()) {
    const idle: unknown = isRecord(leg) ? leg['idleCloses'] : null
    const durations =
      isRecord(leg) && isRecord(idle)
        ? [...DURATIONS.map((key) => leg[key]), idle['client'], idle['server']]
        : [null]
    if (!durations.every((one) => isRecord(one) && Array.isArray(one['bins'])))
      return `exposure.legs[${index}] lacks durations`
  }
  return null
}

/** JSON leaves ladders out that nobody draws. */
function withLadders(report: Report): Report {
  const flows = report.flows.map((flow) =>
    Array.isArray(flow.ladder) ? flow : { ...flow, ladder: [], ladderOmitted: 0 },
  )
  return { ...report, chain: Array.isArray(report.chain) ? report.chain : [], flows }
}
