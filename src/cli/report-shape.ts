/** The shape that a saved report has to have before anything is reckoned from it: a file may be of another tool, or edited. */
import { CLASS_WORDS } from '../report/words.js'
import { UsageError } from './usage-error.js'

/** Gives the path of the first part that is missing or of another kind; null: all is there. */
type Check = (value: unknown, path: string) => string | null

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const text: Check = (value, path) => (typeof value === 'string' ? null : path)
const number: Check = (value, path) => (typeof value === 'number' && Number.isFinite(value) ? null : path)

function nullable(check: Check): Check {
  return (value, path) => (value === null ? null : check(value, path))
}

/** Fields that later versions added are absent in older reports. */
function optional(check: Check): Check {
  return (value, path) => (value === undefined ? null : check(value, path))
}

function oneOf(words: readonly string[]): Check {
  return (value, path) => (typeof value === 'string' && words.includes(value) ? null : path)
}

function list(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return path
    for (const [index, item] of value.entries()) {
      const wrong = check(item, `${path}[${index}]`)
      if (wrong !== null) return wrong
    }
    return null
  }
}

function record(fields: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (!isRecord(value)) return path
    for (const [name, check] of Object.entries(fields)) {
      const wrong = check(value[name], path === '' ? name : `${path}.${name}`)
      if (wrong !== null) return wrong
    }
    return null
  }
}

const host = record({ ip: text, port: optional(number), role: nullable(text) })
const spread = record({ min: number, median: number, max: number })
const timer = record({ seconds: number, setting: nullable(text), candidates: list(text) })
const phase = oneOf([
  ...['connecting', 'awaiting-request', 'mid-request', 'awaiting-response', 'mid-response'],
  ...['peer-not-reading', 'between-requests', 'tunnel', 'closing'],
])
const bin: Check = (value, path) =>
  Array.isArray(value) && value.length === 3 ? list(number)(value, path) : path
const durations = record({
  count: number,
  longest: nullable(number),
  longestStream: nullable(number),
  bins: list(bin),
})
const sides = (check: Check): Check => record({ client: check, server: check })

const finding = record({
  class: oneOf(CLASS_WORDS),
  variant: nullable(text),
  severity: oneOf(['problem', 'latent', 'ok']),
  title: text,
  count: number,
  phase: nullable(phase),
  closer: oneOf(['client', 'server', 'middlebox', 'none']),
  client: host,
  server: host,
  silenceSeconds: nullable(spread),
  timer: nullable(timer),
  streams: list(number),
  example: number,
})

const flow = record({
  stream: number,
  client: host,
  server: host,
  close: record({ first: nullable(record({ time: number })) }),
  verdict: record({ class: text, summary: text, causeStream: nullable(number), evidence: list(record({})) }),
  links: list(record({ stream: number })),
})

const leg = record({
  client: host,
  server: host,
  ...{ clientSoftware: nullable(text), serverSoftware: nullable(text) },
  ...{ connections: number, opened: number, requests: number, reuses: number },
  ...{ reuseGaps: durations, answered: durations, unanswered: durations, responses: durations },
  ...{ unfinished: durations, pauses: durations, arrivals: durations, tunnels: durations },
  idleCloses: sides(durations),
  closesAnswered: sides(number),
  ages: durations,
})

const report = record({
  captures: list(record({ file: text, seconds: number, frames: number })),
  summary: record({ flows: number, problems: number, byClass: record({}) }),
  findings: list(finding),
  flows: list(flow),
  exposure: optional(record({ seconds: number, legs: list(leg) })),
})

/** Throws UsageError that names the part of the report which is missing or wrong. */
export function checkReportShape(content: unknown, path: string, hint: string): void {
  const wrong = report(content, '')
  if (wrong !== null) throw new UsageError(`${path} is no whole report: ${wrong} is missing or wrong`, hint)
}
