/**
 * Where Wireshark's SOCKS dissector believes a conversation on port 1080 to be. It reads the handshake segment by segment, not
 * byte by byte, and what it believes decides stream numbers (see socks-numbers.ts): so its steps are followed, odd ones included.
 * Source: wireshark epan/dissectors/packet-socks.c, and tests against tshark 4.0.17.
 */

const CONNECT = 1
const UDP_ASSOCIATE = 3
const PING = 0x80
const TRACEROUTE = 0x81
const GRANTED_V4 = 90
const METHOD_NONE = 0
const METHOD_GSSAPI = 1
const METHOD_PASSWORD = 2
const ADDRESS_LENGTH: Readonly<Record<number, number>> = { 1: 4, 4: 16 }
const ADDRESS_IS_NAME = 3

type Asker = 'start' | 'waits' | 'commands' | 'done' | 'error'
type Answerer = 'start' | 'chose' | 'checks-user' | 'checks-ticket' | 'obeys' | 'binds' | 'done' | 'error'

/** The segment ended before the field: Wireshark stops there and keeps what it has learnt so far. */
class Short extends Error {}

/** One conversation on the SOCKS port; the asker is whoever sent the first payload. */
export class SocksTalk {
  /** Port of the far end, as the asker demanded; 0 before that and for commands that name none. */
  port = 0
  private asker: Asker = 'start'
  private answerer: Answerer = 'start'
  private version = -1
  private command = 0
  private method = 0
  private tunnels = false

  /** `askedPort`: destination port of the first payload; a segment sent to it is the asker's. */
  constructor(private readonly askedPort: number) {}

  /** Takes one segment's payload. True when it already is payload of the tunnel. */
  segment(destinationPort: number, bytes: Uint8Array): boolean {
    if (this.version < 0) this.version = bytes[0]
    if (this.tunnels) return this.command !== PING && this.command !== TRACEROUTE
    try {
      if (destinationPort === this.askedPort) this.asks(bytes)
      else this.answers(bytes)
    } catch (error) {
      if (!(error instanceof Short)) throw error
    }
    this.tunnels = this.asker === 'done' && this.answerer === 'done'
    return false
  }

  private asks(bytes: Uint8Array): void {
    if (this.asker === 'done' || this.asker === 'error') return
    if (this.version === 4) this.asksV4(bytes)
    else if (this.version === 5) this.asksV5(bytes, 0)
  }

  private asksV4(bytes: Uint8Array): void {
    this.command = byteAt(bytes, 1)
    if (this.command === CONNECT) this.port = numberAt(bytes, 2)
    byteAt(bytes, 3)
    this.asker = 'done'
  }

  private asksV5(bytes: Uint8Array, at: number): void {
    if (this.asker === 'start') {
      const methods = byteAt(bytes, at + 1)
      const open = methods === 0 || (methods === 1 && byteAt(bytes, at + 2) === METHOD_NONE)
      this.asker = open ? 'commands' : 'waits'
      const end = at + 2 + methods
      if (open && bytes.length > end) this.asksV5(bytes, end)
    } else if (this.asker === 'waits' && this.answerer === 'chose') {
      this.asker = 'commands'
      this.answerer = this.method === METHOD_PASSWORD ? 'checks-user' : 'checks-ticket'
    } else if (this.asker === 'commands') {
      this.command = byteAt(bytes, at + 1)
      const end = addressEnd(bytes, at + 3)
      if (this.command === CONNECT || this.command === UDP_ASSOCIATE) this.port = numberAt(bytes, end)
      this.asker = 'done'
    }
  }

  private answers(bytes: Uint8Array): void {
    if (this.answerer === 'done' || this.answerer === 'error') return
    if (this.version === 4) this.answerer = byteAt(bytes, 1) === GRANTED_V4 ? 'done' : 'error'
    else if (this.version === 5) this.answersV5(bytes)
  }

  private answersV5(bytes: Uint8Array): void {
    if (this.answerer === 'start') {
      this.method = byteAt(bytes, 1)
      if (this.method === METHOD_NONE) {
        this.answerer = 'obeys'
        this.asker = 'commands'
      } else {
        const known = this.method === METHOD_PASSWORD || this.method === METHOD_GSSAPI
        this.answerer = known ? 'chose' : 'error'
      }
    } else if (this.answerer === 'checks-user') {
      this.answerer = 'obeys'
    } else if (this.answerer === 'checks-ticket') {
      if (byteAt(bytes, 1) === 0xff) this.answerer = 'error'
      else if (numberAt(bytes, 2) === 0) this.answerer = 'obeys'
    } else if (this.answerer === 'obeys') {
      if (this.command === CONNECT || this.command === PING || this.command === TRACEROUTE)
        this.answerer = 'done'
      else if (this.command !== UDP_ASSOCIATE) this.answerer = 'binds'
    }
  }
}

function byteAt(bytes: Uint8Array, at: number): number {
  if (at >= bytes.length) throw new Short()
  return bytes[at]
}

function numberAt(bytes: Uint8Array, at: number): number {
  return byteAt(bytes, at) * 256 + byteAt(bytes, at + 1)
}

/** Where a SOCKS 5 address ends that begins at `at`; an unknown kind has no length. */
function addressEnd(bytes: Uint8Array, at: number): number {
  const kind = byteAt(bytes, at)
  if (kind === ADDRESS_IS_NAME) return at + 2 + byteAt(bytes, at + 1)
  return at + 1 + (ADDRESS_LENGTH[kind] ?? 0)
}
