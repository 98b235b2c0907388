/** A source that lets Ctrl-C be heard while it is read, and ends when the user has had enough. */
import type { ByteSource } from '../capture/source.js'
import { elapsedMs } from './clock.js'
import { BREATHE_EVERY_MS, QUIET_EVERY_MS } from './policy.js'

/** What a watched source tells, and what it waits for. */
export interface Watching {
  /** What has to be waited for before more is read; null: nothing. */
  readonly ready?: () => Promise<void> | null
  /** The pipe has been silent for so many nanoseconds. */
  readonly onQuiet?: (forNs: number) => void
  /** The source has come to its end; may be told again. */
  readonly onEnd?: (source: WatchedSource) => void
}

/** Raised once, by Ctrl-C: everything read so far is still analysed. */
export class Interruption {
  /** Who waits for something that may never come. A promise raced against would remember every read of a run of days. */
  readonly #waiting = new Set<() => void>()
  /** Set when the user asked to stop. */
  aborted = false

  raise(): void {
    this.aborted = true
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  /** What `work` gives; `instead` when the user asks to stop before. Nothing of it is kept once either has come. */
  orStopped<T>(work: Promise<T>, instead: T): Promise<T> {
    if (this.aborted) return Promise.resolve(instead)
    return new Promise((resolve, reject) => {
      const wake = (): void => resolve(instead)
      this.#waiting.add(wake)
      void work.finally(() => this.#waiting.delete(wake)).then(resolve, reject)
    })
  }
}

/** Passes reads on to another source. */
export class WatchedSource implements ByteSource {
  readonly #source: ByteSource
  readonly #stop: Interruption
  #lastBreath = elapsedMs()

  readonly #watching: Watching

  constructor(source: ByteSource, stop: Interruption, watching: Watching = {}) {
    this.#source = source
    this.#stop = stop
    this.#watching = watching
  }

  get path(): string {
    return this.#source.path
  }

  get size(): number | null {
    return this.#source.size
  }

  read(into: Uint8Array, at: number, length: number): number | Promise<number> {
    if (this.#stop.aborted) return 0
    const wait = this.#watching.ready?.() ?? null
    if (wait !== null) return this.#stop.orStopped(wait, undefined).then(() => this.read(into, at, length))
    const now = elapsedMs()
    if (now - this.#lastBreath < BREATHE_EVERY_MS) return this.#readNow(into, at, length)
    this.#lastBreath = now
    return new Promise((resolve) => setImmediate(resolve)).then(() =>
      this.#stop.aborted ? 0 : this.#readNow(into, at, length),
    )
  }

  #readNow(into: Uint8Array, at: number, length: number): number | Promise<number> {
    const count = this.#source.read(into, at, length)
    // A pipe may be silent for hours; the wait for it ends with the user's patience.
    if (typeof count !== 'number')
      return this.#stop.orStopped(this.#timed(count), 0).then((got) => this.#counted(got))
    return this.#counted(count)
  }

  #counted(count: number): number {
    if (count === 0) this.#watching.onEnd?.(this)
    return count
  }

  /** Tells of the silence until the read is over. */
  #timed(read: Promise<number>): Promise<number> {
    const { onQuiet } = this.#watching
    if (onQuiet === undefined) return read
    const since = elapsedMs()
    const timer = setInterval(() => onQuiet((elapsedMs() - since) * 1e6), QUIET_EVERY_MS)
    return read.finally(() => clearInterval(timer))
  }

  get rewind(): (() => void) | undefined {
    return this.#source.rewind
  }

  close(): void {
    this.#source.close()
  }
}
