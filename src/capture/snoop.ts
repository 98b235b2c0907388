/** Snoop files, version 2 (RFC 1761): what Solaris' snoop writes. Big endian always. */
import type { Chunk, CaptureInterface, FormatReader } from './format.js'
import type { FrameSink } from './frame-sink.js'
import { LONGEST_FRAME } from './policy.js'

const HEADER = 16
const RECORD_HEADER = 24

/** Snoop's data link types as link types of pcap files. */
const LINK_TYPES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [2, 6],
  [4, 1],
  [8, 10],
  [18, 123],
  [26, 242],
  [31, 226],
])

/** Not any pcap link type: what an unknown snoop data link becomes. */
const NO_LINK_TYPE = 65_536

/** Whether eight bytes begin a snoop file. */
export function isSnoop(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, 8)) === 'snoop\0\0\0'
}

/** Reader of one snoop file. */
export class SnoopReader implements FormatReader {
  readonly format = 'snoop'
  readonly interfaces: CaptureInterface[] = []
  dropped: number | null = null
  started = false
  wanted = HEADER
  damage: string | null = null

  read(chunk: Chunk, sink: FrameSink): void {
    if (!this.started && !this.#readHeader(chunk)) return
    const { view, end } = chunk
    const linkType = this.interfaces[0].linkType
    let at = chunk.at
    this.wanted = RECORD_HEADER
    while (at + RECORD_HEADER <= end && !sink.full) {
      const wire = view.getUint32(at)
      const captured = view.getUint32(at + 4)
      const record = view.getUint32(at + 8)
      if (
        captured > LONGEST_FRAME ||
        record < RECORD_HEADER + captured ||
        record > RECORD_HEADER + 2 * LONGEST_FRAME
      ) {
        this.damage = `a record of ${record} bytes for a frame of ${captured}`
        break
      }
      if (at + record > end) {
        this.wanted = record
        break
      }
      this.dropped = view.getUint32(at + 12)
      const seconds = view.getUint32(at + 16)
      const nanoseconds = view.getUint32(at + 20) * 1000
      sink.frame(at + RECORD_HEADER, captured, Math.max(wire, captured), seconds, nanoseconds, linkType, 0)
      at += record
    }
    chunk.at = at
  }

  #readHeader(chunk: Chunk): boolean {
    if (chunk.at + HEADER > chunk.end) return false
    const version = chunk.view.getUint32(chunk.at + 8)
    const dataLink = chunk.view.getUint32(chunk.at + 12)
    if (version !== 2) {
      this.damage = `snoop version ${version}; only version 2 is in use`
      return false
    }
    const linkType = LINK_TYPES.get(dataLink) ?? NO_LINK_TYPE + dataLink
    this.interfaces.push({ name: null, linkType, snaplen: 0, dropped: null })
    chunk.at += HEADER
    return (this.started = true)
  }
}
