import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Dialogue, latin1Bytes } from './dialogue.js'

const SETTINGS = { seed: 20261121, numRuns: 300 }

/** A message of either side. */
interface Said {
  readonly by: 'client' | 'server'
  readonly text: string
}

const GET = 'GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n'
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'

/** Valid conversations of every protocol. */
const CONVERSATIONS: Said[][] = [
  [
    { by: 'client', text: 'POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello world' + GET },
    {
      by: 'server',
      text:
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' +
        'b;x=1\r\nhello world\r\n3\r\nabc\r\n0\r\nT: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    },
    { by: 'client', text: GET.replace('GET', 'HEAD') },
    { by: 'server', text: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n' },
    { by: 'client', text: GET },
    { by: 'server', text: 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>until the close' },
  ],
  [
    { by: 'client', text: 'PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n' + GET },
    { by: 'server', text: 'HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n\x81\x05hello' },
    { by: 'client', text: '\x88\x00GET / HTTP/1.1\r\n\r\n' },
  ],
  [
    {
      by: 'client',
      text: PREFACE + frame(4, 0, 0, '') + frame(1, 5, 1, '\x82\x84') + frame(1, 4, 3, '\x83\x84'),
    },
    { by: 'server', text: frame(4, 0, 0, '') + frame(1, 4, 1, '\x88') + frame(0, 1, 1, 'x'.repeat(40)) },
    { by: 'client', text: frame(0, 1, 3, 'y'.repeat(30)) + frame(3, 0, 3, '\0\0\0\x08') },
    { by: 'server', text: frame(7, 0, 0, '\0\0\0\x03\0\0\0\0') },
  ],
  [
    { by: 'client', text: record(23, 100) + record(23, 60) },
    { by: 'server', text: record(23, 400) + record(21, 26) },
    { by: 'client', text: record(23, 80) },
    { by: 'server', text: record(23, 30) },
  ],
]

const conversation = fc.constantFrom(...CONVERSATIONS)
const cuts = fc.array(fc.nat(), { maxLength: 12 })

describe('any split into segments', () => {
  it('gives the same exchanges', () => {
    fc.assert(
      fc.property(conversation, cuts, (said, at) => {
        expect(outline(spoken(said, at))).toEqual(outline(spoken(said, [])))
      }),
      SETTINGS,
    )
  })

  it('byte by byte, too', () => {
    for (const said of CONVERSATIONS) {
      const every = Array.from({ length: 2000 }, (_, i) => i)
      expect(outline(spoken(said, every))).toEqual(outline(spoken(said, [])))
    }
  })
})

describe('any bytes', () => {
  const segment = fc.record({
    side: fc.constantFrom(0 as const, 1 as const),
    bytes: fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(...fragments())),
    captured: fc.nat({ max: 120 }),
    gap: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 2000 }) }),
  })

  it('never throw, and leave a conversation that holds together', () => {
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 40 }), (segments) => {
        const talk = new Dialogue()
        for (const { side, bytes, captured, gap } of segments) {
          if (gap > 0) talk.lose(side, gap)
          talk.say(side, bytes, captured)
        }
        holdsTogether(talk)
      }),
      { ...SETTINGS, numRuns: 2000 },
    )
  })

  it('changed in a valid conversation do no harm either', () => {
    const change = fc.record({ at: fc.nat(), to: fc.nat({ max: 255 }), drop: fc.boolean() })
    fc.assert(
      fc.property(conversation, cuts, fc.array(change, { maxLength: 6 }), (said, at, changes) => {
        holdsTogether(
          spoken(
            said.map((part) => changed(part, changes)),
            at,
          ),
        )
      }),
      { ...SETTINGS, numRuns: 2000 },
    )
  })

  it('are not read beyond what was captured', () => {
    fc.assert(
      fc.property(conversation, cuts, fc.nat({ max: 60 }), (said, at, snaplen) => {
        const talk = spoken(said, at, snaplen)
        holdsTogether(talk)
        if (talk.heard.protocol !== 'http1') return
        for (const { status } of talk.exchanges) expect([null, 100, 101, 200]).toContain(status)
      }),
      SETTINGS,
    )
  })
})

