import { HTTP2_PREFACE, matchServerSettings } from './http2-frame.js'
import { agrees, isToken } from './octets.js'
import {
  beginsRequestLine,
  beginsStatusLine,
  matchRequestLine,
  matchStatusLine,
  type Match,
} from './start-line.js'
import { beginsRecordHeader, beginsRecords, isRecordType, RECORD_HEADER } from './tls-record.js'

/** What the first bytes of a direction, or of a segment, are the beginning of. */
export type Opening =
  'request' | 'response' | 'tls' | 'http2' /* client's preface */ | 'http2-settings' /* server's */

/** What was found, and how sure that is. */
export interface Recognised {
  readonly match: Match
  readonly opening: Opening
}

const NOTHING: Recognised = { match: 'no', opening: 'request' }
const FOUND = {
  request: { yes: found('yes', 'request'), begins: found('begins', 'request'), no: NOTHING },
  response: { yes: found('yes', 'response'), begins: found('begins', 'response'), no: NOTHING },
  tls: { yes: found('yes', 'tls'), begins: found('begins', 'tls') },
  http2: { yes: found('yes', 'http2'), begins: found('begins', 'http2') },
  settings: { yes: found('yes', 'http2-settings'), begins: found('begins', 'http2-settings') },
} as const
/** `PRI * HTTP/2.0` is nothing else. */
const SURE_OF_PREFACE = 14
const LETTER_H = 72

/** Whether `recognise` may find anything in bytes of which this is the first: a look at one byte, for the payload that is none of it. */
export function mayBegin(first: number): boolean {
  return first === 0 || isToken(first) || isRecordType(first)
}

/** Whether a status line may begin with this byte. */
export function mayBeginStatus(first: number): boolean {
  return first === LETTER_H
}

/** Looks at the first bytes for a protocol that can be read. `cut`: more bytes follow that cannot be seen. */
export function recognise(bytes: Uint8Array, at: number, end: number, cut: boolean): Recognised {
  if (end <= at) return NOTHING
  if (mayBeginStatus(bytes[at])) {
    const status = matchStatusLine(bytes, at, end)
    if (status === 'yes' || (cut && beginsStatusLine(bytes, at, end))) return FOUND.response.yes
    if (status === 'begins' && !cut) return FOUND.response.begins
  }
  if (bytes[at] === HTTP2_PREFACE[0] && agrees(bytes, at, end, HTTP2_PREFACE)) {
    const length = end - at
    if (length >= HTTP2_PREFACE.length || (cut && length >= SURE_OF_PREFACE)) return FOUND.http2.yes
    if (!cut && length > 1) return FOUND.http2.begins
  }
  if (bytes[at] === 0 && !cut) {
    const settings = matchServerSettings(bytes, at, end)
    if (settings !== 'no') return FOUND.settings[settings]
  }
  if (!isToken(bytes[at])) return recogniseRecord(bytes, at, end, cut)
  const request = matchRequestLine(bytes, at, end)
  if (request !== 'begins' || !cut) return FOUND.request[request]
  return beginsRequestLine(bytes, at, end) ? FOUND.request.yes : NOTHING
}

function recogniseRecord(bytes: Uint8Array, at: number, end: number, cut: boolean): Recognised {
  if (beginsRecords(bytes, at, end)) return FOUND.tls.yes
  const tooFew = end - at < RECORD_HEADER && !cut && beginsRecordHeader(bytes, at, end)
  return tooFew ? FOUND.tls.begins : NOTHING
}

function found(match: Match, opening: Opening): Recognised {
  return { match, opening }
}
