/** TCP flag bits as they stand in the header (RFC 9293, section 3.1). */
export const FIN = 0x01
export const SYN = 0x02
export const RST = 0x04
export const PSH = 0x08
export const ACK = 0x10

/** Packet type of SLL/SLL2 when the link layer has none. */
export const PACKET_TYPE_UNKNOWN = 255
/** SLL/SLL2 packet type of a packet that the capturing host itself sent. */
export const PACKET_TYPE_OUTGOING = 4

/** The header is a quotation in an ICMP error: it takes part in stream numbering and in nothing else. */
export const ODD_QUOTED = 1
/** The TCP header is cut short or its length can't be: only the fields up to the window can be trusted, the options not at all. */
export const ODD_HEADER_CUT = 2
/** The packet is a fragment whose rest was not put together: the payload length is a lower bound. */
export const ODD_FRAGMENT = 4
/** The IP total length was 0 (offload): the payload length comes from the frame length. */
export const ODD_OFFLOAD = 8
/** The frame carries this segment inside another TCP segment or beside it. */
export const ODD_NESTED = 16
/** The header is a sample in an sFlow report: seen elsewhere and at another time. It has a stream number, and says little else. */
export const ODD_SAMPLED = 32
/** The datagram itself ends before the TCP header does: Wireshark says nothing of such a segment. Comes with ODD_HEADER_CUT. */
export const ODD_SHORT_SEGMENT = 64

/** Quoted with its first 8 bytes only (RFC 792): ports and sequence number. Wireshark gives it no stream. Comes with ODD_QUOTED. */
export const ODD_PORTS_ONLY = 128

/**
 * A batch of TCP segments in columns, in file order. Row i of every column is one segment; only rows below `length` count.
 * `…At` columns are offsets into `bytes` and die with the batch: whoever needs payload later copies it.
 */
export class SegmentBatch {
  length = 0
  /** The chunk that the `…At` columns point into. */
  bytes: Uint8Array = new Uint8Array(0)
  /** 1-based frame number in its file, as Wireshark counts. */
  readonly frame: Uint32Array
  /** Nanoseconds since the epoch of the run (the first frame of the first capture); may be negative. */
  readonly timeNs: Float64Array
  /** Interface the frame was seen on: SLL2 ifindex, else the pcapng interface number, else 0. */
  readonly interfaceId: Uint32Array
  /** SLL/SLL2 packet type (0 to us, 4 sent by us), 255 where the link layer has none. */
  readonly packetType: Uint8Array
  /** Start of the link-layer header (the frame's first byte). */
  readonly linkAt: Uint32Array
  /** Start of the innermost IP header. */
  readonly ipAt: Uint32Array
  /** 4 or 6. */
  readonly family: Uint8Array
  /** IPv4: the address as a big-endian number. IPv6: its index in the address table. */
  readonly source: Uint32Array
  readonly destination: Uint32Array
  readonly sourcePort: Uint16Array
  readonly destinationPort: Uint16Array
  /** TTL or hop limit of the innermost IP header. */
  readonly ttl: Uint8Array
  /** IPv4 identification; 0 for IPv6. */
  readonly ipId: Uint16Array
  readonly tcpAt: Uint32Array
  /** TCP header length in bytes as the data offset says (20–60). */
  readonly headerLength: Uint8Array
  readonly seq: Uint32Array
  readonly ack: Uint32Array
  /** The nine flag bits; see FIN … ACK. */
  readonly flags: Uint16Array
  /** Window field, not scaled. */
  readonly window: Uint16Array
  /** 0 when the header is cut. */
  readonly checksum: Uint16Array
  readonly payloadAt: Uint32Array
  /** Payload bytes on the wire (from IP lengths, not from what was captured). */
  readonly payloadLength: Uint32Array
  /** Payload bytes that are in `bytes`; less than `payloadLength` when snaplen cut the frame. */
  readonly payloadCaptured: Uint32Array
  /** ODD_… bits. */
  readonly odd: Uint8Array

  constructor(readonly capacity: number) {
    this.frame = new Uint32Array(capacity)
    this.timeNs = new Float64Array(capacity)
    this.interfaceId = new Uint32Array(capacity)
    this.packetType = new Uint8Array(capacity)
    this.linkAt = new Uint32Array(capacity)
    this.ipAt = new Uint32Array(capacity)
    this.family = new Uint8Array(capacity)
    this.source = new Uint32Array(capacity)
    this.destination = new Uint32Array(capacity)
    this.sourcePort = new Uint16Array(capacity)
    this.destinationPort = new Uint16Array(capacity)
    this.ttl = new Uint8Array(capacity)
    this.ipId = new Uint16Array(capacity)
    this.tcpAt = new Uint32Array(capacity)
    this.headerLength = new Uint8Array(capacity)
    this.seq = new Uint32Array(capacity)
    this.ack = new Uint32Array(capacity)
    this.flags = new Uint16Array(capacity)
    this.window = new Uint16Array(capacity)
    this.checksum = new Uint16Array(capacity)
    this.payloadAt = new Uint32Array(capacity)
    this.payloadLength = new Uint32Array(capacity)
    this.payloadCaptured = new Uint32Array(capacity)
    this.odd = new Uint8Array(capacity)
  }
}
