import { expect, test } from 'vitest'
import { EndedFlows } from '../../src/flow/ended-flows.js'
import { FlowColumns } from '../../src/flow/flow-columns.js'
import { SideColumns } from '../../src/flow/side-columns.js'
import { tupleHash } from '../../src/flow/tuple-hash.js'

const SEED = 7
/** As many as the ring has place for from the start. */
const KNOWN = 1024
const SERVER = 0x0a000001

test('of so many ended flows the latest of each 4-tuple is found, in either direction, and older ones are not', () => {
  const flows = new FlowColumns()
  const sides = new SideColumns()
  const ended = new EndedFlows(flows, sides, SEED, KNOWN)
  const row = flows.add()
  flows.family[row] = 4
  flows.address1[row] = SERVER
  flows.port1[row] = 80
  const latest = new Map<number, number>()
  let state = 1
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state % below
  }
  const find = (client: number, backward: boolean): number => {
    const ports = backward ? (80 << 16) | 5000 : (5000 << 16) | 80
    const [from, to] = backward ? [SERVER, client] : [client, SERVER]
    return ended.find(tupleHash(SEED, from, to, ports), from, to, ports, 4, 0)
  }
  for (let number = 0; number < 8000; number++) {
    // Some come again soon, most do not before they are forgotten.
    const client = random(4) === 0 ? random(300) : random(6000)
    flows.address0[row] = client
    flows.port0[row] = 5000
    flows.stream[row] = number * 3
    ended.put(tupleHash(SEED, client, SERVER, (5000 << 16) | 80), row)
    latest.set(client, number)
    const asked = random(2) === 0 ? client : random(6000)
    const known = latest.get(asked) ?? -1
    const found = find(asked, number % 2 === 0)
    expect(found).toBe(known > number - KNOWN ? known : -1)
    if (found >= 0) expect(ended.streamOf(found)).toBe(found * 3)
  }
  for (const [client, number] of latest)
    expect(find(client, false)).toBe(number >= 8000 - KNOWN ? number : -1)
  expect(ended.forgotten).toBe(8000 - KNOWN)
})
