import { BodyStream } from './body-stream.js'
import { beginsWithChunk } from './chunk-scanner.js'
import type { Exchange, StreamPoint } from './exchange.js'
import { findHeadEnd, HeadBuffer } from './head-buffer.js'
import { CR, LF } from './octets.js'
import { StreamSegment } from './stream-segment.js'

/** Where a head ends that has not ended. */
const NOWHERE = new StreamSegment()

/** HTTP/1 messages of one direction. Subclasses know what a request and a response are. */
export abstract class MessageStream extends BodyStream {
  /** The message in progress. */
  protected current: Exchange | null = null
  private head: HeadBuffer | null = null

  /** Whether the bytes are the beginning of a message of this direction; `cut` when there are more that cannot be read. */
  protected abstract looksLikeStart(bytes: Uint8Array, at: number, end: number, cut: boolean): boolean
  /** Whether a message may begin with these bytes, few as they may be. */
  protected abstract mayStart(bytes: Uint8Array, at: number, end: number): boolean
  /** A message begins at the segment's position. Sets `current`. */
  protected abstract begin(segment: StreamSegment): void
  /** Bytes come that are no message of this protocol, where one could begin. May set `current`. */
  protected abstract beginForeign(start: StreamPoint): void
  /** Its first line has come while the rest of the head has not. */
  protected abstract readFirstLine(bytes: Uint8Array, at: number, end: number): void
  /** Its head stands in [at, end): whole, or cut somewhere. Calls one of the `body…` methods or `lose`. `after`: where it ends. */
  protected abstract readHead(
    bytes: Uint8Array,
    at: number,
    end: number,
    whole: boolean,
    after: StreamSegment,
  ): void
  /** Reads a head that begins at `at`, before its message begins. Returns where it ends; -1 when it does not end before `end`, or is odd. */
  protected abstract readAhead(bytes: Uint8Array, at: number, end: number): number
  /** Takes over what was read ahead, as `readHead` does. */
  protected abstract takeHead(exchange: Exchange, bytes: Uint8Array, at: number, after: StreamSegment): void
  /** The message is complete. */
  protected abstract complete(exchange: Exchange, end: StreamPoint | null): void
  /** The message is complete, and ends at the segment's position. */
  protected abstract completeAt(exchange: Exchange, segment: StreamSegment): void
  /** The message's end will not be known; with null, there was no message in progress. */
  protected abstract incomplete(exchange: Exchange | null, gap: boolean): void
  /** The chunks of the message in progress can be followed again. */
  protected abstract restored(exchange: Exchange): void
  /** Whether the message in progress can have a chunked body. */
  protected abstract mayBeChunked(exchange: Exchange): boolean
  /** The body in progress breaks off where the segment begins, with another message that was written into it. */
  protected abstract breaksOff(segment: StreamSegment): boolean
  /** Another message has begun, so that this one, wherever its end was, has come to it. */
  protected abstract followed(exchange: Exchange, end: StreamPoint | null): void

  /** Reads the segment from its position to its end. Returns whether a head begins in it. */
  read(segment: StreamSegment): boolean {
    let begins = false
    if (this.mode === 'lost') this.resync(segment)
    else if (this.inBody && this.breaksOff(segment)) this.breakOff()
    while (segment.pos < segment.length && this.mode !== 'over') {
      if (this.mode === 'head') begins = this.takeBeginning(segment) || begins
      else if (this.mode === 'chunk-line') {
        if (this.breaksOff(segment)) this.breakOff()
        else this.takeChunkLine(segment)
      } else if (this.side.skip > 0) this.takeBody(segment)
      else this.side.passTo(segment, segment.length)
    }
    return begins
  }

  /** `length` bytes will never be seen: harmless inside a body of known length. */
  gap(length: number): void {
    const { side } = this
    side.nextSeq = (side.nextSeq + length) | 0
    /* one byte between messages is a FIN that was not captured */
    if (length === 1 && this.mode === 'head' && this.head === null) return
    if (side.skip === 0 || length > side.skip) {
      this.lose(true)
      return
    }
    side.skip -= length
    if (side.skip > 0) return
    if (this.mode === 'chunk-data') this.mode = 'chunk-line'
    else this.end(side.endPoint())
  }

  /** Framing is lost until a segment begins with something that can be recognised. */
  override lose(gap: boolean): void {
    if (this.mode === 'tunnel') return
    if (this.mode !== 'lost' || gap) this.incomplete(this.current, gap)
    this.mode = 'lost'
    this.side.skip = 0
    this.head = this.chunks = null
  }

