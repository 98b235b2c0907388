/** Writers for packets: TCP segments in IP packets in link-layer frames, with correct checksums. */

/** A packet on its way into a capture file: an IP packet with what a cooked link layer would tell about it. */
export interface IpPacket {
  readonly bytes: Uint8Array
  /** SLL/SLL2 packet type: 0 to us, 4 sent by us. */
  readonly packetType: number
  /** SLL2 interface index and pcapng interface number. */
  readonly interfaceId: number
}

/** Everything a TCP segment and the IP header around it can say. Numbers as they stand in the headers. */
export interface TcpFields {
  readonly source: string
  readonly destination: string
  readonly sourcePort: number
  readonly destinationPort: number
  readonly seq: number
  readonly ack: number
  readonly flags: number
  readonly window: number
  readonly ttl: number
  readonly ipId: number
  /** TCP options, padded by the writer to a multiple of 4. */
  readonly options: readonly number[]
  readonly payload: Uint8Array
}

/** Joins byte strings and byte lists. */
export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Big-endian 16 and 32 bit numbers as byte lists. */
export const u16 = (value: number): number[] => [(value >>> 8) & 255, value & 255]
export const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value)]

/** Bytes of an IPv4 or IPv6 address in text form (`::` allowed, no zone, no embedded IPv4). */
export function addressBytes(text: string): number[] {
  if (!text.includes(':')) return text.split('.').map(Number)
  const [head = '', tail] = text.split('::')
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((g) => parseInt(g, 16)))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const zeros = new Array<number>(8 - left.length - right.length).fill(0)
  return [...left, ...zeros, ...right].flatMap(u16)
}

/** The Internet checksum (RFC 1071). */
export function checksum(...parts: readonly (Uint8Array | readonly number[])[]): number {
  const bytes = concat(...parts)
  let sum = 0
  for (let i = 0; i < bytes.length; i++) sum += i % 2 === 0 ? bytes[i]! << 8 : bytes[i]!
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return ~sum & 0xffff
}

/** An IPv4 or IPv6 packet around `body`. */
export function ipPacket(
  source: string,
  destination: string,
  protocol: number,
  body: Uint8Array,
  fields: { ttl?: number; ipId?: number; fragment?: number } = {},
): Uint8Array {
  const { ttl = 64, ipId = 0, fragment = 0x4000 } = fields
  const from = addressBytes(source)
  const to = addressBytes(destination)
  if (from.length === 16) {
    return concat([0x60, 0, 0, 0, ...u16(body.length), protocol, ttl], from, to, body)
  }
  const start = [0x45, 0, ...u16(20 + body.length), ...u16(ipId), ...u16(fragment), ttl, protocol]
  const sum = checksum(start, [0, 0], from, to)
  return concat(start, u16(sum), from, to, body)
}

/** A TCP header with options and payload, its checksum right for the given addresses. */
export function tcpSegment(tcp: TcpFields): Uint8Array {
  const options = [...tcp.options, ...new Array<number>((4 - (tcp.options.length % 4)) % 4).fill(0)]
  const start = [
    ...u16(tcp.sourcePort),
    ...u16(tcp.destinationPort),
    ...u32(tcp.seq),
    ...u32(tcp.ack),
    ((20 + options.length) << 2) | ((tcp.flags >>> 8) & 1),
    tcp.flags & 255,
    ...u16(tcp.window),
  ]
  const rest = concat([0, 0], options, tcp.payload)
  const length = start.length + 2 + rest.length
  const pseudo = concat(addressBytes(tcp.source), addressBytes(tcp.destination), u32(length), u32(6))
  return concat(start, u16(checksum(pseudo, start, [0, 0], rest)), rest)
}

/** The whole IP packet of a TCP segment. */
export function tcpPacket(tcp: TcpFields): Uint8Array {
  return ipPacket(tcp.source, tcp.destination, 6, tcpSegment(tcp), tcp)
}

/** Link-layer types these writers can put around an IP packet, with their numbers in capture files. */
export const LINK_TYPE = { NULL: 0, EN10MB: 1, RAW: 101, LOOP: 108, LINUX_SLL: 113, LINUX_SLL2: 276 } as const
export type LinkTypeName = keyof typeof LINK_TYPE

/** The frame of an IP packet on a link of the given type; `vlans` are 802.1Q tags, Ethernet only. */
export function linkFrame(packet: IpPacket, link: LinkTypeName, vlans: readonly number[] = []): Uint8Array {
  const v6 = packet.bytes[0]! >> 4 === 6
  const etherType = u16(v6 ? 0x86dd : 0x0800)
  const station = [2, 0, 0, 0, 0, packet.packetType === 4 ? 1 : 2]
  switch (link) {
    case 'EN10MB': {
      const tags = vlans.flatMap((id) => [0x81, 0x00, ...u16(id)])
      const other = [2, 0, 0, 0, 0, packet.packetType === 4 ? 2 : 1]
      return concat(other, station, tags, etherType, packet.bytes)
    }
    case 'LINUX_SLL':
      return concat(u16(packet.packetType), u16(1), u16(6), station, [0, 0], etherType, packet.bytes)
    case 'LINUX_SLL2': {
      const index = u32(packet.interfaceId)
      return concat(etherType, [0, 0], index, u16(1), [packet.packetType, 6], station, [0, 0], packet.bytes)
    }
    case 'NULL':
      return concat(v6 ? [30, 0, 0, 0] : [2, 0, 0, 0], packet.bytes)
    case 'LOOP':
      return concat(v6 ? [0, 0, 0, 24] : [0, 0, 0, 2], packet.bytes)
    case 'RAW':
      return packet.bytes
  }
}
