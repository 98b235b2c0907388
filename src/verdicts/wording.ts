import type { Exchange } from '../exchange/exchange.js'
import { pathLabel } from '../exchange/target-label.js'
import { endText, roleText } from '../facts/end-text.js'
import type { FlowFacts } from '../facts/flow-facts.js'
import { componentName } from '../knowledge/look-up.js'
import type { Side } from '../result.js'
import { policy, seconds } from './policy.js'
import type { Case } from './verdict-rule.js'

export { span } from '../facts/span-text.js'
export { sentence } from '../knowledge/sentence.js'

/** How a sentence calls this end: its role, with its software where that adds something; else, or where both have one name, its address. */
export function actor(c: Case, side: Side): string {
  const name = nameOf(c, side)
  if (name !== nameOf(c, side === 'client' ? 'server' : 'client')) return name
  const { client, server } = c.facts
  return `${name} ${side === 'client' ? client.ip : endText(server)}`
}

/** How evidence calls this end: as sentences do; else, for it stands beside its flow, `the client` or `the server` without an address. */
export function party(c: Case, side: Side): string {
  const role = side === 'client' ? c.around.clientRole : c.around.serverRole
  return role === null ? `the ${side}` : actor(c, side)
}

function nameOf(c: Case, side: Side): string {
  const role = side === 'client' ? c.around.clientRole : c.around.serverRole
  const software = side === 'client' ? c.around.clientSoftware : c.around.serverSoftware
  // On one host both ends bear its name: then the end itself is meant.
  const oneHost = c.facts.client.ip === c.facts.server.ip
  if (role === 'client' && (side === 'client' || !oneHost)) return 'the client'
  if (role !== null && role !== 'client') {
    const name = software === null ? null : componentName(software)
    const called = roleText(role)
    if (name === null || name.toLowerCase() === role.toLowerCase()) return called
    return role === 'lb' ? name : `${called} (${name})`
  }
  const end = side === 'client' ? c.facts.client : c.facts.server
  return side === 'client' ? `the client ${end.ip}` : `the server ${endText(end)}`
}

/** A span that a summary tells, for findings that go by it; nothing of spans that are told in milliseconds. */
export function toldSpan(ns: number | null): { readonly seconds?: number } {
  return ns === null || Math.abs(seconds(ns)) < 1 ? {} : { seconds: Number(seconds(ns).toFixed(3)) }
}

/** What the exchange in question was: `POST /v1/messages`, without its query; `the request` when it can't be read. */
export function requestName(facts: FlowFacts): string {
  const exchange = facts.standing.exchange
  if (exchange === null && facts.conversation?.protocol === 'tls') return 'the ClientHello'
  return requestWords(exchange, 'the request')
}

/** A request by its method and its path, shortened; `unknown` when it can't be read. */
export function requestWords(request: Exchange | null, unknown: string): string {
  if (request?.method == null) return unknown
  const path = pathLabel(request)
  return `${request.method} ${path.length > policy.pathShown ? `${path.slice(0, policy.pathShown - 1)}…` : path}`.trim()
}

/** "FIN" or "RST" with its form, as evidence says it. */
export function closeWord(facts: FlowFacts, close = facts.close.first): string {
  const first = close
  if (first === null) return 'no close'
  if (!first.captured) return 'FIN (not captured, but acknowledged)'
  return first.flag === 'FIN'
    ? 'FIN'
    : first.form === 'unknown' || first.form === null
      ? 'RST'
      : `RST (${first.form})`
}
