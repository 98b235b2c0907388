import { ACK, FIN, RST, SYN } from '../decode/segments.js'

/** Bits of tshark's `tcp.completeness`. */
export const COMPLETE_SYN = 1
export const COMPLETE_SYN_ACK = 2
export const COMPLETE_ACK = 4
export const COMPLETE_DATA = 8
export const COMPLETE_FIN = 16
export const COMPLETE_RST = 32

/**
 * The bits that a segment adds to its conversation; the SYN's own is set where the conversation is created. ACK stands for a
 * segment without payload, so that a bare FIN or RST with ACK sets it too.
 */
export function completenessBits(flags: number, payload: number): number {
  let bits = 0
  if ((flags & (SYN | ACK)) === (SYN | ACK)) bits |= COMPLETE_SYN_ACK
  if (flags & RST) bits |= COMPLETE_RST
  if (!(flags & SYN)) {
    if ((flags & (FIN | ACK)) === (FIN | ACK)) bits |= COMPLETE_FIN
    if (flags & ACK) bits |= payload > 0 ? COMPLETE_DATA : COMPLETE_ACK
  } else if (payload > 0 && !(flags & ACK)) bits |= COMPLETE_DATA
  return bits
}
