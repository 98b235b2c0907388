/** Pieces of header lines that need more than a comparison. */
import { ascii, decimal, isToken, isWord } from './octets.js'

export const CONTENT_LENGTH = ascii('content-length')
export const TRANSFER_ENCODING = ascii('transfer-encoding')
const TIMEOUT = ascii('timeout=')

/** Whether a line that is no proper field would give a body length to those who read it all the same (`Content-Length : 5`). */
export function looksLikeLength(bytes: Uint8Array, from: number, to: number): boolean {
  let start = from
  while (start < to && !isToken(bytes[start])) start++
  let end = start
  while (end < to && isToken(bytes[end])) end++
  return isWord(bytes, start, end, CONTENT_LENGTH) || isWord(bytes, start, end, TRANSFER_ENCODING)
}

/** The number after `timeout=`; null without one. */
export function timeoutParameter(bytes: Uint8Array, from: number, to: number): number | null {
  for (let i = from; i + TIMEOUT.length < to; i++) {
    if (!isWord(bytes, i, i + TIMEOUT.length, TIMEOUT)) continue
    const start = i + TIMEOUT.length
    let end = start
    while (end < to && bytes[end] >= 48 && bytes[end] <= 57) end++
    const seconds = decimal(bytes, start, end)
    return seconds < 0 ? null : seconds
  }
  return null
}
