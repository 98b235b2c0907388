/** Standard output that survives `| head`, a slow reader and a full disk. */
import { OUTPUT_BLOCK } from './policy.js'
import { systemTrouble } from './system-trouble.js'
import { UsageError } from './usage-error.js'

/** A stream to write data to. When its reader has left, what is written vanishes quietly: the reader had enough. */
export class Output {
  readonly #stream: NodeJS.WriteStream
  #readerLeft = false
  #failure: Error | null = null
  /** Pieces pushed that the system has not taken. */
  #waiting = 0
  #onDrained: () => void = () => {}

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    stream.on('error', (error) => {
      this.#failed(error)
      this.#onDrained()
    })
  }

  #failed(error: NodeJS.ErrnoException): void {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') this.#readerLeft = true
    else this.#failure = error
  }

  /** Whoever read what is written has left. */
  get readerLeft(): boolean {
    return this.#readerLeft
  }

  /** Writes all pieces in order and waits until the system has taken them. Throws UsageError when it can't. */
  async write(pieces: Iterable<string>): Promise<void> {
    let block = ''
    for (const piece of pieces) {
      block += piece
      if (block.length < OUTPUT_BLOCK) continue
      await this.#put(block)
      block = ''
      if (this.#readerLeft) return
    }
    if (block !== '') await this.#put(block)
  }

  /** Writes without waiting; `drained` tells when the system has taken it. Throws UsageError when what was written before could not be. */
  push(text: string): void {
    this.#throwFailure()
    if (this.#readerLeft) return
    this.#waiting++
    this.#stream.write(text, () => {
      this.#waiting--
      if (this.#waiting === 0) this.#onDrained()
    })
  }

  /** Settles when everything pushed has been taken; null: it has. A slow reader makes its writer wait here. */
  drained(): Promise<void> | null {
    if (this.#waiting === 0 || this.#readerLeft) return null
    return new Promise((resolve) => (this.#onDrained = resolve))
  }

  async #put(text: string): Promise<void> {
    if (!this.#readerLeft) {
      // The callback comes in every case. It is told of an error before the listener is: no need to wait for that one.
      const error = await new Promise<Error | null | undefined>((resolve) =>
        this.#stream.write(text, resolve),
      )
      if (error) this.#failed(error)
    }
    this.#throwFailure()
  }

  #throwFailure(): void {
    if (this.#failure !== null)
      throw new UsageError(`standard output can't be written: ${systemTrouble(this.#failure)}`)
  }
}
