import { tlsPolicy } from './policy.js'

/** Plaintext of HTTP/2 frames that are no messages: acknowledged settings 9, window update or cancelled stream 13, ping or GOAWAY 17. */
const CONTROL = [9, 13, 17]
const LONGEST_CONTROL = 17
/** The same in one record: window updates of stream and connection come together, or one behind acknowledged settings. */
const UPDATES = [22, 26]
/** gRPC puts a ping, or the answer to one, or both beside them; short requests are as long, and come as soon. */
const WITH_PINGS = [30, 34, 43, 47]
const CONTROLS_TOGETHER = [...UPDATES, ...WITH_PINGS]
/** Plaintext of a GOAWAY without a text; a ping has the same length. */
const GOAWAY = 17

/**
 * HTTP/2 inside TLS as far as the lengths of records tell it: both sides open with frames that ask and answer nothing, and such frames
 * go on between the messages.
 */
export class TlsHttp2 {
  /** The protocol was offered or, where that can be read, chosen. Null: the capture does not show what was offered. */
  offered: boolean | null = null
  /** The server opened as HTTP/2 does: with a record as short as settings are. */
  spoken = false
  private serverAnswered = false
  private serverNs = -Infinity

  /**
   * Whether a client's record of this plaintext, which would begin a turn, holds no message. `before13`: what it is before TLS 1.3, null if
   * known. `answeredNs`: when it came, if an answer came before it; null: none had. A server that answers in the record it opens with is not
   * heard to speak HTTP/2, but a client's record that is as short, and comes right behind an answer, is no request of HTTP/1 either.
   */
  isClientsControl(plain: number, before13: number | null, answeredNs: number | null): boolean {
    if (this.offered === null)
      return [plain, before13 ?? plain].some((it) => CONTROL.includes(it) || CONTROLS_TOGETHER.includes(it))
    if (!this.offered) return false
    if (CONTROL.includes(plain)) return true
    const spoken = this.spoken || (answeredNs !== null && this.isPrompt(answeredNs))
    return spoken && CONTROLS_TOGETHER.includes(plain)
  }

  /** Whether a client's record of this plaintext, though it looks like control frames, may be a request all the same. */
  mayAsk(plain: number, timeNs: number): boolean {
    if (this.offered === null || WITH_PINGS.includes(plain)) return true
    return UPDATES.includes(plain) && !this.isPrompt(timeNs)
  }

  private isPrompt(timeNs: number): boolean {
    return timeNs - this.serverNs <= tlsPolicy.updateWithinNs
  }

  /** A record of the server, of whatever kind. */
  heardServer(timeNs: number): void {
    this.serverNs = timeNs
  }

  /** Whether the client's first record may be no more than HTTP/2's preface. */
  mayOnlyOpen(plain: number): boolean {
    return this.offered === true && plain <= tlsPolicy.clientPreface
  }

  /** Whether a server's record of this plaintext holds no message. `begins`: a response may begin; `unasked`: the client has not spoken. */
  isServersControl(plain: number, begins: boolean, unasked: boolean): boolean {
    if (this.offered !== true) return false
    const first = !this.serverAnswered && (begins || unasked)
    if (first) this.serverAnswered = true
    if (first && plain <= tlsPolicy.serverPreface) return (this.spoken = true)
    // In the middle of a response too: what answers the client's own frames (SETTINGS, GOAWAY) is none of it.
    return (!first || unasked) && plain <= LONGEST_CONTROL
  }

  /** Whether HTTP/2 was heard, and a record of this plaintext may be its GOAWAY. */
  mayBeGoAway(plain: number): boolean {
    return this.spoken && plain === GOAWAY
  }
}
