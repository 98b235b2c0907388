/** The captures of the bench: made up, the same bytes every time, and no byte of anybody's traffic in them. */
import { Random } from '../fuzz/random.js'
import { ACK, FIN, PSH, RST, SYN, Wire, type Connection } from './wire.js'

/** The captures are the same every time. */
const SEED = 0x9e3779b9

/** What a connection does, one frame at each step. */
type Script = Generator<undefined, void, void>

function connection(n: number, server: number, serverPort: number, dice: Random): Connection {
  return {
    client: 0x0a000000 + (Math.floor(n / 28_000) % 60_000) * 7 + 1 + (n % 7),
    clientPort: 32_768 + (n % 28_000),
    server,
    serverPort,
    clientSeq: dice.below(2 ** 31),
    serverSeq: dice.below(2 ** 31),
  }
}

/** Runs `total` scripts, `together` of them at a time, a frame of each in turn. */
function play(total: number, together: number, begin: (n: number) => Script): void {
  let started = 0
  const running: Script[] = []
  while (started < total || running.length > 0) {
    // One more in each round: connections do not begin all at once.
    if (started < total && running.length < together) running.push(begin(started++))
    for (let at = 0; at < running.length; at++) {
      if (running[at].next().done !== true) continue
      if (started < total) running[at] = begin(started++)
      else {
        running[at] = running[running.length - 1]
        running.pop()
        at--
      }
    }
  }
}

function* open(wire: Wire, c: Connection): Script {
  yield wire.segment(c, true, SYN) as undefined
  yield wire.segment(c, false, SYN | ACK) as undefined
  yield wire.segment(c, true, ACK) as undefined
}

function* shut(wire: Wire, c: Connection): Script {
  yield wire.segment(c, true, FIN | ACK) as undefined
  yield wire.segment(c, false, FIN | ACK) as undefined
  yield wire.segment(c, true, ACK) as undefined
}

/** A request and `segments` segments of response, an ACK for every second one; the bytes mean nothing. */
function* talk(
  wire: Wire,
  c: Connection,
  request: Uint8Array,
  response: Uint8Array,
  segments: number,
): Script {
  yield wire.segment(c, true, PSH | ACK, request) as undefined
  for (let n = 1; n <= segments; n++) {
    yield wire.segment(c, false, PSH | ACK, response) as undefined
    if (n % 2 === 0) yield wire.segment(c, true, ACK) as undefined
  }
}

function* wholeConnection(
  wire: Wire,
  c: Connection,
  request: Uint8Array,
  response: Uint8Array,
  segments: number,
): Script {
  yield* open(wire, c)
  yield* talk(wire, c, request, response, segments)
  yield* shut(wire, c)
}

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(0x80)
const SERVER = 0xac100001

/** `frames` frames in connections of 19 or 22, a thousand at a time, 50,000 frames a second. */
function connections(wire: Wire, frames: number, payload: number): void {
  const dice = new Random(SEED)
  const total = Math.max(1, Math.round(frames / 20))
  play(total, 1000, (n) =>
    wholeConnection(
      wire,
      connection(n, SERVER + (n % 7), 8080, dice),
      bytes(120),
      bytes(payload),
      n % 3 === 0 ? 10 : 8,
    ),
  )
}

/** `frames` / 8 short connections. */
function manyConnections(wire: Wire, frames: number): void {
  const dice = new Random(SEED)
  play(Math.max(1, Math.round(frames / 8)), 1000, (n) =>
    wholeConnection(wire, connection(n, SERVER + (n % 7), 8080, dice), bytes(120), bytes(200), 1),
  )
}

function oneConnection(wire: Wire, frames: number): void {
  play(1, 1, () =>
    wholeConnection(
      wire,
      connection(0, SERVER, 8080, new Random(SEED)),
      bytes(120),
      bytes(1448),
      Math.round((frames * 2) / 3),
    ),
  )
}

/** SYNs from everywhere; one in a hundred is answered, none is completed. */
function synFlood(wire: Wire, frames: number): void {
  const dice = new Random(SEED)
  while (wire.frames < frames) {
    const c = { ...connection(wire.frames, SERVER, 443, dice), client: 0x0b000000 + dice.below(2 ** 26) }
    wire.segment(c, true, SYN)
    if (wire.frames % 100 === 0) wire.segment(c, false, SYN | ACK)
  }
}

