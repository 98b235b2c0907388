import type { Conversation } from './exchange.js'
import { newConversation } from './exchange-list.js'
import type { StreamSegment } from './stream-segment.js'
import { StreamSide } from './stream-side.js'

/** Understands the payload of one protocol, both directions of one flow. */
export interface Reader {
  /** Reads a segment from its position to its end. Returns whether a message, or a turn, begins in it. */
  read(segment: StreamSegment): boolean
  /** `length` bytes of a side will never be seen. */
  gap(side: 0 | 1, length: number): void
  /** Makes the best of what is in hand: the conversation is going to be looked at. */
  settle?(): void
}

/** One flow's conversation and the state of reading it. */
export class Talk {
  readonly conversation: Conversation = newConversation()
  readonly zero = new StreamSide()
  readonly one = new StreamSide()
  reader: Reader
  /**
   * The side that spoke last, where bytes mean nothing: what else it says goes on with its turn, unless a message begins in it. Null where
   * each segment has to be looked at.
   */
  goesOn: 0 | 1 | null = null

  /** `opener`: the side whose payload opens exchanges as long as nothing that can be read tells. */
  constructor(firstReader: (talk: Talk) => Reader, opener: 0 | 1) {
    this.conversation.requestSide = opener
    this.reader = firstReader(this)
  }

  side(side: 0 | 1): StreamSide {
    return side === 0 ? this.zero : this.one
  }

  /** The protocol has been recognised: from now on this reader reads. */
  become<R extends Reader>(protocol: Conversation['protocol'], reader: R): R {
    this.conversation.protocol = protocol
    this.reader = reader
    this.goesOn = null
    return reader
  }

  /** Forgets all exchanges; both sides stand between messages. */
  restart(): void {
    this.conversation.exchanges = []
    this.conversation.count = 0
    this.goesOn = null
    for (const side of [this.zero, this.one]) {
      side.skip = 0
      side.creditNobody()
    }
  }
}
