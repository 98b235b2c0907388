import { appProtocolOf, endsFastCgi } from './app-protocol.js'
import { noteVariables } from './app-variables.js'
import { farewellWords } from './farewell.js'
import { HeldBytes } from './held-bytes.js'
import { Http1Reader } from './http1-reader.js'
import { Http2Reader } from './http2-reader.js'
import { type Opening, recognise } from './opening.js'
import { proxyHeaderLength } from './proxy-header.js'
import { wantsNoAnswer } from './one-way.js'
import { mayBecomeMessage } from './start-line.js'
import { StreamSegment } from './stream-segment.js'
import type { Reader, Talk } from './talk.js'
import { TlsReader } from './tls-reader.js'
import { Turns } from './turns.js'

/** For bytes that were held. */
const replayed = new StreamSegment()

/** Payload of unknown protocol: takes turns, until a segment begins with something that can be read. */
export class OpaqueReader implements Reader {
  /** The first bytes of side 0 and of side 1, while they are too few to tell what they are. */
  private heldZero: HeldBytes | null = null
  private heldOne: HeldBytes | null = null
  /** A bit for each side of which bytes are missing, or were no beginning of anything: only a later segment's start can still tell. */
  private foreign = 0
  private readonly turns: Turns

  constructor(private readonly talk: Talk) {
    this.turns = new Turns(talk.conversation)
  }

  read(segment: StreamSegment): boolean {
    const held = this.heldOf(segment.side)
    if (held !== null) return this.readOn(held, segment)
    return this.isForeign(segment.side) ? this.readLater(segment) : this.readFirst(segment)
  }

  gap(side: 0 | 1, length: number): void {
    /* one byte before any other is a FIN that was not captured */
    if (length === 1 && this.heldOf(side) === null) return
    this.giveUp(side)
  }

  settle(): void {
    for (const side of [0, 1] as const) {
      const held = this.heldOf(side)
      if (held === null) continue
      const { match, opening } = recognise(held.bytes, 0, held.length, true)
      if (match !== 'yes') continue
      this.turnInto(opening, side, held)
      this.talk.reader.settle?.()
      return
    }
  }

  /** The first bytes of a side. */
  private readFirst(segment: StreamSegment): boolean {
    const { bytes, end, cut } = segment
    const proxy = proxyHeaderLength(bytes, segment.here, end)
    if (proxy > 0) {
      segment.pos += proxy
      if (segment.pos >= segment.length) return false
    }
    const { match, opening } = recognise(bytes, segment.here, end, cut)
    if (match === 'yes') return this.turnInto(opening, segment.side, segment)
    if (match === 'no' && proxy >= 0) this.giveUp(segment.side)
    else {
      const held = new HeldBytes()
      if (held.add(segment)) this.hold(segment.side, held)
      else this.giveUp(segment.side)
    }
    return this.takeTurn(segment)
  }

  /** More bytes after the ones that are held. */
  private readOn(held: HeldBytes, segment: StreamSegment): boolean {
    const before = held.length
    if (!held.add(segment)) {
      this.giveUp(segment.side)
      return this.takeTurn(segment)
    }
    const proxy = proxyHeaderLength(held.bytes, 0, held.length)
    if (proxy > 0) {
      this.hold(segment.side, null)
      this.turns.restart()
      this.talk.restart()
      segment.pos += proxy - before
      return segment.pos < segment.length && this.readFirst(segment)
    }
    const { match, opening } = recognise(held.bytes, 0, held.length, false)
    if (match === 'yes') return this.turnInto(opening, segment.side, held)
    if (match === 'begins' || proxy < 0) return this.takeTurn(segment)
    /* the first bytes may have been a probe, or the end of something: this segment can still be a beginning */
    this.giveUp(segment.side)
    return this.readLater(segment)
  }

  /** A segment in the middle of something. */
  private readLater(segment: StreamSegment): boolean {
    const { match, opening } = recognise(segment.bytes, segment.here, segment.end, segment.cut)
    return match === 'yes' ? this.turnInto(opening, segment.side, segment) : this.takeTurn(segment)
  }

