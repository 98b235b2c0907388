import type { AddressTable } from './addresses.js'
import { Annex } from './annex.js'
import { u16 } from './big-endian.js'
import { FragmentTable } from './fragments.js'
import type { FrameLane } from './frame-numbers.js'
import { Frame } from './frame.js'
import * as layer from './layers.js'
import { layerOfLinkType } from './link-types.js'
import { plainTcp } from './plain-tcp.js'
import { LONGEST_ON_WIRE, MOST_SEGMENTS_A_FRAME } from './policy.js'
import { ODD_NESTED, ODD_SAMPLED, PACKET_TYPE_UNKNOWN, SegmentBatch } from './segments.js'
import { SampleWalk } from './sflow.js'
import { walk } from './walk.js'

/** Frames that held no TCP segment for one reason. */
export interface NotDecoded {
  /** `notIp`, `notTcp`, `cutShort`, `malformed`, `fragment`, `encrypted`, `unknownLinkType`, `tooDeep`. */
  readonly reason: string
  readonly frames: number
  readonly firstFrame: number
}

const NO_ROWS = new SegmentBatch(0)

/** Turns the frames of one capture, in file order, into the rows of a batch. */
export class SegmentDecoder {
  /** Frames decoded so far; the last one's number. */
  frames = 0
  /** Time of the next frame: a field that begins with no whole number, as in the run's clock. */
  timeNs = NaN
  readonly #frame = new Frame()
  readonly #annex = new Annex()
  readonly #fragments = new FragmentTable(this.#annex)
  readonly #samples = new SampleWalk()
  readonly #counts = new Float64Array(layer.REASON_NAMES.length)
  readonly #firstFrames = new Float64Array(layer.REASON_NAMES.length)
  #linkType = -1
  #firstLayer: number = layer.UNKNOWN_LINK

  constructor(
    readonly addresses: AddressTable,
    /** The rows; the same object until `release`. */
    public batch: SegmentBatch,
    /** Numbers of the frames in the run; null: those of the file. */
    private readonly lane: FrameLane | null = null,
  ) {}

  /**
   * Empties the batch and points it at a chunk. From `annexAt` on the chunk holds no records: datagrams put together from fragments or
   * decompressed are placed there (up to 64 KiB each; without room they are left out).
   */
  begin(bytes: Uint8Array, annexAt: number): void {
    this.batch.length = 0
    this.batch.bytes = bytes
    this.#annex.begin(annexAt)
  }

  /** Lets go of the batch, which another capture may be read into; nothing more can be decoded. */
  release(): void {
    this.batch = NO_ROWS
  }

  /** The batch must be handed on, and `begin` called, before another frame is decoded. */
  get full(): boolean {
    return this.batch.length + MOST_SEGMENTS_A_FRAME > this.batch.capacity || this.#annex.full
  }

  /** Decodes one frame of the chunk; its segments become rows, or its reason is counted. */
  decode(
    at: number,
    capturedLength: number,
    wireLength: number,
    linkType: number,
    interfaceId: number,
  ): void {
    if (linkType !== this.#linkType) {
      this.#linkType = linkType
      this.#firstLayer = layerOfLinkType(linkType)
    }
    const frame = this.#frame
    const number = ++this.frames
    frame.number = this.lane === null ? number : this.lane.numberOf(number)
    frame.timeNs = this.timeNs
    frame.interfaceId = interfaceId
    frame.packetType = PACKET_TYPE_UNKNOWN
    frame.linkAt = at
    frame.at = at
    frame.end = at + (capturedLength < wireLength ? capturedLength : wireLength)
    frame.wireEnd = at + (wireLength < LONGEST_ON_WIRE ? wireLength : LONGEST_ON_WIRE)
    frame.odd = 0
    frame.depth = 0
    frame.segments = 0
    const bytes = this.batch.bytes
    if (this.#firstLayer === layer.ETHERNET && plainTcp(bytes, frame, this.batch, this.addresses)) return
    const result = walk(bytes, this.#firstLayer, frame, this.batch, this.addresses, this.#fragments)
    if (result === layer.DONE) return
    if (result === layer.SFLOW && this.#decodeSamples(bytes)) return
    if (result === layer.A_MSDU && this.#decodeSubframes(bytes)) return
    this.#count(result < 0 ? result : layer.NOT_TCP)
  }

  /** Counts a frame that is not a packet at all. */
  passOver(): void {
    this.frames++
    this.#count(layer.NOT_IP)
  }

  /** Why frames held no segment, most frequent first. */
  notDecoded(): NotDecoded[] {
    const all: NotDecoded[] = []
    layer.REASON_NAMES.forEach((reason, index) => {
      const frames = this.#counts[index]
      if (reason !== null && frames > 0) all.push({ reason, frames, firstFrame: this.#firstFrames[index] })
    })
    return all.sort((a, b) => b.frames - a.frames || a.firstFrame - b.firstFrame)
  }

  #count(reason: number): void {
    if (this.#counts[-reason]++ === 0) this.#firstFrames[-reason] = this.frames
  }

  /** An aggregate of 802.11 frames: two addresses, a length, LLC, each padded to 32 bits; true if one of them held a segment. */
  #decodeSubframes(bytes: Uint8Array): boolean {
    const frame = this.#frame
    const { end, wireEnd, odd } = frame
    for (let at = frame.at; at + 14 <= end && frame.segments < MOST_SEGMENTS_A_FRAME;) {
      const length = u16(bytes, at + 12)
      frame.at = at + 14
      frame.end = end
      frame.wireEnd = wireEnd
      frame.odd = odd
      frame.depth = 0
      frame.limit(frame.at, length)
      walk(bytes, layer.LLC, frame, this.batch, this.addresses, this.#fragments)
      at += (14 + length + 3) & ~3
    }
    return frame.segments > 0
  }

  /** The frames in an sFlow report are copies of frames seen elsewhere; true if one of them held a segment. */
  #decodeSamples(bytes: Uint8Array): boolean {
    const frame = this.#frame
    const samples = this.#samples
    const firstRow = this.batch.length
    samples.begin(bytes, frame.at, frame.end)
    while (frame.segments < MOST_SEGMENTS_A_FRAME && samples.next(bytes)) {
      frame.at = samples.frameAt
      frame.end = samples.frameEnd
      frame.wireEnd = samples.wireEnd
      frame.odd = ODD_SAMPLED
      frame.depth = 0
      walk(bytes, layer.ETHERNET, frame, this.batch, this.addresses, this.#fragments)
    }
    if (frame.segments > 1) {
      for (let row = firstRow; row < this.batch.length; row++) this.batch.odd[row] |= ODD_NESTED
    }
    return frame.segments > 0
  }
}
