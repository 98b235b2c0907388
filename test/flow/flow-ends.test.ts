import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../src/capture/memory-source.js'
import { readCaptures } from '../../src/capture/read-captures.js'
import type { FlowStore } from '../../src/flow/flow-store.js'
import { MOST_ONE_SIDED } from '../../src/flow/policy.js'
import { FlowTracker } from '../../src/flow/tracker.js'
import { flood } from '../helpers/flood.js'
import { ladder } from '../helpers/ladder.js'
import { OPEN } from '../helpers/tracked.js'

interface Ended {
  /** Stream number, why it ended, how many segments it had, and its row. */
  readonly ends: string[]
  readonly store: FlowStore
}

/** Follows a ladder and gives every flow's row back as soon as it has ended. */
async function ended(text: string): Promise<Ended> {
  const ends: string[] = []
  const tracker: FlowTracker = new FlowTracker({ payload: () => false, gap: () => {} }, 7, {
    onFlowEnd: (flow, why) => {
      const { flows } = tracker.store
      ends.push(`${flows.stream[flow]} ${why} ${flows.frames[flow]} row ${flow}`)
      tracker.release(flow)
    },
  })
  await readCaptures([new MemorySource(ladder(text))], (batch, from, to, capture, vantage) =>
    tracker.process(batch, from, to, capture, vantage),
  )
  tracker.finish()
  return { ends, store: tracker.store }
}

const CLOSED = `${OPEN}
+0.01 a > F.
+0.01 a < F.
+0.01 a > .`
const OTHER = 'flow b 10.0.0.9:5000 > 10.0.0.3:80'

