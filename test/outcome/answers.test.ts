import { describe, expect, it } from 'vitest'
import type { FlowFacts } from '../../src/facts/flow-facts.js'
import { AnswersHeard } from '../../src/outcome/answers.js'

/** A connection whose server accepted it, spoke last and began a response at these seconds; only what is looked at. */
function flow(stream: number, server: string, ...seconds: readonly number[]): FlowFacts {
  const [ip = '', port] = server.split(' ')
  const [accepted, last, ...began] = seconds.map((at) => ({ frame: 1, ns: at * 1e9 }))
  return {
    stream,
    server: { ip, port: Number(port) },
    synAck: accepted ?? null,
    sides: { server: { lastPayload: last ?? null } },
    conversation: { exchanges: began.map(({ ns }) => ({ responseStartNs: ns })) },
  } as unknown as FlowFacts
}

describe('when servers answered', () => {
  const heard = new AnswersHeard(0)
  heard.add(flow(1, '10.0.0.3 80', 10, 14.5, 12))
  heard.add(flow(2, '10.0.0.3 81', 30))

  it.each([
    ['its SYN-ACK', 80, 9, 11, 10],
    ['a response', 80, 11, 13, 12],
    ['its last bytes', 80, 13, 20, 14.5],
    ['another port of the address', null, 20, 40, 30],
  ])('%s', (_, port, from, to, time) => {
    expect(heard.within('10.0.0.3', port, from, to)?.time).toBe(time)
  })

  it.each([
    ['before', 80, 0, 10],
    ['between two of them', 80, 12.5, 14],
    ['after', 80, 14.5, 1e6],
    ['on the other port', 80, 29, 31],
    ['in no time', 80, 12, 12],
  ])('nothing %s', (_, port, from, to) => {
    expect(heard.within('10.0.0.3', port, from, to)).toBeNull()
    expect(heard.within('10.0.0.4', port, 0, 100)).toBeNull()
  })

  it('forgets the first half of each server when there are too many, and counts them', () => {
    const few = new AnswersHeard(0, 8)
    for (let n = 0; n < 10; n++) few.add(flow(n, '10.0.0.3 80', 100 + n))
    expect(few.forgotten).toBeGreaterThan(0)
    expect(few.within('10.0.0.3', 80, 99, 101)).toBeNull()
    expect(few.within('10.0.0.3', 80, 108, 110)?.stream).toBe(9)
  })
})
