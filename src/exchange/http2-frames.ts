import type { StreamPoint } from './exchange.js'
import { HeadBuffer } from './head-buffer.js'
import {
  beginsFrames,
  CONTINUATION,
  FRAME_HEADER,
  type FrameHeader,
  GOAWAY,
  HEADERS,
  HTTP2_PREFACE,
  PUSH_PROMISE,
  readFrameHeader,
  RST_STREAM,
} from './http2-frame.js'
import { agrees } from './octets.js'
import { MAX_COLLECTED_BYTES } from './policy.js'
import type { StreamSegment } from './stream-segment.js'
import type { StreamSide } from './stream-side.js'

const COLLECTED: ReadonlySet<number> = new Set([HEADERS, PUSH_PROMISE, RST_STREAM, GOAWAY, CONTINUATION])

/** Told of the frames of one direction. */
export interface FrameListener {
  /** A frame's header is complete. Says which exchange the bytes belong to. Returns whether a message begins. */
  frame(header: Readonly<FrameHeader>, start: StreamPoint): boolean
  /** The frame has been seen to its end; `content` holds the beginning of header blocks and of GOAWAY. */
  frameEnd(header: Readonly<FrameHeader>, start: StreamPoint, end: StreamPoint, content: HeadBuffer): void
  /** Frames can't be followed. */
  lost(): void
}

/** The frames of one direction: headers are read, contents skipped. */
export class Http2Frames {
  private readonly bytes = new Uint8Array(Math.max(FRAME_HEADER, HTTP2_PREFACE.length))
  private headerLength = 0
  private readonly header: FrameHeader = { length: 0, type: 0, flags: 0, stream: 0 }
  private start: StreamPoint | null = null
  private readonly content = new HeadBuffer()
  /** Bytes of the frame that are to be collected, and how many follow them. */
  private toCollect = 0
  private afterwards = 0
  private lost = false

  /** `preface`: the client's preface comes first. */
  constructor(
    private readonly stream: StreamSide,
    private preface: boolean,
    private readonly listener: FrameListener,
  ) {}

  read(segment: StreamSegment): boolean {
    let begins = false
    if (this.lost && beginsFrames(segment.bytes, segment.here, segment.end)) this.lost = false
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
    this.stopCollecting()
    if (length > stream.skip) {
      this.lose()
      return
    }
    stream.skip -= length
    const end = stream.endPoint()
    if (stream.skip === 0 && this.start !== null) this.end(end ?? this.start)
  }

  /** Until a segment begins with a frame. */
  lose(): void {
    this.lost = true
    this.preface = false
    this.stream.skip = this.toCollect = this.afterwards = this.headerLength = 0
    this.start = null
    this.listener.lost()
  }

  /** Takes bytes of a frame header, or of the preface. They are counted for the frame's exchange when it is known. */
  private readHeader(segment: StreamSegment): boolean {
    const wanted = this.preface ? HTTP2_PREFACE.length : FRAME_HEADER
    this.start ??= segment.point(segment.pos)
    while (this.headerLength < wanted && segment.pos < segment.captured) {
      this.bytes[this.headerLength++] = segment.bytes[segment.here]
      segment.pos++
    }
    if (this.headerLength < wanted) return false
    const { start } = this
    this.headerLength = 0
    if (this.preface) {
      this.preface = false
      this.start = null
      if (!agrees(this.bytes, 0, wanted, HTTP2_PREFACE)) this.lose()
      return false
    }
    readFrameHeader(this.bytes, 0, this.header)
    const { type, length } = this.header
    const begins = this.listener.frame(this.header, start)
    this.stream.pass(FRAME_HEADER, start.seq, segment.frame, segment.timeNs)
    this.content.clear()
    if (COLLECTED.has(type)) this.toCollect = Math.min(length, MAX_COLLECTED_BYTES)
    this.afterwards = length - this.toCollect
    if (this.toCollect === 0) this.stopCollecting()
    if (length === 0) this.end(segment.point(segment.pos))
    return begins
  }

  private collect(segment: StreamSegment): void {
    const taken = Math.min(this.toCollect, segment.length - segment.pos)
    const seen = Math.max(0, Math.min(taken, segment.captured - segment.pos))
    this.content.add(segment.bytes, segment.here, segment.here + seen)
    this.stream.passTo(segment, segment.pos + taken)
    this.toCollect -= taken
    if (seen < taken || this.toCollect === 0) this.stopCollecting()
    if (this.toCollect === 0 && this.stream.skip === 0) this.end(segment.point(segment.pos))
  }

  private skip(segment: StreamSegment): void {
    const { stream } = this
    const taken = Math.min(stream.skip, segment.length - segment.pos)
    stream.passTo(segment, segment.pos + taken)
    stream.skip -= taken
    if (stream.skip === 0) this.end(segment.point(segment.pos))
  }

  /** What is left of the frame is skipped. */
  private stopCollecting(): void {
    this.stream.skip += this.toCollect + this.afterwards
    this.toCollect = this.afterwards = 0
  }

  private end(point: StreamPoint): void {
    const { start } = this
    this.start = null
    if (start !== null) this.listener.frameEnd(this.header, start, point, this.content)
  }
}
