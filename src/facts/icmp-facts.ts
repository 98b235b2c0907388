import type { FactSources } from './fact-sources.js'
import type { FlowFacts } from './flow-facts.js'

/** The ICMP errors about segments of a flow. */
export function icmpErrorsOf(
  { store, addressText }: Pick<FactSources, 'store' | 'addressText'>,
  { row, clientIndex }: FlowFacts,
): FlowFacts['icmpErrors'] {
  return store.icmpErrors.of(row).map(({ kind, to, frame, ns, from, mtu, count }) => ({
    kind,
    to: to === clientIndex ? 'client' : 'server',
    frame,
    ns,
    from: from === null ? null : addressText(4, from),
    mtu: mtu === 0 ? null : mtu,
    count,
  }))
}
