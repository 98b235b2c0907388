/** Ethernet frames of made-up TCP connections, written to a pcap file as fast as the disk takes them. */
import { closeSync, openSync, writeSync } from 'node:fs'

const ETHERNET = 14
const IP = 20
const TCP = 20
/** Timestamps option (RFC 7323), as nearly every stack sends it: two NOPs, kind 8, length 10. */
const OPTIONS = 12
const RECORD = 16
const ROOM = 4 * 1024 * 1024

export const FIN = 1
export const SYN = 2
export const RST = 4
export const PSH = 8
export const ACK = 16

/** A TCP connection: addresses as numbers, and the next sequence number of each end. */
export interface Connection {
  readonly client: number
  readonly clientPort: number
  readonly server: number
  readonly serverPort: number
  clientSeq: number
  serverSeq: number
}

/** A capture file being written: microsecond pcap, little-endian, Ethernet. */
export class Wire {
  frames = 0
  /** Microseconds since 2023-11-14 22:13:20 UTC. */
  now = 0
  private readonly bytes = Buffer.alloc(ROOM + 65_536)
  private readonly descriptor: number
  private at = 24
  private ipId = 1

  /** @param stepUs time from frame to frame; `snaplen` bytes of a frame are kept */
  constructor(
    path: string,
    private readonly stepUs: number,
    private readonly snaplen = 262_144,
  ) {
    this.descriptor = openSync(path, 'w')
    this.bytes.writeUInt32LE(0xa1b2c3d4, 0)
    this.bytes.writeUInt16LE(2, 4)
    this.bytes.writeUInt16LE(4, 6)
    this.bytes.writeUInt32LE(snaplen, 16)
    this.bytes.writeUInt32LE(1, 20)
  }

  /** One segment with its sequence numbers, which move on. */
  segment(
    connection: Connection,
    fromClient: boolean,
    flags: number,
    payload: Uint8Array | null = null,
  ): void {
    const length = payload === null ? 0 : payload.length
    const wire = ETHERNET + IP + TCP + OPTIONS + length
    const captured = Math.min(wire, this.snaplen)
    this.record(captured, wire)
    const { bytes, at } = this
    this.ethernetAndIp(connection, fromClient, wire - ETHERNET)
    this.tcp(connection, fromClient, flags, at + ETHERNET + IP)
    if (payload !== null) {
      const room = captured - (wire - length)
      bytes.set(room < length ? payload.subarray(0, Math.max(0, room)) : payload, at + wire - length)
    }
    const consumed = length + (flags & (SYN | FIN) ? 1 : 0)
    if (fromClient) connection.clientSeq = (connection.clientSeq + consumed) >>> 0
    else connection.serverSeq = (connection.serverSeq + consumed) >>> 0
    this.at = at + captured
    this.frames++
    this.now += this.stepUs
    if (this.at > ROOM) this.flush()
  }

  close(): void {
    this.flush()
    closeSync(this.descriptor)
  }

  private record(captured: number, wire: number): void {
    const { bytes, at, now } = this
    const seconds = Math.floor(now / 1e6)
    bytes.writeUInt32LE(1_700_000_000 + seconds, at)
    bytes.writeUInt32LE(Math.floor(now - seconds * 1e6), at + 4)
    bytes.writeUInt32LE(captured, at + 8)
    bytes.writeUInt32LE(wire, at + 12)
    this.at = at + RECORD
  }

  private ethernetAndIp(connection: Connection, fromClient: boolean, length: number): void {
    const { bytes } = this
    const at = this.at
    bytes.fill(2, at, at + 12)
    bytes[at + (fromClient ? 5 : 11)] = 1
    bytes.writeUInt16BE(0x0800, at + 12)
    const ip = at + ETHERNET
    const [from, to] = fromClient
      ? [connection.client, connection.server]
      : [connection.server, connection.client]
    this.ipId = (this.ipId % 0xffff) + 1
    bytes.writeUInt32BE(0x45000000 + length, ip)
    bytes.writeUInt16BE(this.ipId, ip + 4)
    bytes.writeUInt16BE(0x4000, ip + 6)
    bytes.writeUInt32BE(0x40060000, ip + 8)
    bytes.writeUInt32BE(from, ip + 12)
    bytes.writeUInt32BE(to, ip + 16)
    let sum = 0
    for (let n = 0; n < IP; n += 2) sum += (bytes[ip + n] << 8) | bytes[ip + n + 1]
    sum = (sum & 0xffff) + (sum >>> 16)
    bytes.writeUInt16BE(~((sum & 0xffff) + (sum >>> 16)) & 0xffff, ip + 10)
  }

  /** The checksum stays 0, as a host with checksum offload captures it. */
  private tcp(connection: Connection, fromClient: boolean, flags: number, at: number): void {
    const { bytes } = this
    const { clientPort, serverPort, clientSeq, serverSeq } = connection
    bytes.writeUInt16BE(fromClient ? clientPort : serverPort, at)
    bytes.writeUInt16BE(fromClient ? serverPort : clientPort, at + 2)
    bytes.writeUInt32BE(fromClient ? clientSeq : serverSeq, at + 4)
    bytes.writeUInt32BE(flags & ACK ? (fromClient ? serverSeq : clientSeq) : 0, at + 8)
    bytes.writeUInt16BE((((TCP + OPTIONS) / 4) << 12) | flags, at + 12)
    bytes.writeUInt16BE(flags & RST ? 0 : 65_000, at + 14)
    bytes.writeUInt32BE(0, at + 16)
    bytes.writeUInt32BE(0x0101080a, at + 20)
    bytes.writeUInt32BE(Math.floor(this.now / 1000), at + 24)
    bytes.writeUInt32BE(flags & ACK ? Math.floor(this.now / 1000) : 0, at + 28)
  }

  private flush(): void {
    writeSync(this.descriptor, this.bytes, 0, this.at)
    this.at = 0
  }
}
