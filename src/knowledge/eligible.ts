/** Which timers could act at a close at all, whatever the seconds: side, phase, wire form and status decide. */
import { kinOf } from './components.js'
import { leastFitting } from './fit.js'
import { lookUpPolicy } from './policy.js'
import { timers } from './timers.js'
import type { TimerEntry, TimerQuery } from './types.js'

/** What can be said of a timer before any seconds are compared. */
export interface Eligible {
  readonly timer: TimerEntry
  /** Its place in the knowledge base. */
  readonly order: number
  readonly own: boolean
  readonly status: number
  readonly phase: number
  readonly wire: number
}

/** Timers that could act at closes of one kind. */
export interface Kind {
  readonly eligible: readonly Eligible[]
  /** No clock that shows less, in seconds, is near any value of these timers. */
  readonly leastSeconds: number
  /** Like it for timers that count requests. */
  readonly leastRequests: number
}

const kinds = new Map<string, Kind>()

/** The timers that could act at such a close whatever the seconds: the same for all closes of a kind, and most are of few kinds. */
export function kindOf(query: TimerQuery): Kind {
  const { closer, flag, phase, part = null, status, component } = query
  const kind = `${closer} ${flag} ${phase} ${part ?? ''} ${status ?? ''} ${component ?? ''}`
  const known = kinds.get(kind)
  if (known !== undefined) return known
  const all = timers().flatMap((timer, order) => eligible(timer, order, query) ?? [])
  const counts = all.filter(({ timer }) => timer.timer === 'count')
  const clocks = all.filter(({ timer }) => timer.timer !== 'count')
  const found = { eligible: all, leastSeconds: leastOf(clocks), leastRequests: leastOf(counts) }
  if (kinds.size >= lookUpPolicy.kindsKept) kinds.clear()
  kinds.set(kind, found)
  return found
}

function eligible(timer: TimerEntry, order: number, query: TimerQuery): Eligible | null {
  const kin = query.component === null ? [] : kinOf(query.component)
  const own = timer.component === query.component || kin.includes(timer.component)
  if (timer.timer === 'none' || !(closedBy(timer, query) || (own && cutsResponse(timer, query)))) return null
  const phase = phaseRank(timer, query)
  const wire = wireRank(timer, query)
  const status = statusRank(timer, query)
  if (phase === null || wire === null || (status === 2 && !own)) return null
  return { timer, order, own, status, phase, wire }
}

function leastOf(some: readonly Eligible[]): number {
  return some.reduce((least, { timer }) => Math.min(least, leastFitting(timer)), Infinity)
}

function closedBy(timer: TimerEntry, query: TimerQuery): boolean {
  // A box on the path closes in the name of either end.
  return timer.closer === query.closer || timer.closer === 'either' || timer.closer === 'middlebox'
}

/** A proxy whose upstream falls silent in the middle of a response can only cut it short towards its client. */
function cutsResponse(timer: TimerEntry, { closer, phase }: TimerQuery): boolean {
  const relayed = phase === 'mid-response' || phase === 'tunnel'
  return closer === 'acceptor' && relayed && timer.closes === 'upstream' && timer.clientStatus.includes(200)
}

/** 0 same phase, 1 a neighbour that packets hardly tell apart, null another. */
function phaseRank(timer: TimerEntry, { phase, closer, part = null }: TimerQuery): number | null {
  const { phases } = timer
  if (phase === 'mid-request' && part !== null && timer.part !== null && part !== timer.part) return null
  if (phases.includes(phase)) return 0
  const beforeRequest = closer === 'acceptor' ? 'awaiting-request' : 'connecting'
  if ((phase === beforeRequest || phase === 'awaiting-request') && phases.includes('tls-handshake')) return 1
  if (phase === 'tunnel' && phases.includes('mid-response')) return 1
  return null
}

/** 0 the usual close form, 1 a rarer one, null: this timer does not close like that. */
function wireRank({ wire }: TimerEntry, { flag }: TimerQuery): number | null {
  const forms = wire.filter((token) => !token.startsWith('HTTP-'))
  // Only a status is known of some: any close may follow it, but not none.
  if (forms.length === 0) return wire.length > 0 && flag !== 'SILENCE' ? 1 : null
  const at = forms.indexOf(flag)
  return at < 0 ? null : Math.min(at, 1)
}

/** 0 the status that was seen goes with this timer, 1 nothing said, 2 it contradicts. */
function statusRank({ wire, clientStatus, closer }: TimerEntry, { status }: TimerQuery): number {
  const own = wire.filter((token) => token.startsWith('HTTP-')).map((token) => Number(token.slice(5)))
  if (status === null) {
    // A goodbye comes on the same leg as the close, so its absence speaks; a consequence may lie outside the capture.
    const alwaysSaysGoodbye = closer === 'acceptor' && wire[0]?.startsWith('HTTP-') === true
    return alwaysSaysGoodbye ? 2 : 1
  }
  if (own.includes(status) || clientStatus.includes(status)) return 0
  const silentGoodbye = closer === 'acceptor' && wire.length > 0 && own.length === 0 && status === 408
  return own.length > 0 || silentGoodbye ? 2 : 1
}
