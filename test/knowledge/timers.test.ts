import { describe, expect, it } from 'vitest'
import { componentName, componentWords, kinOf } from '../../src/knowledge/components.js'
import { candidates, entriesOf, entry, timers } from '../../src/knowledge/look-up.js'
import type { TimerEntry, TimerPhase, TimerQuery } from '../../src/knowledge/types.js'
import type { Phase } from '../../src/result.js'

const phases: readonly Phase[] = [
  'connecting',
  'awaiting-request',
  'mid-request',
  'awaiting-response',
  'mid-response',
  'peer-not-reading',
  'between-requests',
  'tunnel',
  'closing',
]
const phaseWords: ReadonlySet<TimerPhase> = new Set([...phases, 'tls-handshake', 'shutdown'])
const all = timers()

/** Ids for which a rule does not hold; the test shows them instead of the first one. */
const offenders = (holds: (timer: TimerEntry) => boolean): readonly string[] =>
  all.filter((timer) => !holds(timer)).map(({ id }) => id)

describe('the table', () => {
  it('holds every setting once, and finds it by id and by component', () => {
    expect(all.length).toBe(338)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(offenders((timer) => entry(timer.id) === timer)).toEqual([])
    expect(offenders((timer) => entriesOf(timer.component).includes(timer))).toEqual([])
    expect(entry('nginx.no_such_timeout')).toBeNull()
    expect(entriesOf('no-such-software')).toEqual([])
  })

  it('uses the words of the verdicts', () => {
    expect(
      offenders(({ phases: words }) => words.length > 0 && words.every((word) => phaseWords.has(word))),
    ).toEqual([])
    expect(
      offenders(({ closer }) => ['acceptor', 'initiator', 'middlebox', 'either', 'none'].includes(closer)),
    ).toEqual([])
    expect(offenders(({ closes }) => ['downstream', 'upstream', 'both', 'none'].includes(closes))).toEqual([])
    expect(
      offenders(({ wire }) => wire.every((token) => /^(FIN|RST|SILENCE|HTTP-[1-5]\d\d)$/.test(token))),
    ).toEqual([])
    expect(
      offenders(({ clientStatus }) => clientStatus.every((status) => status >= 200 && status < 600)),
    ).toEqual([])
    expect(offenders(({ phases: words }) => new Set(words).size === words.length)).toEqual([])
  })

  it('knows every component by name', () => {
    expect(offenders(({ component }) => componentWords.includes(component))).toEqual([])
    expect(offenders(({ component }) => componentName(component).length > 1)).toEqual([])
    expect(componentWords.filter((word) => entriesOf(word).length === 0)).toEqual([])
    expect(componentWords.flatMap(kinOf).filter((word) => !componentWords.includes(word))).toEqual([])
  })

  it('has sane numbers', () => {
    const sane = (seconds: number): boolean => seconds > 0 && seconds <= 432_000
    expect(offenders((timer) => timer.default === null || sane(timer.default))).toEqual([])
    expect(
      offenders(({ variants }) => variants.every(({ value, when }) => sane(value) && when !== '')),
    ).toEqual([])
    expect(offenders(({ typical }) => typical.every(sane))).toEqual([])
    expect(offenders((timer) => !timer.typical.includes(timer.default ?? NaN))).toEqual([])
    expect(offenders(({ tolerance }) => tolerance.early >= 0 && tolerance.late > 0)).toEqual([])
    // Wide tolerance is for what has no clock of its own, is polled, or is counted in retransmissions.
    const wide = offenders(
      ({ tolerance, lazy, timer }) => lazy || timer === 'retransmit' || tolerance.late <= 60,
    )
    expect(wide).toEqual([])
    expect(offenders(({ prior }) => [1, 2, 3].includes(prior))).toEqual([])
  })

  it('says where each line comes from and what to do', () => {
    expect(
      offenders(({ source }) => source.length > 0 && source.every((line) => line.trim() !== '')),
    ).toEqual([])
    expect(
      offenders(({ fix, syntax, setting }) => fix.length > 4 && syntax.length > 3 && setting !== ''),
    ).toEqual([])
    // Not checked and still among the usual suspects would be a guess.
    expect(offenders(({ verified, prior }) => verified !== 'recalled' || prior === 1)).toEqual([])
  })

  it('agrees with itself about who closes what', () => {
    expect(offenders(({ closes, closer }) => (closes === 'none') === (closer === 'none'))).toEqual([])
    expect(offenders(({ closes, closer }) => closes !== 'upstream' || closer === 'initiator')).toEqual([])
    expect(offenders(({ closes, closer }) => closes !== 'downstream' || closer === 'acceptor')).toEqual([])
    expect(offenders(({ closer, wire }) => closer === 'none' || wire.length > 0)).toEqual([])
  })
})

describe('reaching an entry', () => {
  const closing = all.filter(({ closer, timer }) => closer !== 'none' && timer !== 'none')

  /** The close that the entry itself describes, at its default or, without one, at a value of nobody's. */
  function ownClose(timer: TimerEntry): TimerQuery | null {
    const seconds = timer.default ?? 37.21
    const phase = timer.phases.find((word): word is Phase => (phases as readonly string[]).includes(word))
    const handshake = timer.closer === 'initiator' ? 'connecting' : 'awaiting-request'
    if (phase === undefined && !timer.phases.includes('tls-handshake')) return null
    const flag = timer.wire.find((token) => !token.startsWith('HTTP-')) ?? 'FIN'
    const status = timer.wire.find((token) => token.startsWith('HTTP-'))
    return {
      closer: timer.closer === 'initiator' ? 'initiator' : 'acceptor',
      flag: flag as TimerQuery['flag'],
      phase: phase ?? handshake,
      gapSeconds: seconds,
      ageSeconds: seconds,
      requestAgeSeconds: seconds,
      requests: timer.timer === 'count' ? timer.default : null,
      status: status === undefined ? null : Number(status.slice(5)),
      component: timer.component,
      role: null,
      user: [],
    }
  }

  it('works for every timer that can be seen on a flow', () => {
    expect(closing.filter((timer) => ownClose(timer) !== null).length).toBeGreaterThan(280)
    const unreached = closing.filter((timer) => {
      const query = ownClose(timer)
      if (query === null) return !timer.phases.includes('shutdown')
      const match = candidates(query).find(({ id }) => id === timer.id)
      return match === undefined || (timer.default !== null && !(match.fits && match.basis === 'default'))
    })
    expect(unreached.map(({ id }) => id)).toEqual([])
  })

  it('is not offered for a draining process, whose clock starts outside the flow', () => {
    const draining = closing.filter((timer) => ownClose(timer) === null)
    expect(draining.map(({ id }) => id)).toContain('gunicorn.graceful_timeout')
    expect(draining.every(({ phases: words }) => words.every((word) => word === 'shutdown'))).toBe(true)
  })

  it('names the configured one first, whatever its value', () => {
    const missed = closing.filter((timer) => {
      const query = ownClose(timer)
      if (query === null || timer.timer === 'count') return false
      const user = [{ component: timer.component, setting: timer.id, seconds: 41.6 }]
      const at = { gapSeconds: 41.6, ageSeconds: 41.6, requestAgeSeconds: 41.6 }
      const [best] = candidates({ ...query, ...at, user })
      return best?.basis !== 'configured' || best.seconds !== 41.6 || best.setting !== timer.setting
    })
    expect(missed.map(({ id }) => id)).toEqual([])
  })
})
