/** What ICMP and ICMPv6 errors tell of the connections whose segments they quote (RFC 792, RFC 1812 5.2.7, RFC 4443). */
import { u16, u32 } from '../decode/big-endian.js'
import type { SegmentBatch } from '../decode/segments.js'

/** What an error says, in words of both families. */
export type IcmpKind =
  | 'host unreachable'
  | 'network unreachable'
  | 'port unreachable'
  | 'administratively prohibited'
  | 'packet too big'
  | 'time to live exceeded'

/** The first error of one kind to one side of a flow. */
export interface IcmpError {
  readonly kind: IcmpKind
  /** Flow side (0 or 1) whose segment is quoted. */
  readonly to: number
  readonly frame: number
  readonly ns: number
  /** IPv4 address it came from, as a number; null: IPv6. */
  readonly from: number | null
  /** Largest packet that fits, bytes; 0: it does not tell. */
  readonly mtu: number
  count: number
}

const ICMP_HEADER = 8
const IPV4_HEADER = 20
const ICMP = 1
const ICMP_V6 = 58
const IPV6_HEADER = 40
/** IPv4 destination unreachable: codes of ports, of networks and of filters; 4 is about the size, all others are about the host. */
const PORT_CODES = new Set([2, 3])
const NETWORK_CODES = new Set([0, 6, 11])
const FILTER_CODES = new Set([9, 10, 13])
const TOO_BIG = 4
/** IPv6 destination unreachable. */
const PORT_V6 = 4
const NO_ROUTE_V6 = 0
const FILTER_CODES_V6 = new Set([1, 5, 6])

/** Errors of the flows that are held; only flows that were quoted have an entry. */
export class IcmpErrors {
  private readonly ofFlow = new Map<number, IcmpError[]>()

  of(flow: number): readonly IcmpError[] {
    return this.ofFlow.get(flow) ?? []
  }

  forget(flow: number): void {
    this.ofFlow.delete(flow)
  }

  /** Notes the error around a quoted header; `to` is the side that had sent what is quoted. A negative `flow` is held no more. */
  note(batch: SegmentBatch, row: number, flow: number, to: number): void {
    const { bytes } = batch
    const at = batch.ipAt[row] - ICMP_HEADER
    const family = batch.family[row]
    const kind = family === 4 ? kindOf(bytes, at) : kindOfV6(bytes, at)
    if (kind === null || flow < 0) return
    const known = this.ofFlow.get(flow) ?? []
    const same = known.find((one) => one.kind === kind && one.to === to)
    if (same !== undefined) {
      same.count++
      return
    }
    const mtu = kind !== 'packet too big' ? 0 : family === 4 ? u16(bytes, at + 6) : u32(bytes, at + 4)
    const from = family === 4 ? u32(bytes, at - IPV4_HEADER + 12) : null
    known.push({ kind, to, frame: batch.frame[row], ns: batch.timeNs[row], from, mtu, count: 1 })
    this.ofFlow.set(flow, known)
  }
}

/** Null: the bytes before the quotation are no ICMP header behind an IPv4 header without options, or it says nothing of the way. */
function kindOf(bytes: Uint8Array, at: number): IcmpKind | null {
  const ip = at - IPV4_HEADER
  if (ip < 0 || bytes[ip] !== 0x45 || bytes[ip + 9] !== ICMP) return null
  if (bytes[at] === 11) return 'time to live exceeded'
  if (bytes[at] !== 3) return null
  const code = bytes[at + 1]
  if (code === TOO_BIG) return 'packet too big'
  if (PORT_CODES.has(code)) return 'port unreachable'
  if (NETWORK_CODES.has(code)) return 'network unreachable'
  return FILTER_CODES.has(code) ? 'administratively prohibited' : 'host unreachable'
}

function kindOfV6(bytes: Uint8Array, at: number): IcmpKind | null {
  const ip = at - IPV6_HEADER
  if (ip < 0 || bytes[ip] >> 4 !== 6 || bytes[ip + 6] !== ICMP_V6) return null
  if (bytes[at] === 2) return 'packet too big'
  if (bytes[at] === 3) return 'time to live exceeded'
  if (bytes[at] !== 1) return null
  const code = bytes[at + 1]
  if (code === PORT_V6) return 'port unreachable'
  if (code === NO_ROUTE_V6) return 'network unreachable'
  return FILTER_CODES_V6.has(code) ? 'administratively prohibited' : 'host unreachable'
}
