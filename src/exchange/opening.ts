import { isToken } from './octets.js'
import {
  beginsWithKnownMethod,
  beginsWithStatus,
  matchRequestLine,
  matchStatusLine,
  type Match,
} from './start-line.js'
import { beginsRecordHeader, beginsRecords, RECORD_HEADER } from './tls-record.js'

/** What the first bytes of a direction, or of a segment, are the beginning of. */
export type Opening = 'request' | 'response' | 'tls'

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
} as const
const LETTER_H = 72

/** Looks at the first bytes for a protocol that can be read. `cut`: more bytes follow that cannot be seen. */
export function recognise(bytes: Uint8Array, at: number, end: number, cut: boolean): Recognised {
  if (end <= at) return NOTHING
  if (bytes[at] === LETTER_H) {
    const status = matchStatusLine(bytes, at, end)
    if (status === 'yes' || (cut && beginsWithStatus(bytes, at, end))) return FOUND.response.yes
    if (status === 'begins' && !cut) return FOUND.response.begins
  }
  if (!isToken(bytes[at])) return recogniseRecord(bytes, at, end, cut)
  const request = matchRequestLine(bytes, at, end)
  if (request !== 'begins' || !cut) return FOUND.request[request]
  return beginsWithKnownMethod(bytes, at, end) ? FOUND.request.yes : NOTHING
}

function recogniseRecord(bytes: Uint8Array, at: number, end: number, cut: boolean): Recognised {
  if (beginsRecords(bytes, at, end)) return FOUND.tls.yes
  const tooFew = end - at < RECORD_HEADER && !cut && beginsRecordHeader(bytes, at, end)
  return tooFew ? FOUND.tls.begins : NOTHING
}

function found(match: Match, opening: Opening): Recognised {
  return { match, opening }
}
