import { withValue } from '../knowledge/config-line.js'
import { entry } from '../knowledge/look-up.js'
import type { Side } from '../result.js'
import type { LegRecord } from './leg-record.js'
import { usualKeepAlive, type LegTimers } from './leg-timers.js'
import { timerPolicy } from './policy.js'
import { endName, setText, verb } from './words.js'

/** Lines to write so that the side that reuses connections gives up first, the serving side's first; empty: no software is known that has any. */
export function orderLines(leg: LegRecord, timers: LegTimers): string[] {
  const { client, server } = timers
  const lines: string[] = []
  const longer =
    client === null
      ? null
      : Math.ceil(
          Math.max(client.seconds * timerPolicy.longerBy, client.seconds + timerPolicy.longerBySeconds),
        )
  const serverLine = longer === null ? null : lineFor(leg, 'server', timers, longer)
  if (longer !== null && serverLine !== null)
    lines.push(
      `${serverLine}   (longer than the ${setText(client?.seconds ?? 0)} of ${endName(leg, 'client')})`,
    )
  const shorter = server === null ? null : shorterThan(server.seconds)
  const clientLine = shorter === null ? null : lineFor(leg, 'client', timers, shorter)
  if (clientLine !== null)
    lines.push(
      `${lines.length > 0 ? 'or ' : ''}${clientLine}   (shorter than the ${setText(server?.seconds ?? 0)} of ${endName(leg, 'server')})`,
    )
  return lines
}

/** The same in words. */
export function orderAdvice(leg: LegRecord): string {
  return `make the keep-alive timeout of ${endName(leg, 'server')} longer than the idle timeout of ${endName(leg, 'client')}, so that ${endName(leg, 'client')} ${verb(leg, 'client', 'closes')} first`
}

/** Whole seconds where there are enough of them. */
function shorterThan(seconds: number): number {
  const share = seconds * timerPolicy.shorterTo
  return share >= 2 ? Math.floor(share) : Math.round(share * 10) / 10
}

/** The configuration line of this side's keep-alive with a value; null: its software is not known, or its line has no such place. */
function lineFor(leg: LegRecord, by: Side, timers: LegTimers, seconds: number): string | null {
  if (leg.softwareOf(by) === null) return null
  const seen = timers.seen[by]?.settings[0]
  const setting = (seen === undefined ? null : entry(seen)) ?? usualKeepAlive(leg, by)
  return setting === null ? null : withValue(setting, seconds)
}
