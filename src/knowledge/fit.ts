/** Compares what was measured at a close with the values one timer may have. */
import type { MatchBasis, Measured, TimerEntry, TimerQuery } from './types.js'

/** How well a timer explains the measured time. */
export interface Fit {
  readonly seconds: number | null
  readonly basis: MatchBasis
  readonly fits: boolean
  readonly off: number
  readonly measured: Measured
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

/** Times arrive as sums of floating-point numbers; a microsecond is far below any timer's own tolerance. */
const rounding = 1e-6

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
  const fits = valuesOf(timer, configured).flatMap((value) =>
    measures.flatMap((measure) => compare(timer, value, measure, known)),
  )
  fits.sort(
    (a, b) =>
      Number(b.fits) - Number(a.fits) ||
      basisRank[a.basis] - basisRank[b.basis] ||
      measures.findIndex(({ kind }) => kind === a.measured) -
        measures.findIndex(({ kind }) => kind === b.measured) ||
      a.miss - b.miss,
  )
  const best = fits[0]
  // A configured value that does not match is still what is known about the timer; a default is not.
  const says = best !== undefined && (best.fits || best.basis === 'configured' || nearTypical(best, timer))
  if (says) return best
  return {
    seconds: null,
    basis: 'unknown-value',
    fits: false,
    off: 0,
    measured: measures[0]?.kind ?? 'gap',
    miss: Infinity,
  }
}

/** A value people often set, matched at a closer that is not known: worth naming, no proof. */
function nearTypical(fit: Fit, timer: TimerEntry): boolean {
  return fit.basis === 'typical' && within(fit.off, timer, 0)
}

function compare(timer: TimerEntry, value: Value, measure: Measure, known: boolean): Fit[] {
  if (measure.value === null) return []
  const off = measure.value - value.seconds
  const additions = timer.adds === null ? [0] : [0, timer.adds]
  const inTime =
    measure.kind === 'count' ? off === 0 : additions.some((addition) => within(off, timer, addition))
  const weak = value.basis === 'typical' || (timer.lazy && value.basis !== 'configured')
  return [
    {
      seconds: value.seconds,
      basis: value.basis,
      fits: inTime && (known || !weak),
      off,
      measured: measure.kind,
      miss: Math.min(...additions.map((addition) => Math.abs(off - addition))),
    },
  ]
}

function within(off: number, timer: TimerEntry, addition: number): boolean {
  const { early, late } = timer.tolerance
  return off - addition >= -early - rounding && off - addition <= late + rounding
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
      return first ? seen(age, requestAge) : seen(requestAge)
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
