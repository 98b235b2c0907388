/** Inputs that fuzzing starts from: real captures, cut short, and conversations of every protocol that payload is read as. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { pcapFile } from '../../test/helpers/capture-bytes.js'
import { ladderPackets } from '../../test/helpers/ladder.js'
import { TUNNELS } from '../../test/helpers/tunnels.js'
import { scriptOf } from './wire.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** Bytes of a real capture that are kept: a few dozen packets. */
const SHORT = 6000

const GET = 'GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-Request-ID: 7\r\n\r\n'
const frame = (type: number, flags: number, stream: number, body: string): string =>
  String.fromCharCode(0, 0, body.length, type, flags, 0, 0, 0, stream) + body
const record = (type: number, length: number): string =>
  String.fromCharCode(type, 3, 3, length >> 8, length & 255) + '\0'.repeat(length)

type Said = readonly { readonly by: 0 | 1; readonly text: string }[]

const CONVERSATIONS: readonly Said[] = [
  [
    {
      by: 0,
      text: `POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello${GET}`,
    },
    {
      by: 1,
      text:
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nServer: nginx\r\nTransfer-Encoding: chunked\r\n\r\nb;x=1\r\n' +
        'hello world\r\n0\r\nT: x\r\n\r\nHTTP/1.1 504 Gateway Time-out\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
    },
  ],
  [
    { by: 0, text: `PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n${GET}` },
    { by: 1, text: 'HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n\x81\x05hello' },
    { by: 0, text: '\x88\x00' },
  ],
  [
    { by: 0, text: 'GET /events HTTP/1.1\r\nAccept: text/event-stream\r\n\r\n' },
    { by: 1, text: 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n' },
    { by: 1, text: 'data: 2\n\n' },
  ],
  [
    {
      by: 0,
      text: `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${frame(4, 0, 0, '')}${frame(1, 5, 1, '\x82\x84\x87\x41\x8a\xa0\xe4\x1d')}`,
    },
    {
      by: 1,
      text: frame(4, 0, 0, '') + frame(1, 4, 1, '\x88\x40\x03abc\x03def') + frame(0, 1, 1, 'x'.repeat(40)),
    },
    { by: 0, text: frame(9, 4, 3, 'x') + frame(3, 0, 3, '\0\0\0\x08') },
    { by: 1, text: frame(7, 0, 0, '\0\0\0\x03\0\0\0\0') },
  ],
  [
    { by: 0, text: record(22, 60) + record(20, 1) + record(23, 100) },
    { by: 1, text: record(22, 90) + record(23, 110) + record(21, 26) },
  ],
  [
    { by: 0, text: '\x04\x01\0\x50\x01\x02\x03\x04\0' },
    { by: 1, text: '\0\x5a\0\0\0\0\0\0' },
    { by: 0, text: GET },
  ],
]

function captureSeeds(): Uint8Array[] {
  const folders = ['captures', 'test/corpus'].map((folder) => join(root, folder))
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.(pcap|pcapng|snoop)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  )
  const short = files.sort().map((file) => new Uint8Array(readFileSync(file)).slice(0, SHORT))
  return [...short, ...tunnelSeeds(), ...short.slice(0, 2).map((bytes) => new Uint8Array(gzipSync(bytes)))]
}

/** A short connection in each way to carry IP that the decoders know. */
function tunnelSeeds(): Uint8Array[] {
  const packets = ladderPackets(
    "flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts\n0 a > S\na < S.\na > P. 'hello'\na < R.",
  )
  return TUNNELS.map(({ frame, linkType }) =>
    pcapFile(
      packets.map(({ bytes, timeNs }) => ({ timeNs, bytes: frame(bytes) })),
      { linkType },
    ),
  )
}

function payloadSeed(said: Said): Uint8Array {
  const steps = said.flatMap(({ by, text }) => {
    const parts: number[] = []
    for (let at = 0; at < text.length; at += 120) {
      const part = text.slice(at, at + 120)
      parts.push(by | (part.length << 1), ...Array.from(part, (char) => char.charCodeAt(0) & 255))
    }
    return parts
  })
  return Uint8Array.from(steps)
}

/** Seeds of a target, in an order that does not change. */
export function seedsOf(target: string): Uint8Array[] {
  if (target === 'capture') return captureSeeds()
  if (target === 'payload') return CONVERSATIONS.map(payloadSeed)
  return CONVERSATIONS.flatMap((said) => [scriptOf(said), scriptOf(said, 1), scriptOf(said, 3)])
}
