/** Nanosecond time of a whole run as Float64: exact for 104 days around the epoch, which is the run's first frame. */
export class RunClock {
  #set = false
  #seconds = 0
  #nanoseconds = 0
  /**
   * Nanoseconds since the epoch of the run, of the time that was asked about last. A number handed back would be one on the heap; a field
   * that began as a whole number would have V8 compile what reads it twice, and now and then put every time on the heap all the same.
   */
  lastNs = NaN

  /** Nanoseconds since 1970 of the run's first frame; 0 when no capture held a frame. */
  get epochNs(): bigint {
    return BigInt(this.#seconds) * 1_000_000_000n + BigInt(this.#nanoseconds)
  }

  /** Puts into `lastNs` what this time is; the first one asked about is the epoch. */
  ask(seconds: number, nanoseconds: number): void {
    if (!this.#set) {
      this.#set = true
      this.#seconds = seconds
      this.#nanoseconds = nanoseconds
    }
    this.lastNs = (seconds - this.#seconds) * 1e9 + (nanoseconds - this.#nanoseconds)
  }
}
