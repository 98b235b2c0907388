import type { Exchange, StreamPoint } from './exchange.js'
import { ExchangeHeads } from './exchange-heads.js'
import { MovingPoint } from './moving-point.js'
import { anchorOf, NEVER } from './shared-time.js'

/**
 * A point that is written down as its sequence number alone (as a signed number of 32 bits, which takes no room of its own), because frame
 * and time are those of another one; or the whole point.
 */
type NearPoint = number | StreamPoint | null

/** The latest byte: beside the first one, or wherever the message has come to. */
type Latest = number | MovingPoint | null

/**
 * An exchange as it is kept, hundred thousands at a time: its heads are shared with others, its beginnings are numbers. Most messages lie in
 * one frame: their latest byte and their end are numbers beside these. All are handed out as points.
 */
export class MessageExchange extends ExchangeHeads implements Exchange {
  private requestAnchor = NEVER
  /** Nanoseconds from there to the beginning of the request. */
  private requestApart = 0
  private responseAnchor = NEVER
  private responseApart = 0
  target: string | null = null
  requestId: string | null = null
  requestBody: number | null = null
  responseBody: number | null = null
  responseBytes = 0
  private requestFrame = 0
  private requestSeq = 0
  private requestLatest: Latest = null
  private requestAfter: NearPoint = null
  private responseFrame = 0
  private responseSeq = 0
  private responseLatest: Latest = null
  private responseAfter: NearPoint = null

  constructor(readonly index: number) {
    super()
  }

  get requestStartNs(): number {
    return this.requestAnchor.ns + this.requestApart
  }

  get responseStartNs(): number {
    return this.responseAnchor.ns + this.responseApart
  }

  get requestStart(): StreamPoint | null {
    return pointOrNone(this.requestFrame, this.requestStartNs, this.requestSeq)
  }
  set requestStart(start: StreamPoint | null) {
    // What was written down beside the old one is so no longer.
    if (this.requestAnchor !== NEVER) {
      const { requestEnd } = this
      this.requestLatest = latestAt(this.requestLast)
      this.requestAfter = requestEnd
    }
    this.requestBegan(start?.frame ?? 0, start?.timeNs ?? Infinity, start?.seq ?? 0)
  }

  get requestLast(): StreamPoint | null {
    const { requestLatest: latest } = this
    if (typeof latest !== 'number') return latest === null ? null : latest.point
    return { frame: this.requestFrame, timeNs: this.requestStartNs, seq: latest >>> 0 }
  }
  set requestLast(last: StreamPoint | null) {
    this.requestAfter = this.requestEnd
    const latest = near(last, this.requestFrame, this.requestStartNs)
    this.requestLatest = typeof latest === 'number' ? latest : latestAt(latest)
  }

  get requestEnd(): StreamPoint | null {
    return beside(this.requestAfter, this.requestLatest, this.requestFrame, this.requestStartNs)
  }
  set requestEnd(end: StreamPoint | null) {
    this.requestAfter = nearLatest(end, this.requestLatest, this.requestFrame, this.requestStartNs)
  }

  get requestEndNs(): number {
    return besideNs(this.requestAfter, this.requestLatest, this.requestStartNs)
  }

  get responseStart(): StreamPoint | null {
    return pointOrNone(this.responseFrame, this.responseStartNs, this.responseSeq)
  }
  set responseStart(start: StreamPoint | null) {
    // What was written down beside the old one is so no longer.
    if (this.responseAnchor !== NEVER) {
      const { responseEnd } = this
      this.responseLatest = latestAt(this.responseLast)
      this.responseAfter = responseEnd
    }
    this.responseBegan(start?.frame ?? 0, start?.timeNs ?? Infinity, start?.seq ?? 0)
  }

  get responseLast(): StreamPoint | null {
    const { responseLatest: latest } = this
    if (typeof latest !== 'number') return latest === null ? null : latest.point
    return { frame: this.responseFrame, timeNs: this.responseStartNs, seq: latest >>> 0 }
  }
  set responseLast(last: StreamPoint | null) {
    this.responseAfter = this.responseEnd
    const latest = near(last, this.responseFrame, this.responseStartNs)
    this.responseLatest = typeof latest === 'number' ? latest : latestAt(latest)
  }

  get responseEnd(): StreamPoint | null {
    return beside(this.responseAfter, this.responseLatest, this.responseFrame, this.responseStartNs)
  }
  set responseEnd(end: StreamPoint | null) {
    this.responseAfter = nearLatest(end, this.responseLatest, this.responseFrame, this.responseStartNs)
  }

