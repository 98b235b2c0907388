/** Classic pcap files: microseconds, nanoseconds and Kuznetzov's modified form, in either byte order (draft-ietf-opsawg-pcap). */
import type { Chunk, CaptureInterface, FormatReader } from './format.js'
import type { FrameSink } from './frame-sink.js'
import { LONGEST_FRAME } from './policy.js'

const MICROSECONDS = 0xa1b2c3d4
const NANOSECONDS = 0xa1b23c4d
const MODIFIED = 0xa1b2cd34
const HEADER = 24

/** Whether four bytes begin a pcap file, and in which byte order; null: they don't. */
export function pcapByteOrder(bytes: Uint8Array): 'little' | 'big' | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  for (const order of ['little', 'big'] as const) {
    const magic = view.getUint32(0, order === 'little')
    if (magic === MICROSECONDS || magic === NANOSECONDS || magic === MODIFIED) return order
  }
  return null
}

/**
 * Whether what should be a record is the header of another file of this form: a magic number for its time (the year 2055), version 2.4
 * for the fraction, and no byte of a frame.
 */
function isFileHeader(view: DataView, at: number, little: boolean): boolean {
  const magic = view.getUint32(at, little)
  if (magic !== MICROSECONDS && magic !== NANOSECONDS) return false
  return view.getUint16(at + 4, little) === 2 && view.getUint16(at + 6, little) === 4
}

/** Reader of one pcap file, or of several that were written into one pipe. */
export class PcapReader implements FormatReader {
  format = 'pcap'
  readonly interfaces: CaptureInterface[] = []
  readonly dropped: number | null = null
  started = false
  wanted = HEADER
  damage: string | null = null
  files = 1
  readonly #little: boolean
  #recordHeader = 16
  /** Nanoseconds of one unit of the fraction. */
  #unit = 1000
  #linkType = 0
  /** Before version 2.3 the two lengths stood in the other order; 2.3 was written both ways. */
  #lengths: 'normal' | 'swapped' | 'unsure' = 'normal'

  constructor(order: 'little' | 'big') {
    this.#little = order === 'little'
  }

  read(chunk: Chunk, sink: FrameSink): void {
    if (!this.started && !this.#readHeader(chunk)) return
    const little = this.#little
    let unit = this.#unit
    const header = this.#recordHeader
    let linkType = this.#linkType
    let face = Math.max(0, this.interfaces.length - 1)
    const { view, end } = chunk
    const plain = this.#lengths === 'normal'
    let at = chunk.at
    this.wanted = header
    while (at + header <= end && !sink.full) {
      let captured = view.getUint32(at + 8, little)
      let wire = view.getUint32(at + 12, little)
      if (!plain && (this.#lengths === 'swapped' || captured > wire)) {
        const first = captured
        captured = wire
        wire = first
      }
      if (captured === 0 && wire === 0 && header === 16 && isFileHeader(view, at, little)) {
        if (at + HEADER > end) {
          this.wanted = HEADER
          break
        }
        chunk.at = at
        this.#readHeader(chunk)
        this.files++
        ;({ at } = chunk)
        unit = this.#unit
        linkType = this.#linkType
        face = this.interfaces.length - 1
        continue
      }
      if (captured > LONGEST_FRAME) {
        this.damage = `a frame of ${captured} bytes, more than the ${LONGEST_FRAME} that any capture program keeps`
        break
      }
      if (at + header + captured > end) {
        this.wanted = header + captured
        break
      }
      const seconds = view.getUint32(at, little)
      const fraction = view.getUint32(at + 4, little) * unit
      sink.frame(at + header, captured, wire < captured ? captured : wire, seconds, fraction, linkType, face)
      at += header + captured
    }
    chunk.at = at
  }

  #readHeader(chunk: Chunk): boolean {
    if (chunk.at + HEADER > chunk.end) return false
    const { view, at } = chunk
    const magic = view.getUint32(at, this.#little)
    const major = view.getUint16(at + 4, this.#little)
    const minor = view.getUint16(at + 6, this.#little)
    this.#unit = magic === NANOSECONDS ? 1 : 1000
    if (magic === NANOSECONDS) {
      this.format = 'pcap (nanoseconds)'
    } else if (magic === MODIFIED) {
      this.format = 'pcap (modified)'
      this.#recordHeader = 24
    }
    if (major < 2 || (major === 2 && minor < 3) || minor === 543) this.#lengths = 'swapped'
    else if (major === 2 && minor === 3) this.#lengths = 'unsure'
    // The upper 16 bits tell about frame check sequences.
    this.#linkType = view.getUint32(at + 20, this.#little) & 0xffff
    const snaplen = view.getUint32(at + 16, this.#little)
    // The next of several files that were written into one pipe is mostly from the same interface.
    if (this.interfaces.at(-1)?.linkType === this.#linkType) return this.#begin(chunk)
    this.interfaces.push({
      name: null,
      linkType: this.#linkType,
      snaplen: snaplen >= LONGEST_FRAME ? 0 : snaplen,
      dropped: null,
    })
    return this.#begin(chunk)
  }

  #begin(chunk: Chunk): boolean {
    chunk.at += HEADER
    return (this.started = true)
  }
}
