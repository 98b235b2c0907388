import { agrees, ascii, CR, decimal, isToken, LF, SP, startsWith } from './octets.js'
import { FIRST_ERROR_STATUS } from './exchange.js'
import { FEWEST_OF_LINE, MAX_METHOD } from './policy.js'

/** How bytes compare with the first line of a message. */
export type Match = 'no' | 'yes' /* the whole line is there */ | 'begins' /* so far it could be one */

/** What stands where in a request line; all are indices. Reused: valid until the next request line is read. */
export const requestLine = { methodEnd: 0, targetStart: 0, targetEnd: 0, version: 0, lineEnd: 0 }

/** What stands where in a status line. Reused likewise. */
export const statusLine = { status: 0, reasonStart: 0, reasonEnd: 0, version: 0, lineEnd: 0 }

const HTTP_1 = ascii('HTTP/1.')

/** Methods believed before their line has ended (cut payload, or a line that runs on in the next segment). */
const KNOWN_METHODS = 'GET POST PUT HEAD DELETE PATCH OPTIONS CONNECT TRACE PROPFIND PURGE'
  .split(' ')
  .map((method) => ascii(method + ' '))

/**
 * Compares with a request line: method SP target SP HTTP/1.x, ended by CRLF or LF. Blanks in the target are no good HTTP, but
 * servers have always taken them.
 */
export function matchRequestLine(bytes: Uint8Array, at: number, end: number): Match {
  let i = at
  while (i < end && isToken(bytes[i])) if (++i - at > MAX_METHOD) return 'no'
  if (i === end) return 'begins'
  if (i === at || bytes[i] !== SP) return 'no'
  requestLine.methodEnd = i
  while (i < end && bytes[i] === SP) i++
  requestLine.targetStart = i
  while (i < end && bytes[i] > SP && bytes[i] !== 127) i++
  requestLine.targetEnd = i
  while (i < end && bytes[i] >= SP && bytes[i] !== 127) i++
  const lineEnd = i
  const match = endOfLine(bytes, i, end, requestLine)
  if (match === 'no' || (match === 'begins' && i === end)) return match
  const version = lineEnd - HTTP_1.length - 1
  if (version <= requestLine.targetStart || bytes[version - 1] !== SP) return 'no'
  const minor = bytes[lineEnd - 1] - 48
  if (!startsWith(bytes, version, lineEnd, HTTP_1) || minor < 0 || minor > 9) return 'no'
  requestLine.version = 10 + minor
  requestLine.targetEnd = version - 1
  while (bytes[requestLine.targetEnd - 1] === SP) requestLine.targetEnd--
  return requestLine.targetEnd > requestLine.targetStart ? match : 'no'
}

/** Whether the bytes begin with a well-known method and what can be a target: enough where the line's end is not at hand. */
export function beginsWithKnownMethod(bytes: Uint8Array, at: number, end: number): boolean {
  if (end <= at || bytes[at] < 65 || bytes[at] > 84) return false
  return KNOWN_METHODS.some(
    (method) =>
      startsWith(bytes, at, end, method) && end - at > method.length && bytes[at + method.length] > SP,
  )
}

/** Whether a request line of a well-known method begins there, of which even the method may be cut off. */
export function beginsRequestLine(bytes: Uint8Array, at: number, end: number): boolean {
  if (beginsWithKnownMethod(bytes, at, end)) return true
  if (end - at < FEWEST_OF_LINE) return false
  return KNOWN_METHODS.some((method) => end - at <= method.length && agrees(bytes, at, end, method))
}

/** Whether these few bytes can be the beginning of a message: of a well-known method, or of a status line. */
export function mayBecomeMessage(bytes: Uint8Array, at: number, end: number): boolean {
  return agrees(bytes, at, end, HTTP_1) || KNOWN_METHODS.some((method) => agrees(bytes, at, end, method))
}

/** Compares with a status line: HTTP/1.x SP 3 digits, perhaps a reason. */
export function matchStatusLine(bytes: Uint8Array, at: number, end: number): Match {
  if (!agrees(bytes, at, end, HTTP_1)) return 'no'
  let i = at + HTTP_1.length
  if (i >= end) return 'begins'
  const minor = bytes[i++] - 48
  if (minor < 0 || minor > 9) return 'no'
  statusLine.version = 10 + minor
  if (i === end) return 'begins'
  if (bytes[i++] !== SP) return 'no'
  const digits = Math.min(3, end - i)
  if (digits === 0) return 'begins'
  const status = decimal(bytes, i, i + digits)
  if (status < 0) return 'no'
  if (digits < 3) return 'begins'
  if (status < 100) return 'no'
  statusLine.status = status
  i += 3
  statusLine.reasonStart = statusLine.reasonEnd = i
  if (i === end) return 'begins'
  if (bytes[i] === SP) i++
  else if (bytes[i] !== CR && bytes[i] !== LF) return 'no'
  statusLine.reasonStart = i
  while (i < end && bytes[i] !== CR && bytes[i] !== LF) i++
  statusLine.reasonEnd = i
  return endOfLine(bytes, i, end, statusLine)
}

/** Whether a status line begins there, of which even the status may be cut off. */
export function beginsStatusLine(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= FEWEST_OF_LINE && matchStatusLine(bytes, at, end) !== 'no'
}

/** Whether HTTP/1.x and a status stand there, which is enough where the line's end is not at hand. */
export function beginsWithStatus(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= 12 && matchStatusLine(bytes, at, end) !== 'no'
}

function endOfLine(bytes: Uint8Array, at: number, end: number, line: { lineEnd: number }): Match {
  let i = at
  if (i < end && bytes[i] === CR) i++
  if (i >= end) return 'begins'
  if (bytes[i] !== LF) return 'no'
  line.lineEnd = i + 1
  return 'yes'
}

/** Whether the bytes begin with the whole status line of an error. */
export function beginsError(bytes: Uint8Array, at: number, end: number): boolean {
  return matchStatusLine(bytes, at, end) === 'yes' && statusLine.status >= FIRST_ERROR_STATUS
}
