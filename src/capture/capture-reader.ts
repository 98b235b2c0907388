import type { SegmentDecoder } from '../decode/decoder.js'
import { LARGEST_DATAGRAM } from '../decode/annex.js'
import { linkTypeName, layerOfLinkType } from '../decode/link-types.js'
import { UNKNOWN_LINK } from '../decode/layers.js'
import type { SegmentBatch } from '../decode/segments.js'
import type { CaptureFacts, Damage } from './capture-facts.js'
import { corruptHeader, unknownLinkType } from './capture-trouble.js'
import { countedSource } from './counted-source.js'
import { Chunk } from './format.js'
import type { FormatReader } from './format.js'
import { FrameSink } from './frame-sink.js'
import { GzipSource } from './gzip-source.js'
import type { RunClock } from './run-clock.js'
import { SNIFF_BYTES, isGzip, readerFor } from './sniff.js'
import type { SteadyClock } from './steady-clock.js'
import type { ByteSource } from './source.js'

/** Bytes of records in memory at a time; grows only for a longer record, up to a pcapng block of 16 MiB. */
const ROOM = 1024 * 1024
/** A capture that is waiting for its turn among others has seen only its beginning. */
const FIRST_ROOM = 64 * 1024
/** Room for datagrams put together from fragments. */
const ANNEX = 2 * LARGEST_DATAGRAM

/** Reads one capture, a batch of segments at a time. */
export class CaptureReader {
  readonly #path: string
  readonly #signal: { readonly aborted: boolean } | undefined
  readonly #chunk = new Chunk(FIRST_ROOM, ANNEX)
  readonly #sink: FrameSink
  #source: ByteSource
  #gzip: GzipSource | null = null
  #format: FormatReader | null = null
  #ended = false
  #truncated = false
  #fileBytes = 0
  /** The facts of a capture that has been read; its memory is given back. */
  #final: CaptureFacts | null = null

  constructor(
    source: ByteSource,
    decoder: SegmentDecoder,
    clock: RunClock,
    onBytes: (count: number) => void,
    signal?: { readonly aborted: boolean },
    steadyClock: SteadyClock | null = null,
  ) {
    this.#path = source.path
    this.#signal = signal
    this.#source = countedSource(source, onBytes)
    this.#sink = new FrameSink(decoder, clock, steadyClock)
  }

  /** The segments that the last `next` brought. */
  get batch(): SegmentBatch {
    return this.#sink.decoder.batch
  }

  /** Time of the last frame read so far; what comes later is not earlier, unless the clock was set back. Null: no frame yet. */
  get lastNs(): number | null {
    return this.#sink.timed ? this.#sink.lastNs : null
  }

  /** Time of the first frame; null: no frame yet. */
  get firstNs(): number | null {
    return this.#sink.timed ? this.#sink.firstNs : null
  }

  /**
   * Fills the batch with the next segments of the file; false when there are no more. With `firstFrame`, it stops as soon as a frame
   * has been read, whether or not that held a segment. What the batch points at is good until the next call.
   */
  next(firstFrame = false): boolean | Promise<boolean> {
    const step = this.#step(firstFrame)
    return typeof step === 'boolean' ? step : this.#later(step, firstFrame)
  }

