import type { FarewellWords } from './exchange.js'
import { ascii, startsWith } from './octets.js'
import { MAX_REPLY_LINE } from './policy.js'

/** MySQL's error packet and its error 4031, ER_CLIENT_INTERACTION_TIMEOUT (8.0.24 and later). */
const MYSQL_HEADER = 4
const MYSQL_ERROR = 0xff
const MYSQL_CODE = 4031
/** PostgreSQL's ErrorResponse: `E`, a length, then fields of a letter and a text each; `C` is the SQLSTATE. */
const LETTER_E = 69
const LETTER_C = 67
const POSTGRES_HEADER = 5
const SQLSTATES: readonly (readonly [state: Uint8Array, words: FarewellWords])[] = [
  [ascii('57P05\0'), 'postgresql'],
  [ascii('25P03\0'), 'postgresql-transaction'],
]
/** Replies that end a session (SMTP and FTP, IMAP, POP3); only their words tell why. */
const LAST_REPLIES = ['421 ', '421-', '* BYE ', '-ERR '].map(ascii)
const OF_SILENCE = /time[ -]?out|timed out|\bidle\b|inactiv|auto-?logout/i

/** Whether these bytes of a server say that it gives up waiting for its client; null: not in words that are known. */
export function farewellWords(bytes: Uint8Array, at: number, end: number): FarewellWords | null {
  if (isMysqlTimeout(bytes, at, end)) return 'mysql'
  if (bytes[at] === LETTER_E) return postgresTimeout(bytes, at, end)
  if (!LAST_REPLIES.some((reply) => startsWith(bytes, at, end, reply))) return null
  let line = ''
  for (let i = at; i < Math.min(end, at + MAX_REPLY_LINE) && bytes[i] >= 32; i++)
    line += String.fromCharCode(bytes[i])
  return OF_SILENCE.test(line) ? 'text' : null
}

/** Whether the fifth of these bytes may be that of MySQL's error packet: a look at one byte. */
export function mayBeMysqlError(bytes: Uint8Array, at: number): boolean {
  return bytes[at + MYSQL_HEADER] === MYSQL_ERROR
}

function isMysqlTimeout(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < MYSQL_HEADER + 3 || !mayBeMysqlError(bytes, at)) return false
  const length = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16)
  const code = bytes[at + MYSQL_HEADER + 1] | (bytes[at + MYSQL_HEADER + 2] << 8)
  return code === MYSQL_CODE && length === end - at - MYSQL_HEADER
}

function postgresTimeout(bytes: Uint8Array, at: number, end: number): FarewellWords | null {
  const length = (bytes[at + 1] << 24) | (bytes[at + 2] << 16) | (bytes[at + 3] << 8) | bytes[at + 4]
  if (length !== end - at - 1) return null
  for (let field = at + POSTGRES_HEADER; field < end && bytes[field] !== 0;) {
    if (bytes[field] === LETTER_C) {
      const found = SQLSTATES.find(([state]) => startsWith(bytes, field + 1, end, state))
      return found?.[1] ?? null
    }
    const zero = bytes.indexOf(0, field)
    if (zero < 0 || zero >= end) return null
    field = zero + 1
  }
  return null
}
