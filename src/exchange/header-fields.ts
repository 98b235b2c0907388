import { HeadLines } from './head-lines.js'
import { CONTENT_LENGTH, timeoutParameter, TRANSFER_ENCODING } from './header-values.js'
import { ascii, COMMA, decimal, isWord, listHas, skipBlanks } from './octets.js'
import { MAX_FIELD, MAX_HOST, MAX_TARGET } from './policy.js'
import { latin1 } from './text-cache.js'
import * as mark from './writer-mark.js'

/** What is wanted of a head's fields. One object is reused for every head. */
export class HeaderFields extends HeadLines {
  /** null: none. */
  contentLength: number | null = null
  chunked = false
  close = false
  keepAlive = false
  upgradeHttp2 = false
  expectsContinue = false
  eventStream = false
  host: string | null = null
  requestId: string | null = null
  traceparent: string | null = null
  forwardedFor: string | null = null
  /** Target of the request that came in, as the proxy that asks about it says (nginx's habit, Traefik's, oauth2-proxy's). */
  originalTarget: string | null = null
  server: string | null = null
  via: string | null = null
  userAgent: string | null = null
  keepAliveSeconds: number | null = null
  noCache = false
  html = false
  readonly order = new mark.NameOrder()
  private transferEncodings = 0

  /** RFC 9112 6.3: a length beside chunks, or coded bytes without chunks, can be read in two ways. */
  protected override ended(): void {
    if (
      this.transferEncodings > 0 &&
      (this.contentLength !== null || !this.chunked || this.transferEncodings > 1)
    )
      this.ambiguous = true
  }

  protected override field(bytes: Uint8Array, name: number, nameEnd: number, from: number, to: number): void {
    let bit = mark.NAME_OTHER
    switch (nameEnd - name) {
      case 3:
        if (isWord(bytes, name, nameEnd, VIA)) this.via ??= latin1(bytes, from, to, MAX_FIELD)
        break
      case 4:
        if (isWord(bytes, name, nameEnd, HOST)) this.host ??= latin1(bytes, from, to, MAX_HOST)
        else if (isWord(bytes, name, nameEnd, DATE)) bit = mark.NAME_DATE
        break
      case 6:
        if (isWord(bytes, name, nameEnd, SERVER)) this.server ??= latin1(bytes, from, to, MAX_FIELD)
        else if (isWord(bytes, name, nameEnd, EXPECT))
          this.expectsContinue = isWord(bytes, from, to, CONTINUE)
        break
      case 7:
        if (isWord(bytes, name, nameEnd, UPGRADE)) this.upgradeHttp2 = listHas(bytes, from, to, H2C)
        break
      case 10:
        if (isWord(bytes, name, nameEnd, CONNECTION)) {
          this.connection(bytes, from, to)
          bit = mark.NAME_CONNECTION
        } else if (isWord(bytes, name, nameEnd, KEEP_ALIVE)) {
          this.keepAliveSeconds ??= timeoutParameter(bytes, from, to)
          bit = mark.NAME_KEEP_ALIVE
        } else if (isWord(bytes, name, nameEnd, USER_AGENT))
          this.userAgent ??= latin1(bytes, from, to, MAX_FIELD)
        break
      case 11:
        if (isWord(bytes, name, nameEnd, TRACEPARENT)) this.traceparent ??= latin1(bytes, from, to, MAX_FIELD)
        break
      case 12:
        if (isWord(bytes, name, nameEnd, REQUEST_ID)) this.requestId ??= latin1(bytes, from, to, MAX_FIELD)
        else if (isWord(bytes, name, nameEnd, CONTENT_TYPE)) {
          this.eventStream = listHas(bytes, from, to, EVENT_STREAM)
          this.html = listHas(bytes, from, to, HTML)
          bit = mark.NAME_TYPE
        }
        break
      case 13:
        if (isWord(bytes, name, nameEnd, CACHE_CONTROL)) {
          this.noCache = isWord(bytes, from, to, NO_CACHE)
          bit = mark.NAME_CACHE
        }
        break
      case 14:
        if (isWord(bytes, name, nameEnd, CONTENT_LENGTH)) {
          this.length(decimal(bytes, from, to))
          bit = mark.NAME_LENGTH
        } else if (isWord(bytes, name, nameEnd, ORIGINAL_URI) || isWord(bytes, name, nameEnd, ORIGINAL_URL))
          this.originalTarget ??= targetOf(latin1(bytes, from, to, MAX_TARGET))
        break
      case 15:
        if (isWord(bytes, name, nameEnd, FORWARDED_FOR))
          this.forwardedFor ??= latin1(bytes, from, to, MAX_HOST)
        else if (isWord(bytes, name, nameEnd, FORWARDED_URI))
          this.originalTarget ??= targetOf(latin1(bytes, from, to, MAX_TARGET))
        break
      case 17:
        if (isWord(bytes, name, nameEnd, TRANSFER_ENCODING)) this.transferEncoding(bytes, from, to)
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
    while (comma > from && bytes[comma - 1] !== COMMA) comma--
    const last = skipBlanks(bytes, comma, to)
    this.chunked =
      isWord(bytes, last, to, CHUNKED) && !(comma > from && listHas(bytes, from, comma - 1, CHUNKED))
  }

  protected override clear(): void {
    super.clear()
    this.contentLength = null
    this.chunked = this.close = this.keepAlive = false
    this.upgradeHttp2 = this.expectsContinue = this.eventStream = false
    this.host = this.requestId = this.traceparent = this.forwardedFor = this.server = this.via = null
    this.userAgent = this.originalTarget = this.keepAliveSeconds = null
    this.noCache = this.html = false
    this.order.clear()
    this.transferEncodings = 0
  }
}

/** The target in what may be a whole URL. */
export function targetOf(url: string): string {
  return url.replace(/^https?:\/\/[^/?#]*/i, '')
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
const FORWARDED_URI = ascii('x-forwarded-uri')
const ORIGINAL_URI = ascii('x-original-uri')
const ORIGINAL_URL = ascii('x-original-url')
const CHUNKED = ascii('chunked')
