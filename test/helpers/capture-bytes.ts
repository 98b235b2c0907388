import { concat } from './packet-bytes.js'

/** One record of a capture file: the frame's bytes and when it was seen. */
export interface CaptureRecord {
  /** Nanoseconds since 1970. */
  readonly timeNs: bigint
  /** The frame from its link-layer header on, before any cut by snaplen. */
  readonly bytes: Uint8Array
  /** Length on the wire when it is not `bytes.length`. */
  readonly wireLength?: number
  /** pcapng interface number; other formats know none. */
  readonly interfaceId?: number
}

/** How a capture file is written. Defaults: little endian, microseconds, Ethernet, no snaplen. */
export interface CaptureFileOptions {
  readonly nanoseconds?: boolean
  readonly bigEndian?: boolean
  /** Number of the link type. */
  readonly linkType?: number
  /** Bytes kept of each frame. */
  readonly snaplen?: number
  /** Kuznetzov's modified pcap, with 24-byte record headers. */
  readonly modified?: boolean
}

/** Appends numbers of one byte order to a growing byte list. */
class Writer {
  readonly parts: Uint8Array[] = []
  constructor(readonly bigEndian: boolean) {}

  u16(...values: number[]): this {
    for (const value of values) this.#number(2, (view) => view.setUint16(0, value, !this.bigEndian))
    return this
  }

  u32(...values: number[]): this {
    for (const value of values) this.#number(4, (view) => view.setUint32(0, value, !this.bigEndian))
    return this
  }

  bytes(bytes: Uint8Array | readonly number[]): this {
    this.parts.push(Uint8Array.from(bytes))
    return this
  }

  done(): Uint8Array {
    return concat(...this.parts)
  }

  #number(size: number, write: (view: DataView) => void): void {
    const view = new DataView(new ArrayBuffer(size))
    write(view)
    this.parts.push(new Uint8Array(view.buffer))
  }
}

/** A classic pcap file. */
export function pcapFile(records: readonly CaptureRecord[], options: CaptureFileOptions = {}): Uint8Array {
  const { nanoseconds = false, bigEndian = false, linkType = 1, snaplen = 262144, modified = false } = options
  const out = new Writer(bigEndian)
  out.u32(modified ? 0xa1b2cd34 : nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4)
  out.u16(2, 4).u32(0, 0, snaplen, linkType)
  for (const record of records) {
    const bytes = record.bytes.subarray(0, snaplen)
    const fraction = record.timeNs % 1_000_000_000n
    out.u32(Number(record.timeNs / 1_000_000_000n), Number(nanoseconds ? fraction : fraction / 1000n))
    out.u32(bytes.length, record.wireLength ?? record.bytes.length)
    if (modified) out.u32(record.interfaceId ?? 0).bytes([8, 0, 0, 0])
    out.bytes(bytes)
  }
  return out.done()
}

/** One pcapng block, its body padded to 32 bits. */
export function pcapngBlock(type: number, body: Uint8Array, bigEndian = false): Uint8Array {
  const padded = concat(body, new Uint8Array(-body.length & 3))
  const length = padded.length + 12
  return new Writer(bigEndian).u32(type, length).bytes(padded).u32(length).done()
}

/** One pcapng option, padded to 32 bits. */
export function pcapngOption(
  code: number,
  value: Uint8Array | readonly number[],
  bigEndian = false,
): Uint8Array {
  return new Writer(bigEndian)
    .u16(code, value.length)
    .bytes(value)
    .bytes(new Uint8Array(-value.length & 3))
    .done()
}

/** A section header block that gives no section length. */
export function sectionHeader(bigEndian = false): Uint8Array {
  const body = new Writer(bigEndian).u32(0x1a2b3c4d).u16(1, 0).u32(0xffffffff, 0xffffffff).done()
  return pcapngBlock(0x0a0d0d0a, body, bigEndian)
}

/** An interface description block; `options` are ready-made option bytes. */
export function interfaceDescription(
  linkType: number,
  snaplen: number,
  options: readonly Uint8Array[],
  bigEndian = false,
): Uint8Array {
  const body = new Writer(bigEndian).u16(linkType, 0).u32(snaplen)
  for (const option of options) body.bytes(option)
  if (options.length > 0) body.u32(0)
  return pcapngBlock(1, body.done(), bigEndian)
}

/** An enhanced packet block with a time stamp in `ticks` of the interface's resolution. */
export function enhancedPacket(
  record: CaptureRecord,
  ticks: bigint,
  snaplen = 262144,
  bigEndian = false,
): Uint8Array {
  const bytes = record.bytes.subarray(0, snaplen)
  const body = new Writer(bigEndian)
    .u32(record.interfaceId ?? 0, Number(ticks >> 32n), Number(ticks & 0xffffffffn))
    .u32(bytes.length, record.wireLength ?? record.bytes.length)
    .bytes(bytes)
  return pcapngBlock(6, body.done(), bigEndian)
}

/** A pcapng file of one section with as many like interfaces as the records name. */
export function pcapngFile(records: readonly CaptureRecord[], options: CaptureFileOptions = {}): Uint8Array {
  const { nanoseconds = false, bigEndian = false, linkType = 1, snaplen = 262144 } = options
  const interfaces = Math.max(0, ...records.map((record) => record.interfaceId ?? 0)) + 1
  const resolution = nanoseconds ? [pcapngOption(9, [9], bigEndian)] : []
  const blocks = [sectionHeader(bigEndian)]
  for (let i = 0; i < interfaces; i++) {
    blocks.push(interfaceDescription(linkType, snaplen, resolution, bigEndian))
  }
  for (const record of records) {
    const ticks = nanoseconds ? record.timeNs : record.timeNs / 1000n
    blocks.push(enhancedPacket(record, ticks, snaplen, bigEndian))
  }
  return concat(...blocks)
}

/** A snoop (RFC 1761) file of Ethernet frames, always big endian. */
export function snoopFile(records: readonly CaptureRecord[]): Uint8Array {
  const out = new Writer(true).bytes(new TextEncoder().encode('snoop\0\0\0')).u32(2, 4)
  for (const { bytes, timeNs, wireLength = bytes.length } of records) {
    const padding = -bytes.length & 3
    out.u32(wireLength, bytes.length, 24 + bytes.length + padding, 0)
    out.u32(Number(timeNs / 1_000_000_000n), Number((timeNs % 1_000_000_000n) / 1000n))
    out.bytes(bytes).bytes(new Uint8Array(padding))
  }
  return out.done()
}
