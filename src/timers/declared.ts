import type { InferredTimer } from '../result.js'
import { hostOf } from './inferred-timer.js'
import type { LegRecord } from './leg-record.js'
import { declaredSentence } from './words.js'

/** Seconds that most connections to the server of a leg heard in `Keep-Alive: timeout=`; null: it announced none. */
export function declaredSeconds(leg: LegRecord): number | null {
  const said = [...leg.declared].sort(([a, n], [b, m]) => m - n || a - b)[0] as [number, number] | undefined
  return said === undefined || said[0] <= 0 ? null : said[0]
}

/** The announced keep-alive timer, where no close of this capture shows it already; null: nothing to add. */
export function declaredTimer(leg: LegRecord, shown: readonly InferredTimer[]): InferredTimer | null {
  const seconds = declaredSeconds(leg)
  if (seconds === null || shown.some((timer) => timer.declaredSeconds === seconds)) return null
  const idle = leg.closes('server', 'between-requests')
  const timer = {
    client: hostOf(leg.client),
    server: hostOf(leg.server),
    by: 'server' as const,
    phase: 'between-requests' as const,
    kind: 'silence' as const,
    value: seconds,
    min: seconds,
    max: seconds,
    closes: 0,
    of: (idle?.all.length ?? 0) * (idle?.weight ?? 1),
    settings: [],
    basis: 'declared' as const,
    declaredSeconds: seconds,
    sampled: idle?.sampled ?? false,
    streams: [],
  }
  return { ...timer, summary: declaredSentence(leg, seconds) }
}
