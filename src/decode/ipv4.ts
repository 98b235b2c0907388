/** IPv4 (RFC 791). */
import { u16 } from './big-endian.js'
import type { FragmentTable } from './fragments.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'
import { ODD_FRAGMENT, ODD_OFFLOAD, ODD_QUOTED } from './segments.js'

const MORE_FRAGMENTS = 0x2000
const FRAGMENT_OFFSET = 0x1fff
/** Any of these bits: the packet is a fragment. */
export const FRAGMENT = MORE_FRAGMENTS | FRAGMENT_OFFSET

/** Notes the addresses and the packet's end; the protocol number decides what follows. */
export function ipv4(
  bytes: Uint8Array,
  at: number,
  end: number,
  frame: Frame,
  fragments: FragmentTable,
): number {
  if (at + 20 > end) return layer.CUT_SHORT
  const first = bytes[at]
  const headerLength = (first & 15) * 4
  if (first >> 4 !== 4 || headerLength < 20) return layer.MALFORMED
  let totalLength = u16(bytes, at + 2)
  if (totalLength === 0) {
    // Taken before segmentation offload: the frame's length is the only one there is.
    totalLength = frame.wireEnd - at
    frame.odd |= ODD_OFFLOAD
  }
  if (totalLength < headerLength) return layer.MALFORMED
  takeHeader(bytes, at, headerLength, totalLength, frame)
  frame.protocol = bytes[at + 9]
  const fragment = u16(bytes, at + 6)
  if ((fragment & FRAGMENT) !== 0) {
    return fragmentOf(bytes, at, headerLength, totalLength, fragment, frame, fragments)
  }
  return layer.IP_PROTOCOL
}

/** Notes a header of these lengths: the packet's end, its addresses, and where what it carries begins. */
export function takeHeader(
  bytes: Uint8Array,
  at: number,
  headerLength: number,
  totalLength: number,
  frame: Frame,
): void {
  frame.limit(at, totalLength)
  frame.family = 4
  frame.ipAt = at
  frame.sourceAt = at + 12
  frame.destinationAt = at + 16
  frame.ttl = bytes[at + 8]
  frame.ipId = u16(bytes, at + 4)
  frame.at = at + headerLength
}

/** A fragment waits in the table until its datagram is whole; the first one of a cut capture is all we will ever have. */
function fragmentOf(
  bytes: Uint8Array,
  at: number,
  headerLength: number,
  totalLength: number,
  fragment: number,
  frame: Frame,
  fragments: FragmentTable,
): number {
  const whole = at + totalLength <= frame.end
  if (whole && (frame.odd & ODD_QUOTED) === 0) {
    const offset = (fragment & FRAGMENT_OFFSET) * 8
    const more = (fragment & MORE_FRAGMENTS) !== 0
    return fragments.add(
      bytes,
      frame,
      frame.at,
      totalLength - headerLength,
      offset,
      more,
      frame.ipId,
      frame.protocol,
    )
  }
  if ((fragment & FRAGMENT_OFFSET) !== 0) return layer.FRAGMENT
  frame.odd |= ODD_FRAGMENT
  return layer.IP_PROTOCOL
}
