/** Changes to an input that parsers are known to stumble over. */
import type { Random } from './random.js'

/** Most bytes of an input: bugs of parsers show in a few packets, and small inputs are fast. */
const LONGEST = 16_384
/** Changes in one go. */
const MOST_CHANGES = 6

/** Values at the borders of what length fields hold. */
const LYING = [
  0, 1, 2, 3, 4, 7, 8, 15, 16, 20, 28, 31, 32, 60, 127, 128, 255, 256, 1500, 32_767, 32_768, 65_535,
]
const LYING_WORDS = [0, 1, 4, 12, 16, 65_536, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff]

/** Words that steer the parsers of payload. */
const TOKENS = [
  ...[
    'GET / HTTP/1.1\r\n',
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.0 404 x\r\n',
    'Content-Length: ',
    'Transfer-Encoding: chunked\r\n',
  ],
  ...[
    'Connection: close\r\n',
    'Keep-Alive: timeout=5\r\n',
    'Expect: 100-continue\r\n',
    'Upgrade: websocket\r\n',
    '\r\n\r\n',
  ],
  ...[
    '0\r\n\r\n',
    'ffffffffffffffff\r\n',
    '-1',
    '99999999999999999999',
    'CONNECT a:1 HTTP/1.1\r\n',
    'HEAD ',
    'chunked',
  ],
  ...[
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01',
    '\x17\x03\x03\xff\xff',
    '\x15\x03\x03\0\x02',
    'PROXY TCP4 ',
  ],
  ...['\r\n\r\n\0\r\nQUIT\n', '\x04\x01', '\x05\x01\0', 'event: x\ndata: y\n\n', 'text/event-stream'],
].map((text) => Uint8Array.from(text, (char) => char.charCodeAt(0)))

type Change = (bytes: Uint8Array<ArrayBuffer>, random: Random) => Uint8Array<ArrayBuffer>

const flip: Change = (bytes, random) => {
  const at = random.below(bytes.length)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
  return bytes
}

const set: Change = (bytes, random) => {
  bytes[random.below(bytes.length)] = random.of(LYING)
  return bytes
}

const lie: Change = (bytes, random) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = random.below(2) === 0
  if (random.below(2) === 0 && bytes.length >= 4) {
    view.setUint32(random.below(bytes.length - 3), random.of(LYING_WORDS), little)
  } else if (bytes.length >= 2) view.setUint16(random.below(bytes.length - 1), random.of(LYING), little)
  return bytes
}

const cut: Change = (bytes, random) => bytes.slice(0, random.below(bytes.length + 1))

const erase: Change = (bytes, random) => {
  const from = random.below(bytes.length)
  return spliced(bytes, from, Math.min(bytes.length, from + 1 + random.below(40)), new Uint8Array(0))
}

const repeat: Change = (bytes, random) => {
  const from = random.below(bytes.length)
  const piece = bytes.slice(from, from + 1 + random.below(200))
  const at = random.below(bytes.length + 1)
  return spliced(bytes, at, at, piece)
}

const overwrite: Change = (bytes, random) => {
  const from = random.below(bytes.length)
  const piece = bytes.slice(from, from + 1 + random.below(60))
  const at = random.below(bytes.length)
  return spliced(bytes, at, Math.min(bytes.length, at + piece.length), piece)
}

const insertToken: Change = (bytes, random) => {
  const token = random.of(TOKENS)
  const at = random.below(bytes.length + 1)
  const over = random.below(2) === 0 ? token.length : 0
  return spliced(bytes, at, Math.min(bytes.length, at + over), token)
}

const CHANGES: readonly Change[] = [flip, flip, set, lie, lie, cut, erase, repeat, overwrite, insertToken]

function spliced(bytes: Uint8Array, from: number, to: number, piece: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length - (to - from) + piece.length)
  result.set(bytes.subarray(0, from))
  result.set(piece, from)
  result.set(bytes.subarray(to), from + piece.length)
  return result
}

/** A changed copy of `bytes`, now and then crossed with `other`. */
export function mutated(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let result = new Uint8Array(bytes)
  if (random.below(8) === 0) {
    const at = random.below(result.length + 1)
    result = spliced(result, at, result.length, other.subarray(random.below(other.length + 1)))
  }
  for (let n = 1 + random.below(MOST_CHANGES); n > 0 && result.length > 0; n--) {
    result = random.of(CHANGES)(result, random)
  }
  return result.length > LONGEST ? result.slice(0, LONGEST) : result
}
