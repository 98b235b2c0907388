import { CaptureError } from '../errors.js'
import { GZIP_INPUT_BYTES } from './policy.js'
import type { ByteSource } from './source.js'

/** The decompressed bytes of a gzipped source. Bounded: the next compressed bytes are read when the last have been used up. */
export class GzipSource implements ByteSource {
  readonly path: string
  readonly size = null
  /** The gzip data ended early or stopped making sense; what came before was handed out. */
  broken = false
  readonly #source: ByteSource
  readonly #output: ReadableStreamDefaultReader<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)
  #ended = false
  /** Trouble with reading the compressed bytes, as opposed to what they are. */
  #trouble: CaptureError | null = null

  /** @param start bytes of the source that have been read already */
  constructor(source: ByteSource, start: Uint8Array) {
    this.path = source.path
    this.#source = source
    const stream = new DecompressionStream('gzip')
    this.#output = (stream.readable as ReadableStream<Uint8Array>).getReader()
    void this.#feed((stream.writable as WritableStream<Uint8Array>).getWriter(), start.slice())
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    while (this.#rest.length === 0 && !this.#ended) {
      const { done, value } = await this.#output.read().catch(() => {
        this.broken = true
        return { done: true, value: undefined }
      })
      if (done) this.#ended = true
      else this.#rest = value ?? this.#rest
    }
    if (this.#trouble !== null) throw this.#trouble
    const count = Math.min(length, this.#rest.length)
    into.set(this.#rest.subarray(0, count), at)
    this.#rest = this.#rest.subarray(count)
    return count
  }

  close(): void {
    this.#ended = true
    void this.#output.cancel().catch(() => {})
    this.#source.close()
  }

  /** Hands compressed bytes on as they are wanted. Errors reach `read` through the stream. */
  async #feed(writer: WritableStreamDefaultWriter<Uint8Array>, start: Uint8Array): Promise<void> {
    try {
      await writer.write(start)
      while (!this.#ended) {
        await writer.ready
        // Closed meanwhile: what follows in the source may be somebody else's by now.
        if (this.#ended) break
        const input = new Uint8Array(GZIP_INPUT_BYTES)
        const count = await this.#source.read(input, 0, GZIP_INPUT_BYTES)
        if (count === 0) break
        await writer.write(input.subarray(0, count))
      }
      await writer.close()
    } catch (error) {
      if (error instanceof CaptureError) this.#trouble = error
      await writer.abort(error).catch(() => {})
    }
  }
}
