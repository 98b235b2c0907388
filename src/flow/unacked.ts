import { grown } from './growable.js'
import { MOST_UNACKED } from './policy.js'
import { seqDelta } from './sequence.js'

const NONE = -1

/** The sent and not yet acknowledged segments of every side: linked lists in columns, newest first. */
export class UnackedSegments {
  private start = new Uint32Array(1024)
  private end = new Uint32Array(1024)
  private next = new Int32Array(1024)
  private used = 0
  private free = NONE
  private heads = new Int32Array(256).fill(NONE)
  private counts = new Uint16Array(256)

  /** Makes room for side `i`. */
  reserve(i: number): void {
    if (i < this.heads.length) return
    const before = this.heads.length
    const length = Math.max(before * 2, i + 1)
    this.heads = grown(this.heads, length).fill(NONE, before)
    this.counts = grown(this.counts, length)
  }

  /** Remembers [start, end) of side `i`, unless it has too many already. */
  add(i: number, start: number, end: number): void {
    if (this.counts[i] === MOST_UNACKED) return
    const at = this.take()
    this.start[at] = start
    this.end[at] = end
    this.next[at] = this.heads[i]
    this.heads[i] = at
    this.counts[i]++
  }

  /** Whether [start, end) lies within one remembered segment of side `i`. */
  holds(i: number, start: number, end: number): boolean {
    for (let at = this.heads[i]; at !== NONE; at = this.next[at]) {
      if (seqDelta(start, this.start[at]) >= 0 && seqDelta(end, this.end[at]) <= 0) return true
    }
    return false
  }

  /** End of the contiguous run of remembered segments that begins at `ack`; `ack` itself when there is none. */
  tailFrom(i: number, ack: number): number {
    let left = 0
    let right = 0
    for (let at = this.heads[i]; at !== NONE; at = this.next[at]) {
      if (left === right) {
        left = this.start[at]
        right = this.end[at]
      }
      if (seqDelta(this.start[at], ack) < 0) continue
      if (this.end[at] !== left) right = this.end[at]
      left = this.start[at]
    }
    return left === ack && seqDelta(right, ack) > 0 ? right : ack
  }

  /** Forgets what `ack` covers of side `i`. */
  acknowledge(i: number, ack: number): void {
    let before = NONE
    let at = this.heads[i]
    while (at !== NONE) {
      const next = this.next[at]
      const rest = seqDelta(this.end[at], ack)
      if (rest > 0) {
        if (seqDelta(ack, this.start[at]) > 0) this.start[at] = ack
        before = at
      } else {
        if (before === NONE) this.heads[i] = next
        else this.next[before] = next
        this.next[at] = this.free
        this.free = at
        this.counts[i]--
      }
      at = next
    }
  }

  private take(): number {
    if (this.free !== NONE) {
      const at = this.free
      this.free = this.next[at]
      return at
    }
    if (this.used === this.start.length) {
      this.start = grown(this.start, this.used * 2)
      this.end = grown(this.end, this.used * 2)
      this.next = grown(this.next, this.used * 2)
    }
    return this.used++
  }
}
