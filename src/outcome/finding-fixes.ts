/** The configuration line that would have kept the connections of a finding. */
import { componentName, entry, kinOf } from '../knowledge/look-up.js'
import { withValue } from '../knowledge/config-line.js'
import type { FlowReport, Side, Spread } from '../result.js'
import { fixPolicy } from './policy.js'

/** Phases in which a longer timer is the cure; between requests the order of two timers is. */
const WAITS: ReadonlySet<string> = new Set([
  'awaiting-request',
  'mid-request',
  'awaiting-response',
  'mid-response',
  'peer-not-reading',
  'tunnel',
])

/** Seconds to suggest for a timer that cut waits of up to `longest` seconds. */
export function suggestedSeconds(longest: number): number {
  const { room, steps, stepSlack } = fixPolicy
  const wanted = longest * room
  const step = steps.find(([above]) => wanted > above)?.[1] ?? 1
  return Math.ceil((wanted - stepSlack * step) / step) * step
}

/**
 * Lines for the setting that cut the waits of a finding: in the syntax of the software that was seen, in words where none was.
 * Empty: no timer ended it, or a longer one is not the cure.
 */
export function timerFix(example: FlowReport, silence: Spread | null): readonly string[] {
  const { verdict } = example
  const { timer, phase, closer } = verdict
  if (timer === null || phase === null || !WAITS.has(phase)) return []
  if (verdict.severity !== 'problem' || verdict.variant === 'propagated') return []
  // Who waits for a dead host waits in vain, however long.
  if (verdict.class === 'half-open-zombie' || verdict.told?.advice === 'path') return []
  const longest = longestWait(silence, timer.seconds)
  const seconds = suggestedSeconds(longest)
  const why = `twice the ${text(longest)} s that cut it short`
  const side: Side = closer === 'server' ? 'server' : 'client'
  const known = timer.setting === null ? null : entry(timer.setting)
  const software = example[side].software ?? null
  const own = known !== null && software !== null && [software, ...kinOf(software)].includes(known.component)
  const line = own && known !== null ? withValue(known, seconds) : null
  if (line !== null && known !== null) return [`${line}   (${componentName(known.component)}: ${why})`]
  const role = example[side].role ?? side
  const who = /^(client|server|proxy|upstream|lb)$/.test(role) ? `the ${role}` : role
  const unknown = software === null ? '; its software is not known' : ''
  return [`set the timer of ${who} that fired to ${seconds} s or more (${why})${unknown}`]
}

/** The longest wait of the group, seconds: its longest silence, or the timer where they are one, or the silence was another's. */
function longestWait(silence: Spread | null, seconds: number): number {
  const late = silence === null ? 0 : silence.max - seconds
  return silence !== null && late > fixPolicy.lateSeconds && late < fixPolicy.otherTimerSeconds
    ? silence.max
    : seconds
}

/** At most two decimals, none for whole numbers. */
function text(seconds: number): string {
  return String(Number(seconds.toFixed(2)))
}
