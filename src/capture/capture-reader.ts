import type { AddressTable } from '../decode/addresses.js'
import { SegmentDecoder } from '../decode/decoder.js'
import type { FrameLane } from '../decode/frame-numbers.js'
import { layerOfLinkType } from '../decode/link-types.js'
import { UNKNOWN_LINK } from '../decode/layers.js'
import type { SegmentBatch } from '../decode/segments.js'
import type { CaptureFacts, Damage } from './capture-facts.js'
import { corruptHeader, unknownLinkType } from './capture-trouble.js'
import { countedSource } from './counted-source.js'
import { factsByNow } from './facts-by-now.js'
import { Chunk, type FormatReader } from './format.js'
import { FrameSink } from './frame-sink.js'
import { GzipSource } from './gzip-source.js'
import { FIRST_ROOM, ROOM } from './policy.js'
import type { BufferPool, ReadBuffers } from './read-buffers.js'
import type { RunClock } from './run-clock.js'
import { SNIFF_BYTES, isGzip, readerFor } from './sniff.js'
import type { SteadyClock } from './steady-clock.js'
import type { ByteSource } from './source.js'

/** What one capture is read with. */
export interface ReaderParts {
  readonly pool: BufferPool
  /** Takes the addresses of its segments. */
  readonly addresses: AddressTable
  readonly clock: RunClock
  /** Told of every read that brought something. */
  readonly onBytes?: (count: number) => void
  readonly signal?: { readonly aborted: boolean } | undefined
  /** Missing: frames have the times of the file, even where those run backwards. */
  readonly steadyClock?: SteadyClock | null
  /** Numbers of its frames in the run; missing: those of the file. */
  readonly lane?: FrameLane | null
}

/** Reads one capture, a batch of segments at a time. */
export class CaptureReader {
  readonly #path: string
  readonly #signal: { readonly aborted: boolean } | undefined
  readonly #pool: BufferPool
  /** null: given back. */
  #buffers: ReadBuffers | null
  #chunk: Chunk
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
    { pool, addresses, clock, onBytes, signal, steadyClock = null, lane = null }: ReaderParts,
  ) {
    this.#path = source.path
    this.#signal = signal
    this.#source = onBytes === undefined ? source : countedSource(source, onBytes)
    this.#pool = pool
    this.#buffers = pool.take()
    this.#chunk = this.#buffers.chunk
    this.#sink = new FrameSink(new SegmentDecoder(addresses, this.#buffers.batch, lane), clock, steadyClock)
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
    // It has ended, or was closed.
    if (this.#buffers === null) return false
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

  /** Lets go of the source and of what it was read into. */
  close(): void {
    this.#source.close()
    this.#final ??= this.#factsByNow()
    this.#letGo()
  }

  /** Another capture may be read into the buffers from now on. */
  #letGo(): void {
    if (this.#buffers !== null) this.#pool.giveBack(this.#buffers)
    this.#buffers = null
    this.#chunk = new Chunk(0, 0)
    this.#sink.decoder.release()
  }

  /** What is known of the capture by now. */
  facts(): CaptureFacts {
    return this.#final ?? this.#factsByNow()
  }

  #factsByNow(): CaptureFacts {
    return factsByNow({
      path: this.#path,
      sink: this.#sink,
      format: this.#format,
      gzipped: this.#gzip !== null,
      fileBytes: this.#fileBytes,
      truncated: this.#truncated || (this.#gzip?.broken ?? false),
      damage: this.#damage(),
    })
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
    this.#letGo()
  }

  /** A file of one interface that can't be read is not worth the rest of the reading. */
  #checkLink(format: FormatReader): void {
    if (format.format === 'pcapng' || format.interfaces.length === 0) return
    const { linkType } = format.interfaces[0]
    if (layerOfLinkType(linkType) === UNKNOWN_LINK) throw unknownLinkType(this.#path, linkType)
  }
}
