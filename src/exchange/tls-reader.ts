import type { Conversation, StreamPoint, TlsAlert, TlsFrames } from './exchange.js'
import { ascii, startsWith } from './octets.js'
import { MAX_ALERTS } from './policy.js'
import type { StreamSegment } from './stream-segment.js'
import type { Reader, Talk } from './talk.js'
import { type Hello, versionName } from './tls-hello.js'
import { TlsPhase } from './tls-phase.js'
import {
  ALERT,
  ALERT_LENGTH_13,
  APPLICATION_DATA,
  isRecordHeader,
  PLAIN_ALERT,
  RECORD_HEADER,
} from './tls-record.js'
import { type RecordListener, TlsRecords } from './tls-records.js'
import { TlsTurns } from './tls-turns.js'

const HTTP_VERSION = ascii('HTTP/')

/** TLS without keys: handshake, alerts, and turns of application data. */
export class TlsReader implements Reader, RecordListener {
  private readonly phase = new TlsPhase()
  private readonly turns: TlsTurns
  private readonly records: readonly [TlsRecords, TlsRecords]
  private readonly conversation: Conversation
  /** Side whose record is being told of. */
  private side: 0 | 1 = 0
  /** Per side, the end of its latest record that was no alert. */
  private readonly latestEnd: [StreamPoint | null, StreamPoint | null] = [null, null]
  /** Per side, the frame in which its latest record began. */
  private readonly latestFrame: [number, number] = [0, 0]
  private readonly frames: TlsFrames = { clientHello: null, serverHello: null, tickets: null, data: null }
  private unsure: StreamPoint | null = null
  private alert: TlsAlert['plain'] = null
  private late = false
  private serverHeard = false

  constructor(private readonly talk: Talk) {
    this.conversation = talk.conversation
    this.conversation.tlsFrames = this.frames
    this.turns = new TlsTurns(talk)
    this.records = [new TlsRecords(talk.zero, this), new TlsRecords(talk.one, this)]
  }

  read(segment: StreamSegment): boolean {
    this.side = segment.side
    if (segment.side !== this.conversation.requestSide) this.heardServer(segment)
    return this.records[segment.side].read(segment)
  }

  /** The first that a server says to a ClientHello. */
  private heardServer(segment: StreamSegment): void {
    const { conversation, serverHeard } = this
    this.serverHeard = true
    if (serverHeard || this.frames.clientHello === null || conversation.startTls) return
    const { bytes, here, end } = segment
    if (end - here < RECORD_HEADER || isRecordHeader(bytes, here)) return
    const http = startsWith(bytes, here, end, HTTP_VERSION)
    conversation.plainAnswer = { start: segment.point(segment.pos), http }
  }

  gap(side: 0 | 1, length: number): void {
    this.side = side
    if (side !== this.conversation.requestSide) this.serverHeard = true
    this.records[side].gap(length)
  }

  settle(): void {
    this.conversation.recordCut = this.records[this.conversation.requestSide].within
  }

  /** Bytes of this side were not understood before the protocol was recognised: it began late, or the capture did. */
  lose(side: 0 | 1): void {
    this.late = true
    this.records[side].waitForRecord()
  }

  lost(): void {
    this.conversation.framingLost = true
  }

  hello(side: 0 | 1, hello: Hello): void {
    const { conversation } = this
    conversation.clientSide = conversation.requestSide = hello.fromClient === (side === 0) ? 0 : 1
    conversation.clientBasis = 'tls-hello'
    if (hello.serverName !== null) conversation.serverName = hello.serverName
    if (hello.alpn !== null) {
      conversation.alpn = hello.alpn
      this.turns.http2.offered = hello.alpn.split(',').includes('h2')
    } else if (hello.fromClient && !hello.cutOff) this.turns.http2.offered = false
    if (this.late && hello.fromClient) conversation.startTls = true
    this.late = false
    this.frames[hello.fromClient ? 'clientHello' : 'serverHello'] ??= this.latestFrame[side]
    const version = hello.version === null ? null : versionName(hello.version)
    if (!hello.fromClient) conversation.tlsVersion = version
    this.phase.hello(hello.fromClient, hello.version === null ? null : version === '1.3')
  }

