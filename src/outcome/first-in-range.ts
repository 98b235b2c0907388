import { firstAbove, firstAtLeast } from '../chain/ordered.js'

/** Which of many was noted first, among those with a value in a range: a segment tree over values that are known beforehand. */
export class FirstInRange {
  private readonly least: Float64Array
  private readonly leaves: number

  /** @param values all that will be noted, ascending */
  constructor(private readonly values: readonly number[]) {
    this.leaves = values.length
    this.least = new Float64Array(2 * this.leaves).fill(Infinity)
  }

  /** Notes one of the values under a number. */
  note(value: number, under: number): void {
    for (let at = this.leaves + firstAtLeast(this.values, value); at > 0; at >>= 1)
      this.least[at] = Math.min(this.least[at], under)
  }

  /** The smallest number under which a value from `from` to `to` was noted, both included; Infinity: none was. */
  first(from: number, to: number): number {
    let found = Infinity
    let low = this.leaves + firstAtLeast(this.values, from)
    let high = this.leaves + firstAbove(this.values, to)
    for (; low < high; low >>= 1, high >>= 1) {
      if (low & 1) found = Math.min(found, this.least[low++])
      if (high & 1) found = Math.min(found, this.least[--high])
    }
    return found
  }
}
