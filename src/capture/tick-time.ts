import type { PcapngInterface } from './pcapng-options.js'

/** Largest high word with which a 64-bit tick count is still exact as a number. */
const EXACT_HIGH = 2 ** 21
/** Most ticks a second for which the long division below stays exact: remainder × 65536 has to be below 2⁵³. */
const DIVISIBLE = 1e11

/** Turns a 64-bit count of clock ticks into seconds and nanoseconds, without a BigInt for the clocks in use. One object serves all. */
export class TickTime {
  seconds = 0
  nanoseconds = 0

  /** Takes the tick count `high · 2³² + low` of the interface's clock. */
  set(high: number, low: number, face: PcapngInterface): void {
    const perSecond = face.ticksPerSecond
    if (high < EXACT_HIGH) {
      const ticks = high * 4294967296 + low
      this.#split(Math.floor(ticks / perSecond), ticks % perSecond, perSecond)
    } else if (perSecond <= DIVISIBLE) {
      this.#divide(high, low, perSecond)
    } else {
      const ticks = (BigInt(high) << 32n) | BigInt(low)
      const divisor = BigInt(perSecond)
      this.seconds = Number(ticks / divisor)
      this.nanoseconds = Number(((ticks % divisor) * 1_000_000_000n) / divisor)
    }
    this.seconds += face.offsetSeconds
  }

  /** Long division in digits of 16 bits. */
  #divide(high: number, low: number, divisor: number): void {
    let quotient = 0
    let rest = 0
    for (let digit = 0; digit < 4; digit++) {
      const word = digit < 2 ? high : low
      const current = rest * 65536 + (digit % 2 === 0 ? word >>> 16 : word & 0xffff)
      quotient = quotient * 65536 + Math.floor(current / divisor)
      rest = current % divisor
    }
    this.#split(quotient, rest, divisor)
  }

  #split(seconds: number, rest: number, perSecond: number): void {
    this.seconds = seconds
    this.nanoseconds = perSecond === 1e9 ? rest : Math.floor((rest * 1e9) / perSecond)
  }
}