  /** The protocol has been recognised from bytes of `side`, which are read again by a reader that understands them. */
  private turnInto(opening: Opening, side: 0 | 1, bytes: HeldBytes | StreamSegment): boolean {
    const { talk } = this
    const other = side === 0 ? 1 : 0
    talk.restart()
    const reader = this.readerFor(opening, side)
    const held = this.heldOf(other)
    const tooVague = opening === 'response' && held !== null && !mayBecomeMessage(held.bytes, 0, held.length)
    if (this.isForeign(other) || tooVague) reader.lose(other)
    if (this.isForeign(side)) reader.lose(side)
    const read = (segment: StreamSegment): boolean => talk.reader.read(segment)
    if (!tooVague) held?.replay(other, replayed, read)
    return bytes instanceof HeldBytes ? bytes.replay(side, replayed, read) : read(bytes)
  }

  private readerFor(opening: Opening, side: 0 | 1): Http1Reader | Http2Reader | TlsReader {
    const { talk } = this
    if (opening === 'tls') return talk.become('tls', new TlsReader(talk))
    const { conversation } = talk
    const byClient = opening === 'request' || opening === 'http2'
    conversation.clientBasis = byClient ? 'request' : 'response'
    conversation.clientSide = conversation.requestSide = byClient ? side : side === 0 ? 1 : 0
    if (opening === 'http2' || opening === 'http2-settings') {
      return talk.become('http2', new Http2Reader(talk, null))
    }
    return talk.become('http1', new Http1Reader(talk))
  }

  private giveUp(side: 0 | 1): void {
    this.foreign |= 1 << side
    this.hold(side, null)
  }

  private isForeign(side: 0 | 1): boolean {
    return (this.foreign & (1 << side)) !== 0
  }

  private heldOf(side: 0 | 1): HeldBytes | null {
    return side === 0 ? this.heldZero : this.heldOne
  }

  private hold(side: 0 | 1, held: HeldBytes | null): void {
    if (side === 0) this.heldZero = held
    else this.heldOne = held
  }

  private noteFarewell(segment: StreamSegment): void {
    const { conversation } = this.talk
    const words = farewellWords(segment.bytes, segment.here, segment.end)
    conversation.farewell = words === null ? null : { start: segment.point(segment.pos), words }
  }

  /** A turn of the client begins: it may be a request to an application, which says what it was made from. */
  private noteApp({ bytes, here, end }: StreamSegment): void {
    const { conversation } = this.talk
    const protocol = appProtocolOf(bytes, here, end)
    conversation.appProtocol = protocol
    const exchange = conversation.exchanges.at(-1)
    if (protocol !== null && exchange !== undefined) noteVariables(exchange, protocol, bytes, here, end)
  }

  /** The answer of a FastCGI server came to its end with this segment, or it did not. */
  private noteEnd(segment: StreamSegment): void {
    const exchange = this.talk.conversation.exchanges.at(-1)
    if (exchange === undefined) return
    const ends = segment.cut ? null : endsFastCgi(segment.bytes, segment.here, segment.end)
    exchange.responseComplete = ends
    if (ends === true) exchange.responseEnd = segment.point(segment.length)
  }

  private takeTurn(segment: StreamSegment): boolean {
    const stream = this.talk.side(segment.side)
    const begins = this.turns.speaks(segment.side, stream, segment)
    const { conversation } = this.talk
    const framed = conversation.appProtocol === 'fastcgi' && segment.side !== conversation.requestSide
    if (framed) this.noteEnd(segment)
    if (segment.side !== conversation.requestSide) this.noteFarewell(segment)
    else if (begins) {
      conversation.wantsNoAnswer = wantsNoAnswer(segment.bytes, segment.here, segment.end)
      this.noteApp(segment)
    }
    stream.passTo(segment, segment.length)
    // Where the end of an answer can be read, each segment has to be looked at.
    this.talk.goesOn = this.heldOf(segment.side) === null && !framed ? segment.side : null
    return begins
  }
}
