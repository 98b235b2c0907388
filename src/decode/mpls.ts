/** MPLS label stacks (RFC 3032, RFC 4385). */
import { u16 } from './big-endian.js'
import { layerOfEtherType } from './ethernet.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'

const BOTTOM_OF_STACK = 1

/** Labels up to the bottom of the stack; what follows is told by its first nibble, for no field says it. */
export function mpls(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  let next = at
  for (;;) {
    if (next + 4 >= end) return layer.CUT_SHORT
    const bottom = (bytes[next + 2] & BOTTOM_OF_STACK) !== 0
    next += 4
    if (bottom) break
  }
  frame.at = next
  switch (bytes[next] >> 4) {
    case 4:
      return layer.IPV4
    case 6:
      return layer.IPV6
    default:
      return pseudoWire(bytes, next, end, frame)
  }
}

/** Ethernet in a pseudo-wire, with or without the control word (RFC 4385) before it: the EtherType's place tells. */
function pseudoWire(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 14 <= end && layerOfEtherType(u16(bytes, at + 12)) >= 0) return layer.ETHERNET
  if (at + 18 > end || bytes[at] >> 4 !== 0) return layer.NOT_IP
  frame.at = at + 4
  return layer.ETHERNET
}
