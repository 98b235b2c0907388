import type { LegLink } from '../facts/leg-facts.js'
import type { Certainty } from '../result.js'
import { append } from './lists.js'
import { memoryPolicy } from './policy.js'

/** A leg that was judged, and is gone, while the connection it belongs to goes on. */
export interface SettledLeg {
  readonly stream: number
  /** What that leg is to the connection that goes on. */
  readonly relation: 'upstream' | 'downstream'
  readonly certainty: Certainty
}

const NONE: readonly SettledLeg[] = []

/** The settled legs of connections that go on, by the stream number of these. */
export class SettledLegs {
  /** Legs that were too many to be remembered. */
  forgotten = 0
  private held = 0
  private readonly byStream = new Map<number, SettledLeg[]>()

  /** Takes the links of a round: those from a settled flow to one that goes on are kept, what is known of settled flows is let go. */
  settle(links: readonly LegLink[], settled: ReadonlySet<number>): void {
    for (const stream of settled) {
      this.held -= this.of(stream).length
      this.byStream.delete(stream)
    }
    for (const { downstream, upstream, upstreamExchange, certainty } of links) {
      const [down, up] = [downstream.stream, upstream.stream]
      if (settled.has(up) && !settled.has(down))
        this.note(down, { stream: up, relation: 'upstream', certainty })
      if (settled.has(down) && !settled.has(up)) {
        this.note(up, { stream: down, relation: 'downstream', certainty })
        if (upstreamExchange !== null && certainty !== 'possible') upstreamExchange.legGone = true
      }
    }
  }

  /** The settled legs of a connection; empty: none. */
  of(stream: number): readonly SettledLeg[] {
    return this.byStream.get(stream) ?? NONE
  }

  private note(stream: number, leg: SettledLeg): void {
    if (this.held >= memoryPolicy.settledLegs) this.forgotten++
    else {
      this.held++
      append(this.byStream, stream, leg)
    }
  }
}
