import type { StreamPoint } from './exchange.js'
import { anchorOf, NEVER } from './shared-time.js'

/** The latest byte of a message in several frames: it moves on with each, without a new object. */
export class MovingPoint {
  frame = 0
  private anchor = NEVER
  private apart = 0
  /** As a signed number of 32 bits. */
  private signedSeq = 0

  constructor(frame: number, timeNs: number, seq: number) {
    this.moveTo(frame, timeNs, seq)
  }

  get timeNs(): number {
    return this.anchor.ns + this.apart
  }

  /** The point where it stands now. */
  get point(): StreamPoint {
    return { frame: this.frame, timeNs: this.timeNs, seq: this.signedSeq >>> 0 }
  }

  /** The hot path of large bodies. */
  moveTo(frame: number, timeNs: number, seq: number): void {
    const anchor = anchorOf(timeNs)
    // Nearly always the same: to write it down anew costs a look at how old both objects are.
    if (anchor !== this.anchor) this.anchor = anchor
    this.apart = (timeNs - anchor.ns) | 0
    this.frame = frame
    this.signedSeq = seq | 0
  }
}
