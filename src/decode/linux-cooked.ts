/** Linux cooked captures, what `tcpdump -i any` writes (LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2). */
import { u16, u32 } from './big-endian.js'
import { layerOfEtherType } from './ethernet.js'
import type { Frame } from './frame.js'
import * as layer from './layers.js'

/** ARPHRD values whose protocol field is no EtherType. */
const ARPHRD_NETLINK = 824
/** Protocol numbers of Linux below the EtherTypes: a whole Ethernet frame, an LLC header, PPP. */
const ETH_P_ALL = 3
const ETH_P_802_2 = 4
const ETH_P_WAN_PPP = 7

/** Version 1: packet type first, protocol last, no interface. */
export function linuxCooked(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 16 > end) return layer.CUT_SHORT
  frame.packetType = bytes[at + 1]
  frame.at = at + 16
  return cookedProtocol(u16(bytes, at + 14), u16(bytes, at + 2))
}

/** Version 2: protocol first, then the interface index. */
export function linuxCooked2(bytes: Uint8Array, at: number, end: number, frame: Frame): number {
  if (at + 20 > end) return layer.CUT_SHORT
  frame.packetType = bytes[at + 10]
  frame.interfaceId = u32(bytes, at + 4)
  frame.at = at + 20
  return cookedProtocol(u16(bytes, at), u16(bytes, at + 8))
}

function cookedProtocol(protocol: number, hardware: number): number {
  if (hardware === ARPHRD_NETLINK) return layer.NOT_IP
  if (protocol > 1500) return layerOfEtherType(protocol)
  switch (protocol) {
    case ETH_P_ALL:
      return layer.ETHERNET
    case ETH_P_802_2:
      return layer.LLC
    case ETH_P_WAN_PPP:
      return layer.PPP_HDLC
    default:
      return layer.NOT_IP
  }
}
