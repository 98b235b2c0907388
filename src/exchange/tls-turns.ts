import type { StreamPoint } from './exchange.js'
import type { StreamSegment } from './stream-segment.js'
import type { Talk } from './talk.js'
import { TlsHttp2 } from './tls-http2.js'
import { Turns } from './turns.js'

/** Bytes by which records of the same plaintext are longer in TLS 1.2 (AES-GCM) than in 1.3. */
const MORE_BEFORE_13 = 7

/** Turns of application data inside TLS. Where HTTP/2 may be inside, what both sides open with, and its control frames, are none. */
export class TlsTurns {
  readonly http2 = new TlsHttp2()
  private readonly turns: Turns
  /** Where the client began to speak, as long as all of it may be no more than HTTP/2's preface; null: it has not, or it is more. */
  private opening: StreamPoint | null = null

  constructor(private readonly talk: Talk) {
    this.turns = new Turns(talk.conversation)
  }

  /** Whether a record of this plaintext holds no message, and begins none. */
  isControl(side: 0 | 1, plain: number, start: StreamPoint): boolean {
    const { http2, turns } = this
    const { conversation } = this.talk
    const fromClient = side === conversation.requestSide
    const begins = turns.wouldBegin(side)
    const is = fromClient
      ? begins && this.isClientsControl(plain, start.timeNs)
      : http2.isServersControl(plain, begins, conversation.count === 0)
    if (!is) return false
    if (!fromClient && this.opening !== null && !conversation.mayHaveAsked) this.forgetOpening()
    if (fromClient && http2.mayAsk(plain, start.timeNs)) conversation.mayHaveAsked = true
    if (http2.mayBeGoAway(plain) && !this.saidGoodbye())
      conversation.goAway = { side, point: start, lastStream: null, errorCode: null }
    return true
  }

  /** A record that is more than control frames. Returns whether a turn begins with it. */
  say(side: 0 | 1, plain: number, segment: StreamSegment, start: StreamPoint): boolean {
    const { http2, turns } = this
    const { conversation } = this.talk
    if (side !== conversation.requestSide) {
      this.knowThatItAsked(segment)
      this.opening = null
      if (conversation.count === 0) conversation.unasked ??= start
    } else if (conversation.count === 0 && !conversation.mayHaveAsked && http2.mayOnlyOpen(plain)) {
      this.opening = start
      conversation.mayHaveAsked = http2.spoken
      if (http2.spoken) return false
    } else if (!this.isClientsControl(plain, start.timeNs)) {
      this.knowThatItAsked(segment)
      this.opening = null
    }
    return turns.speaks(side, this.talk.side(side), segment, start)
  }

  private isClientsControl(plain: number, timeNs: number): boolean {
    const { tlsVersion, count } = this.talk.conversation
    const before13 = tlsVersion === null ? plain - MORE_BEFORE_13 : null
    return this.http2.isClientsControl(plain, before13, count > 0 ? timeNs : null)
  }

  /** The client's request began at `start`, before this segment. */
  asked(segment: StreamSegment, start: StreamPoint): void {
    const client = this.talk.conversation.requestSide
    this.turns.speaks(client, this.talk.side(client), segment, start)
  }

  /** What was taken for a request is answered as HTTP/2's preface is: it may be no more than that. */
  private forgetOpening(): void {
    const { conversation } = this.talk
    conversation.exchanges = []
    conversation.count = 0
    conversation.mayHaveAsked = true
    this.turns.restart()
    this.talk.side(conversation.requestSide).creditNobody()
  }

  /** More came, or an answer: a request was in what the client opened with. */
  private knowThatItAsked(segment: StreamSegment): void {
    const { opening } = this
    const { conversation } = this.talk
    if (!conversation.mayHaveAsked) return
    conversation.mayHaveAsked = false
    this.opening = null
    if (opening === null) return
    this.asked(segment, opening)
    conversation.exchanges[0].passed(false, opening.frame, opening.timeNs, opening.seq)
  }

  /** Whether the side of the latest GOAWAY has gone on to an alert: what comes now from the other one only meets it. */
  private saidGoodbye(): boolean {
    const { goAway, tlsAlerts } = this.talk.conversation
    return goAway !== null && tlsAlerts.some(({ side }) => side === goAway.side)
  }
}
