/** Turns one ladder line into a packet: sequence tracking and header fields as Linux would set them. */
import type { LadderFlow, LadderLine, LadderSide } from './ladder-text.js'
import { addressBytes, checksum, concat, ipPacket, tcpPacket, u16, u32 } from './packet-bytes.js'

const FIN = 1
const SYN = 2
const RST = 4
const ACK = 16

/** Numbers of one segment, relative to the ISNs; null acknowledgement: no ACK flag. */
export interface TrackedSegment {
  readonly seq: number
  readonly ack: number | null
  readonly payload: Uint8Array
  /** A RST of no connection: seq as the ACK that provoked it, or 0 in answer to a SYN. */
  readonly stateless: boolean
}

/** Works out where a line's segment stands in the sequence space and moves its side on. */
export function trackedSegment(flow: LadderFlow, line: LadderLine): TrackedSegment {
  const me = flow.sides[line.from]
  const peer = flow.sides[line.from === 'client' ? 'server' : 'client']
  const starts = me.next === 0 && (line.flags & SYN) === 0
  const refusal = starts && (line.flags & RST) !== 0
  const old = line.again === null ? undefined : me.sent.at(-line.again)
  const next = starts ? 1 : me.next
  const payload = line.payload.length > 0 ? line.payload : (old?.payload ?? line.payload)
  const resetsBlindly = (line.flags & (RST | ACK)) === RST
  const onward = line.probe
    ? next - 1
    : (line.flags & SYN) !== 0
      ? 0
      : resetsBlindly
        ? (peer.lastAck ?? next)
        : next
  const seq = line.seq ?? old?.seq ?? onward
  const taken = payload.length + (line.flags & (SYN | FIN) ? 1 : 0)
  if (!line.probe) {
    if (taken > 0 && old === undefined) me.sent.push({ seq, flags: line.flags, payload })
    if (!refusal) me.next = Math.max(next, (line.flags & RST) !== 0 ? 0 : seq + taken)
  }
  me.reached.push(me.next)
  const seen = peer.reached.at(-1 - line.unseen) ?? 0
  const ack = (line.flags & ACK) === 0 ? null : (line.ack ?? (seen === 0 ? 1 : seen))
  if (ack !== null) me.lastAck = ack
  const stateless = (line.flags & RST) !== 0 && (refusal || (line.flags & ACK) === 0)
  return { seq, ack, payload, stateless }
}

/** The IP packet of a tracked segment. */
export function segmentPacket(
  flow: LadderFlow,
  line: LadderLine,
  segment: TrackedSegment,
  seconds: number,
): Uint8Array {
  const me = flow.sides[line.from]
  const peer = flow.sides[line.from === 'client' ? 'server' : 'client']
  const syn = (line.flags & SYN) !== 0
  const refusal = segment.stateless && (line.flags & ACK) !== 0 && line.seq === null
  const packet = tcpPacket({
    source: me.ip,
    destination: peer.ip,
    sourcePort: me.port,
    destinationPort: peer.port,
    seq: refusal ? 0 : (me.isn + segment.seq) % 2 ** 32,
    ack: segment.ack === null ? 0 : (peer.isn + segment.ack) % 2 ** 32,
    flags: line.flags,
    window: line.window ?? (segment.stateless ? 0 : syn ? 64240 : me.window),
    ttl: line.ttl ?? me.ttl,
    ipId: line.ipId ?? (segment.stateless || (syn && line.flags & ACK) ? 0 : me.ipId++ & 0xffff),
    options: line.options ?? (segment.stateless ? [] : segmentOptions(flow, line, me, peer, seconds)),
    payload: segment.payload,
  })
  const lengthAt = packet[0]! >> 4 === 4 ? 2 : 4
  if (line.zeroLength) packet.fill(0, lengthAt, lengthAt + 2)
  me.lastPacket = packet
  return packet
}

function segmentOptions(
  flow: LadderFlow,
  line: LadderLine,
  me: LadderSide,
  peer: LadderSide,
  seconds: number,
): number[] {
  const options: number[] = []
  const syn = (line.flags & SYN) !== 0
  if (syn) options.push(2, 4, ...u16(line.mss ?? me.mss))
  if (syn && flow.sack) options.push(1, 1, 4, 2)
  if (flow.timestamps && !line.noTimestamps) {
    me.lastTsval = (me === flow.sides.client ? 1_000_000 : 5_000_000) + Math.floor(seconds * 1000)
    options.push(1, 1, 8, 10, ...u32(me.lastTsval), ...u32(line.flags & ACK ? peer.lastTsval : 0))
  }
  if (syn && me.wscale !== null) options.push(1, 3, 3, me.wscale)
  if (line.sack.length > 0) {
    options.push(1, 1, 5, 2 + 4 * line.sack.length)
    for (const edge of line.sack) options.push(...u32((peer.isn + edge) % 2 ** 32))
  }
  return options
}

/** An ICMP (or ICMPv6) error that quotes the last packet of the side it goes to. */
export function icmpError(flow: LadderFlow, line: LadderLine): Uint8Array {
  const to = flow.sides[line.from === 'client' ? 'server' : 'client']
  const from = line.icmp!.from ?? flow.sides[line.from].ip
  if (to.lastPacket === null) throw new Error(`ladder: nothing to quote in: ${line.text}`)
  const v6 = addressBytes(to.ip).length === 16
  const { type, code, quotes } = line.icmp!
  const quote = to.lastPacket.subarray(0, (v6 ? 40 : 20) + quotes)
  const body = concat([0, 0, 0, 0], quote)
  const pseudo = v6 ? concat(addressBytes(from), addressBytes(to.ip), u32(body.length + 4), u32(58)) : []
  const icmp = concat([type, code], u16(checksum(pseudo, [type, code, 0, 0], body)), body)
  return ipPacket(from, to.ip, v6 ? 58 : 1, icmp, { ttl: line.ttl ?? 64 })
}
