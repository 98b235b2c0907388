import { expect, test } from 'vitest'
import { Tally } from '../../src/outcome/tally.js'
import type { Verdict } from '../../src/result.js'

const cut: Pick<Verdict, 'class' | 'severity'> = { class: 'idle-timeout', severity: 'problem' }
const fine: Pick<Verdict, 'class' | 'severity'> = { class: 'clean', severity: 'ok' }

test('a connection that was captured twice ended badly once, whichever of the two is judged first', () => {
  for (const [first, second] of [
    [3, 7],
    [7, 3],
  ]) {
    const tally = new Tally()
    expect(tally.add(first, cut, [second])).toBe(false)
    // The other may be judged when the first is gone, and nobody knows its twin any more.
    expect(tally.add(second, cut, [])).toBe(true)
    expect(tally.summary()).toMatchObject({ flows: 2, problems: 1 })
  }
})

test('what ended well at one place may have ended badly at the other', () => {
  const tally = new Tally()
  tally.add(3, fine, [7])
  expect(tally.add(7, cut, [3])).toBe(false)
  expect(tally.summary()).toMatchObject({ problems: 1, byClass: { clean: 1, 'idle-timeout': 1 } })
})

test('connections that are not the same are counted each', () => {
  const tally = new Tally()
  tally.add(3, cut, [7])
  tally.add(4, cut, [])
  tally.add(5, cut, [9, 11])
  expect([7, 9, 11].map((stream) => tally.add(stream, cut, []))).toEqual([true, true, true])
  expect(tally.summary().problems).toBe(3)
})
