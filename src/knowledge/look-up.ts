/**
 * Which timers could have closed a flow: a pure function of the close and the knowledge base, best answer first.
 * Side, phase and wire form decide who is considered at all; seconds, software and rarity decide the order.
 */
import { kindOf, type Eligible, type Kind } from './eligible.js'
import { basisRank, fitOf, type Fit } from './fit.js'
import { lookUpPolicy } from './policy.js'
import { configuredValues, onlyUsersOwn, type Configured } from './settings.js'
import { entry } from './timers.js'
import type { TimerEntry, TimerMatch, TimerQuery, TimerRole } from './types.js'

export { componentName, componentWord, kinOf, softwareComponents } from './components.js'
export { entriesOf, entry, timers } from './timers.js'
export type { TimerEntry, TimerMatch, TimerQuery, UserTimeout } from './types.js'

/** Prior of settings that are met every day. */
export const USUAL_SUSPECT = 3

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

/** Whether a setting may have acted whatever software an end runs: a kernel's, a box's on the path, or one that only the user knows. */
export function isNeutral(id: string): boolean {
  const role = entry(id)?.role
  return role === undefined || neutralRoles.has(role)
}

const rolesOf: Readonly<Record<NonNullable<TimerQuery['role']>, ReadonlySet<TimerRole>>> = {
  client: new Set(['client']),
  lb: new Set(['load-balancer', 'reverse-proxy', 'cdn', 'api-gateway', 'paas']),
  proxy: new Set(['reverse-proxy', 'forward-proxy', 'cache', 'app-proxy', 'api-gateway', 'load-balancer']),
  application: new Set(['app-server', 'app-proxy', 'client', 'database']),
}

/**
 * Timers that could have fired, best first, at most the policy's number of them, each id once.
 * The timers of a known component are listed even when no value of theirs matches (`unknown-value`); others then only if
 * theirs does. Without a known component the matching ones are listed, and all of that form if none matches.
 * A configured value of 0 switches its timer off. Never asserts: what to make of `fits` and `basis` is the verdict's business.
 */
export function candidates(query: TimerQuery): readonly TimerMatch[] {
  const kind = kindOf(query)
  if (!belowAll(query, kind)) return ranked(query, kind)
  const same = likeOf(query)
  const answers = unfitting.get(kind) ?? new Map<string, readonly TimerMatch[]>()
  const known = answers.get(same)
  if (known !== undefined) return known
  const found = ranked(query, kind)
  unfitting.set(kind, answers.set(same, found))
  return found
}

/** Answers to closes that came sooner than any timer of their kind: no value fits, so the measured times do not matter. */
const unfitting = new WeakMap<Kind, Map<string, readonly TimerMatch[]>>()

function belowAll(query: TimerQuery, { leastSeconds, leastRequests }: Kind): boolean {
  const { gapSeconds, ageSeconds, requestAgeSeconds, requests, user } = query
  const longest = Math.max(gapSeconds ?? 0, ageSeconds ?? 0, requestAgeSeconds ?? 0)
  return user.length === 0 && longest < leastSeconds && (requests ?? 0) < leastRequests
}

/** What of a query still decides, beside its kind, when nothing fits. */
function likeOf({ role, gapSeconds, ageSeconds, requestAgeSeconds, requests, passesOn }: TimerQuery): string {
  const seen = [gapSeconds, ageSeconds, requestAgeSeconds]
    .map((value) => (value === null ? '-' : '+'))
    .join('')
  return `${role ?? ''} ${seen} ${requests === null || requests <= 1} ${passesOn === true}`
}

function ranked(query: TimerQuery, kind: Kind): readonly TimerMatch[] {
  const configured = configuredValues(query.user)
  const found: Candidate[] = []
  for (const eligible of kind.eligible) {
    if (asksForItself(eligible, query)) continue
    const candidate = consider(eligible, query, configured)
    if (candidate !== null) found.push(candidate)
  }
  for (const match of onlyUsersOwn(query)) {
    const own = query.component === null || query.component === match.component
    found.push({ match, own, neutral: false, key: [own ? 0 : 1] })
  }
  return admitted(found)
    .sort(byKey)
    .slice(0, lookUpPolicy.candidates)
    .map(({ match }) => match)
}

/** Settings that end health checks alone. */
const healthChecks: ReadonlySet<string> = new Set(['aws.alb.health_check_timeout', 'haproxy.timeout_check'])

/** Who passes requests on, and may be any software, is neither a library that asks for itself nor a health check. */
function asksForItself({ timer, own }: Eligible, { passesOn, component }: TimerQuery): boolean {
  if (passesOn !== true || component !== null || own) return false
  return timer.role === 'client' || healthChecks.has(timer.id)
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
    Number.isFinite(fit.miss) ? Math.round(fit.miss / lookUpPolicy.missStep) : 0,
    order,
  ]
  return { match: matchOf(timer, fit), own, neutral: neutralRoles.has(timer.role), key }
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
