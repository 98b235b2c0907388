/** Closes that came sooner than any timer are answered from memory; one at the earliest moment of a timer must not be. */
import { expect, it } from 'vitest'
import { candidates, timers } from '../../src/knowledge/look-up.js'
import type { Phase } from '../../src/result.js'
import type { TimerEntry, TimerQuery } from '../../src/knowledge/types.js'

const PHASES: readonly string[] = [
  'connecting',
  'awaiting-request',
  'mid-request',
  'awaiting-response',
].concat(['mid-response', 'between-requests', 'tunnel', 'peer-not-reading', 'closing'])

/** A close of just this timer after so many seconds on every clock. */
function closeOf(timer: TimerEntry, seconds: number): TimerQuery | null {
  const phase = timer.phases.find((one) => PHASES.includes(one)) as Phase | undefined
  const flag = timer.wire.find((form) => !form.startsWith('HTTP-')) as TimerQuery['flag'] | undefined
  if (phase === undefined || flag === undefined || timer.closer === 'none' || timer.timer === 'none')
    return null
  const closer = timer.closer === 'initiator' ? 'initiator' : 'acceptor'
  const count = timer.timer === 'count'
  const clock = count ? 0.001 : seconds
  return {
    ...{ closer, flag, phase, part: timer.part, component: timer.component, role: null, user: [] },
    ...{ gapSeconds: clock, ageSeconds: clock, requestAgeSeconds: clock },
    ...{ requests: count ? seconds : 1, status: timer.clientStatus[0] ?? null },
  }
}

it('finds a timer at its earliest moment after having answered a shorter close', () => {
  let asked = 0
  for (const timer of timers()) {
    const { early } = timer.timer === 'count' ? { early: 0 } : timer.tolerance
    if (timer.default === null || timer.default - early < 0.01) continue
    const short = closeOf(timer, timer.timer === 'count' ? 0 : 0.001)
    const earliest = closeOf(timer, timer.default - early)
    if (short === null || earliest === null) continue
    expect(candidates(short).filter(({ fits }) => fits)).toEqual([])
    // The second answer comes from memory, whatever the milliseconds.
    expect(candidates({ ...short, gapSeconds: 0.002 })).toEqual(candidates(short))
    const found = candidates(earliest).find(({ id }) => id === timer.id)
    if (found === undefined) continue
    asked++
    expect(found, timer.id).toMatchObject({ fits: true })
  }
  expect(asked).toBeGreaterThan(50)
})
