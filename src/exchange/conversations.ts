import type { Conversation } from './exchange.js'
import { mayBeMysqlError } from './farewell.js'
import { OpaqueReader } from './opaque-reader.js'
import { mayBegin, mayBeginStatus } from './opening.js'
import { StreamSegment } from './stream-segment.js'
import { Talk } from './talk.js'

const firstReader = (talk: Talk): OpaqueReader => new OpaqueReader(talk)

/**
 * Reads the payload of all flows into conversations. Payload of each side has to come in sequence order, with its gaps announced;
 * side 0 is the sender of the flow's first captured segment. It has the shape of the flow floor's PayloadSink.
 */
export class Conversations {
  private readonly talks: (Talk | undefined)[] = []
  private readonly segment = new StreamSegment()

  /** `openerOf`: the side that opened the flow as far as the handshake or the ports tell, asked when its payload begins. */
  constructor(private readonly openerOf: (flow: number) => 0 | 1 = () => 0) {}

  /**
   * New payload of one side, `length` bytes on the wire, of which `captured` stand at `at`. Returns whether a request, a response or
   * a turn begins in it. Inside a body, or a turn that goes on, nothing is looked at and nothing allocated.
   */
  payload(
    flow: number,
    side: number,
    bytes: Uint8Array,
    at: number,
    captured: number,
    length: number,
    seq: number,
    frame: number,
    timeNs: number,
  ): boolean {
    const talk = this.talkOf(flow)
    const stream = side === 0 ? talk.zero : talk.one
    // A body that ends with the connection may break off with a status line.
    if (stream.skip > length && (stream.skip !== Infinity || captured === 0 || !mayBeginStatus(bytes[at]))) {
      stream.skip -= length
      stream.pass(length, seq, frame, timeNs)
      return false
    }
    if (length <= 0) return false
    if (talk.goesOn === side && (captured === 0 || !(mayBegin(bytes[at]) || mayBeMysqlError(bytes, at)))) {
      stream.pass(length, seq, frame, timeNs)
      return false
    }
    this.segment.set(side === 0 ? 0 : 1, bytes, at, captured, length, seq, frame, timeNs)
    return talk.reader.read(this.segment)
  }

  /** `length` bytes of the side's stream will never be seen. */
  gap(flow: number, side: number, length: number): void {
    if (length <= 0) return
    this.talkOf(flow).reader.gap(side === 0 ? 0 : 1, length)
  }

  /** What the flow said so far; null when it said nothing. It stays the same object while more comes. */
  of(flow: number): Conversation | null {
    const talk = this.talks[flow]
    if (talk === undefined) return null
    talk.reader.settle?.()
    return talk.conversation
  }

  private talkOf(flow: number): Talk {
    return (this.talks[flow] ??= new Talk(firstReader, this.openerOf(flow)))
  }

  /** Lets go of the flow's conversation and of the state of reading it. */
  forget(flow: number): void {
    this.talks[flow] = undefined
  }
}