  get responseEndNs(): number {
    return besideNs(this.responseAfter, this.responseLatest, this.responseStartNs)
  }

  /** Once for every message: allocates nothing but for one that had begun before. */
  began(answers: boolean, frame: number, timeNs: number, seq: number): void {
    if ((answers ? this.responseAnchor : this.requestAnchor) !== NEVER) {
      const start = { frame, timeNs, seq: seq >>> 0 }
      if (answers) this.responseStart = start
      else this.requestStart = start
    } else if (answers) this.responseBegan(frame, timeNs, seq)
    else this.requestBegan(frame, timeNs, seq)
  }

  /** The hot path of large bodies: allocates nothing but with the second frame of a message. */
  passed(answers: boolean, frame: number, timeNs: number, seq: number): void {
    const latest = answers ? this.responseLatest : this.requestLatest
    const after = answers ? this.responseAfter : this.requestAfter
    if (latest !== null && typeof latest !== 'number' && after === null) {
      latest.moveTo(frame, timeNs, seq)
    } else if (after === null && this.beganIn(answers, frame, timeNs)) {
      if (answers) this.responseLatest = seq | 0
      else this.requestLatest = seq | 0
    } else if (answers) this.responseLast = { frame, timeNs, seq }
    else this.requestLast = { frame, timeNs, seq }
  }

  /** Once for every message: allocates nothing where the end is beside the latest byte. */
  ended(answers: boolean, frame: number, timeNs: number, seq: number): void {
    const latest = answers ? this.responseLatest : this.requestLatest
    const isNear =
      typeof latest === 'number'
        ? this.beganIn(answers, frame, timeNs)
        : latest !== null && latest.frame === frame && latest.timeNs === timeNs
    const after = isNear ? seq | 0 : { frame, timeNs, seq }
    if (answers) this.responseAfter = after
    else this.requestAfter = after
  }

  private requestBegan(frame: number, timeNs: number, seq: number): void {
    this.requestAnchor = anchorOf(timeNs)
    this.requestApart = (timeNs - this.requestAnchor.ns) | 0
    this.requestFrame = frame
    this.requestSeq = seq | 0
  }

  private responseBegan(frame: number, timeNs: number, seq: number): void {
    this.responseAnchor = anchorOf(timeNs)
    this.responseApart = (timeNs - this.responseAnchor.ns) | 0
    this.responseFrame = frame
    this.responseSeq = seq | 0
  }

  private beganIn(answers: boolean, frame: number, timeNs: number): boolean {
    return answers
      ? this.responseFrame === frame && this.responseStartNs === timeNs
      : this.requestFrame === frame && this.requestStartNs === timeNs
  }
}

function pointOrNone(frame: number, timeNs: number, seq: number): StreamPoint | null {
  return timeNs === Infinity ? null : { frame, timeNs, seq: seq >>> 0 }
}

/** A point that may be beside the latest byte, which may be beside the first one, of this frame and time. */
function beside(point: NearPoint, latest: Latest, frame: number, timeNs: number): StreamPoint | null {
  if (typeof point !== 'number') return point
  const seq = point >>> 0
  if (latest === null || typeof latest === 'number') return { frame, timeNs, seq }
  return { frame: latest.frame, timeNs: latest.timeNs, seq }
}

/** The time of such a point; infinite without one. */
function besideNs(point: NearPoint, latest: Latest, timeNs: number): number {
  if (typeof point !== 'number') return point === null ? Infinity : point.timeNs
  return latest === null || typeof latest === 'number' ? timeNs : latest.timeNs
}

function latestAt(point: StreamPoint | null): Latest {
  return point === null ? null : new MovingPoint(point.frame, point.timeNs, point.seq)
}

function near(point: StreamPoint | null, frame: number, timeNs: number): NearPoint {
  if (point === null) return null
  return point.frame === frame && point.timeNs === timeNs ? point.seq | 0 : point
}

/** How an end is written down: beside the latest byte, which may itself be beside the first one, of this frame and time. */
function nearLatest(point: StreamPoint | null, latest: Latest, frame: number, timeNs: number): NearPoint {
  if (typeof latest === 'number') return near(point, frame, timeNs)
  return near(point, latest?.frame ?? 0, latest?.timeNs ?? Infinity)
}
