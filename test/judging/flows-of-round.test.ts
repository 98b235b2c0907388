import { expect, test } from 'vitest'
import { readCaptures } from '../../src/capture/read-captures.js'
import { ChainMemory } from '../../src/chain/memory.js'
import { Conversations } from '../../src/exchange/conversations.js'
import { FlowTracker } from '../../src/flow/tracker.js'
import { flowsOfRound } from '../../src/judging/flows-of-round.js'
import { ladderSource } from '../helpers/ladder.js'
import { clientEnds, get, ok, opens } from '../helpers/verdict-of.js'

/** One whole connection with a question and an answer that begins at second `at`. */
function whole(name: string, at: number, ends = clientEnds(name, '+0.01')): string {
  return `${opens(name, String(at))}\n${name} > P. ${get('/')}\n${name} < P. ${ok()}\n${name} > .\n${ends}`
}

const FLOWS = `flow a 10.0.0.1:50000 > 10.0.0.2:80
  flow b 10.0.0.1:50001 > 10.0.0.2:80
  flow c 10.0.0.1:50002 > 10.0.0.2:80
  flow d 10.0.0.1:50003 > 10.0.0.2:80
  ${whole('a', 0)}
  ${whole('b', 0.001)}
  ${whole('c', 3)}
  ${whole('d', 4, clientEnds('d', '+5'))}`

/** Names of the flows that are taken when the first is judged. */
async function taken(first: boolean, vantage = 0): Promise<string> {
  const conversations = new Conversations()
  const tracker = new FlowTracker(conversations, 1)
  await readCaptures([ladderSource(FLOWS)], (batch, from, to, capture) =>
    tracker.process(batch, from, to, capture, 0),
  )
  const sources = {
    store: tracker.store,
    conversationOf: (row: number) => conversations.of(row),
    addressText: (_: number, address: number) => String(address),
    captureEndOf: () => 10e9,
    frameName: () => '',
  }
  tracker.store.flows.vantage[3] = vantage
  const memory = new ChainMemory()
  const rounds = (): string =>
    flowsOfRound(sources, [0], [3, 2, 1], memory)
      .flows.map(({ stream }) => 'abcd'[stream])
      .join('')
  if (!first) memory.meetings.add(flowsOfRound(sources, [0], [], memory).flows[0]!, false)
  return rounds()
}

test('flows that began when the judged ones were over, and closed as no others did, are left out', async () => {
  expect(await taken(false)).toBe('abd')
})

test('in the first round all are taken, and where captures of several places are', async () => {
  expect(await taken(true)).toBe('abcd')
  expect(await taken(false, 1)).toBe('abcd')
})
