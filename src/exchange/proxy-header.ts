import { agrees, ascii, LF } from './octets.js'

const VERSION_1 = ascii('PROXY ')
const VERSION_2 = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a)
/** The longest line of version 1, CRLF included. */
const MAX_LINE = 107

/** What a load balancer puts before the client's first byte, ended: its length; 0: nothing of the kind; -1: it may be the beginning of one. */
export function proxyHeaderLength(bytes: Uint8Array, at: number, end: number): number {
  if (end <= at) return -1
  if (bytes[at] === VERSION_1[0]) {
    if (!agrees(bytes, at, end, VERSION_1)) return 0
    const limit = Math.min(end, at + MAX_LINE)
    for (let i = at; i < limit; i++) if (bytes[i] === LF) return i + 1 - at
    return limit - at < MAX_LINE ? -1 : 0
  }
  if (!agrees(bytes, at, end, VERSION_2)) return 0
  if (end - at < 16) return -1
  const length = 16 + (bytes[at + 14] << 8) + bytes[at + 15]
  return end - at >= length ? length : -1
}
