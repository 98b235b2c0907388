import { expect, test } from 'vitest'
import { ChainMemory } from '../../src/chain/memory.js'
import { Chain } from '../../src/chain/surroundings.js'
import { allFacts } from '../helpers/facts-of.js'
import { get, ok } from '../helpers/verdict-of.js'

interface Round {
  /** Milliseconds from the client's request to the proxy's SYN. */
  readonly turnMs?: number
  readonly answered?: boolean
}

interface Ends {
  readonly client?: string
  readonly serves?: string
  readonly calls?: string
  /** Milliseconds from SYN-ACK to ACK on the client's leg, and from SYN to SYN-ACK on the servers' leg. */
  readonly clientMs?: number
  readonly serverMs?: number
  readonly linkType?: number
}

/** Requests, one a second, each over a connection of its own, that come in at one address and are passed on from another. */
function passedOn(rounds: readonly Round[], ends: Ends = {}): string {
  const { client = '10.0.0.1', serves = '10.0.0.2', calls = '10.1.0.2', clientMs = 12, serverMs = 5 } = ends
  const s = (ms: number): string => `+${ms / 1000}`
  const flows = rounds.map(
    (_, n) =>
      `flow d${n} ${client}:${50000 + n} > ${serves}:80 ts\nflow u${n} ${calls}:${40000 + n} > 10.1.0.3:8000 ts`,
  )
  const lines = rounds.map(
    ({ turnMs = 0.4, answered = true }, n) => `
      ${n + 1}.0 d${n} > S
      +0.00005 d${n} < S.
      ${s(clientMs)} d${n} > .
      d${n} > P. ${get(`/${n}`)}
      ${s(turnMs)} u${n} > S${
        answered
          ? `
      ${s(serverMs)} u${n} < S.
      +0.00005 u${n} > .
      u${n} > P. ${get(`/${n}`)}
      +0.05 u${n} < P. ${ok()}`
          : ''
      }
      +0.1 d${n} < P. ${ok()}`,
  )
  return [...flows, ...lines].join('\n')
}

const FIVE: Round[] = [{}, {}, {}, {}, {}]

async function linked(text: string): Promise<number> {
  return new Chain(await allFacts(text), []).links.length
}

/** Whether the two addresses are taken for one host. */
async function joined(text: string): Promise<boolean> {
  return new Chain(await allFacts(text), []).hosts.same('10.0.0.2', '10.1.0.2')
}

test('a proxy with two addresses, in a capture that does not tell what its host sent: every leg is linked', async () => {
  expect(await joined(passedOn(FIVE))).toBe(true)
  expect(await linked(passedOn(FIVE))).toBe(5)
})

test('the servers never answer a SYN: the near end of the clients’ leg is enough', async () => {
  const silent = FIVE.map(() => ({ answered: false }))
  expect(await linked(passedOn(silent))).toBe(5)
})

test.each<[string, readonly Round[], Ends]>([
  ['two requests may be chance', [{}, {}], {}],
  ['connections that are opened long after the requests came in', FIVE.map(() => ({ turnMs: 60 })), {}],
  ['only one of five follows', [{}, ...FIVE.slice(1).map(() => ({ turnMs: 60 }))], {}],
  ['the serving address is the far end', FIVE, { clientMs: 0.01 }],
  ['the calling address is the far end', FIVE, { serverMs: 0.01 }],
  ['neither end is near: a mirror', FIVE, { clientMs: 0.04, serverMs: 0.04 }],
])('no host is made of two when %s', async (_, rounds, ends) => {
  expect(await joined(passedOn(rounds, ends))).toBe(false)
})

test('no host is made of two that talk to each other', async () => {
  const talk = `flow x 10.1.0.2:45000 > 10.0.0.2:81 ts\n${passedOn(FIVE)}\n+1 x > S\n+0.001 x < S.\n+0.001 x > .`
  expect(await joined(talk)).toBe(false)
  expect(await joined(talk.replace('flow x 10.1.0.2', 'flow x 10.1.0.9'))).toBe(true)
})

test('no host is made of a client and the server behind its proxy', async () => {
  const open = (name: string): string => `+1 ${name} > S\n+0.001 ${name} < S.\n+0.001 ${name} > .`
  const loop = `flow x 10.1.0.2:45000 > 10.0.0.7:81 ts\nflow y 10.0.0.7:46000 > 10.0.0.2:81 ts
    ${passedOn(FIVE)}\n${open('x')}\n${open('y')}`
  expect(await joined(loop)).toBe(false)
  expect(await joined(loop.replace('flow y 10.0.0.7', 'flow y 10.0.0.8'))).toBe(true)
})

test('requests without a pause leave chance too much room', async () => {
  const busy = passedOn(FIVE).replace(/^ {6}\d\.0 /gm, '      +0.0001 ')
  const all = Array.from({ length: 40 }, () => ({}))
  expect(await linked(busy)).toBe(0)
  expect(await linked(passedOn(all))).toBe(40)
})

test('what one round found, the next goes by', async () => {
  const memory = new ChainMemory()
  const first = new Chain(await allFacts(passedOn(FIVE)), [], new Map(), memory)
  expect(first.links).toHaveLength(5)
  const later = await allFacts(passedOn([{}]))
  expect(new Chain(later, [], new Map(), memory).links).toHaveLength(1)
  expect(new Chain(later, []).links).toHaveLength(0)
})
