import { LATE_FRAMES, WRITTEN_LATE_NS } from './policy.js'

/**
 * Time that does not run backwards while the clock of the capturing host was set back: it goes on from there, as if no time had passed
 * in that moment. Each interface is compared with itself, since their buffers may be written in turns.
 */
export class SteadyClock {
  /** What has to be added since the clock was set back. */
  #addedNs = 0
  #framesSince = 0
  /** Latest time of each interface, after addition. */
  readonly #lastNs: number[] = []
  /** Time of the latest frame: a field that begins with no whole number, as in `RunClock`. */
  timeNs = NaN

  /** `aheadNs`: how far the clock is ahead of the one that times are to be given by. */
  constructor(private readonly aheadNs = 0) {}

  /** Puts into `timeNs` the time of the next frame in the file, which the capture saw at `seenNs`. */
  note(seenNs: number, interfaceId: number): void {
    const timeNs = seenNs - this.aheadNs
    // What is asked for stands there: a look beyond the end would make a number on the heap of every time.
    while (this.#lastNs.length <= interfaceId) this.#lastNs.push(-Infinity)
    const last = this.#lastNs[interfaceId]
    let now = timeNs + this.#addedNs
    if (now < last) {
      if (last - now > WRITTEN_LATE_NS) {
        this.#addedNs += last - now
        this.#framesSince = 0
      }
      now = last
    } else if (this.#addedNs > 0 && this.#framesSince < LATE_FRAMES) {
      this.#framesSince++
      // Back at once to where the clock was before: a few frames were late, and the clock is right.
      if (timeNs >= last) {
        this.#addedNs = 0
        now = timeNs
      }
    }
    this.#lastNs[interfaceId] = now
    this.timeNs = now
  }
}
