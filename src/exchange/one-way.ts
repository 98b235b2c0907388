import { ascii, startsWith } from './octets.js'

const SIP_STATUS = ascii('SIP/2.0 ')
const LESS = 60
const GREATER = 62
const SPACE = 32
const ZERO = 48
const NINE = 57
/** Digits of an octet count (RFC 6587) and of a priority (RFC 5424). */
const COUNT_DIGITS = 5
const PRIORITY_DIGITS = 3

/**
 * Whether these bytes begin a message that is known to want no answer: a SIP response (RFC 3261), which answers itself, or a syslog line
 * (RFC 5424 and 3164, with or without the octet count of RFC 6587).
 */
export function wantsNoAnswer(bytes: Uint8Array, at: number, end: number): boolean {
  return startsWith(bytes, at, end, SIP_STATUS) || isSyslog(bytes, at, end)
}

function isSyslog(bytes: Uint8Array, at: number, end: number): boolean {
  const counted = afterDigits(bytes, at, end, COUNT_DIGITS)
  const line = counted > at && bytes[counted] === SPACE ? counted + 1 : at
  if (line >= end || bytes[line] !== LESS) return false
  const close = afterDigits(bytes, line + 1, end, PRIORITY_DIGITS)
  return close > line + 1 && close < end && bytes[close] === GREATER
}

/** Index after at most `most` digits. */
function afterDigits(bytes: Uint8Array, at: number, end: number, most: number): number {
  let i = at
  while (i < end && i - at < most && bytes[i] >= ZERO && bytes[i] <= NINE) i++
  return i
}
