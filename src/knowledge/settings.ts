/** Which timers a user's `component` and `setting` mean. */
import { componentWord, kinOf, plain } from './components.js'
import { lookUpPolicy } from './policy.js'
import { entriesOf } from './timers.js'
import type { TimerEntry, TimerMatch, TimerQuery, UserTimeout } from './types.js'

/** Configured seconds by timer id; one setting may be given several times (several servers). */
export type Configured = ReadonlyMap<string, readonly number[]>

/** Component word of a user's component; an unknown one is kept as written. */
export function wordOf({ component }: Pick<UserTimeout, 'component'>): string {
  return componentWord(component) ?? component
}

/**
 * Timers that a user's setting configures: by the id's own words first, then by the setting's name or its last part.
 * One setting may stand for several timers (`proxy_read_timeout` before and inside the body).
 * @returns empty when the setting is not known
 */
export function timersFor(user: Pick<UserTimeout, 'component' | 'setting'>): readonly TimerEntry[] {
  const word = wordOf(user)
  const wanted = plain(user.setting)
  for (const component of [word, ...kinOf(word)]) {
    const all = entriesOf(component)
    const byId = all.filter(({ id }) => plain(id) === wanted || plain(afterDot(id)) === wanted)
    const named = byId.length > 0 ? byId : all.filter((timer) => namesOf(timer).includes(wanted))
    if (named.length > 0) {
      return all.filter((timer) =>
        named.some(({ id, setting }) => id === timer.id || setting === timer.setting),
      )
    }
  }
  return []
}

function afterDot(id: string): string {
  return id.slice(id.indexOf('.') + 1)
}

/** `http.Server.ReadTimeout` is also `ReadTimeout`; what stands in parentheses only explains. */
function namesOf({ setting }: TimerEntry): readonly string[] {
  const bare = setting.replace(/\s*\([^)]*\)/g, '')
  const alternatives = bare.split(' / ')
  const lastParts = alternatives.map((name) => name.slice(name.lastIndexOf('.') + 1))
  return [setting, bare, ...alternatives, ...lastParts].map(plain).filter((name) => name !== '')
}

/** The list of one run is resolved once, not once per flow. */
const resolved = new WeakMap<readonly UserTimeout[], Configured>()

/** Configured seconds of every timer that the user's list names. */
export function configuredValues(user: readonly UserTimeout[]): Configured {
  const before = resolved.get(user)
  if (before !== undefined) return before
  const values = new Map<string, number[]>()
  for (const timeout of user)
    for (const { id } of timersFor(timeout)) values.set(id, [...(values.get(id) ?? []), timeout.seconds])
  resolved.set(user, values)
  return values
}

/** Matches of settings that only the user knows: side and phase are not known of them, so only a fitting one is listed. */
export function onlyUsersOwn(query: TimerQuery): readonly TimerMatch[] {
  const matches = new Map<string, TimerMatch>()
  for (const timeout of query.user) {
    if (timeout.seconds <= 0 || timersFor(timeout).length > 0) continue
    const match = ownMatch(timeout, query)
    const before = matches.get(match?.id ?? '')
    if (match !== null && (before === undefined || Math.abs(match.off) < Math.abs(before.off))) {
      matches.set(match.id, match)
    }
  }
  return [...matches.values()]
}

function ownMatch(timeout: UserTimeout, query: TimerQuery): TimerMatch | null {
  const measures = [
    ['gap', query.gapSeconds],
    ['request-age', query.requestAgeSeconds],
    ['age', query.ageSeconds],
  ] as const
  for (const [measured, value] of measures) {
    if (value === null) continue
    const off = value - timeout.seconds
    if (off < -lookUpPolicy.plainEarly || off > lookUpPolicy.plainLate) continue
    return {
      id: `${wordOf(timeout)}.${timeout.setting}`,
      component: wordOf(timeout),
      setting: timeout.setting,
      seconds: timeout.seconds,
      basis: 'configured',
      fits: true,
      off,
      measured,
      prior: 2,
      verified: 'user',
      fix: `Change ${timeout.setting} of ${timeout.component}.`,
      syntax: timeout.setting,
    }
  }
  return null
}
