import { ascii, startsWith } from './octets.js'

/** What web servers pass requests on in, beside HTTP, to a process that runs an application. One request at a time, and each is answered. */
export type AppProtocol = 'fastcgi' | 'uwsgi'

/** A FastCGI record (its specification, 3.3 and 5.1): version 1, BEGIN_REQUEST, request 1 to 65535, 8 bytes of content, no padding. */
const RECORD_HEADER = 8
const BEGIN_LENGTH = 8
const END_REQUEST = 3
const END_LENGTH = 8
const ROLES = 3
/** Reserved bytes at the end of the content. */
const RESERVED = 5
/** A uwsgi packet: modifiers 0 before and after the length of what follows, then the first variable: length and name. */
const UWSGI_HEADER = 4
const FIRST_VARIABLES = [
  'QUERY_STRING',
  'REQUEST_METHOD',
  'REQUEST_URI',
  'CONTENT_LENGTH',
  'SERVER_NAME',
].map(ascii)

/** The protocol in which these bytes begin a request; null: none of these. */
export function appProtocolOf(bytes: Uint8Array, at: number, end: number): AppProtocol | null {
  if (beginsFastCgi(bytes, at, end)) return 'fastcgi'
  return beginsUwsgi(bytes, at, end) ? 'uwsgi' : null
}

/**
 * Whether these bytes, with which a segment of a FastCGI server ends, hold the end of its answer: the record END_REQUEST (5.5) comes last.
 * Null: too few to tell.
 */
export function endsFastCgi(bytes: Uint8Array, at: number, end: number): boolean | null {
  if (end - at < RECORD_HEADER + BEGIN_LENGTH) return null
  for (let padding = 0; padding < RECORD_HEADER; padding++) {
    const record = end - padding - END_LENGTH - RECORD_HEADER
    if (record < at) return false
    const length = (bytes[record + 4] << 8) | bytes[record + 5]
    const isEnd = bytes[record] === 1 && bytes[record + 1] === END_REQUEST && length === END_LENGTH
    if (isEnd && bytes[record + 6] === padding) return true
  }
  return false
}

function beginsFastCgi(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < RECORD_HEADER + BEGIN_LENGTH || bytes[at] !== 1 || bytes[at + 1] !== 1) return false
  const length = (bytes[at + 4] << 8) | bytes[at + 5]
  const content = at + RECORD_HEADER
  const role = (bytes[content] << 8) | bytes[content + 1]
  if (length !== BEGIN_LENGTH || role < 1 || role > ROLES || bytes[content + 2] > 1) return false
  const reserved = bytes.subarray(content + BEGIN_LENGTH - RESERVED, content + BEGIN_LENGTH)
  return reserved.every((byte) => byte === 0)
}

function beginsUwsgi(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < UWSGI_HEADER || bytes[at] !== 0 || bytes[at + 3] !== 0) return false
  const name = at + UWSGI_HEADER
  const length = bytes[name] | (bytes[name + 1] << 8)
  return FIRST_VARIABLES.some((word) => word.length === length && startsWith(bytes, name + 2, end, word))
}
