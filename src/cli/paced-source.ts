/** A source that is read only as fast as what came of it is written: output does not pile up in memory. */
import type { ByteSource } from '../capture/source.js'

/** Before each read, everything gathered since the last one is written. */
export class PacedSource implements ByteSource {
  readonly #source: ByteSource
  readonly #flush: () => Promise<void>

  constructor(source: ByteSource, flush: () => Promise<void>) {
    this.#source = source
    this.#flush = flush
  }

  get path(): string {
    return this.#source.path
  }

  get size(): number | null {
    return this.#source.size
  }

  async read(into: Uint8Array, at: number, length: number): Promise<number> {
    await this.#flush()
    return this.#source.read(into, at, length)
  }

  get rewind(): (() => void) | undefined {
    return this.#source.rewind
  }

  close(): void {
    this.#source.close()
  }
}
