/** Proxies that closed both legs of a request in one moment and told their client nothing. */
import type { LegLink } from '../facts/leg-facts.js'
import { timerOfLegBehind } from './other-leg-timer.js'
import { policy } from './policy.js'
import { downstreamOf, upstreamOf } from './signs.js'
import { looksOwn, type TimerAnswer } from './timer-match.js'
import type { Case } from './verdict-rule.js'
import { leftWithoutWord } from './without-a-word.js'

/**
 * The leg towards the client of a request that the proxy left on both legs at once: who reads requests and runs out of patience answers
 * 504, or tries again. Null: it did not, or others of its waits were as long, or its software has a timer of that length.
 * @param answer what the knowledge base makes of the wait
 */
export function leftOnBothLegs(c: Case, answer: TimerAnswer): LegLink | null {
  const link = downstreamOf(c)
  return link !== null && leftWithoutWord(link) && !isSteady(c, link, answer) ? link : null
}

/** The same of the leg towards the client: that the proxy had waited on the leg behind does not explain it. */
export function wasLeftOnBothLegs(c: Case): boolean {
  const link = upstreamOf(c)
  return link !== null && leftWithoutWord(link) && !isSteady(c, link, timerOfLegBehind(c, link))
}

function isSteady({ around }: Case, { upstream }: LegLink, answer: TimerAnswer): boolean {
  const fits = answer.configured || (answer.known && looksOwn(answer))
  return fits || (around.waitsLike(upstream) >= policy.keepAliveLikeFlows && around.waitsAgain(upstream))
}
