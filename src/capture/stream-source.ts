import type { ByteSource } from './source.js'

/** What a browser or a server hands out chunk by chunk: a file's `stream()`, a response's `body`, a Node stream. */
export type ByteStream = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>

/** A capture that arrives as chunks of any size. Not every browser can iterate over a ReadableStream; its reader is asked then. */
export class StreamSource implements ByteSource {
  readonly #next: () => Promise<Uint8Array | null>
  readonly #cancel: () => void
  #chunk = new Uint8Array(0)
  #at = 0

  /** `size`: bytes in all where they are known, for progress. */
  constructor(
    stream: ByteStream,
    readonly path = 'stream',
    readonly size: number | null = null,
  ) {
    if ('getReader' in stream) {
      const reader = stream.getReader()
      this.#next = async () => (await reader.read()).value ?? null
      this.#cancel = () => void reader.cancel().catch(() => {})
    } else {
      const iterator = stream[Symbol.asyncIterator]()
      this.#next = async () => {
        const { value, done } = await iterator.next()
        return done === true ? null : value
      }
      this.#cancel = () => void iterator.return?.().then(undefined, () => {})
    }
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    while (this.#at === this.#chunk.length) {
      const chunk = await this.#next()
      if (chunk === null) return 0
      this.#chunk = chunk as Uint8Array<ArrayBuffer>
      this.#at = 0
    }
    const count = Math.min(length, this.#chunk.length - this.#at)
    into.set(this.#chunk.subarray(this.#at, this.#at + count), at)
    this.#at += count
    return count
  }

  close(): void {
    this.#cancel()
  }
}
