/** pcapng files (draft-ietf-opsawg-pcapng): sections of either byte order, several interfaces, packets old and new. */
import type { Chunk, FormatReader } from './format.js'
import type { FrameSink } from './frame-sink.js'
import { readInterface, readStatistics } from './pcapng-options.js'
import type { PcapngInterface } from './pcapng-options.js'
import { LONGEST_BLOCK, LONGEST_FRAME } from './policy.js'
import { TickTime } from './tick-time.js'

const SECTION_HEADER = 0x0a0d0d0a
const INTERFACE_DESCRIPTION = 1
const OBSOLETE_PACKET = 2
const SIMPLE_PACKET = 3
const INTERFACE_STATISTICS = 5
const ENHANCED_PACKET = 6
const DECRYPTION_SECRETS = 10
const SYSTEMD_JOURNAL = 9
const CUSTOM_BLOCK = 0x00000bad
const CUSTOM_BLOCK_NOT_COPIED = 0x40000bad

const BYTE_ORDER_MAGIC = 0x1a2b3c4d

/** Whether bytes begin a pcapng file. */
export function isPcapng(bytes: Uint8Array): boolean {
  return bytes[0] === 0x0a && bytes[1] === 0x0d && bytes[2] === 0x0d && bytes[3] === 0x0a
}

/** Reader of one pcapng file. */
export class PcapngReader implements FormatReader {
  readonly format = 'pcapng'
  /** Of all sections, in order of appearance. */
  readonly interfaces: PcapngInterface[] = []
  secretBlocks = 0
  readonly dropped: number | null = null
  started = false
  wanted = 12
  damage: string | null = null
  #little = true
  /** Index of the current section's first interface. */
  #sectionStart = 0
  readonly #time = new TickTime()

  read(chunk: Chunk, sink: FrameSink): void {
    const { view, end } = chunk
    this.wanted = 12
    while (chunk.at + 12 <= end && !sink.full) {
      const at = chunk.at
      const type = view.getUint32(at, this.#little)
      if (type === SECTION_HEADER && !this.#beginSection(chunk)) return
      const told = view.getUint32(at + 4, this.#little)
      if (told < 12 || told > LONGEST_BLOCK) {
        this.damage =
          told < 12
            ? `a block of ${told} bytes, less than its own header`
            : `a block of ${told} bytes, more than any program writes`
        return
      }
      const length = (told + 3) & ~3
      if (!isRead(type)) {
        if (isNumbered(type)) sink.otherRecord()
        chunk.at = at + length
        continue
      }
      if (at + length > end) {
        this.wanted = length
        return
      }
      if (view.getUint32(at + length - 4, this.#little) !== told) {
        this.damage = `a block whose length at its end differs from that at its start`
        return
      }
      this.#readBlock(chunk, type, at + 8, at + length - 4, sink)
      if (this.damage !== null) return
      chunk.at = at + length
    }
  }

  /** Reads the byte order of a new section; false when there is no telling yet, or none at all. */
  #beginSection(chunk: Chunk): boolean {
    const order = chunk.view.getUint32(chunk.at + 8, true)
    const little = order === BYTE_ORDER_MAGIC
    if (!little && chunk.view.getUint32(chunk.at + 8, false) !== BYTE_ORDER_MAGIC) {
      this.damage = 'a section header without the byte-order magic 1A2B3C4D'
      return false
    }
    this.#little = little
    return true
  }

  #readBlock(chunk: Chunk, type: number, body: number, end: number, sink: FrameSink): void {
    const { view } = chunk
    switch (type) {
      case ENHANCED_PACKET:
        if (body + 20 > end) this.damage = 'a packet block too short for its own fields'
        else this.#packet(chunk, view.getUint32(body, this.#little), body + 4, end, sink)
        return
      case OBSOLETE_PACKET:
        if (body + 20 > end) this.damage = 'a packet block too short for its own fields'
        else this.#packet(chunk, view.getUint16(body, this.#little), body + 4, end, sink)
        return
      case SIMPLE_PACKET:
        this.#simplePacket(chunk, body, end, sink)
        return
      case SECTION_HEADER:
        this.started = true
        this.#sectionStart = this.interfaces.length
        return
      case INTERFACE_DESCRIPTION:
        if (body + 8 > end) this.damage = 'an interface description too short for its own fields'
        else this.interfaces.push(readInterface(view, body, end, this.#little))
        return
      case INTERFACE_STATISTICS:
        if (body + 12 <= end)
          readStatistics(view, body, end, this.#little, this.interfaces, this.#sectionStart)
        return
      case DECRYPTION_SECRETS:
        this.secretBlocks++
    }
  }

  #packet(chunk: Chunk, interfaceIndex: number, at: number, end: number, sink: FrameSink): void {
    const { view } = chunk
    const little = this.#little
    const captured = view.getUint32(at + 8, little)
    const wire = view.getUint32(at + 12, little)
    const id = this.#sectionStart + interfaceIndex
    if (id >= this.interfaces.length) {
      this.damage = `a packet of interface ${interfaceIndex}, which the section doesn't describe`
    } else if (captured > LONGEST_FRAME || at + 16 + captured > end) {
      this.damage = `a frame of ${captured} bytes in a block of ${end - at + 16}`
    } else {
      const face = this.interfaces[id]
      this.#time.set(view.getUint32(at, little), view.getUint32(at + 4, little), face)
      const { seconds, nanoseconds } = this.#time
      sink.frame(at + 16, captured, Math.max(wire, captured), seconds, nanoseconds, face.linkType, id)
    }
  }

  #simplePacket(chunk: Chunk, body: number, end: number, sink: FrameSink): void {
    const face = this.interfaces[this.#sectionStart] as PcapngInterface | undefined
    if (face === undefined || body + 4 > end) {
      this.damage =
        face === undefined ? 'a packet before any interface description' : 'a packet block without a length'
      return
    }
    const wire = chunk.view.getUint32(body, this.#little)
    const captured = Math.min(wire, face.snaplen === 0 ? wire : face.snaplen)
    if (captured > LONGEST_FRAME || body + 4 + captured > end) {
      this.damage = `a frame of ${captured} bytes in a block of ${end - body + 12}`
      return
    }
    sink.timelessFrame(body + 4, captured, wire, face.linkType, this.#sectionStart)
  }
}

/** Blocks that are looked at; all others (names, custom blocks, whatever comes) are skipped. */
function isRead(type: number): boolean {
  return (
    type === ENHANCED_PACKET ||
    type === SIMPLE_PACKET ||
    type === OBSOLETE_PACKET ||
    type === INTERFACE_DESCRIPTION ||
    type === INTERFACE_STATISTICS ||
    type === SECTION_HEADER ||
    type === DECRYPTION_SECRETS
  )
}

/** Blocks that hold no packet and have a frame number in Wireshark all the same. */
function isNumbered(type: number): boolean {
  return type === CUSTOM_BLOCK || type === CUSTOM_BLOCK_NOT_COPIED || type === SYSTEMD_JOURNAL
}
