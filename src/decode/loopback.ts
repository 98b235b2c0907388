/** BSD loopback (LINKTYPE_NULL, LINKTYPE_LOOP) and raw IP. */
import { u32 } from './big-endian.js'
import { layerOfEtherType } from './ethernet.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'

/** A four-byte address family in the byte order of the capturing host, which the file does not tell. */
export function loopback(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 4 > end) return layer.CUT_SHORT
  frame.at = at + 4
  let family = u32(bytes, at)
  if (family > 0xffff) {
    family = (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0
  }
  switch (family) {
    case 2:
      return layer.IPV4
    // AF_INET6 of Linux, Windows, NetBSD/OpenBSD, FreeBSD and Darwin.
    case 10:
    case 23:
    case 24:
    case 28:
    case 30:
      return layer.IPV6
    default:
      return family > 1500 && family <= 0xffff ? layerOfEtherType(family) : layer.NOT_IP
  }
}

/** An IP packet without any link header. */
export function rawIp(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at >= end) return layer.CUT_SHORT
  frame.at = at
  const version = bytes[at] >> 4
  return version === 4 ? layer.IPV4 : version === 6 ? layer.IPV6 : layer.NOT_IP
}
