import { FLOW_SYN, FLOW_SYN_ACK, type FlowColumns } from './flow-columns.js'
import type { FlowStore } from './flow-store.js'
import { MOST_WITH_ONE_ISN, TWINS_OF_TWO_CAPTURES_WITHIN_NS, TWINS_WITHIN_NS } from './policy.js'
import { SIDE_RST } from './side-columns.js'

/**
 * Connections that are in the capture twice, once on each side of an address translation: other addresses or ports, the same initial
 * sequence numbers of both sides, at the same time. Each later flow with the earliest of its kind, by stream number; flows without a SYN
 * have no initial sequence number and are left out. (A NAT that also changes sequence numbers, as a SYN proxy does, hides its twins.)
 */
export function natTwins(
  store: FlowStore,
  rows: Iterable<number> = Array(store.flows.count).keys(),
): Map<number, number> {
  const { flows, sides } = store
  const firsts = new Map<number, number>()
  /** Flows with an ISN that more than one has. */
  const alike = new Map<number, number[]>()
  for (const flow of rows) {
    if (!(flows.state[flow] & FLOW_SYN)) continue
    // With its sign it is a number that V8 keeps without an object, and finds in a map at once.
    const isn = sides.baseSeq[flow * 2 + flows.synSide[flow]] | 0
    const first = firsts.get(isn)
    if (first === undefined) {
      firsts.set(isn, flow)
      continue
    }
    const group = alike.get(isn) ?? [first]
    if (group.length <= MOST_WITH_ONE_ISN) group.push(flow)
    alike.set(isn, group)
  }
  const twins = new Map<number, number>()
  for (const group of alike.values()) {
    if (group.length > MOST_WITH_ONE_ISN) continue
    group.sort((a, b) => flows.synNs[a] - flows.synNs[b] || flows.stream[a] - flows.stream[b])
    for (const [n, later] of group.entries()) {
      const first = group
        .slice(0, n)
        .find((earlier) => !twins.has(flows.stream[earlier]) && areTwins(store, earlier, later))
      if (first !== undefined) twins.set(flows.stream[later], flows.stream[first])
    }
  }
  return twins
}

function areTwins(store: FlowStore, a: number, b: number): boolean {
  const { flows, sides } = store
  // The same ends at one place are a new connection with an old number; at two places they are one connection seen twice.
  if (sameTuple(flows, a, b) && flows.vantage[a] === flows.vantage[b]) return false
  const apart = Math.abs(flows.synNs[a] - flows.synNs[b])
  const together = flows.capture[a] === flows.capture[b]
  if (apart > (together ? TWINS_WITHIN_NS : TWINS_OF_TWO_CAPTURES_WITHIN_NS)) return false
  const answered = (flows.state[a] & FLOW_SYN_ACK) !== 0
  if (answered !== ((flows.state[b] & FLOW_SYN_ACK) !== 0)) return false
  // A lone SYN has only one sequence number to compare: the translation must have left something else alike.
  if (!answered) return together && clientPort(flows, a) === clientPort(flows, b) && passesOn(store, a, b)
  const serverIsn = (flow: number): number => sides.baseSeq[flow * 2 + (flows.synSide[flow] ^ 1)]
  return serverIsn(a) === serverIsn(b)
}

function clientPort(flows: FlowColumns, flow: number): number {
  return flows.synSide[flow] === 0 ? flows.port0[flow] : flows.port1[flow]
}

/** Address and port of the flow's client (side 0) or server (side 1), as text to compare. */
function end(flows: FlowColumns, flow: number, role: 0 | 1): string {
  const first = (flows.synSide[flow] ^ role) === 0
  const address = first ? flows.address0[flow] : flows.address1[flow]
  return `${flows.family[flow]} ${address} ${first ? flows.port0[flow] : flows.port1[flow]}`
}

/** The same 4-tuple: a connection after another on the same ports, not a translation. */
function sameTuple(flows: FlowColumns, a: number, b: number): boolean {
  return end(flows, a, 0) === end(flows, b, 0) && end(flows, a, 1) === end(flows, b, 1)
}

/**
 * Whether the SYN of `b` may be that of `a`, passed on: the RST that answers the one then answers the other, and a scanner, whose SYNs have
 * one number too, gets one for each. Without a RST one end is as it was; if that is the client's, another server is meant than before.
 */
function passesOn({ flows, sides }: FlowStore, a: number, b: number): boolean {
  const rstOf = (flow: number): number => {
    const side = flow * 2 + (flows.synSide[flow] ^ 1)
    return sides.state[side] & SIDE_RST ? sides.rstNs[side] : Infinity
  }
  if (rstOf(b) !== Infinity) return rstOf(b) <= rstOf(a) && flows.synNs[b] <= rstOf(a)
  if (rstOf(a) !== Infinity) return false
  const sameClient = end(flows, a, 0) === end(flows, b, 0)
  return sameClient
    ? serverAddress(flows, a) !== serverAddress(flows, b)
    : end(flows, a, 1) === end(flows, b, 1)
}

function serverAddress(flows: FlowColumns, flow: number): string {
  const address = flows.synSide[flow] === 0 ? flows.address1[flow] : flows.address0[flow]
  return `${flows.family[flow]} ${address}`
}
