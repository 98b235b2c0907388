/** MPLS label stacks (RFC 3032, RFC 4385). */
import type { Frame } from './frame.js'
import * as layer from './layers.js'

const BOTTOM_OF_STACK = 1

/** Labels up to the bottom of the stack; what follows is told by its first nibble, as no field says it. */
export function mpls(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  let next = at
  for (;;) {
    if (next + 4 >= end) return layer.CUT_SHORT
    const bottom = (bytes[next + 2] & BOTTOM_OF_STACK) !== 0
    next += 4
    if (bottom) break
  }
  switch (bytes[next] >> 4) {
    case 4:
      frame.at = next
      return layer.IPV4
    case 6:
      frame.at = next
      return layer.IPV6
    case 0:
      // A pseudo-wire control word, then mostly Ethernet.
      frame.at = next + 4
      return layer.ETHERNET
    default:
      return layer.NOT_IP
  }
}
