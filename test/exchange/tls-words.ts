import { latin1Bytes } from './dialogue.js'

export const CHANGE = record(20, new Uint8Array(1), 0x0303)
export const finished12 = record(22, new Uint8Array(40))
export const data = (length: number): Uint8Array => record(23, new Uint8Array(length))

export function record(type: number, body: Uint8Array, version = 0x0303): Uint8Array {
  return join(Uint8Array.of(type, version >> 8, version & 255, body.length >> 8, body.length & 255), body)
}

export function clientHello(name: string, alpn: string[]): Uint8Array {
  const host = latin1Bytes(name)
  const sni = sized(2, join(Uint8Array.of(0), sized(2, host)))
  const protocols = sized(2, join(...alpn.map((p) => sized(1, latin1Bytes(p)))))
  const extensions = sized(2, join(extension(0, sni), ...(alpn.length > 0 ? [extension(16, protocols)] : [])))
  const start = join(Uint8Array.of(3, 3), new Uint8Array(32), sized(1, new Uint8Array(32)))
  const body = join(start, sized(2, Uint8Array.of(0x13, 1)), sized(1, Uint8Array.of(0)), extensions)
  return record(22, join(Uint8Array.of(1), sized(3, body)), 0x0301)
}

export function serverHello(version: number): Uint8Array {
  const chosen = version === 0x0304 ? extension(43, Uint8Array.of(3, 4)) : new Uint8Array(0)
  const start = join(Uint8Array.of(3, 3), new Uint8Array(32), sized(1, new Uint8Array(0)))
  return record(
    22,
    join(Uint8Array.of(2), sized(3, join(start, Uint8Array.of(0x13, 1, 0), sized(2, chosen)))),
  )
}

export function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

function extension(type: number, body: Uint8Array): Uint8Array {
  return join(Uint8Array.of(type >> 8, type & 255), sized(2, body))
}

function sized(size: number, body: Uint8Array): Uint8Array {
  const prefix = Array.from({ length: size }, (_, i) => (body.length >> (8 * (size - 1 - i))) & 255)
  return join(Uint8Array.from(prefix), body)
}
