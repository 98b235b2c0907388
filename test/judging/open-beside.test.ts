import { expect, test } from 'vitest'
import { readCaptures } from '../../src/capture/read-captures.js'
import { ChainMemory } from '../../src/chain/memory.js'
import { memoryPolicy } from '../../src/chain/policy.js'
import { Conversations } from '../../src/exchange/conversations.js'
import { FlowTracker } from '../../src/flow/tracker.js'
import { OpenBeside } from '../../src/judging/open-beside.js'
import { policy } from '../../src/verdicts/policy.js'
import { ladderSource } from '../helpers/ladder.js'
import { ok } from '../helpers/verdict-of.js'

/** Handshake, a question and an answer that nobody can read, at second `at`. */
function talk(name: string, at: number, answer = '!!'): string {
  return `${at} ${name} > S
  ${name} < S.
  ${name} > .
  ${name} > P. '??'
  ${at + 0.001} ${name} < P. '${answer}'`
}

function close(name: string, at: number): string {
  return `${at} ${name} < F.
  ${name} > F.
  ${name} < .`
}

/** Names of the flows chosen in a second round, in which none has ended. */
async function chosen(ladder: string, noted: (memory: ChainMemory) => void = () => {}): Promise<string[]> {
  const names = [...ladder.matchAll(/flow (\w+)/g)].map(([, name]) => name ?? '')
  const conversations = new Conversations()
  const tracker = new FlowTracker(conversations, 1)
  await readCaptures([ladderSource(ladder)], (batch, from, to, capture, vantage) =>
    tracker.process(batch, from, to, capture, vantage),
  )
  const memory = new ChainMemory()
  noted(memory)
  const beside = new OpenBeside(tracker.store, memory, (row) => conversations.of(row))
  expect(beside.rows([])).toHaveLength(names.length)
  return beside.rows([]).map((row) => names[row] ?? '')
}

const FLOWS = `flow a 10.0.0.1:50000 > 10.0.0.2:9000
  flow b 10.0.0.1:50001 > 10.0.0.2:9000`

test('connections of hosts that only call or only serve are left out when they are open, or were closed at once', async () => {
  expect(await chosen(`${FLOWS}\n${talk('a', 0)}\n${talk('b', 1)}\n${close('b', 1.1)}`)).toEqual([])
})

test('a close after a silence that others may share is looked at', async () => {
  expect(await chosen(`${FLOWS}\n${talk('a', 0)}\n${talk('b', 1)}\n${close('b', 3)}`)).toEqual(['b'])
})

test('a RST is looked at, and so is a FIN that nobody answered', async () => {
  expect(await chosen(`${FLOWS}\n${talk('a', 0)}\n0.1 a < R.\n${talk('b', 1)}\n1.1 b < F.`)).toEqual([
    'a',
    'b',
  ])
})

test('of what can be read more than the last bytes tells when it was over', async () => {
  const response = 'HTTP/1.1 408 Request Timeout\\r\\nConnection: close\\r\\n\\r\\n'
  expect(await chosen(`${FLOWS}\n${talk('a', 0)}\n${talk('b', 1, response)}\n${close('b', 1.1)}`)).toEqual([
    'b',
  ])
})

test('of a whole response at the end the bytes say enough', async () => {
  const asked = `${talk('b', 1).replace("'??'", "'GET / HTTP/1.1\\r\\n\\r\\n'").replace("'!!'", ok())}\n${close('b', 1.1)}`
  expect(await chosen(`${FLOWS}\n${talk('a', 0)}\n${asked}`)).toEqual([])
  expect(await chosen(`${FLOWS}\n${talk('a', 0)}\n${asked.replace('200', '400')}`)).toEqual(['b'])
})

test('the legs of a host that serves and calls are looked at', async () => {
  const ladder = `${FLOWS}
  flow c 10.0.0.2:40000 > 10.0.0.3:9001
  flow d 10.0.0.4:40000 > 10.0.0.5:9001
  ${talk('a', 0)}\n${talk('b', 1)}\n${talk('c', 2)}\n${talk('d', 3)}`
  expect(await chosen(ladder)).toEqual(['a', 'b', 'c'])
})

test('where hosts have several addresses all are looked at', async () => {
  const ladder = `${FLOWS}\n${talk('a', 0)}\n${talk('b', 1)}`
  const proxy = (memory: ChainMemory): void => memory.noteProxies([['10.0.0.8', '10.0.0.9']])
  expect(await chosen(ladder, proxy)).toEqual(['a', 'b'])
})

test('what is left out is shorter than any gap that counts', () => {
  expect(memoryPolicy.leastGapNs).toBeLessThan(policy.clusterLeastGapNs - 0.3e9)
  expect(memoryPolicy.leastGapNs).toBeLessThan(policy.serverIdleNs - 0.3e9)
})
