import { readCaptures } from '../../src/capture/read-captures.js'
import type { ByteSource } from '../../src/capture/source.js'
import type { RoleRule } from '../../src/chain/roles.js'
import { Chain } from '../../src/chain/surroundings.js'
import { Conversations } from '../../src/exchange/conversations.js'
import { flowFacts } from '../../src/facts/build.js'
import type { FlowFacts } from '../../src/facts/flow-facts.js'
import type { FlowStore } from '../../src/flow/flow-store.js'
import { FlowTracker } from '../../src/flow/tracker.js'
import { ladderSource, type LadderOptions } from './ladder.js'

/** The facts of every flow of a capture, in the order in which the flows begin, and the columns they come from. */
export async function factsOfSource(source: ByteSource): Promise<{ facts: FlowFacts[]; store: FlowStore }> {
  const conversations = new Conversations()
  const tracker = new FlowTracker(conversations, 1)
  const read = await readCaptures([source], (batch, from, to, capture, vantage) =>
    tracker.process(batch, from, to, capture, vantage),
  )
  tracker.finish()
  const sources = {
    store: tracker.store,
    conversationOf: (flow: number) => conversations.of(flow),
    addressText: (family: number, address: number) => read.addresses.text(family === 6 ? 6 : 4, address),
    captureEndOf: (capture: number) => read.captures[capture]?.latestNs ?? 0,
  }
  const { store } = tracker
  return { facts: Array.from({ length: store.flows.count }, (_, flow) => flowFacts(sources, flow)), store }
}

/** The facts of every flow of a ladder. */
export async function allFacts(text: string, options: LadderOptions = {}): Promise<FlowFacts[]> {
  return (await factsOfSource(ladderSource(text, options))).facts
}

/** The facts of the first flow. */
export async function factsOf(text: string, options: LadderOptions = {}): Promise<FlowFacts> {
  const [first] = await allFacts(text, options)
  if (first === undefined) throw new Error('the ladder has no flow')
  return first
}

/** The chain floor's view of a ladder. */
export async function chainOf(
  text: string,
  rules: readonly RoleRule[] = [],
  options: LadderOptions = {},
): Promise<{ facts: FlowFacts[]; chain: Chain }> {
  const facts = await allFacts(text, options)
  return { facts, chain: new Chain(facts, rules) }
}
