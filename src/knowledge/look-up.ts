/**
 * Which timers could have closed a flow: a pure function of the close and the knowledge base, best answer first.
 * Side, phase and wire form decide who is considered at all; seconds, software and rarity decide the order.
 */
import { kinOf } from './components.js'
import { basisRank, fitOf, type Fit } from './fit.js'
import { configuredValues, onlyUsersOwn, type Configured } from './settings.js'
import { timers } from './timers.js'
import type { TimerEntry, TimerMatch, TimerQuery, TimerRole } from './types.js'

export { componentName, componentWord, kinOf, softwareComponents } from './components.js'
export { entriesOf, entry, timers } from './timers.js'
export type { TimerEntry, TimerMatch, TimerQuery, UserTimeout } from './types.js'

/** Most answers that one look-up gives. */
export const maxCandidates = 12

/** Seconds by which one fit has to be better than another to come first for that. */
const missStep = 0.1

interface Candidate {
  readonly match: TimerMatch
  /** Belongs to the closer's known software, or to what that is built on. */
  readonly own: boolean
  /** Kernel or box on the path: no header excludes it. */
  readonly neutral: boolean
  /** Sort key, compared number by number; smaller is better. */
  readonly key: readonly number[]
}

const neutralRoles: ReadonlySet<TimerRole> = new Set(['kernel', 'middlebox', 'orchestrator'])

const rolesOf: Readonly<Record<NonNullable<TimerQuery['role']>, ReadonlySet<TimerRole>>> = {
  client: new Set(['client']),
  lb: new Set(['load-balancer', 'reverse-proxy', 'cdn', 'api-gateway', 'paas']),
  proxy: new Set(['reverse-proxy', 'forward-proxy', 'cache', 'app-proxy', 'api-gateway', 'load-balancer']),
  application: new Set(['app-server', 'app-proxy', 'client', 'database']),
}

/**
 * Timers that could have fired, best first, at most `maxCandidates`, each id once.
 * The timers of a known component are listed even when no value of theirs matches (`unknown-value`); others then only if
 * theirs does. Without a known component the matching ones are listed, and all of that form if none matches.
 * A configured value of 0 switches its timer off. Never asserts: what to make of `fits` and `basis` is the verdict's business.
 */
export function candidates(query: TimerQuery): readonly TimerMatch[] {
  const configured = configuredValues(query.user)
  const found: Candidate[] = []
  for (const eligible of eligibleFor(query)) {
    const candidate = consider(eligible, query, configured)
    if (candidate !== null) found.push(candidate)
  }
  for (const match of onlyUsersOwn(query)) {
    const own = query.component === null || query.component === match.component
    found.push({ match, own, neutral: false, key: [own ? 0 : 1] })
  }
  return admitted(found)
    .sort(byKey)
    .slice(0, maxCandidates)
    .map(({ match }) => match)
}

/** Drops what a better-founded answer makes idle. */
function admitted(found: readonly Candidate[]): Candidate[] {
  const own = found.filter((candidate) => candidate.own)
  const others = found.filter((candidate) => !candidate.own)
  const fits = ({ match }: Candidate): boolean => match.fits
  const worthNaming = ({ match }: Candidate): boolean => match.fits || match.basis === 'typical'
  const configured = others.filter(({ match }) => match.fits && match.basis === 'configured')
  if (own.some(fits)) return [...own, ...others.filter((other) => other.neutral && fits(other))]
  if (own.length > 0) return [...own, ...others.filter(fits)]
  if (configured.length > 0) return others.filter(worthNaming)
  return others.some(fits) ? others.filter(worthNaming) : others
}

/** What can be said of a timer before any seconds are compared. */
interface Eligible {
  readonly timer: TimerEntry
  /** Its place in the knowledge base. */
  readonly order: number
  readonly own: boolean
  readonly status: number
  readonly phase: number
  readonly wire: number
}

/** Kinds of closes whose timers are remembered; a status is three digits that anybody may send. */
const mostKinds = 512
const eligibleByKind = new Map<string, readonly Eligible[]>()

/** The timers that could act at such a close whatever the seconds: the same for all closes of a kind, and most are of few kinds. */
function eligibleFor(query: TimerQuery): readonly Eligible[] {
  const { closer, flag, phase, part = null, status, component } = query
  const kind = `${closer} ${flag} ${phase} ${part ?? ''} ${status ?? ''} ${component ?? ''}`
  const known = eligibleByKind.get(kind)
  if (known !== undefined) return known
  const all = timers().flatMap((timer, order) => eligible(timer, order, query) ?? [])
  if (eligibleByKind.size >= mostKinds) eligibleByKind.clear()
  eligibleByKind.set(kind, all)
  return all
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

function consider(
  { timer, order, own, status, phase, wire }: Eligible,
  query: TimerQuery,
  configured: Configured,
): Candidate | null {
  const given = configured.get(timer.id) ?? []
  const values = given.filter((seconds) => seconds > 0)
  if (given.length > 0 && values.length === 0) return null

  const fit = fitOf(timer, query, own, values)
  const wins = fit.fits && fit.basis === 'configured'
  const key = [
    wins ? 0 : own ? 1 : 2,
    status,
    fit.fits ? 0 : 1,
    // A configured value that does not fit is the least likely of all: it is known to be another.
    !fit.fits && fit.basis === 'configured' ? 5 : basisRank[fit.basis],
    phase,
    wire,
    own || query.role === null || rolesOf[query.role].has(timer.role) ? 0 : 1,
    timer.timer === 'age' || timer.timer === 'count' ? 1 : 0,
    // Within one software a timer for just this part of the request acts before one that also covers the rest.
    own && timer.part !== null && timer.part === query.part ? 0 : 1,
    -timer.prior,
    timer.component === query.component ? 0 : 1,
    // Within one software: the more phases a timer covers, the likelier a more special one was to act before it.
    own ? timer.phases.length : 0,
    // Timers of equal value are not told apart by milliseconds.
    Number.isFinite(fit.miss) ? Math.round(fit.miss / missStep) : 0,
    order,
  ]
  return { match: matchOf(timer, fit), own, neutral: neutralRoles.has(timer.role), key }
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

function matchOf(timer: TimerEntry, { seconds, basis, fits, off, measured }: Fit): TimerMatch {
  const { id, component, setting, prior, verified, fix, syntax } = timer
  return { id, component, setting, seconds, basis, fits, off, measured, prior, verified, fix, syntax }
}

function byKey(a: Candidate, b: Candidate): number {
  for (let at = 0; at < a.key.length && at < b.key.length; at++) {
    const difference = (a.key[at] ?? 0) - (b.key[at] ?? 0)
    if (difference !== 0) return difference
  }
  return a.key.length - b.key.length
}
