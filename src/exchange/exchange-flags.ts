import type { Exchange } from './exchange.js'

const TARGET_CUT = 1
const REQUEST_HEAD_WHOLE = 2
const REQUEST_CLOSES = 4
const REQUEST_SAYS_CLOSE = 8
const LOWER_CASE_NAMES = 16
const EXPECTS_CONTINUE = 32
const CONTINUED = 64
const RESPONSE_CLOSES = 128
const EVENT_STREAM = 256
const UNPROCESSED = 65536
const LEG_GONE = 131072

/** `requestComplete`, `responseComplete` and `responseFraming` take two, two and three bits, from here on. */
const REQUEST_COMPLETE_AT = 9
const RESPONSE_COMPLETE_AT = 11
const FRAMING_AT = 13

const COMPLETE = [false, true, null] as const
const FRAMINGS = ['unknown', 'none', 'length', 'chunked', 'close', 'frames'] as const

/** What is yes or no of an exchange, or one of a few words, in one number: a field of an object takes eight bytes, whatever it holds. */
export class ExchangeFlags {
  /** Nothing was seen: all no, both ends not yet complete, the framing unknown. */
  private flags = 0

  get targetCut(): boolean {
    return this.has(TARGET_CUT)
  }
  set targetCut(is: boolean) {
    this.put(TARGET_CUT, is)
  }

  get requestHeadWhole(): boolean {
    return this.has(REQUEST_HEAD_WHOLE)
  }
  set requestHeadWhole(is: boolean) {
    this.put(REQUEST_HEAD_WHOLE, is)
  }

  get requestCloses(): boolean {
    return this.has(REQUEST_CLOSES)
  }
  set requestCloses(is: boolean) {
    this.put(REQUEST_CLOSES, is)
  }

  get requestSaysClose(): boolean {
    return this.has(REQUEST_SAYS_CLOSE)
  }
  set requestSaysClose(is: boolean) {
    this.put(REQUEST_SAYS_CLOSE, is)
  }

  get lowerCaseNames(): boolean {
    return this.has(LOWER_CASE_NAMES)
  }
  set lowerCaseNames(is: boolean) {
    this.put(LOWER_CASE_NAMES, is)
  }

  get expectsContinue(): boolean {
    return this.has(EXPECTS_CONTINUE)
  }
  set expectsContinue(is: boolean) {
    this.put(EXPECTS_CONTINUE, is)
  }

  get continued(): boolean {
    return this.has(CONTINUED)
  }
  set continued(is: boolean) {
    this.put(CONTINUED, is)
  }

  get responseCloses(): boolean {
    return this.has(RESPONSE_CLOSES)
  }
  set responseCloses(is: boolean) {
    this.put(RESPONSE_CLOSES, is)
  }

  get eventStream(): boolean {
    return this.has(EVENT_STREAM)
  }
  set eventStream(is: boolean) {
    this.put(EVENT_STREAM, is)
  }

  get unprocessed(): boolean {
    return this.has(UNPROCESSED)
  }
  set unprocessed(is: boolean) {
    this.put(UNPROCESSED, is)
  }

  get legGone(): boolean {
    return this.has(LEG_GONE)
  }
  set legGone(is: boolean) {
    this.put(LEG_GONE, is)
  }

  get requestComplete(): boolean | null {
    return COMPLETE[(this.flags >> REQUEST_COMPLETE_AT) & 3]
  }
  set requestComplete(is: boolean | null) {
    this.write(REQUEST_COMPLETE_AT, 3, COMPLETE.indexOf(is))
  }

  get responseComplete(): boolean | null {
    return COMPLETE[(this.flags >> RESPONSE_COMPLETE_AT) & 3]
  }
  set responseComplete(is: boolean | null) {
    this.write(RESPONSE_COMPLETE_AT, 3, COMPLETE.indexOf(is))
  }

  get responseFraming(): Exchange['responseFraming'] {
    return FRAMINGS[(this.flags >> FRAMING_AT) & 7]
  }
  set responseFraming(is: Exchange['responseFraming']) {
    this.write(FRAMING_AT, 7, FRAMINGS.indexOf(is))
  }

  private has(bit: number): boolean {
    return (this.flags & bit) !== 0
  }

  private put(bit: number, is: boolean): void {
    this.flags = is ? this.flags | bit : this.flags & ~bit
  }

  private write(at: number, mask: number, value: number): void {
    this.flags = (this.flags & ~(mask << at)) | (value << at)
  }
}
