import { MemorySource } from '../../src/capture/memory-source.js'
import type { CaptureFileOptions, CaptureRecord } from './capture-bytes.js'
import { pcapFile, pcapngFile, snoopFile } from './capture-bytes.js'
import { parseLadder } from './ladder-text.js'
import type { LadderFlow, LadderLine } from './ladder-text.js'
import type { IpPacket, LinkTypeName } from './packet-bytes.js'
import { LINK_TYPE, linkFrame } from './packet-bytes.js'
import { icmpError, segmentPacket, trackedSegment } from './ladder-segment.js'

/**
 * Ladders: TCP conversations as text, made into the bytes of a capture file.
 *
 *     flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts wscale 7    // client > server
 *     0.0    a > S                                         // seconds since the start
 *     0.0002 a < S.                                        // tcpdump flags: S F R P . U E W, `-` for none
 *            a > .                                         // no time: 0.1 ms after the line before
 *     +0.001 a > P. 'GET / HTTP/1.1\r\nHost: h\r\n\r\n'    // seconds after the line before
 *     60.001 a > F.
 *            a < R. unseen                                 // this side had not seen the other's last segment
 *
 * Sequence and acknowledgement numbers follow from what was sent before. A side that starts without SYN starts at 1; the RST that
 * answers a SYN has seq 0; `R` without ACK has the seq that the other side last acknowledged, ack 0, window 0, IP id 0 and no time
 * stamps, as Linux answers a segment for a closed socket.
 *
 * Words after `flow … > …`, `x/y` meaning client/server: `isn 1000/5000`, `mss 1460`, `wscale 7`, `ts`, `no-sack`, `ttl 64/63`, `win 500`.
 * Words after the flags:
 *   'text'           payload, with \r \n \t \\ \' \x00        len 1460    that many bytes of payload
 *   seq 12  ack 57   relative to the ISNs (1 = first byte)    unseen 2    had not seen the other side's last 2 segments (1 if no number)
 *   again [n]        same range and payload as the last (n-th last) segment that carried SYN, FIN or data
 *   probe            keep-alive probe: one below the next sequence number
 *   win 0  ttl 63  id 0  mss 1400  no-ts  sack 1461-2921  options 0204…(hex)    header fields
 *   times 5 every 0.2     five such segments                   out | in | if 3   SLL packet type, interface
 *   bad-length            IP length 0, as on frames taken before segmentation offload
 * An ICMP error that quotes the receiver's last packet: `a < icmp 3/1 from 10.9.9.9` (type/code; without `from`: the sender itself;
 * `quotes 8`: the first 8 bytes of its TCP header).
 * Comments start with `//` or `#`. Everything is deterministic.
 */
export interface LadderOptions extends Omit<CaptureFileOptions, 'linkType'> {
  readonly format?: 'pcap' | 'pcapng' | 'snoop'
  readonly link?: LinkTypeName
  /** 802.1Q tags, outermost first; Ethernet only. */
  readonly vlans?: readonly number[]
  /** Nanoseconds since 1970 of ladder time 0. Default: 2026-01-21T08:00:00Z. */
  readonly epochNs?: bigint
  /** Address of the capturing host: packets from it get packet type 4 (sent by us), all others 0. */
  readonly local?: string
  /** Each packet is recorded again 20 µs later on the next interface, as `-i any` does on a bridge or (ttl lower by 1) a router. */
  readonly twice?: 'bridge' | 'router'
}

/** One packet of a ladder, before it is put into a file. */
export interface LadderPacket extends IpPacket {
  /** Nanoseconds since 1970. */
  readonly timeNs: bigint
}

const DEFAULT_EPOCH = 1_768_982_400_000_000_000n

/** The capture file of a ladder. */
export function ladder(text: string, options: LadderOptions = {}): Uint8Array {
  return ladderFile(ladderPackets(text, options), options)
}

/** The capture file of a ladder as something to analyse. */
export function ladderSource(text: string, options: LadderOptions = {}, path = 'ladder.pcap'): MemorySource {
  return new MemorySource(ladder(text, options), path)
}

/** The packets of a ladder in order of time; equal times keep the order of lines. */
export function ladderPackets(text: string, options: LadderOptions = {}): LadderPacket[] {
  const { flows, lines } = parseLadder(text)
  const packets = lines.flatMap((line) => linePackets(line, flows, options))
  const copies =
    options.twice === undefined ? packets : packets.flatMap((packet) => [packet, copy(packet, options)])
  return copies.sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0))
}

/** The capture file of packets, in the order given. */
export function ladderFile(packets: readonly LadderPacket[], options: LadderOptions = {}): Uint8Array {
  const { format = 'pcap', link = 'EN10MB', vlans = [] } = options
  const records: CaptureRecord[] = packets.map((packet) => ({
    timeNs: packet.timeNs,
    bytes: linkFrame(packet, link, vlans),
    interfaceId: packet.interfaceId,
  }))
  if (format === 'snoop') return snoopFile(records)
  const file = format === 'pcapng' ? pcapngFile : pcapFile
  return file(records, { ...options, linkType: LINK_TYPE[link] })
}

function linePackets(
  line: LadderLine,
  flows: ReadonlyMap<string, LadderFlow>,
  options: LadderOptions,
): LadderPacket[] {
  const flow = flows.get(line.flow)
  if (flow === undefined) throw new Error(`ladder: no flow ${line.flow} in: ${line.text}`)
  const packets: LadderPacket[] = []
  for (let i = 0; i < line.times; i++) {
    const seconds = line.seconds + i * line.every
    const bytes =
      line.icmp === null
        ? segmentPacket(flow, line, trackedSegment(flow, line), seconds)
        : icmpError(flow, line)
    const source = flow.sides[line.from].ip
    packets.push({
      bytes,
      timeNs: (options.epochNs ?? DEFAULT_EPOCH) + BigInt(Math.round(seconds * 1e9)),
      packetType: line.packetType ?? (source === options.local ? 4 : 0),
      interfaceId: line.interfaceId,
    })
  }
  return packets
}

/** What a bridge or router hands on: the same packet on the next interface, seen as sent instead of received. */
function copy(packet: LadderPacket, options: LadderOptions): LadderPacket {
  const bytes = packet.bytes.slice()
  const ttlAt = bytes[0]! >> 4 === 6 ? 7 : 8
  if (options.twice === 'router') bytes[ttlAt] = bytes[ttlAt]! - 1
  return {
    bytes,
    timeNs: packet.timeNs + 20_000n,
    packetType: packet.packetType === 4 ? 0 : 4,
    interfaceId: packet.interfaceId + 1,
  }
}
