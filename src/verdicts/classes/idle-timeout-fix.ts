import { endText } from '../../facts/end-text.js'
import { fixOfUnknown, fixText } from '../../knowledge/fix-text.js'
import type { Severity, Side } from '../../result.js'
import type { TimerAnswer } from '../timer-match.js'
import type { Case } from '../verdict-rule.js'
import { upstreamOf } from '../signs.js'
import { actor } from '../wording.js'

/** What a proxy risks that keeps such connections. */
export function latentRemark(c: Case): string {
  const like = c.around.likeIdle
  return `a request that ${actor(c, 'client')} sends in that moment is lost (keep-alive race); ${like} connections to this server ended like this`
}

/** What to change. */
export function fixes(c: Case, by: Side, answer: TimerAnswer, severity: Severity): string[] {
  if (severity === 'latent')
    return [
      `let ${actor(c, 'client')} close idle connections first: its pool's idle timeout shorter than the keep-alive timeout of ${actor(c, 'server')}`,
    ]
  const setting = answer.best
  if (setting === null) return []
  const software = by === 'client' ? c.around.callerSoftware : c.around.serverSoftware
  const guess = software === null && !answer.suspected && !answer.configured
  const advice = guess ? fixOfUnknown(setting, actor(c, by)) : fixText(setting)
  const { rival } = answer
  const also = rival === null ? [] : [`${rival.setting} must not be shorter than that either`]
  return [advice, ...also, ...heartbeat(c, by)]
}

/** Who could have kept the silence from growing as long as the timer, and how. */
function heartbeat(c: Case, by: Side): string[] {
  const { phase } = c.facts.standing
  const other = actor(c, by === 'client' ? 'server' : 'client')
  if (phase === 'tunnel') return [`or let ${other} send something (a ping) more often than that`]
  if (phase !== 'mid-response') return []
  if (by === 'client') return [`or let ${other} send something (an SSE comment) more often than that`]
  // A response can only be kept alive by who writes it, and that is not its client: it came from the leg behind.
  const behind = upstreamOf(c)?.upstream ?? null
  return behind === null
    ? []
    : [
        `or let ${endText(behind.server)}, the server behind it, send something (an SSE comment) more often than that`,
      ]
}
