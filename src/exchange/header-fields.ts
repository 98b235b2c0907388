import { CONTENT_LENGTH, looksLikeLength, timeoutParameter, TRANSFER_ENCODING } from './header-values.js'
import { ascii, COLON, CR, decimal, HTAB, isToken, isWord, LF, listHas } from './octets.js'
import { skipBlanks, SP, trimEnd } from './octets.js'
import { latin1 } from './text-cache.js'
import * as mark from './writer-mark.js'

/** What is wanted of a head's fields. One object is reused for every head. */
export class HeaderFields {
  /** null: none. */
  contentLength: number | null = null
  chunked = false
  /** The end of the body cannot be told beyond doubt: other readers of this head may see another end. */
  ambiguous = false
  close = false
  keepAlive = false
  upgradeHttp2 = false
  expectsContinue = false
  eventStream = false
  lowerCaseNames = false
  host: string | null = null
  requestId: string | null = null
  traceparent: string | null = null
  forwardedFor: string | null = null
  server: string | null = null
  via: string | null = null
  userAgent: string | null = null
  keepAliveSeconds: number | null = null
  noCache = false
  html = false
  readonly order = new mark.NameOrder()
  private transferEncodings = 0

  /** Reads the lines in [at, end), as far as they are whole. */
  read(bytes: Uint8Array, at: number, end: number): void {
    this.clear()
    let names = 0
    let start = at
    for (let i = at; i < end; i++) {
      const byte = bytes[i]
      if (byte > CR) continue
      if (byte === 0 || (byte === CR && i + 1 < end && bytes[i + 1] !== LF)) this.ambiguous = true
      if (byte !== LF) continue
      const lineEnd = i > start && bytes[i - 1] === CR ? i - 1 : i
      if (lineEnd > start) {
        if (names++ === 0) this.lowerCaseNames = true
        this.line(bytes, start, lineEnd)
      }
      start = i + 1
    }
    if (
      this.transferEncodings > 0 &&
      (this.contentLength !== null || !this.chunked || this.transferEncodings > 1)
    )
      this.ambiguous = true
  }

  private line(bytes: Uint8Array, from: number, to: number): void {
    if (bytes[from] === SP || bytes[from] === HTAB) {
      /* obs-fold: belongs to the field before it, and nobody agrees on how */
      this.ambiguous = true
      return
    }
    let colon = from
    while (colon < to && isToken(bytes[colon])) {
      if (bytes[colon] >= 65 && bytes[colon] <= 90) this.lowerCaseNames = false
      colon++
    }
    if (colon === from || colon === to || bytes[colon] !== COLON) {
      if (looksLikeLength(bytes, from, to)) this.ambiguous = true
      return
    }
    const start = skipBlanks(bytes, colon + 1, to)
    this.field(bytes, from, colon, start, trimEnd(bytes, start, to))
  }

  private field(bytes: Uint8Array, name: number, nameEnd: number, from: number, to: number): void {
    const is = (word: Uint8Array): boolean => isWord(bytes, name, nameEnd, word)
    let bit = mark.NAME_OTHER
    switch (nameEnd - name) {
      case 3:
        if (is(VIA)) this.via ??= latin1(bytes, from, to, 128)
        break
      case 4:
        if (is(HOST)) this.host ??= latin1(bytes, from, to, 256)
        else if (is(DATE)) bit = mark.NAME_DATE
        break
      case 6:
        if (is(SERVER)) this.server ??= latin1(bytes, from, to, 128)
        else if (is(EXPECT)) this.expectsContinue = isWord(bytes, from, to, CONTINUE)
        break
      case 7:
        if (is(UPGRADE)) this.upgradeHttp2 = listHas(bytes, from, to, H2C)
        break
      case 10:
        if (is(CONNECTION)) {
          this.connection(bytes, from, to)
          bit = mark.NAME_CONNECTION
        } else if (is(KEEP_ALIVE)) {
          this.keepAliveSeconds ??= timeoutParameter(bytes, from, to)
          bit = mark.NAME_KEEP_ALIVE
        } else if (is(USER_AGENT)) this.userAgent ??= latin1(bytes, from, to, 128)
        break
      case 11:
        if (is(TRACEPARENT)) this.traceparent ??= latin1(bytes, from, to, 128)
        break
      case 12:
        if (is(REQUEST_ID)) this.requestId ??= latin1(bytes, from, to, 128)
        else if (is(CONTENT_TYPE)) {
          this.eventStream = listHas(bytes, from, to, EVENT_STREAM)
          this.html = listHas(bytes, from, to, HTML)
          bit = mark.NAME_TYPE
        }
        break
      case 13:
        if (is(CACHE_CONTROL)) {
          this.noCache = isWord(bytes, from, to, NO_CACHE)
          bit = mark.NAME_CACHE
        }
        break
      case 14:
        if (is(CONTENT_LENGTH)) {
          this.length(decimal(bytes, from, to))
          bit = mark.NAME_LENGTH
        }
        break
      case 15:
        if (is(FORWARDED_FOR)) this.forwardedFor ??= latin1(bytes, from, to, 256)
        break
      case 17:
        if (is(TRANSFER_ENCODING)) this.transferEncoding(bytes, from, to)
        break
    }
    this.order.note(bit)
  }

  private connection(bytes: Uint8Array, from: number, to: number): void {
    if (listHas(bytes, from, to, CLOSE)) this.close = true
    if (listHas(bytes, from, to, KEEP_ALIVE)) this.keepAlive = true
  }

  /** A repeated equal length is no contradiction; anything else that is not one plain number is. */
  private length(value: number): void {
    if (value < 0 || (this.contentLength !== null && this.contentLength !== value)) this.ambiguous = true
    else this.contentLength = value
  }

  /** Only a list that ends in its only `chunked` tells the end of the body. */
  private transferEncoding(bytes: Uint8Array, from: number, to: number): void {
    this.transferEncodings++
    let comma = to
    while (comma > from && bytes[comma - 1] !== 44) comma--
    const last = skipBlanks(bytes, comma, to)
    this.chunked =
      isWord(bytes, last, to, CHUNKED) && !(comma > from && listHas(bytes, from, comma - 1, CHUNKED))
  }

  private clear(): void {
    this.contentLength = null
    this.chunked = this.ambiguous = this.close = this.keepAlive = false
    this.upgradeHttp2 = this.expectsContinue = this.eventStream = this.lowerCaseNames = false
    this.host = this.requestId = this.traceparent = this.forwardedFor = this.server = this.via = null
    this.userAgent = this.keepAliveSeconds = null
    this.noCache = this.html = false
    this.order.clear()
    this.transferEncodings = 0
  }
}

const VIA = ascii('via')
const HOST = ascii('host')
const SERVER = ascii('server')
const EXPECT = ascii('expect')
const CONTINUE = ascii('100-continue')
const UPGRADE = ascii('upgrade')
const H2C = ascii('h2c')
const CONNECTION = ascii('connection')
const KEEP_ALIVE = ascii('keep-alive')
const CLOSE = ascii('close')
const DATE = ascii('date')
const USER_AGENT = ascii('user-agent')
const CACHE_CONTROL = ascii('cache-control')
const NO_CACHE = ascii('no-cache')
const HTML = ascii('text/html')
const TRACEPARENT = ascii('traceparent')
const REQUEST_ID = ascii('x-request-id')
const CONTENT_TYPE = ascii('content-type')
const EVENT_STREAM = ascii('text/event-stream')
const FORWARDED_FOR = ascii('x-forwarded-for')
const CHUNKED = ascii('chunked')
