import type { Spread } from '../result.js'

/** Measured values: all of them, or an even sample of very many; smallest and largest are exact. */
export class Numbers {
  private kept: number[] = []
  private every = 1
  private seen = 0
  private min = Infinity
  private max = -Infinity

  /** @param most values kept */
  constructor(private readonly most: number) {}

  /** Adds a value, in whatever unit. */
  add(value: number): void {
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
    if (this.seen++ % this.every !== 0) return
    this.kept.push(value)
    if (this.kept.length > this.most) this.thin()
  }

  /** Adds the values of another one; where that kept a sample, each of them stands for several. */
  addAll(other: Numbers): void {
    for (const value of other.kept) this.add(value)
    this.min = Math.min(this.min, other.min)
    this.max = Math.max(this.max, other.max)
  }

  /** Null: no values. The median is the upper one of an even number. */
  spread(): Spread | null {
    if (this.kept.length === 0) return null
    const values = [...this.kept].sort((a, b) => a - b)
    return { min: this.min, median: values[values.length >> 1], max: this.max }
  }

  private thin(): void {
    this.kept = this.kept.filter((_, index) => index % 2 === 0)
    this.every *= 2
  }
}
