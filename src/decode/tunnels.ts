/** What is in IP besides TCP: tunnels and quotations, by layer. */
import type { Annex } from './annex.js'
import type { Frame } from './frame.js'
import { erspan, gre } from './gre.js'
import { gtp } from './gtp.js'
import { icmp, icmpV6 } from './icmp.js'
import { authenticationHeader, etherIp } from './ip-protocols.js'
import { ipComp } from './ipcomp.js'
import * as layer from './layers.js'
import * as overlays from './overlays.js'
import * as ppp from './ppp.js'
import { lisp, vxlanGpe } from './service-tags.js'
import { udp } from './udp.js'

/** Reads the header of `next`, a layer in IP; `annex` is where decompressed packets go. */
export function tunnel(bytes: Uint8Array, next: number, frame: Frame, annex: Annex): number {
  const { at, end } = frame
  switch (next) {
    case layer.UDP:
      return udp(bytes, at, end, frame)
    case layer.ICMP:
      return icmp(bytes, at, end, frame)
    case layer.ICMPV6:
      return icmpV6(bytes, at, end, frame)
    case layer.GRE:
      return gre(bytes, at, end, frame)
    case layer.ERSPAN:
      return erspan(bytes, at, end, frame)
    case layer.VXLAN:
      return overlays.vxlan(bytes, at, end, frame)
    case layer.GENEVE:
      return overlays.geneve(bytes, at, end, frame)
    case layer.VXLAN_GPE:
      return vxlanGpe(bytes, at, end, frame)
    case layer.LISP:
      return lisp(bytes, at, end, frame)
    case layer.TZSP:
      return overlays.tzsp(bytes, at, end, frame)
    case layer.TEREDO:
      return overlays.teredo(bytes, at, end, frame)
    case layer.AYIYA:
      return overlays.ayiya(bytes, at, end, frame)
    case layer.CAPWAP:
      return overlays.capwap(bytes, at, end, frame)
    case layer.GTP:
      return gtp(bytes, at, end, frame)
    case layer.L2TP:
      return ppp.l2tp(bytes, at, end, frame)
    case layer.AUTHENTICATION_HEADER:
      return authenticationHeader(bytes, at, end, frame)
    case layer.ETHER_IP:
      return etherIp(bytes, at, end, frame)
    case layer.IPCOMP:
      return ipComp(bytes, at, end, frame, annex)
    default:
      return layer.NOT_TCP
  }
}
