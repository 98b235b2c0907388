/** A source that lets Ctrl-C be heard while it is read, and ends when the user has had enough. */
import type { ByteSource } from '../capture/source.js'

/** A signal can only be heard between two turns of the event loop; reading and analysing a file makes none of its own. */
const BREATHE_EVERY_MS = 150

/** Raised once, by Ctrl-C: everything read so far is still analysed. */
export class Interruption {
  #resolve: () => void = () => {}
  /** Set when the user asked to stop. */
  aborted = false
  /** Settles when the user asks to stop; never otherwise. */
  readonly raised = new Promise<void>((resolve) => {
    this.#resolve = resolve
  })

  raise(): void {
    this.aborted = true
    this.#resolve()
  }
}

/** Passes reads on to another source. */
export class WatchedSource implements ByteSource {
  readonly #source: ByteSource
  readonly #stop: Interruption
  #lastBreath = performance.now()

  readonly #ready: () => Promise<void> | null

  /** `ready` gives what has to be waited for before more is read; null: nothing. */
  constructor(source: ByteSource, stop: Interruption, ready: () => Promise<void> | null = () => null) {
    this.#source = source
    this.#stop = stop
    this.#ready = ready
  }

  get path(): string {
    return this.#source.path
  }

  get size(): number | null {
    return this.#source.size
  }

  read(into: Uint8Array, at: number, length: number): number | Promise<number> {
    if (this.#stop.aborted) return 0
    const wait = this.#ready()
    if (wait !== null) return Promise.race([wait, this.#stop.raised]).then(() => this.read(into, at, length))
    const now = performance.now()
    if (now - this.#lastBreath < BREATHE_EVERY_MS) return this.#readNow(into, at, length)
    this.#lastBreath = now
    return new Promise((resolve) => setImmediate(resolve)).then(() =>
      this.#stop.aborted ? 0 : this.#readNow(into, at, length),
    )
  }

  #readNow(into: Uint8Array, at: number, length: number): number | Promise<number> {
    const count = this.#source.read(into, at, length)
    // A pipe may be silent for hours; the wait for it ends with the user's patience.
    return typeof count === 'number' ? count : Promise.race([count, this.#stop.raised.then(() => 0)])
  }

  close(): void {
    this.#source.close()
  }
}
