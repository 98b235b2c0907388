import type { LegOrder } from '../result.js'
import type { LegTimers } from './leg-timers.js'
import type { LegRecord } from './leg-record.js'
import { seconds } from './policy.js'
import { endName, secondsText, setText, verb } from './words.js'

/** Why the order of a leg's timers is called what it is called: actors, verbs, measured numbers; no full stop. */
export function becauseOf(leg: LegRecord, timers: LegTimers, order: LegOrder['order']): string {
  switch (order) {
    case 'unsafe':
      return unsafe(leg, timers)
    case 'safe':
      return `${clientPart(leg, timers)}, ${patience(leg, timers)}`
    default:
      return unknown(leg, timers)
  }
}

function unsafe(leg: LegRecord, timers: LegTimers): string {
  const server = endName(leg, 'server')
  const { seen } = timers
  if (seen.server !== null)
    return `${server} closes idle connections after ${secondsText(seen.server.value)} (${counts(seen.server)})${clientWould(leg, timers)}`
  const n = timers.serverCloses
  if (n > 0)
    return `${server} closed ${n} idle ${n === 1 ? 'connection' : 'connections'} before ${endName(leg, 'client')} did, at no steady time`
  if (timers.server !== null && timers.client !== null)
    return `${serverSays(leg, timers)}${clientWould(leg, timers)}`
  return `${server} closed connections while ${endName(leg, 'client')} sent on them`
}

function counts({ closes, of }: { readonly closes: number; readonly of: number }): string {
  return `${closes} of ${of}`
}

/** How long the reusing side would have kept the connection; empty when nothing tells. */
function clientWould(leg: LegRecord, { client, seen }: LegTimers): string {
  const who = endName(leg, 'client')
  if (client === null) return ''
  if (client.basis === 'default')
    return `, ${who} would keep them for ${setText(client.seconds)} unless set otherwise`
  if (client.basis === 'configured')
    return `, ${who} would keep them for ${setText(client.seconds)} as configured`
  return seen.client === null ? '' : `, ${who} after ${secondsText(client.seconds)} (${counts(seen.client)})`
}

function clientPart(leg: LegRecord, { client, seen }: LegTimers): string {
  const who = endName(leg, 'client')
  if (seen.client !== null) {
    const latest = seen.clientTimers > 1 ? ' at the latest' : ''
    return `${who} ${verb(leg, 'client', 'closes')} idle connections after ${secondsText(seen.client.value)}${latest} (${counts(seen.client)})`
  }
  return client === null
    ? `when ${who} would close was not seen`
    : `${who} is configured to ${setText(client.seconds)}`
}

function serverSays(leg: LegRecord, { server }: LegTimers): string {
  const who = endName(leg, 'server')
  if (server === null) return `when ${who} would close was not seen`
  if (server.basis === 'declared') return `${who} announces ${setText(server.seconds)} (Keep-Alive header)`
  if (server.basis === 'configured') return `${who} is configured to ${setText(server.seconds)}`
  return `${who} after ${secondsText(server.seconds)}`
}

/** What is known of the server's patience when it never closed first. */
function patience(leg: LegRecord, timers: LegTimers): string {
  if (timers.server !== null) return serverSays(leg, timers)
  return `before ${endName(leg, 'server')} ever did; how much longer that would wait was not seen`
}

function unknown(leg: LegRecord, timers: LegTimers): string {
  const client = endName(leg, 'client')
  const server = endName(leg, 'server')
  const longest = leg.reuseGaps.longestNs
  const used = longest === null ? '' : `; used again after up to ${secondsText(seconds(longest))} of idleness`
  if (timers.seen.client !== null)
    return `${clientPart(leg, timers)}, too few or too mixed closes to say that it is always first${used}`
  if (timers.server !== null)
    return `${serverSays(leg, timers)}; when ${client} would close was not seen${used}`
  if (timers.clientCloses > 0)
    return `${client} closed ${timers.clientCloses} idle ${timers.clientCloses === 1 ? 'connection' : 'connections'} at no steady time, ${server} none${used}`
  return `neither ${client} nor ${server} closed an idle connection${used}`
}

/** How often the order hurts: reuses near the serving side's timer, races seen, races to expect. Null: nothing to say. */
export function riskOf(
  leg: LegRecord,
  nearMisses: number,
  perHour: number | null,
  timerSeconds: number | null,
): string | null {
  const parts: string[] = []
  const well = leg.reuseGaps.total
  if (timerSeconds !== null && well > 0 && (nearMisses > 0 || leg.races === 0)) {
    const near = `of ${well} ${well === 1 ? 'reuse that was' : 'reuses that were'} answered`
    const at = setText(Math.round(timerSeconds * 100) / 100)
    parts.push(`${nearMisses === 0 ? 'none' : nearMisses} ${near} came within a second of ${at}`)
  }
  if (leg.races > 0) parts.push(`${leg.races} ${leg.races === 1 ? 'request' : 'requests'} met such a close`)
  if (perHour !== null) parts.push(`${rateText(perHour)} at this traffic`)
  else if (parts.length > 0 && leg.races === 0) parts.push('too little to reckon a rate from')
  return parts.length === 0 ? null : parts.join('; ')
}

/** `about 2 races an hour`, `about one race in 3 days`: one or two digits, more would be made up. */
export function rateText(perHour: number): string {
  if (perHour >= 0.95) {
    const two = Number(perHour.toPrecision(2))
    return `about ${two} ${two === 1 ? 'race' : 'races'} an hour`
  }
  const hours = 1 / perHour
  const [value, unit] = hours < 36 ? [hours, 'hours'] : [hours / 24, 'days']
  if (value > 1000) return 'hardly ever a race'
  return `about one race in ${Number(value.toPrecision(value < 10 ? 1 : 2))} ${unit}`
}
