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

/** The beginning of one direction. */
class Beginning {
  /** Its first bytes, while they are too few to tell what they are. */
  held: HeldBytes | null = null
  /** Bytes are missing, or were no beginning of anything: only a later segment's start can still tell. */
  foreign = false
}

/** For bytes that were held. */
const replayed = new StreamSegment()

/** Payload of unknown protocol: takes turns, until a segment begins with something that can be read. */
export class OpaqueReader implements Reader {
  private readonly beginnings = [new Beginning(), new Beginning()] as const
  private readonly turns: Turns

  constructor(private readonly talk: Talk) {
    this.turns = new Turns(talk.conversation)
  }

  read(segment: StreamSegment): boolean {
    const beginning = this.beginnings[segment.side]
    if (beginning.held !== null) return this.readOn(beginning, beginning.held, segment)
    return beginning.foreign ? this.readLater(segment) : this.readFirst(beginning, segment)
  }

  gap(side: 0 | 1, length: number): void {
    const beginning = this.beginnings[side]
    /* one byte before any other is a FIN that was not captured */
    if (length === 1 && beginning.held === null) return
    beginning.foreign = true
    beginning.held = null
  }

  settle(): void {
    for (const side of [0, 1] as const) {
      const { held } = this.beginnings[side]
      if (held === null) continue
      const { match, opening } = recognise(held.bytes, 0, held.length, true)
      if (match !== 'yes') continue
      this.turnInto(opening, side, held)
      this.talk.reader.settle?.()
      return
    }
  }

  /** The first bytes of a side. */
  private readFirst(beginning: Beginning, segment: StreamSegment): boolean {
    const { bytes, end, cut } = segment
    const proxy = proxyHeaderLength(bytes, segment.here, end)
    if (proxy > 0) {
      segment.pos += proxy
      if (segment.pos >= segment.length) return false
    }
    const { match, opening } = recognise(bytes, segment.here, end, cut)
    if (match === 'yes') return this.turnInto(opening, segment.side, segment)
    if (match === 'no' && proxy >= 0) this.giveUp(beginning)
    else {
      beginning.held = new HeldBytes()
      if (!beginning.held.add(segment)) this.giveUp(beginning)
    }
    return this.takeTurn(segment)
  }

  /** More bytes after the ones that are held. */
  private readOn(beginning: Beginning, held: HeldBytes, segment: StreamSegment): boolean {
    const before = held.length
    if (!held.add(segment)) {
      this.giveUp(beginning)
      return this.takeTurn(segment)
    }
    const proxy = proxyHeaderLength(held.bytes, 0, held.length)
    if (proxy > 0) {
      beginning.held = null
      this.turns.restart()
      this.talk.restart()
      segment.pos += proxy - before
      return segment.pos < segment.length && this.readFirst(beginning, segment)
    }
    const { match, opening } = recognise(held.bytes, 0, held.length, false)
    if (match === 'yes') return this.turnInto(opening, segment.side, held)
    if (match === 'begins' || proxy < 0) return this.takeTurn(segment)
    /* the first bytes may have been a probe, or the end of something: this segment can still be a beginning */
    this.giveUp(beginning)
    return this.readLater(segment)
  }

  /** A segment in the middle of something. */
  private readLater(segment: StreamSegment): boolean {
    const { match, opening } = recognise(segment.bytes, segment.here, segment.end, segment.cut)
    return match === 'yes' ? this.turnInto(opening, segment.side, segment) : this.takeTurn(segment)
  }

  /** The protocol has been recognised from bytes of `side`, which are read again by a reader that understands them. */
  private turnInto(opening: Opening, side: 0 | 1, bytes: HeldBytes | StreamSegment): boolean {
    const { talk, beginnings } = this
    const other = side === 0 ? 1 : 0
    talk.restart()
    const reader = this.readerFor(opening, side)
    const { held } = beginnings[other]
    const tooVague = opening === 'response' && held !== null && !mayBecomeMessage(held.bytes, 0, held.length)
    if (beginnings[other].foreign || tooVague) reader.lose(other)
    if (beginnings[side].foreign) reader.lose(side)
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

  private giveUp(beginning: Beginning): void {
    beginning.foreign = true
    beginning.held = null
  }

  private takeTurn(segment: StreamSegment): boolean {
    const stream = this.talk.side(segment.side)
    const begins = this.turns.speaks(segment.side, stream, segment)
    const { conversation } = this.talk
    if (begins && segment.side === conversation.requestSide)
      conversation.wantsNoAnswer = wantsNoAnswer(segment.bytes, segment.here, segment.end)
    stream.passTo(segment, segment.length)
    this.talk.goesOn = this.beginnings[segment.side].held === null ? segment.side : null
    return begins
  }
}
