/** Which parts are the death of one host or program: what it cut, what was refused and what got no answer. */
import { SEVERITY_ORDER } from '../result.js'
import type { AnswersHeard } from './answers.js'
import { classOf, joinedByKind, spanOf, type Part } from './finding-part.js'
import { findingPolicy } from './policy.js'

function apart(a: Part, b: Part): number {
  const [x, y] = [spanOf(a), spanOf(b)]
  return Math.max(x.from - y.to, y.from - x.to, 0)
}

/** Ways in which connections to a dead host or a stopped program fail. */
const DOWN: ReadonlySet<string> = new Set(['refused', 'connect-timeout', 'vanished'])
/** Ways in which they end when it dies. */
const DYING: ReadonlySet<string> = new Set(['server-abort', 'shutdown'])

/** Whether a part is what a host's death may look like. */
function mayBeOutage(part: Part): boolean {
  const kind = classOf(part)
  return part.contested !== true && (DOWN.has(kind) || DYING.has(kind)) && serverGone(part)
}

/** Whether two such parts of one address are one death: in one stretch of time in which it answered nobody. */
function sameOutage(a: Part, b: Part, answers: AnswersHeard): boolean {
  const kinds = [classOf(a), classOf(b)]
  if (!kinds.some((kind) => DOWN.has(kind))) return false
  const [one, other] = [a.flows[0].server, b.flows[0].server]
  // A program that stopped is its port's matter; a host that is gone takes all of its ports with it.
  const program = kinds.some((kind) => kind === 'refused' || DYING.has(kind))
  if (program && one.port !== other.port) return false
  const brief = [a, b].every((part) => {
    const { from, to } = spanOf(part)
    return !DYING.has(classOf(part)) || to - from <= findingPolicy.outageApartSeconds
  })
  return brief && apart(a, b) <= findingPolicy.outageApartSeconds && !answeredBetween(a, b, program, answers)
}

/** A program that served somebody between two of its failures was back; a host that did while it was silent on both was there. */
function answeredBetween(a: Part, b: Part, program: boolean, answers: AnswersHeard): boolean {
  const { ip, port } = a.flows[0].server
  const [x, y] = [spanOf(a), spanOf(b)]
  if (program) return answers.within(ip, port, Math.min(x.to, y.to), Math.max(x.from, y.from)) !== null
  const silentFrom = Math.max(x.from, y.from) + findingPolicy.stillSilentSeconds
  return answers.within(ip, null, silentFrom, Math.min(x.to, y.to)) !== null
}

/** Of a connection whose client vanished the server is not to blame. */
function serverGone({ flows: [{ verdict }] }: Part): boolean {
  return verdict.variant !== 'vanished' || verdict.gone === 'server'
}

/** Parts, each alone or with what else is the same host's death: one part of each class, the worst and most frequent first. */
export function outages(parts: readonly Part[], answers: AnswersHeard): [Part, ...Part[]][] {
  const groups: Part[][] = []
  /** Those that may be outages, by address. */
  const byAddress = new Map<string, Part[][]>()
  for (const part of parts) {
    const { ip } = part.flows[0].server
    const there = mayBeOutage(part) ? (byAddress.get(ip) ?? []) : null
    const at = there?.find((group) => group.some((other) => sameOutage(other, part, answers)))
    if (at !== undefined) {
      at.push(part)
      continue
    }
    const group = [part]
    groups.push(group)
    there?.push(group)
    if (there !== null) byAddress.set(ip, there)
  }
  return groups.map((group) => {
    const [main, ...rest] = joinedByKind(group, classOf).sort(
      (a, b) =>
        SEVERITY_ORDER[a.flows[0].verdict.severity] - SEVERITY_ORDER[b.flows[0].verdict.severity] ||
        b.count.flows - a.count.flows,
    )
    return [main, ...rest]
  })
}
