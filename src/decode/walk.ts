/** The walk down a frame: calls the header function of each layer until there is a segment or a reason why there is none. */
import type { AddressTable } from './addresses.js'
import * as cooked from './linux-cooked.js'
import * as ethernet from './ethernet.js'
import type { FragmentTable } from './fragments.js'
import type { Frame } from './frame.js'
import { layerOfIpProtocol } from './ip-protocols.js'
import { ipv4 } from './ipv4.js'
import { ipv6 } from './ipv6.js'
import * as layer from './layers.js'
import { loopback } from './loopback.js'
import { otherLink, rareLink } from './other-links.js'
import { MOST_HEADERS } from './policy.js'
import type { SegmentBatch } from './segments.js'
import { tcp } from './tcp.js'
import { tunnel } from './tunnels.js'

/** Decodes from `frame.at` on, beginning with layer `first`; returns DONE, SFLOW or A_MSDU (for the caller to unpack) or a reason. */
export function walk(
  bytes: Uint8Array,
  first: number,
  frame: Frame,
  batch: SegmentBatch,
  addresses: AddressTable,
  fragments: FragmentTable,
): number {
  let next = first
  while (next >= 0) {
    if (++frame.depth > MOST_HEADERS) return layer.TOO_DEEP
    switch (next) {
      case layer.ETHERNET:
        next = ethernet.ethernet(bytes, frame.at, frame.end, frame)
        break
      case layer.IPV4:
        next = ipv4(bytes, frame.at, frame.end, frame, fragments)
        break
      case layer.IPV6:
        next = ipv6(bytes, frame.at, frame.end, frame, fragments)
        break
      case layer.IP_PROTOCOL:
        next = layerOfIpProtocol(frame.protocol)
        break
      case layer.TCP:
        next = tcp(bytes, frame.at, frame.end, frame, batch, addresses)
        break
      case layer.VLAN:
        next = ethernet.vlan(bytes, frame.at, frame.end, frame)
        break
      case layer.SLL:
        next = cooked.linuxCooked(bytes, frame.at, frame.end, frame)
        break
      case layer.SLL2:
        next = cooked.linuxCooked2(bytes, frame.at, frame.end, frame)
        break
      case layer.LOOPBACK:
        next = loopback(bytes, frame.at, frame.end, frame)
        break
      case layer.SFLOW:
      case layer.A_MSDU:
        return next
      default:
        next =
          next >= layer.IPV4
            ? tunnel(bytes, next, frame, fragments.annex)
            : next >= layer.FIRST_RARE_LINK
              ? rareLink(bytes, next, frame)
              : otherLink(bytes, next, frame)
    }
  }
  return next
}
