import { describe, expect, it } from 'vitest'
import { served, verdictOf } from '../helpers/verdict-of.js'

/** TSvals of the two SYNs of a ladder. */
const CLIENT = 1_000_000
const SERVER = 5_000_000

const stamped = (value: number): string => `options 0101080a${value.toString(16).padStart(8, '0')}00000000`

/** An idle connection that its server closes when the capture's clock shows 60 s more; the ends' own clocks went so many ticks. */
const closed = (clientTicks: number, serverTicks: number): string => `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
  ${served('a')}
  +60.0 a < F. ${stamped(SERVER + serverTicks)}
  a > F. ${stamped(CLIENT + clientTicks)}
  a < .`

describe('a capture whose clock was set forward during a connection', () => {
  it.each([
    ['hardly any time went by', 14, 13],
    ['some of that time went by', 27_301, 27_300],
  ])('shows no silence: %s', async (_, client, server) => {
    const { verdict } = await verdictOf(closed(client, server))
    expect(verdict.class).not.toBe('idle-timeout')
    expect(verdict.timer).toBeNull()
    expect(verdict.remarks.join()).toMatch(
      /clock of the capture shows 60\.\d+ s from handshake to close.*set forward/,
    )
    expect(verdict.notThis.find((one) => one.class === 'idle-timeout')?.because).toMatch(/set forward/)
  })

  it.each([
    ['both clocks tick a thousand times a second', 60_001, 60_000],
    ['both tick a hundred times', 6_000, 6_000],
    ['both tick once a second', 60, 60],
    ['one end only went less far, which its own clock may do', 60_001, 14],
    ['they went less far, but not equally', 27_300, 34_000],
    ['a clock that stands still is none', 0, 0],
    ['microseconds', 60_001_000, 60_000_900],
  ])('near miss, the timer is named: %s', async (_, client, server) => {
    const { verdict } = await verdictOf(closed(client, server))
    expect(verdict.class).toBe('idle-timeout')
    expect(verdict.remarks.join()).not.toMatch(/set forward/)
  })

  it('near miss: no timestamps tell', async () => {
    const { verdict } = await verdictOf(
      closed(14, 13)
        .replace(' ts\n', '\n')
        .replaceAll(/ options \w+/g, ''),
    )
    expect(verdict.class).toBe('idle-timeout')
  })
})
