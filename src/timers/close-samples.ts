import type { Phase, Timer } from '../result.js'
import { timerPolicy } from './policy.js'

/** What one close tells about timers. Times in nanoseconds; null: not observed. */
export interface CloseSample {
  readonly stream: number
  /** When it was captured. */
  readonly closeNs: number
  readonly phase: Phase
  /** On the closer's own clock since it last sent or received payload. */
  readonly gapNs: number | null
  /** Since the handshake. */
  readonly ageNs: number | null
  /** Requests of the connection; null when its beginning was not seen. */
  readonly requests: number | null
  /** The verdict says that a timer closed it, and which. */
  readonly byTimer: boolean
  readonly timer: Timer | null
}

/** Closes of one side of one leg in one phase: all of them, or an even sample when there are very many. */
export class CloseSamples {
  private kept: CloseSample[] = []
  private every = 1
  private seen = 0

  /** Counts one more close; whether it is one that is kept, and to be added. */
  takesNext(): boolean {
    return this.seen++ % this.every === 0
  }

  /** Adds a close for which `takesNext` said yes. */
  add(sample: CloseSample): void {
    this.kept.push(sample)
    if (this.kept.length <= timerPolicy.closesKept) return
    this.kept = this.kept.filter((_, index) => index % 2 === 0)
    this.every *= 2
  }

  /** In the order in which they were added. */
  get all(): readonly CloseSample[] {
    return this.kept
  }

  /** Only every n-th close is kept. */
  get sampled(): boolean {
    return this.every > 1
  }

  /** How many closes one of the kept stands for. */
  get weight(): number {
    return this.every
  }
}
