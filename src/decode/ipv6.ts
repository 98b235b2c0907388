/** IPv6 and its extension headers (RFC 8200, RFC 2675). */
import { u16, u32 } from './big-endian.js'
import type { FragmentTable } from './fragments.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'
import { ODD_FRAGMENT, ODD_OFFLOAD, ODD_QUOTED } from './segments.js'

const HOP_BY_HOP = 0
const ROUTING = 43
const FRAGMENT_HEADER = 44
const DESTINATION_OPTIONS = 60
const MOBILITY = 135
const HIP = 139
const SHIM6 = 140

/** Notes the addresses and the packet's end, walks the extension headers up to the first one that is none. */
export function ipv6(
  bytes: Uint8Array,
  at: number,
  end: number,
  frame: Frame,
  fragments: FragmentTable,
): number {
  if (at + 40 > end) return layer.CUT_SHORT
  if (bytes[at] >> 4 !== 6) return layer.MALFORMED
  frame.family = 6
  frame.ipAt = at
  frame.sourceAt = at + 8
  frame.destinationAt = at + 24
  frame.ttl = bytes[at + 7]
  frame.ipId = 0
  const payloadLength = u16(bytes, at + 4)
  if (payloadLength > 0) frame.limit(at, 40 + payloadLength)
  // Taken before segmentation offload, or a jumbogram, whose hop-by-hop header will tell.
  else frame.odd |= ODD_OFFLOAD
  return extensionHeaders(bytes, at + 40, bytes[at + 6], frame, fragments)
}

function extensionHeaders(
  bytes: Uint8Array,
  start: number,
  firstHeader: number,
  frame: Frame,
  fragments: FragmentTable,
): number {
  let at = start
  let next = firstHeader
  for (let i = 0; i < 16; i++) {
    switch (next) {
      case HOP_BY_HOP:
      case ROUTING:
      case DESTINATION_OPTIONS:
      case MOBILITY:
      case HIP:
      case SHIM6:
        if (at + 8 > frame.end) return layer.CUT_SHORT
        if (next === HOP_BY_HOP) jumboLength(bytes, at, start, frame)
        next = bytes[at]
        at += (bytes[at + 1] + 1) * 8
        break
      case FRAGMENT_HEADER:
        if (at + 8 > frame.end) return layer.CUT_SHORT
        if ((u16(bytes, at + 2) & 0xfff9) !== 0) return fragmentOf(bytes, at, frame, fragments)
        next = bytes[at]
        at += 8
        break
      default:
        if (at > frame.end) return layer.CUT_SHORT
        frame.at = at
        frame.protocol = next
        return layer.IP_PROTOCOL
    }
  }
  return layer.TOO_DEEP
}

/** The jumbo payload option (RFC 2675), when it is the first option as it always is. */
function jumboLength(bytes: Uint8Array, at: number, payloadAt: number, frame: Frame): void {
  if (bytes[at + 2] !== 0xc2 || bytes[at + 3] !== 4) return
  frame.limit(payloadAt, u32(bytes, at + 4))
  frame.odd &= ~ODD_OFFLOAD
}

function fragmentOf(bytes: Uint8Array, at: number, frame: Frame, fragments: FragmentTable): number {
  const field = u16(bytes, at + 2)
  const offset = field & 0xfff8
  frame.at = at + 8
  frame.protocol = bytes[at]
  if (frame.end === frame.wireEnd && (frame.odd & ODD_QUOTED) === 0) {
    const length = frame.wireEnd - frame.at
    return fragments.add(
      bytes,
      frame,
      frame.at,
      length,
      offset,
      (field & 1) !== 0,
      u32(bytes, at + 4),
      bytes[at],
    )
  }
  if (offset !== 0) return layer.FRAGMENT
  frame.odd |= ODD_FRAGMENT
  return layer.IP_PROTOCOL
}