  record(type: number, length: number, start: StreamPoint, segment: StreamSegment): boolean {
    const { side, phase } = this
    this.latestFrame[side] = start.frame
    this.alert = type === ALERT && length === PLAIN_ALERT ? readAlert(segment) : null
    const stream = this.talk.side(side)
    const fromClient = side === this.conversation.requestSide
    const before = phase.established
    const meaning = phase.meaning(type, length, side, fromClient)
    this.conversation.tlsEstablished = phase.established
    this.conversation.clientCertificate = phase.certificate
    if (this.late && type === APPLICATION_DATA) this.conversation.framingLost = true
    if (meaning === 'unsure') this.unsure ??= start
    else if (phase.established && !before) this.nowEstablished(fromClient && meaning === 'handshake', segment)
    const plain = length - (this.conversation.tlsVersion === '1.2' ? 24 : 17)
    const message = meaning === 'data' && !this.isAlert(type, length)
    if (!fromClient) this.turns.http2.heardServer(start.timeNs)
    if (meaning === 'ticket') this.frames.tickets ??= start.frame
    if (message) this.frames.data ??= start.frame
    if (!message || this.turns.isControl(side, plain, start)) {
      stream.creditNobody()
      return false
    }
    return this.turns.say(side, plain, segment, this.notAnAlert() ?? start)
  }

  recordEnd(type: number, length: number, start: StreamPoint, end: StreamPoint): void {
    const { side } = this
    if (!this.isAlert(type, length)) {
      this.latestEnd[side] = end
      return
    }
    const { tlsAlerts } = this.conversation
    const alert = {
      side,
      start,
      end,
      after: this.latestEnd[side],
      certain: type === ALERT,
      plain: this.alert,
    }
    const kept = tlsAlerts.length < MAX_ALERTS ? tlsAlerts : [tlsAlerts[0], ...tlsAlerts.slice(2)]
    this.conversation.tlsAlerts = [...kept, alert]
  }

  /** A client with a certificate is done: records after it were its request, unless the Finished came among them. */
  private nowEstablished(byFinished: boolean, segment: StreamSegment): void {
    if (this.unsure !== null && !byFinished) {
      this.beganAt(this.unsure)
      this.turns.asked(segment, this.unsure)
    }
    this.unsure = null
  }

  /** Application data began here, earlier than was thought. */
  private beganAt({ frame }: StreamPoint): void {
    this.frames.data = Math.min(this.frames.data ?? frame, frame)
  }

  private isAlert(type: number, length: number): boolean {
    if (type === ALERT) return true
    if (type !== APPLICATION_DATA || length !== ALERT_LENGTH_13 || !this.phase.encrypts) return false
    return this.conversation.tlsVersion === null || this.conversation.tlsVersion === '1.3'
  }

  /** An alert ends what a side says. If it speaks again, its last small record was data; returns where that began. */
  private notAnAlert(): StreamPoint | null {
    const { tlsAlerts } = this.conversation
    const last = tlsAlerts.findLast((alert) => alert.side === this.side)
    if (last === undefined || last.certain) return null
    this.conversation.tlsAlerts = tlsAlerts.filter((alert) => alert !== last)
    this.latestEnd[this.side] = last.end
    this.beganAt(last.start)
    return last.start
  }
}

/** Where an alert's two bytes do not stand behind its header in one segment, they are not looked for. */
function readAlert({ bytes, here, end }: StreamSegment): TlsAlert['plain'] {
  return here + PLAIN_ALERT > end ? null : { level: bytes[here], description: bytes[here + 1] }
}
