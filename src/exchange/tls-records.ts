import type { StreamPoint } from './exchange.js'
import { HeadBuffer } from './head-buffer.js'
import type { StreamSegment } from './stream-segment.js'
import type { StreamSide } from './stream-side.js'
import { type Hello, isHello, readHello } from './tls-hello.js'
import { beginsRecords, HANDSHAKE, isRecordHeader, RECORD_HEADER, recordLength } from './tls-record.js'

/** Told of each record of one direction. */
export interface RecordListener {
  /** A record's header is complete. Says which exchange the bytes of `stream` belong to. Returns whether a turn begins. */
  record(type: number, length: number, start: StreamPoint, segment: StreamSegment): boolean
  /** The record has been seen to its end. */
  recordEnd(type: number, length: number, start: StreamPoint, end: StreamPoint): void
  /** A ClientHello or ServerHello, as far as it was captured. */
  hello(side: 0 | 1, hello: Hello): void
  /** Records can't be followed. */
  lost(): void
}

/** The records of one direction: headers are read, contents skipped, but for the first handshake message. */
export class TlsRecords {
  private readonly header = new Uint8Array(RECORD_HEADER)
  private headerLength = 0
  private start: StreamPoint | null = null
  private type = 0
  private length = 0
  /** First handshake message; null once it has been read. */
  private message: HeadBuffer | null = new HeadBuffer()
  /** Bytes of the record that are to be collected. */
  private toCollect = 0
  private lost = false
  private helloSeen = false

  constructor(
    private readonly stream: StreamSide,
    private readonly listener: RecordListener,
  ) {}

  /** A record has begun and not come to its end. */
  get within(): boolean {
    return !this.lost && (this.start !== null || this.headerLength > 0)
  }

  read(segment: StreamSegment): boolean {
    let begins = false
    if (this.lost) this.resync(segment)
    while (segment.pos < segment.length) {
      if (this.lost) this.stream.passTo(segment, segment.length)
      else if (this.toCollect > 0) this.collect(segment)
      else if (this.stream.skip > 0) this.skip(segment)
      else if (segment.pos >= segment.captured) this.lose()
      else begins = this.readHeader(segment) || begins
    }
    return begins
  }

  gap(length: number): void {
    const { stream } = this
    stream.nextSeq = (stream.nextSeq + length) | 0
    if (length === 1 && this.start === null) return
    this.endOfMessage()
    if (length > stream.skip) this.lose()
    else {
      stream.skip -= length
      const end = stream.endPoint()
      if (stream.skip === 0 && end !== null) this.end(end)
      else if (stream.skip === 0) this.start = null
    }
  }

  /** Nothing can be read until a segment begins with a record. */
  waitForRecord(): void {
    this.endOfMessage()
    this.lost = true
    this.stream.skip = this.headerLength = 0
    this.start = null
  }

  private lose(): void {
    this.waitForRecord()
    this.listener.lost()
  }

  private resync(segment: StreamSegment): void {
    if (!beginsRecords(segment.bytes, segment.here, segment.end)) return
    this.lost = false
    /* TLS may begin late in a connection (STARTTLS) */
    if (!this.helloSeen) this.message = new HeadBuffer()
  }

  /** Takes bytes of a header. They are counted for the record's exchange when it is known, not before. */
  private readHeader(segment: StreamSegment): boolean {
    this.start ??= segment.point(segment.pos)
    while (this.headerLength < RECORD_HEADER && segment.pos < segment.captured) {
      this.header[this.headerLength++] = segment.bytes[segment.here]
      segment.pos++
    }
    if (this.headerLength < RECORD_HEADER) return false
    if (!isRecordHeader(this.header, 0)) {
      this.lose()
      return false
    }
    const { start } = this
    this.headerLength = 0
    this.type = this.header[0]
    this.length = recordLength(this.header, 0)
    const begins = this.listener.record(this.type, this.length, start, segment)
    this.stream.pass(RECORD_HEADER, start.seq, segment.frame, segment.timeNs)
    if (this.type === HANDSHAKE && this.message !== null) this.toCollect = this.length
    else {
      this.message = null
      this.stream.skip = this.length
    }
    return begins
  }

  private skip(segment: StreamSegment): void {
    const { stream } = this
    const taken = Math.min(stream.skip, segment.length - segment.pos)
    stream.passTo(segment, segment.pos + taken)
    stream.skip -= taken
    if (stream.skip === 0) this.end(segment.point(segment.pos))
  }

  private end(point: StreamPoint): void {
    if (this.start !== null) this.listener.recordEnd(this.type, this.length, this.start, point)
    this.start = null
  }

  /** Collects the first handshake message, of which the hello is wanted. */
  private collect(segment: StreamSegment): void {
    const { message } = this
    const taken = Math.min(this.toCollect, segment.length - segment.pos)
    const seen = Math.max(0, Math.min(taken, segment.captured - segment.pos))
    const kept = message === null ? 0 : message.add(segment.bytes, segment.here, segment.here + seen)
    this.stream.passTo(segment, segment.pos + taken)
    this.toCollect -= taken
    if (kept < taken || messageIsWhole(message)) this.readMessage(segment.side)
    if (this.toCollect === 0) this.end(segment.point(segment.pos))
    else if (this.message === null) {
      this.stream.skip = this.toCollect
      this.toCollect = 0
    }
  }

  private readMessage(side: 0 | 1): void {
    const { message } = this
    this.message = null
    if (message === null) return
    const hello = readHello(message.bytes, 0, message.length)
    if (hello === null) return
    this.helloSeen = true
    this.listener.hello(side, hello)
  }

  /** What was collected goes on as bytes to be skipped. */
  private endOfMessage(): void {
    this.message = null
    this.stream.skip += this.toCollect
    this.toCollect = 0
  }
}

/** Whether the collected bytes hold a whole handshake message, or the beginning of one that is no hello. */
function messageIsWhole(message: HeadBuffer | null): boolean {
  if (message === null || message.length === 0) return true
  const { bytes, length } = message
  if (!isHello(bytes[0])) return true
  return length >= 4 && length >= 4 + bytes[1] * 65536 + bytes[2] * 256 + bytes[3]
}
