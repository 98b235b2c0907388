/** A cause's opportunities in both captures, and whether its absence is more than chance. */
import type { VerdictClass } from '../result.js'
import { count, duration } from '../report/numbers.js'
import type { Cause } from './causes.js'
import type { Measure, Place } from './comparison.js'
import { actor } from './names.js'
import { openOf, opportunitiesOf, trialsOf, type Opportunity } from './opportunities.js'
import { verifyPolicy } from './policy.js'
import { fewest, fisherExact, isSignificant, poissonRates, type Trials } from './significance.js'

/** Seconds that the two captures cover. */
export interface Covered {
  readonly before: number
  readonly after: number
}

/** Each way of counting, with its test; empty when the report before has no counts of that leg. */
export function measuresOf(cause: Cause, failedAfter: number, place: Place, covered: Covered): Measure[] {
  const { before } = place
  if (before === null) return []
  return opportunitiesOf(cause).map((opportunity) => {
    const words = {
      words: opportunityWords(opportunity, cause),
      failedWords: failedWords(opportunity, cause),
    }
    if (opportunity.kind === 'time') return timeMeasure(opportunity, words, cause, failedAfter, covered)
    const was = trialsOf([before], opportunity, cause.count)
    const now = trialsOf(place.after, opportunity, failedAfter)
    const open = place.after.reduce((sum, leg) => sum + openOf(leg, opportunity, cause), 0)
    const p = fisherExact(was, { failed: Math.min(now.of, now.failed + open), of: now.of })
    const needed = fewest((of) => fisherExact(was, { failed: 0, of }), verifyPolicy.level)
    const more = needed === null ? null : Math.max(0, needed - Math.max(0, now.of - open))
    return {
      ...opportunity,
      ...words,
      before: was,
      after: now,
      open,
      seconds: covered,
      test: 'fisher-exact',
      p,
      oftener: fisherExact(now, was),
      needed,
      more,
      minutes: more === null ? null : minutesFor(more, was, now, covered),
    }
  })
}

/** At the rate of the fresh capture; of the one before when it had none. Null: neither had any. */
function minutesFor(more: number, was: Trials, now: Trials, covered: Covered): number | null {
  if (more === 0) return 0
  if (now.of > 0 && covered.after > 0) return (more * covered.after) / now.of / 60
  if (was.of > 0 && covered.before > 0) return (more * covered.before) / was.of / 60
  return null
}

/** Events in time, where nothing else can be counted: restarts. */
function timeMeasure(
  opportunity: Opportunity,
  words: Pick<Measure, 'words' | 'failedWords'>,
  cause: Cause,
  failedAfter: number,
  covered: Covered,
): Measure {
  const was = { events: cause.moments, time: covered.before }
  const now = { events: failedAfter > 0 ? 1 : 0, time: covered.after }
  const needed = fewest((time) => poissonRates(was, { events: 0, time }), verifyPolicy.level)
  const more = needed === null ? null : Math.max(0, needed - covered.after)
  return {
    ...opportunity,
    ...words,
    before: { failed: was.events, of: covered.before },
    after: { failed: now.events, of: covered.after },
    open: 0,
    seconds: covered,
    test: 'poisson-conditional',
    p: poissonRates(was, now),
    oftener: poissonRates(now, was),
    needed,
    more,
    minutes: more === null ? null : more / 60,
  }
}

/** What is counted, in the plural. */
function opportunityWords({ kind, side }: Opportunity, cause: Cause): string {
  const limit = `${duration(cause.timerSeconds ?? cause.silenceSeconds?.min ?? 0)} or more`
  switch (kind) {
    case 'requests':
      return 'requests'
    case 'reuses':
      return 'requests on reused connections'
    case 'idle-reuses':
      return `requests on connections that were idle for ${limit}`
    case 'waits':
      return `requests that waited ${limit}`
    case 'responses':
      return `responses that took ${limit}`
    case 'tunnels':
      return `tunnels open for ${limit}`
    case 'arrivals':
      return `requests that took ${limit} to arrive`
    case 'idle-closes':
      return 'closes of idle connections'
    case 'answered-closes':
      return `connections that ${actor(side === 'server' ? cause.server : cause.client, null)} closed first`
    case 'attempts':
      return 'connections opened'
    case 'connections':
      return 'connections'
    case 'old-connections':
      return `connections open for ${limit}`
    case 'time':
      return 'seconds'
  }
}

const FAILED_WORDS: Readonly<Partial<Record<VerdictClass, string>>> = {
  'idle-timeout': 'were cut',
  'keepalive-race': 'met the close',
  'client-abort': 'were given up by the client',
  'server-abort': 'were broken off by the server',
  'middlebox-reset': 'were reset on the way',
  refused: 'were refused',
  'connect-timeout': 'stayed unanswered',
}

/** What became of those that failed. */
function failedWords({ kind }: Opportunity, cause: Cause): string {
  if (kind === 'idle-closes') return `came from ${actor(cause.server, null)} and met no request`
  if (kind === 'answered-closes') return 'stayed half-closed'
  return FAILED_WORDS[cause.class] ?? 'failed'
}

/** `12 more requests (about 3 min at this rate)`; null when there are enough. */
export function stillNeeded(measure: Measure): string | null {
  const { more, open } = measure
  if (more === null) return null
  // Those that are under way would do, if they ended well.
  if (open > 0 && more <= open && !isSignificant(measure.p, verifyPolicy.level))
    return `the end of the ${count(open)} ${measure.words} that were still waiting`
  if (more <= 0) return null
  const time =
    measure.minutes === null
      ? ''
      : ` (about ${timeSpan(measure.minutes)} at ${measure.after.of > 0 ? 'this rate' : 'the rate before'})`
  if (measure.kind === 'time') return `${timeSpan(more / 60)} more`
  return `${count(Math.ceil(more))} more ${measure.words}${time}`
}

/** Minutes as one would ask somebody to wait: rounded up to two digits. */
function timeSpan(minutes: number): string {
  const up = (value: number): string => {
    const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(value, 1))) - 1)
    return String(Math.ceil(value / unit) * unit)
  }
  if (minutes < 1.5) return `${up(minutes * 60)} s`
  if (minutes < 120) return `${up(minutes)} min`
  return minutes < 48 * 60 ? `${up(minutes / 60)} h` : `${up(minutes / 1440)} days`
}
