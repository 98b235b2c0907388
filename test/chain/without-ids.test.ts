import { expect, test } from 'vitest'
import { openSource } from '../../src/capture/file-source.js'
import { Chain } from '../../src/chain/surroundings.js'
import type { FlowFacts } from '../../src/facts/flow-facts.js'
import type { LegLink } from '../../src/facts/leg-facts.js'
import { factsOfSource } from '../helpers/facts-of.js'

const INCIDENT = new URL('../../captures/incident-502/capture.pcap', import.meta.url).pathname

async function factsOfPath(path: string): Promise<FlowFacts[]> {
  return (await factsOfSource(openSource(path))).facts
}

function withRequest(links: readonly LegLink[]): LegLink[] {
  return links.filter((one) => one.upstreamExchange !== null)
}

function name({ downstream, downstreamExchange, upstream, upstreamExchange }: LegLink): string {
  return `${downstream.stream}.${downstreamExchange.index} > ${upstream.stream}.${upstreamExchange?.index}`
}

test('an incident whose requests have no ids: nearly all legs are found, and no likely link is wrong', async () => {
  const facts = await factsOfPath(INCIDENT)
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
