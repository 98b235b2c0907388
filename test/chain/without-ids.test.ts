import { expect, test } from 'vitest'
import { readCaptures } from '../../src/capture/read-captures.js'
import { openSource } from '../../src/capture/file-source.js'
import { Chain } from '../../src/chain/surroundings.js'
import { Conversations } from '../../src/exchange/conversations.js'
import { flowFacts } from '../../src/facts/build.js'
import type { FlowFacts } from '../../src/facts/flow-facts.js'
import type { LegLink } from '../../src/facts/leg-facts.js'
import { FlowTracker } from '../../src/flow/tracker.js'

const INCIDENT = new URL('../../captures/incident-502/capture.pcap', import.meta.url).pathname

async function factsOfFile(path: string): Promise<FlowFacts[]> {
  const conversations = new Conversations()
  const tracker = new FlowTracker(conversations, 1)
  const read = await readCaptures([openSource(path)], (batch, from, to, capture) =>
    tracker.process(batch, from, to, capture),
  )
  tracker.finish()
  const sources = {
    store: tracker.store,
    conversationOf: (flow: number) => conversations.of(flow),
    addressText: (family: number, address: number) => read.addresses.text(family === 6 ? 6 : 4, address),
    captureEndOf: (capture: number) => read.captures[capture]?.latestNs ?? 0,
  }
  return Array.from({ length: tracker.store.flows.count }, (_, flow) => flowFacts(sources, flow))
}

function withRequest(links: readonly LegLink[]): LegLink[] {
  return links.filter((one) => one.upstreamExchange !== null)
}

function name({ downstream, downstreamExchange, upstream, upstreamExchange }: LegLink): string {
  return `${downstream.stream}.${downstreamExchange.index} > ${upstream.stream}.${upstreamExchange?.index}`
}

test('an incident whose requests have no ids: nearly all legs are found, and no likely link is wrong', async () => {
  const facts = await factsOfFile(INCIDENT)
  const byId = withRequest(new Chain(facts, []).links)
  expect(byId.length).toBeGreaterThan(700)
  expect(byId.every((one) => one.basis === 'request-id')).toBe(true)
  for (const { conversation } of facts)
    for (const exchange of conversation?.exchanges ?? []) exchange.requestId = null
  const truth = new Set(byId.map(name))
  const found = withRequest(new Chain(facts, []).links)
  const wrong = found.filter((one) => !truth.has(name(one)))
  expect(wrong.filter((one) => one.certainty !== 'possible')).toEqual([])
  expect(found.length - wrong.length).toBeGreaterThanOrEqual(0.98 * byId.length)
})
