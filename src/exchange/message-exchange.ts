import type { EventPauses, Exchange, StreamPoint } from './exchange.js'
import { ExchangeFlags } from './exchange-flags.js'

/**
 * A point that is written down as its sequence number alone (as a signed number of 32 bits, which takes no room of its own), because frame
 * and time are those of another one; or the whole point.
 */
type NearPoint = number | StreamPoint | null

/** The latest byte moves on with the stream. */
type MovingPoint = { -readonly [K in keyof StreamPoint]: StreamPoint[K] }

/**
 * An exchange as it is kept, hundred thousands at a time. Most messages lie in one frame: of their points only the first is an object, the
 * latest byte and the end are numbers beside it. All are handed out as points.
 */
export class MessageExchange extends ExchangeFlags implements Exchange {
  method: string | null = null
  target: string | null = null
  version: number | null = null
  host: string | null = null
  requestId: string | null = null
  forwardedFor: string | null = null
  userAgent: string | null = null
  requestBody: number | null = null
  status: number | null = null
  reason: string | null = null
  grpcStatus: number | null = null
  server: string | null = null
  via: string | null = null
  writer: Exchange['writer'] = null
  keepAliveSeconds: number | null = null
  responseBody: number | null = null
  eventPauses: EventPauses | null = null
  responseBytes = 0
  reset: Exchange['reset'] = null
  private requestBegin: StreamPoint | null = null
  private requestLatest: number | MovingPoint | null = null
  private requestAfter: NearPoint = null
  private responseBegin: StreamPoint | null = null
  private responseLatest: number | MovingPoint | null = null
  private responseAfter: NearPoint = null

  constructor(readonly index: number) {
    super()
  }

  get requestStart(): StreamPoint | null {
    return this.requestBegin
  }
  set requestStart(start: StreamPoint | null) {
    // What was written down beside the old one is so no longer.
    if (this.requestBegin !== null) {
      this.requestLatest = this.requestLast
      this.requestAfter = this.requestEnd
    }
    this.requestBegin = start
  }

  get requestLast(): StreamPoint | null {
    return whole(this.requestLatest, this.requestBegin)
  }
  set requestLast(last: StreamPoint | null) {
    this.requestAfter = this.requestEnd
    this.requestLatest = near(last, this.requestBegin)
  }

  get requestEnd(): StreamPoint | null {
    return whole(this.requestAfter, seenWith(this.requestLatest, this.requestBegin))
  }
  set requestEnd(end: StreamPoint | null) {
    this.requestAfter = near(end, seenWith(this.requestLatest, this.requestBegin))
  }

  get responseStart(): StreamPoint | null {
    return this.responseBegin
  }
  set responseStart(start: StreamPoint | null) {
    // What was written down beside the old one is so no longer.
    if (this.responseBegin !== null) {
      this.responseLatest = this.responseLast
      this.responseAfter = this.responseEnd
    }
    this.responseBegin = start
  }

  get responseLast(): StreamPoint | null {
    return whole(this.responseLatest, this.responseBegin)
  }
  set responseLast(last: StreamPoint | null) {
    this.responseAfter = this.responseEnd
    this.responseLatest = near(last, this.responseBegin)
  }

  get responseEnd(): StreamPoint | null {
    return whole(this.responseAfter, seenWith(this.responseLatest, this.responseBegin))
  }
  set responseEnd(end: StreamPoint | null) {
    this.responseAfter = near(end, seenWith(this.responseLatest, this.responseBegin))
  }

  /** The hot path of large bodies: allocates nothing but with the second frame of a message. */
  passed(answers: boolean, frame: number, timeNs: number, seq: number): void {
    const begin = answers ? this.responseBegin : this.requestBegin
    const latest = answers ? this.responseLatest : this.requestLatest
    const after = answers ? this.responseAfter : this.requestAfter
    const isNear = begin !== null && begin.frame === frame && begin.timeNs === timeNs
    if (latest !== null && typeof latest !== 'number' && after === null) {
      latest.frame = frame
      latest.timeNs = timeNs
      latest.seq = seq
    } else if (isNear && after === null) {
      if (answers) this.responseLatest = seq | 0
      else this.requestLatest = seq | 0
    } else if (answers) this.responseLast = { frame, timeNs, seq }
    else this.requestLast = { frame, timeNs, seq }
  }

  /** Once for every message: allocates nothing where the end is beside the latest byte. */
  ended(answers: boolean, frame: number, timeNs: number, seq: number): void {
    const last = answers
      ? seenWith(this.responseLatest, this.responseBegin)
      : seenWith(this.requestLatest, this.requestBegin)
    const isNear = last !== null && last.frame === frame && last.timeNs === timeNs
    const after = isNear ? seq | 0 : { frame, timeNs, seq }
    if (answers) this.responseAfter = after
    else this.requestAfter = after
  }
}

/** A point whose frame and time are those of the latest byte, without making one. */
function seenWith(latest: NearPoint, begin: StreamPoint | null): StreamPoint | null {
  return typeof latest === 'number' ? begin : latest
}

function whole(point: NearPoint, beside: StreamPoint | null): StreamPoint | null {
  if (typeof point !== 'number' || beside === null) return point as StreamPoint | null
  return { frame: beside.frame, timeNs: beside.timeNs, seq: point >>> 0 }
}

function near(point: StreamPoint | null, beside: StreamPoint | null): NearPoint {
  if (point === null || beside === null) return point
  return point.frame === beside.frame && point.timeNs === beside.timeNs ? point.seq | 0 : point
}