describe('the end of a flow', () => {
  test('closed by both, and silent for a minute: its row goes to the next flow, its number does not', async () => {
    const text = `${CLOSED}\n${OTHER}\n+61 b > S\n+0.1 b < S.`
    expect((await ended(text)).ends).toEqual(['0 closed 6 row 0', '1 captures 2 row 0'])
  })

  test('silent for less than that: it goes on', async () => {
    const text = `${CLOSED}\n${OTHER}\n+59 b > S`
    expect((await ended(text)).ends).toEqual(['0 captures 6 row 0', '1 captures 1 row 1'])
  })

  test('a FIN of one side only leaves it open', async () => {
    const text = `${OPEN}\n+1 a > F.\n+1 a < .\n${OTHER}\n+600 b > S`
    expect((await ended(text)).ends).toEqual(['0 captures 5 row 0', '1 captures 1 row 1'])
  })

  test('after a RST whoever missed it asks again for up to two minutes', async () => {
    const reset = `${OPEN}\n+0.01 a < R.\n${OTHER}`
    expect((await ended(`${reset}\n+120 b > S`)).ends[0]).toBe('0 captures 4 row 0')
    expect((await ended(`${reset}\n+131 b > S`)).ends[0]).toBe('0 closed 4 row 0')
  })

  test('a segment in between begins the wait anew', async () => {
    const text = `${CLOSED}\n+50 a > .\n${OTHER}\n+50 b > S\n+11 b > S again`
    expect((await ended(text)).ends).toEqual(['0 closed 7 row 0', '1 captures 2 row 1'])
  })

  test('a late segment keeps its number, and is counted instead of looked at', async () => {
    const text = `${CLOSED}\n${OTHER}\n+61 b > S\n+1 a > .\n+1 b > S again`
    const { ends, store } = await ended(text)
    expect(ends).toEqual(['0 closed 6 row 0', '1 captures 2 row 0'])
    expect(store.limits).toEqual({ lateSegments: 1, endedOpen: 0, forgotten: 0, gapsGivenUp: 0 })
  })

  test('a new connection on the ports of an ended one has a number of its own', async () => {
    const again = 'flow c 10.0.0.2:40000 > 10.0.0.3:80 isn 77000/88000'
    const text = `${CLOSED}\n${OTHER}\n+61 b > S\n${again}\n+1 c > S\n+0.1 c < S.`
    expect((await ended(text)).ends).toEqual(['0 closed 6 row 0', '1 captures 1 row 0', '2 captures 2 row 1'])
  })

  test('a new connection on the ports of one that goes on ends that', async () => {
    const again = 'flow c 10.0.0.2:40000 > 10.0.0.3:80 isn 77000/88000'
    expect((await ended(`${OPEN}\n${again}\n+1 c > S`)).ends).toEqual([
      '0 reused 3 row 0',
      '1 captures 1 row 0',
    ])
  })

  test('a row that is used again is as empty as a new one', async () => {
    const { store } = await ended(`${CLOSED}\n${OTHER}\n+61 b > S\n+1 b < R.`)
    const { flows, sides, zeekSides } = store
    expect(flows.held).toBe(0)
    const used = flows.count
    for (let n = 0; n < used; n++) expect(store.newRows()).toBeLessThan(used)
    // Of the letters of a history only the first `historyLength` count.
    const but = new Set(['life', 'history'])
    for (const columns of [flows, sides, sides.origin, zeekSides]) {
      for (const [name, column] of Object.entries(columns)) {
        if (!ArrayBuffer.isView(column) || but.has(name)) continue
        expect([name, ...new Set(column as Uint8Array)]).toEqual([name, 0])
      }
    }
  })

  test('a flood of SYNs ends the oldest of them, and its memory stands still', async () => {
    const beyond = 500
    const why = new Map<string, number>()
    const tracker: FlowTracker = new FlowTracker({ payload: () => false, gap: () => {} }, 7, {
      onFlowEnd: (flow, end) => {
        why.set(end, (why.get(end) ?? 0) + 1)
        tracker.release(flow)
      },
    })
    await readCaptures(
      [new MemorySource(flood(MOST_ONE_SIDED + beyond))],
      (batch, from, to, capture, vantage) => tracker.process(batch, from, to, capture, vantage),
    )
    expect(tracker.store.flows.count).toBe(MOST_ONE_SIDED + 1)
    tracker.finish()
    // Room is made before the segment after the one that was too much.
    expect([...why]).toEqual([
      ['limit', beyond - 1],
      ['captures', MOST_ONE_SIDED + 1],
    ])
    expect(tracker.store.limits.endedOpen).toBe(beyond - 1)
    expect(tracker.store.streams).toBe(MOST_ONE_SIDED + beyond)
  })

  /** How many flows of these bytes ended for which reason, and how many were held at most. */
  async function endsOf(bytes: Uint8Array): Promise<{ why: Record<string, number>; held: number }> {
    const why: Record<string, number> = {}
    const tracker: FlowTracker = new FlowTracker({ payload: () => false, gap: () => {} }, 7, {
      onFlowEnd: (flow, end) => {
        why[end] = (why[end] ?? 0) + 1
        tracker.release(flow)
      },
    })
    let held = 0
    await readCaptures([new MemorySource(bytes)], (batch, from, to, capture, vantage) => {
      tracker.process(batch, from, to, capture, vantage)
      held = Math.max(held, tracker.store.flows.held)
    })
    tracker.finish()
    return { why, held }
  }

  test('SYNs that were answered and never acknowledged are ended with the rest of a flood', async () => {
    const beyond = 5000
    const { why, held } = await endsOf(flood(MOST_ONE_SIDED + beyond, { answered: 5 }))
    expect(held).toBeLessThanOrEqual(MOST_ONE_SIDED + 1)
    expect(why).toEqual({ limit: beyond - 1, captures: MOST_ONE_SIDED + 1 })
  })

  test('near miss: a connection that was established before the flood outlives it', async () => {
    const whole = ladder(`${OPEN}\n+0.01 a > P. 'hello'`)
    const syns = flood(MOST_ONE_SIDED + 100, { fromSeconds: 2_000_000_000 })
    const ends: string[] = []
    const tracker: FlowTracker = new FlowTracker({ payload: () => false, gap: () => {} }, 7, {
      onFlowEnd: (flow, end) => {
        if (tracker.store.flows.stream[flow] === 0) ends.push(end)
        tracker.release(flow)
      },
    })
    await readCaptures([new MemorySource(whole), new MemorySource(syns)], (batch, from, to, capture) =>
      tracker.process(batch, from, to, capture, capture),
    )
    expect(ends).toEqual([])
    tracker.finish()
    expect(ends).toEqual(['captures'])
  })
})
