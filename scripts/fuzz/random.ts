/** Repeatable chance: the same seed gives the same inputs, or captures. */
export class Random {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0 || 1
  }

  /** A whole number in [0, n); 0 when n is 0. (xorshift32, Marsaglia 2003) */
  below(n: number): number {
    let x = this.state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.state = x >>> 0
    return n > 0 ? this.state % n : 0
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }
}
