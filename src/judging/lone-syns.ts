import { COMPLETE_SYN } from '../flow/completeness.js'
import { FLOW_SYN, type FlowColumns } from '../flow/flow-columns.js'
import type { FlowStore } from '../flow/flow-store.js'
import { natTwins } from '../flow/nat-twins.js'
import { SIDE_OUTGOING } from '../flow/side-columns.js'
import { stillConnecting } from '../verdicts/plain.js'
import { judgingPolicy } from './policy.js'

/** Flows that have ended, parted; rows of the flows' columns. */
export interface Parted {
  /** To be looked at. */
  readonly others: readonly number[]
  /** To be counted as open, and nothing else. */
  readonly lone: readonly number[]
}

/** What is known of addresses and captures beside the flows themselves. */
export interface Sight {
  /** Until when a flow of a capture that was last seen at `ns` was watched. */
  readonly captureEndOf: (capture: number, ns: number) => number
  /** Whether an address was found to be one of a proxy's two. */
  readonly isProxy: (family: number, address: number) => boolean
}

/**
 * Parts the SYNs of a flood from what is to be looked at. A lone SYN is one that nobody has answered yet, from an address of which nothing
 * else is in sight: no other connection that has ended, none that is open and carries payload. It has no legs, its role is that of a
 * client, and its verdict is "open": facts, links and judge say the same (a test asks them) and take three times as long. The first to each
 * server is looked at all the same, so that the server is known.
 * @param rows flows that have ended
 * @param beside open flows that are looked at beside them
 */
export function withoutLoneSyns(
  store: FlowStore,
  rows: readonly number[],
  beside: readonly number[],
  sight: Sight,
): Parted {
  const { flows } = store
  const others: number[] = []
  const syns: number[] = []
  for (const row of rows) (isLoneSyn(store, row, sight) ? syns : others).push(row)
  if (others.length * 2 > rows.length) return { others: rows, lone: [] }
  const seen = new Set<number>()
  for (const row of [...others, ...beside]) seen.add(address(flows, row, 0)).add(address(flows, row, 1))
  const servers = new Set<number>()
  const unseen = syns.filter((row) => {
    if (seen.has(address(flows, row, 0))) return false
    const server = address(flows, row, 1) * 65_536 + flows.port1[row]
    const known = servers.has(server)
    servers.add(server)
    return known
  })
  // In parts: maps of all SYNs that are left at the end of a flood would take more memory than anything else then.
  const lone = new Set<number>()
  for (let at = 0; at < unseen.length; at += judgingPolicy.flowsTogether)
    for (const row of callingOnce(store, unseen.slice(at, at + judgingPolicy.flowsTogether))) lone.add(row)
  return { others: rows.filter((row) => !lone.has(row)), lone: [...lone] }
}

/** Those from addresses that sent no other SYN of these, and that are not seen twice on their way through a NAT. */
function callingOnce(store: FlowStore, rows: readonly number[]): number[] {
  const { flows } = store
  const callers = new Map<number, number>()
  for (const row of rows) {
    const caller = address(flows, row, 0)
    callers.set(caller, (callers.get(caller) ?? 0) + 1)
  }
  const twins = new Set([...natTwins(store, rows)].flat())
  return rows.filter((row) => callers.get(address(flows, row, 0)) === 1 && !twins.has(flows.stream[row]))
}

/** A SYN that nobody answered, not even by an ICMP error, or the same again, from elsewhere, and too young to be called unanswered. */
function isLoneSyn({ flows, sides, icmpErrors }: FlowStore, row: number, sight: Sight): boolean {
  const client = row * 2
  if (flows.completeness[row] !== COMPLETE_SYN || flows.copies[row] > 0) return false
  if (!(flows.state[row] & FLOW_SYN) || flows.synSide[row] !== 0) return false
  if (sides.segments[client + 1] > 0 || sides.payloadBytes[client] > 0) return false
  if (icmpErrors.of(row).length > 0) return false
  if (sides.state[client] & SIDE_OUTGOING || sight.isProxy(flows.family[row], flows.address0[row]))
    return false
  return stillConnecting(sight.captureEndOf(flows.capture[row], flows.lastNs[row]), flows.synNs[row])
}

/** An address as one number: that of the columns, those of IPv6 behind those of IPv4. */
function address({ family, address0, address1 }: FlowColumns, row: number, side: 0 | 1): number {
  return (side === 0 ? address0[row] : address1[row]) + (family[row] === 6 ? 2 ** 32 : 0)
}
