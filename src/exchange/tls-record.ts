/** Content types of TLS records (RFC 8446, 5.1). */
export const CHANGE_CIPHER_SPEC = 20
export const ALERT = 21
export const HANDSHAKE = 22
export const APPLICATION_DATA = 23

/** Length of a record's header. */
export const RECORD_HEADER = 5

/** TLS 1.2 allows this much for an encrypted record of 2^14 bytes. */
const MAX_RECORD = 16384 + 2048
/** An encrypted record holds at least a tag of 16 bytes. */
const MIN_ENCRYPTED = 17
/** Length of a TLS 1.3 record that holds an alert: 2 + 1 + tag. No handshake message is as short. */
export const ALERT_LENGTH_13 = 19
/** Length of an alert in the clear: level and description. */
export const PLAIN_ALERT = 2
/** Longest alert that comes encrypted (TLS 1.2 with CBC and SHA-384, one block of padding more than needed). */
const MAX_ALERT = 128

/** Whether five bytes are a record header as implementations send it. */
export function isRecordHeader(bytes: Uint8Array, at: number): boolean {
  const type = bytes[at]
  if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA) return false
  if (bytes[at + 1] !== 3 || bytes[at + 2] > 4) return false
  const length = recordLength(bytes, at)
  if (length === 0 || length > MAX_RECORD) return false
  if (type === CHANGE_CIPHER_SPEC) return length === 1 || length >= MIN_ENCRYPTED
  if (type === ALERT) return length === PLAIN_ALERT || (length >= MIN_ENCRYPTED && length <= MAX_ALERT)
  return type === HANDSHAKE || length >= MIN_ENCRYPTED
}

/** Length of the record whose header stands at `at`, without the header. */
export function recordLength(bytes: Uint8Array, at: number): number {
  return (bytes[at + 3] << 8) | bytes[at + 4]
}

/** Whether the bytes are the beginning of a record header, of which at least one byte is there. */
export function beginsRecordHeader(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at >= RECORD_HEADER) return isRecordHeader(bytes, at)
  if (!isRecordType(bytes[at])) return false
  return (end - at < 2 || bytes[at + 1] === 3) && (end - at < 3 || bytes[at + 2] <= 4)
}

/** Whether it is the type of a record: its first byte. */
export function isRecordType(type: number): boolean {
  return type >= CHANGE_CIPHER_SPEC && type <= APPLICATION_DATA
}

/** Whether a record begins here and, as far as the bytes go, another one after it: five bytes alone agree too easily by chance. */
export function beginsRecords(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < RECORD_HEADER || !isRecordHeader(bytes, at)) return false
  const next = at + RECORD_HEADER + recordLength(bytes, at)
  return next >= end || beginsRecordHeader(bytes, next, end)
}
