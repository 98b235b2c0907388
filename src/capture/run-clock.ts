/** Nanosecond time of a whole run as Float64: exact for 104 days around the epoch, which is the run's first frame. */
export class RunClock {
  #set = false
  #seconds = 0
  #nanoseconds = 0

  /** Nanoseconds since 1970 of the run's first frame; 0 when no capture held a frame. */
  get epochNs(): bigint {
    return BigInt(this.#seconds) * 1_000_000_000n + BigInt(this.#nanoseconds)
  }

  /** Nanoseconds since the epoch of the run; the first time asked about is the epoch. */
  since(seconds: number, nanoseconds: number): number {
    if (!this.#set) {
      this.#set = true
      this.#seconds = seconds
      this.#nanoseconds = nanoseconds
    }
    return (seconds - this.#seconds) * 1e9 + (nanoseconds - this.#nanoseconds)
  }
}