const text = (lines: readonly string[], body = ''): Uint8Array =>
  Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
const PROXY = 0xac100010
const APP = 0xac100100

/** Connections from the proxy to the apps that wait for the next request. */
class Pool {
  private readonly idle: Connection[] = []
  private opened = 0

  constructor(
    private readonly wire: Wire,
    private readonly dice: Random,
  ) {}

  *take(): Generator<undefined, Connection, void> {
    const idle = this.idle.shift()
    if (idle !== undefined) return idle
    const n = this.opened++
    const c = { ...connection(n, APP + (n % 3), 8000, this.dice), client: PROXY }
    yield* open(this.wire, c)
    return c
  }

  /** Gives a connection back, or closes it: an app serves so many requests on one and then wants a new one. */
  *give(c: Connection): Script {
    const chance = this.dice.below(400)
    if (chance > 4) this.idle.push(c)
    else if (chance > 0) {
      yield this.wire.segment(c, false, FIN | ACK) as undefined
      yield this.wire.segment(c, true, FIN | ACK) as undefined
      yield this.wire.segment(c, false, ACK) as undefined
    } else yield this.wire.segment(c, false, RST | ACK) as undefined
  }
}

function requestText(n: number): Uint8Array {
  const headers = ['Host: shop.example', `X-Request-Id: ${n.toString(16).padStart(12, '0')}`, 'Accept: */*']
  return text([`GET /products/${n % 997}?page=${n % 13} HTTP/1.1`, ...headers])
}

const RESPONSE = text(
  ['HTTP/1.1 200 OK', 'Server: made-up', 'Content-Type: application/json', 'Content-Length: 400'],
  'x'.repeat(400),
)

function* httpClient(wire: Wire, c: Connection, pool: Pool, first: number, requests: number): Script {
  yield* open(wire, c)
  for (let n = first; n < first + requests; n++) {
    const request = requestText(n)
    yield wire.segment(c, true, PSH | ACK, request) as undefined
    const app = yield* pool.take()
    yield wire.segment(app, true, PSH | ACK, request) as undefined
    yield wire.segment(app, false, PSH | ACK, RESPONSE) as undefined
    yield wire.segment(app, true, ACK) as undefined
    yield wire.segment(c, false, PSH | ACK, RESPONSE) as undefined
    yield wire.segment(c, true, ACK) as undefined
    yield* pool.give(app)
  }
  yield* shut(wire, c)
}

/** Clients keep connections for a few requests; a proxy hands them to apps over a pool. About 30 frames a client. */
function httpMix(wire: Wire, frames: number): void {
  const dice = new Random(SEED)
  const pool = new Pool(wire, dice)
  play(Math.max(1, Math.round(frames / 30)), 400, (n) =>
    httpClient(wire, connection(n, PROXY, 80, dice), pool, n * 8, 1 + (n % 7)),
  )
}

export interface BenchCapture {
  readonly name: string
  readonly title: string
  /** Frames that the bench writes; a test writes fewer. */
  readonly frames: number
  readonly write: (path: string, frames: number) => number
}

function capture(
  name: string,
  title: string,
  frames: number,
  fill: (wire: Wire, frames: number) => void,
  stepUs = 20,
  snaplen?: number,
): BenchCapture {
  const write = (path: string, wanted: number): number => {
    const wire = new Wire(path, stepUs, snaplen)
    fill(wire, wanted)
    wire.close()
    return wire.frames
  }
  return { name, title, frames, write }
}

export const BENCH_CAPTURES: readonly BenchCapture[] = [
  capture('small', '150,000 connections, small payloads', 3e6, (wire, frames) =>
    connections(wire, frames, 100),
  ),
  capture('large', '150,000 connections, full segments', 3e6, (wire, frames) =>
    connections(wire, frames, 1448),
  ),
  capture('http', 'HTTP keep-alive, proxy and pool', 3e6, httpMix),
  capture('million', '1,000,000 connections', 8e6, manyConnections),
  capture('huge', 'one connection, 96 bytes of each frame', 3e6, oneConnection, 20, 96),
  capture('synflood', 'SYN flood', 3e6, synFlood, 5),
]