  async #later(read: Promise<number>, firstFrame: boolean): Promise<boolean> {
    for (;;) {
      this.#filled(await read)
      const step = this.#step(firstFrame)
      if (typeof step === 'boolean') return step
      read = step
    }
  }

  /** Goes on until there are rows (true), the end (false), or bytes to wait for. */
  #step(firstFrame: boolean): boolean | Promise<number> {
    const chunk = this.#chunk
    const sink = this.#sink
    for (;;) {
      sink.decoder.begin(chunk.bytes, chunk.room)
      this.#format?.read(chunk, sink)
      if (this.#format !== null) this.#checkLink(this.#format)
      if (this.batch.length > 0 || (firstFrame && sink.frames > 0)) return true
      // Without a row the annex is what is full; it begins anew.
      if (sink.full) continue
      if (this.#ended || (this.#format?.damage ?? null) !== null) {
        this.#finish()
        return false
      }
      const got = this.#fill(firstFrame)
      if (typeof got !== 'number') return got
      this.#filled(got)
    }
  }

  /** Lets go of the source. */
  close(): void {
    this.#source.close()
  }

  /** What is known of the capture by now. */
  facts(): CaptureFacts {
    return this.#final ?? this.#factsByNow()
  }

  #factsByNow(): CaptureFacts {
    const [sink, format] = [this.#sink, this.#format]
    const interfaces = format?.interfaces ?? []
    const limits = interfaces.map((face) => face.snaplen).filter((snaplen) => snaplen > 0)
    const drops = interfaces.map((face) => face.dropped).filter((dropped) => dropped !== null)
    const { timed } = sink
    return {
      path: this.#path,
      format: `${format?.format ?? ''}${this.#gzip === null ? '' : ', gzip'}`,
      linkTypes: [...new Set(interfaces.map((face) => linkTypeName(face.linkType)))],
      interfaces: interfaces.map((face, id) => ({
        id,
        name: face.name,
        linkType: linkTypeName(face.linkType),
        snaplen: face.snaplen === 0 ? null : face.snaplen,
        droppedFrames: face.dropped,
      })),
      frames: sink.frames,
      fileBytes: this.#fileBytes,
      capturedBytes: sink.capturedBytes,
      wireBytes: sink.wireBytes,
      firstNs: timed ? sink.firstNs : null,
      earliestNs: timed ? sink.earliestNs : null,
      latestNs: timed ? sink.latestNs : null,
      snaplen: limits.length > 0 ? Math.min(...limits) : null,
      cutFrames: sink.cutFrames,
      backwardSteps: sink.backwardSteps,
      largestBackwardNs: sink.largestBackwardNs,
      backwardFrame: sink.backwardSteps > 0 ? sink.backwardFrame : null,
      ...{ pauses: sink.pauses, clockSteps: sink.clockSteps },
      truncated: this.#truncated || (this.#gzip?.broken ?? false),
      damage: this.#damage(),
      notDecoded: sink.decoder.notDecoded(),
      droppedFrames:
        drops.length > 0 ? drops.reduce((sum, dropped) => sum + dropped, 0) : (format?.dropped ?? null),
      secrets: format?.secrets ?? [],
      files: format?.files ?? 1,
    }
  }

  #damage(): Damage | null {
    const found = this.#format?.damage ?? null
    if (found === null) return null
    const offset = this.#fileBytes - this.#chunk.end + this.#chunk.at
    return { offset, frame: this.#sink.frames, found }
  }

  /** Reads more behind what is there. */
  #fill(small: boolean): number | Promise<number> {
    if (this.#signal?.aborted === true) return 0
    const chunk = this.#chunk
    const room = small ? FIRST_ROOM : ROOM
    chunk.makeRoom(Math.max(room, this.#format?.wanted ?? SNIFF_BYTES))
    return this.#source.read(chunk.bytes, chunk.end, chunk.room - chunk.end)
  }

  #filled(count: number): void {
    const chunk = this.#chunk
    if (count === 0) this.#ended = true
    chunk.end += count
    this.#fileBytes += count
    if (this.#format !== null || (chunk.end < SNIFF_BYTES && !this.#ended)) return
    // Stopped before it could be told what the file is: it is not for that an empty one.
    if (chunk.end < SNIFF_BYTES && this.#signal?.aborted === true) return
    const start = chunk.bytes.subarray(0, Math.min(chunk.end, SNIFF_BYTES))
    if (this.#gzip === null && isGzip(start)) {
      this.#source = this.#gzip = new GzipSource(this.#source, chunk.bytes.subarray(0, chunk.end))
      chunk.end = this.#fileBytes = 0
      this.#ended = false
    } else {
      this.#format = readerFor(start, this.#path)
    }
  }

  #finish(): void {
    const chunk = this.#chunk
    const format = this.#format
    this.#source.close()
    if (format === null || this.#final !== null) return
    if (format.damage === null && chunk.at !== chunk.end) this.#truncated = this.#signal?.aborted !== true
    const faces = format.interfaces
    if (!format.started) throw corruptHeader(this.#path, format, this.#damage()?.offset ?? this.#fileBytes)
    const unknown = faces.filter((face) => layerOfLinkType(face.linkType) === UNKNOWN_LINK)
    if (this.#sink.frames > 0 && faces.length > 0 && unknown.length === faces.length) {
      throw unknownLinkType(this.#path, faces[0].linkType)
    }
    this.#final = this.#factsByNow()
    chunk.release()
    this.#sink.decoder.release()
  }

  /** A file of one interface that can't be read is not worth the rest of the reading. */
  #checkLink(format: FormatReader): void {
    if (format.format === 'pcapng' || format.interfaces.length === 0) return
    const { linkType } = format.interfaces[0]
    if (layerOfLinkType(linkType) === UNKNOWN_LINK) throw unknownLinkType(this.#path, linkType)
  }
}
