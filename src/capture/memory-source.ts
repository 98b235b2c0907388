import type { ByteSource } from './source.js'

/** A capture that is in memory already: tests, and a browser's dropped file. */
export class MemorySource implements ByteSource {
  readonly size: number
  #next = 0

  constructor(
    readonly bytes: Uint8Array,
    readonly path = 'memory',
    /** Most bytes handed out by one read; small values show how a reader copes with slow pipes. */
    readonly step = Infinity,
  ) {
    this.size = bytes.length
  }

  read(into: Uint8Array, at: number, length: number): number {
    const count = Math.min(length, this.step, this.bytes.length - this.#next)
    into.set(this.bytes.subarray(this.#next, this.#next + count), at)
    this.#next += count
    return count
  }

  close(): void {}

  rewind = (): void => {
    this.#next = 0
  }
}
