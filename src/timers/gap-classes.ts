import { timerPolicy } from './policy.js'

/** How often which idle gap was seen, in bounded memory: classes of equal width, wider when there are too many of them. */
export class GapClasses {
  private classes = new Map<number, number>()
  private widthNs: number = timerPolicy.gapClassNs
  /** Gaps seen in all. */
  total = 0
  /** The longest of them; null: none. */
  longestNs: number | null = null

  /** Counts a gap in nanoseconds. */
  add(gapNs: number): void {
    this.total++
    if (this.longestNs === null || gapNs > this.longestNs) this.longestNs = gapNs
    this.count(Math.floor(gapNs / this.widthNs), 1)
    while (this.classes.size > timerPolicy.gapClasses) this.widen()
  }

  /** Gaps from `fromNs` (inclusive) to `toNs`, to the width of a class. */
  between(fromNs: number, toNs: number): number {
    let found = 0
    for (const [index, count] of this.classes) {
      const middle = (index + 0.5) * this.widthNs
      if (middle >= fromNs && middle < toNs) found += count
    }
    return found
  }

  private count(index: number, more: number): void {
    this.classes.set(index, (this.classes.get(index) ?? 0) + more)
  }

  private widen(): void {
    const narrow = this.classes
    this.classes = new Map()
    this.widthNs *= 2
    for (const [index, count] of narrow) this.count(index >> 1, count)
  }
}
