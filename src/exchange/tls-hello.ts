import { latin1 } from './text-cache.js'

/** What a ClientHello or ServerHello says, as far as it was captured. */
export interface Hello {
  readonly fromClient: boolean
  /** Wire value of the version; of a ServerHello the chosen one, null where it was cut off (TLS 1.3 is named at the end). */
  readonly version: number | null
  readonly serverName: string | null
  /** Protocols by ALPN, joined by commas: of a ClientHello those offered, of a ServerHello (up to TLS 1.2) the chosen one. */
  readonly alpn: string | null
  /** The capture does not hold all of it: what is null may have been said. */
  readonly cutOff: boolean
}

const CLIENT_HELLO = 1
const SERVER_HELLO = 2
const SERVER_NAME = 0
const ALPN = 16
const SUPPORTED_VERSIONS = 43
/** What a ServerHello of TLS 1.3 says in the place of its version: 1.2. */
const LEGACY_VERSION = 0x0303

/** Reads big-endian numbers and never past the end: then `short` is set and zeros are read. */
class Cursor {
  short = false

  constructor(
    readonly bytes: Uint8Array,
    public at: number,
    readonly end: number,
  ) {}

  number(size: number): number {
    let value = 0
    for (let i = 0; i < size; i++) {
      if (this.at >= this.end) {
        this.short = true
        return 0
      }
      value = value * 256 + this.bytes[this.at++]
    }
    return value
  }

  skip(length: number): void {
    this.at += length
    if (this.at <= this.end) return
    this.short = true
    this.at = this.end
  }

  /** A cursor over the next `length` bytes, which are skipped. */
  part(length: number): Cursor {
    const part = new Cursor(this.bytes, this.at, Math.min(this.end, this.at + length))
    this.skip(length)
    return part
  }

  get more(): boolean {
    return !this.short && this.at < this.end
  }
}

/** Whether a handshake message of this type is a hello. */
export function isHello(type: number): boolean {
  return type === CLIENT_HELLO || type === SERVER_HELLO
}

/** Reads a hello from a handshake message in [at, end); null when it is none. What is cut off is left out. */
export function readHello(bytes: Uint8Array, at: number, end: number): Hello | null {
  const cursor = new Cursor(bytes, at, end)
  const type = cursor.number(1)
  if (!isHello(type)) return null
  const fromClient = type === CLIENT_HELLO
  const body = cursor.part(cursor.number(3))
  let version: number | null = body.number(2)
  body.skip(32)
  body.skip(body.number(1))
  if (fromClient) {
    body.skip(body.number(2))
    body.skip(body.number(1))
  } else body.skip(3)
  let serverName: string | null = null
  let alpn: string | null = null
  const extensions = body.part(body.number(2))
  while (extensions.more) {
    const kind = extensions.number(2)
    const extension = extensions.part(extensions.number(2))
    if (kind === SERVER_NAME && fromClient) serverName = readServerName(extension)
    else if (kind === ALPN) alpn = readProtocols(extension)
    else if (kind === SUPPORTED_VERSIONS && !fromClient && extension.more) version = extension.number(2)
  }
  const cutOff = body.short || extensions.short
  if (!fromClient && cutOff && version === LEGACY_VERSION) version = null
  return { fromClient, version, serverName, alpn, cutOff }
}

/** A version's name; null for what is none. */
export function versionName(version: number): string | null {
  if (version === 0x0304 || version >> 8 === 0x7f) return '1.3'
  if (version === 0x0300) return 'SSL 3.0'
  return version >= 0x0301 && version <= 0x0303 ? `1.${version - 0x0301}` : null
}

function readServerName(extension: Cursor): string | null {
  const names = extension.part(extension.number(2))
  while (names.more) {
    const type = names.number(1)
    const name = names.part(names.number(2))
    if (type === 0 && name.more) return latin1(name.bytes, name.at, name.end, 255)
  }
  return null
}

function readProtocols(extension: Cursor): string | null {
  const list = extension.part(extension.number(2))
  const names: string[] = []
  while (list.more && names.length < 8) {
    const name = list.part(list.number(1))
    if (name.more) names.push(latin1(name.bytes, name.at, name.end, 32))
  }
  return names.length > 0 ? names.join(',') : null
}
