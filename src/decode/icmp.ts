/** ICMP and ICMPv6 errors, which quote the packet that provoked them (RFC 792, RFC 4443). */
import type { Frame } from './frame.js'
import * as layer from './layers.js'
import { ODD_QUOTED } from './segments.js'

/** Destination unreachable, source quench, redirect, time exceeded, parameter problem. */
const QUOTING = new Set([3, 4, 5, 11, 12])

/** The quoted IPv4 packet of an error; other messages hold none. */
export function icmp(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  if (!QUOTING.has(bytes[at])) return layer.NOT_TCP
  frame.at = at + 8
  frame.odd |= ODD_QUOTED
  return layer.IPV4
}

/** The quoted IPv6 packet of an error (types 1 to 4). */
export function icmpV6(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 8 > end) return layer.CUT_SHORT
  const type = bytes[at]
  if (type < 1 || type > 4) return layer.NOT_TCP
  frame.at = at + 8
  frame.odd |= ODD_QUOTED
  return layer.IPV6
}