  /** Reads what there is of a head that has not ended. */
  settle(): void {
    if (this.head === null) return
    const { bytes, length } = this.head
    this.readHead(bytes, 0, length, false, NOWHERE)
  }

  /** From here on the bytes mean nothing. */
  enterTunnel(): void {
    this.current = null
    this.side.creditNobody()
    this.side.skip = Infinity
    this.mode = 'tunnel'
    this.head = this.chunks = null
  }

  /** Another protocol begins with the next byte. */
  stop(): void {
    this.enterTunnel()
    this.side.skip = 0
    this.mode = 'over'
  }

  /** In a body in which only a segment's beginning is looked at. */
  private get inBody(): boolean {
    return this.mode === 'length' || this.mode === 'until-close'
  }

  /** The message ends here without having come to its end; the next byte begins another one. */
  private breakOff(): void {
    this.side.skip = 0
    this.standBetween()
  }

  /** The message ends at this point; the next byte begins another one. */
  protected override end(point: StreamPoint | null): void {
    const exchange = this.current
    this.standBetween()
    if (exchange !== null) this.complete(exchange, point)
  }

  protected override endAt(segment: StreamSegment): void {
    const exchange = this.current
    this.standBetween()
    if (exchange !== null) this.completeAt(exchange, segment)
  }

  private standBetween(): void {
    this.current = null
    this.side.creditNobody()
    this.mode = 'head'
    this.chunks = null
  }

  /** After lost framing, and only at a segment's start: does a message begin here, or a chunk of the one in progress? */
  private resync(segment: StreamSegment): void {
    const { bytes, here, end } = segment
    if (segment.captured <= segment.pos) return
    if (this.looksLikeStart(bytes, here, end, segment.cut)) {
      if (this.current !== null) this.followed(this.current, this.side.endPoint())
      this.standBetween()
      return
    }
    const exchange = this.current
    if (exchange === null || !this.mayBeChunked(exchange)) return
    if (!beginsWithChunk(bytes, here, end, segment.length - segment.pos)) return
    this.restored(exchange)
    this.bodyOfChunks()
  }

  /** Takes bytes of a head. Returns whether it begins here. */
  private takeBeginning(segment: StreamSegment): boolean {
    const begins = this.head === null
    if (this.head === null) {
      if (this.skipEmptyLines(segment)) return false
      if (this.takeHeadInOne(segment)) return true
      const { bytes, here, end } = segment
      if (here < end && !this.mayStart(bytes, here, end)) {
        this.beginForeign(segment.point(segment.pos))
        this.lose(false)
        return false
      }
      this.begin(segment)
      const headEnd = findHeadEnd(bytes, here, end)
      if (headEnd >= 0) {
        this.side.passTo(segment, headEnd - segment.at)
        this.readHead(bytes, here, headEnd, true, segment)
        return true
      }
    }
    this.takePartOfHead(segment, (this.head ??= new HeadBuffer()))
    return begins
  }

  /** Nearly every head: all of it stands in the segment, and is read in one pass. */
  private takeHeadInOne(segment: StreamSegment): boolean {
    const { bytes, here, end } = segment
    if (here >= end) return false
    const headEnd = this.readAhead(bytes, here, end)
    if (headEnd < 0) return false
    this.begin(segment)
    this.side.passTo(segment, headEnd - segment.at)
    if (this.current !== null) this.takeHead(this.current, bytes, here, segment)
    return true
  }

  private takePartOfHead(segment: StreamSegment, head: HeadBuffer): void {
    const before = head.length
    const added = head.add(segment.bytes, segment.here, Math.max(segment.here, segment.end))
    const headEnd = head.findEnd()
    if (headEnd >= 0) {
      this.side.passTo(segment, segment.pos + headEnd - before)
      this.head = null
      this.readHead(head.bytes, 0, headEnd, true, segment)
      return
    }
    this.side.passTo(segment, segment.pos + added)
    if (segment.pos < segment.length) {
      /* cut by the snaplen, or longer than any server takes */
      this.readHead(head.bytes, 0, head.length, false, segment)
      this.lose(false)
      this.side.passTo(segment, segment.length)
    } else if (head.firstLineEnded()) this.readFirstLine(head.bytes, 0, head.length)
  }

  /** RFC 9112 2.2: empty lines before a message are no part of it. Returns whether the segment ends with them. */
  private skipEmptyLines(segment: StreamSegment): boolean {
    while (segment.pos < segment.captured) {
      const byte = segment.bytes[segment.here]
      if (byte !== CR && byte !== LF) return false
      this.side.passTo(segment, segment.pos + 1)
    }
    return !segment.cut
  }
}
