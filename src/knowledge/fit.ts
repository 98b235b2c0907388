/** Compares what was measured at a close with the values one timer may have. */
import { lookUpPolicy } from './policy.js'
import type { MatchBasis, Measured, TimerEntry, TimerQuery } from './types.js'

/** How well a timer explains the measured time. */
export interface Fit {
  readonly seconds: number | null
  readonly basis: MatchBasis
  readonly fits: boolean
  readonly off: number
  readonly measured: Measured
  /** Within the tolerance, whether or not that counts as a fit. */
  readonly near: boolean
  /** Distance in seconds from the moment at which the timer is expected to fire; Infinity without a value. */
  readonly miss: number
}

interface Measure {
  readonly kind: Measured
  readonly value: number | null
}

interface Value {
  readonly seconds: number
  readonly basis: MatchBasis
}

/** Strength of a basis: smaller is stronger. */
export const basisRank: Readonly<Record<MatchBasis, number>> = {
  configured: 0,
  default: 1,
  variant: 2,
  typical: 3,
  'unknown-value': 4,
}

/**
 * The best fit of a timer.
 * @param known the closer is known to run this timer's component: only then may a typical value or a lazy close fit
 * @param configured values that the user gave for this timer; if there are any, no other value is considered
 */
export function fitOf(
  timer: TimerEntry,
  query: TimerQuery,
  known: boolean,
  configured: readonly number[],
): Fit {
  const measures = measuresOf(timer, query)
  let best: Fit | null = null
  for (const value of valuesOf(timer, configured)) {
    // Measures come likeliest first and only a better fit replaces one found before.
    for (const measure of measures) {
      const fit = compare(timer, value, measure, known)
      if (fit !== null && (best === null || better(fit, best))) best = fit
    }
  }
  // A configured value that does not match is still what is known about the timer; a default is not.
  if (best !== null && (best.fits || best.basis === 'configured' || namesTypical(best))) return best
  return {
    seconds: null,
    basis: 'unknown-value',
    fits: false,
    near: false,
    off: 0,
    measured: measures[0]?.kind ?? 'gap',
    miss: Infinity,
  }
}

function better(a: Fit, b: Fit): boolean {
  if (a.fits !== b.fits) return a.fits
  if (a.near !== b.near) return a.near
  if (a.basis !== b.basis) return basisRank[a.basis] < basisRank[b.basis]
  return a.measured === b.measured && a.miss < b.miss
}

/** A value people often set, met at a closer that is not known: worth naming, no proof. */
function namesTypical({ near, basis }: Fit): boolean {
  return near && basis === 'typical'
}

function compare(timer: TimerEntry, value: Value, measure: Measure, known: boolean): Fit | null {
  if (measure.value === null) return null
  const { seconds, basis } = value
  const off = measure.value - seconds
  const later = timer.adds === null ? off : off - timer.adds
  const near = measure.kind === 'count' ? off === 0 : within(off, timer) || within(later, timer)
  const weak = basis === 'typical' || (timer.lazy && basis !== 'configured')
  return {
    seconds,
    basis,
    near,
    fits: near && (known || !weak),
    off,
    measured: measure.kind,
    miss: Math.min(Math.abs(off), Math.abs(later)),
  }
}

function within(off: number, { tolerance }: TimerEntry): boolean {
  return off >= -tolerance.early - lookUpPolicy.rounding && off <= tolerance.late + lookUpPolicy.rounding
}

/** The least that a clock (or a count) can show to be near a value of the timer; Infinity: it has no value. */
export function leastFitting(timer: TimerEntry): number {
  const exact = timer.timer === 'count'
  return valuesOf(timer, []).reduce((least, { seconds }) => {
    const early = exact ? 0 : timer.tolerance.early + lookUpPolicy.rounding
    // What the implementation adds may be a negative number of seconds.
    return Math.min(least, seconds - early + Math.min(0, timer.adds ?? 0))
  }, Infinity)
}

function valuesOf(timer: TimerEntry, configured: readonly number[]): Value[] {
  if (configured.length > 0) return configured.map((seconds) => ({ seconds, basis: 'configured' }))
  const values: Value[] = timer.default === null ? [] : [{ seconds: timer.default, basis: 'default' }]
  for (const variant of timer.variants) values.push({ seconds: variant.value, basis: 'variant' })
  for (const seconds of timer.typical) values.push({ seconds, basis: 'typical' })
  return values
}

/** What to compare a timer with in this phase, the likeliest clock first. */
function measuresOf(timer: TimerEntry, query: TimerQuery): readonly Measure[] {
  const gap: Measure = { kind: 'gap', value: query.gapSeconds }
  const age: Measure = { kind: 'age', value: query.ageSeconds }
  const requestAge: Measure = { kind: 'request-age', value: query.requestAgeSeconds }
  const noPayload = query.phase === 'awaiting-request' || query.phase === 'connecting'
  const seen = (...measures: Measure[]): readonly Measure[] => {
    const known = measures.filter(({ value }) => value !== null)
    return known.length > 0 ? known : measures.slice(0, 1)
  }
  switch (timer.timer) {
    case 'count':
      return [{ kind: 'count', value: query.requests }]
    case 'age':
      return [age]
    case 'gap':
    case 'retransmit':
      return query.gapSeconds === null && noPayload ? [age] : [gap]
    default:
      break
  }
  // A total runs from the start of the connection for its first request, from the start of the request later.
  const first = query.requests === null || query.requests <= 1
  switch (query.phase) {
    case 'connecting':
    case 'awaiting-request':
      return seen(age, gap)
    case 'mid-request':
      if (first && timer.headFrom === 'accept' && age.value !== null) return [age]
      return first && timer.headFrom === null ? seen(age, requestAge) : seen(requestAge)
    case 'awaiting-response':
      return first ? seen(requestAge, gap, age) : seen(requestAge, gap)
    case 'mid-response':
    case 'tunnel':
      return first ? seen(requestAge, age) : seen(requestAge)
    case 'peer-not-reading':
      return seen(requestAge, gap)
    default:
      return seen(gap)
  }
}