/** Says it all, each message cut at the given offsets (modulo its length). */
function spoken(said: Said[], cutAt: number[], snaplen = Infinity): Dialogue {
  const talk = new Dialogue()
  for (const { by, text } of said) {
    if (text === '') continue
    const edges = [...new Set([0, ...cutAt.map((at) => at % text.length), text.length])].sort((a, b) => a - b)
    for (let i = 1; i < edges.length; i++) {
      const part = text.slice(edges[i - 1], edges[i])
      talk[by](part, Math.min(part.length, snaplen))
    }
  }
  return talk
}

/** All that must not depend on segments: frames and times do. */
/** What an exchange says, its points left out. */
const WORDS = [
  ...(['index', 'method', 'target', 'targetCut', 'version', 'host', 'requestId', 'forwardedFor'] as const),
  ...(['userAgent', 'requestHeadWhole', 'requestBody', 'requestCloses', 'requestSaysClose'] as const),
  ...(['lowerCaseNames', 'requestComplete', 'expectsContinue', 'continued', 'status', 'reason'] as const),
  ...(['grpcStatus', 'server', 'via', 'writer', 'keepAliveSeconds', 'responseCloses'] as const),
  ...(['responseBody', 'responseFraming', 'eventStream', 'responseComplete', 'responseBytes'] as const),
]

function outline({ heard }: Dialogue): unknown {
  const seq = (point: { seq: number } | null) => point?.seq ?? null
  return {
    ...heard,
    tunnel: seq(heard.tunnel),
    goAway: heard.goAway && { ...heard.goAway, point: seq(heard.goAway.point) },
    tlsAlerts: heard.tlsAlerts.map(({ side, start, end }) => [side, seq(start), seq(end)]),
    exchanges: heard.exchanges.map((e) => ({
      ...Object.fromEntries(WORDS.map((word) => [word, e[word]])),
      requestStart: seq(e.requestStart),
      requestLast: seq(e.requestLast),
      requestEnd: seq(e.requestEnd),
      responseStart: seq(e.responseStart),
      responseLast: seq(e.responseLast),
      responseEnd: seq(e.responseEnd),
      reset: e.reset && seq(e.reset.point),
    })),
  }
}

function holdsTogether({ heard }: Dialogue): void {
  expect(heard.exchanges.length).toBeLessThanOrEqual(200)
  expect(heard.count).toBeGreaterThanOrEqual(heard.exchanges.length)
  expect(heard.orphans.length).toBeLessThanOrEqual(16)
  expect(heard.tlsAlerts.length).toBeLessThanOrEqual(8)
  let index = -1
  for (const e of heard.exchanges) {
    expect(e.index).toBeGreaterThan(index)
    index = e.index
    expect(e.target?.length ?? 0).toBeLessThanOrEqual(512)
    if (e.requestComplete === true) expect(e.requestStart).not.toBeNull()
    if (e.responseEnd !== null) expect(e.responseComplete).toBe(true)
    if (e.responseLast !== null) expect(e.responseBytes).toBeGreaterThan(0)
  }
}

function changed({ by, text }: Said, changes: { at: number; to: number; drop: boolean }[]): Said {
  let result = text
  for (const { at, to, drop } of changes) {
    const i = at % Math.max(1, result.length)
    result = result.slice(0, i) + (drop ? '' : String.fromCharCode(to)) + result.slice(i + 1)
  }
  return { by, text: result }
}

function fragments(): Uint8Array[] {
  return CONVERSATIONS.flat()
    .map(({ text }) => text)
    .concat(
      'GET / HTTP/1.1\r\n',
      'Content-Length: 7\r\n\r\n',
      '\r\n',
      'HTTP/1.1 ',
      '0\r\n\r\n',
      'ffffffff\r\n',
      'PRI',
    )
    .map(latin1Bytes)
}

function frame(type: number, flags: number, stream: number, body: string): string {
  return String.fromCharCode(0, 0, body.length, type, flags, 0, 0, 0, stream) + body
}

function record(type: number, length: number): string {
  return String.fromCharCode(type, 3, 3, length >> 8, length & 255) + '\0'.repeat(length)
}
