import { describe, expect, it } from 'vitest'
import { dialogue, type Dialogue } from './dialogue.js'

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const END = 1
const END_HEADERS = 4
/** :method GET, :path /a as a literal, :authority h. */
const GET_A = '\x82\x04\x02/a\x41\x01h'
const POST_ROOT = '\x83\x84'
const STATUS_200 = '\x88'

/** A frame as text. */
function frame(type: number, flags: number, stream: number, body = ''): string {
  const head = [body.length >> 16, body.length >> 8, body.length, type, flags, 0, 0, stream >> 8, stream]
  return String.fromCharCode(...head.map((byte) => byte & 255)) + body
}

const data = (stream: number, body: string, flags = 0) => frame(0, flags, stream, body)
const headers = (stream: number, block: string, flags = 0) => frame(1, END_HEADERS | flags, stream, block)
const reset = (stream: number) => frame(3, 0, stream, '\0\0\0\x08')
const settings = frame(4, 0, 0, '\0\x03\0\0\0\x64')
const ping = frame(6, 0, 0, '12345678')
const goAway = (last: number) => frame(7, 0, 0, '\0\0\0' + String.fromCharCode(last) + '\0\0\0\x02bye')

function told({ exchanges }: Dialogue): string[] {
  return exchanges.map(
    (e) => `${e.method} ${e.target} ${e.requestComplete} -> ${e.status} ${e.responseComplete}`,
  )
}

describe('HTTP/2 with prior knowledge', () => {
  it('makes an exchange of each stream', () => {
    const talk = dialogue().client(PREFACE + settings + headers(1, GET_A, END) + headers(3, POST_ROOT))
    talk.server(settings + headers(3, STATUS_200) + headers(1, '\x8d', END)).client(data(3, 'hello', END))
    expect(talk.heard).toMatchObject({ protocol: 'http2', clientSide: 0, clientBasis: 'request', count: 2 })
    expect(told(talk)).toEqual(['GET /a true -> 404 true', 'POST / true -> 200 false'])
    expect(talk.exchanges[0]).toMatchObject({ host: 'h', version: 20, responseFraming: 'frames' })
    expect(
      talk.server(data(3, 'world')).server(headers(3, '\x40\x01a\x01b', END)).exchanges[1],
    ).toMatchObject({
      responseComplete: true,
      responseEnd: { frame: 5 },
    })
  })

  it('is recognised from the server, too, and from pieces', () => {
    const talk = dialogue()
      .server(settings)
      .client(PREFACE.slice(0, 9))
      .client(PREFACE.slice(9) + headers(1, GET_A, END))
    expect(talk.heard).toMatchObject({ protocol: 'http2', clientSide: 0, clientBasis: 'response', count: 1 })
  })

  it('passes pings, window updates and settings over', () => {
    const talk = dialogue()
      .client(PREFACE + headers(1, GET_A, END))
      .server(ping)
      .client(ping)
      .server(settings)
    expect(talk.exchange).toMatchObject({ responseStart: null, requestLast: { frame: 1 } })
    expect(talk.begins).toEqual([true, false, false, false])
  })

  it('reads a status in Huffman code, and an interim one', () => {
    const talk = dialogue()
      .client(PREFACE + headers(1, GET_A, END))
      .server(headers(1, '\x48\x03103'))
    expect(talk.exchange).toMatchObject({ continued: true, responseStart: null, status: null })
    expect(talk.server(headers(1, '\x48\x83\x6c\x0c\xff', END)).exchange.status).toBe(503)
  })

  it('names who reset a stream', () => {
    const talk = dialogue()
      .client(PREFACE + headers(1, GET_A, END))
      .server(headers(1, STATUS_200))
      .client(reset(1))
    expect(talk.exchange).toMatchObject({ reset: { side: 0, point: { frame: 3 } }, responseComplete: false })
  })

  it('sees a GOAWAY and the streams it leaves behind', () => {
    const talk = dialogue()
      .client(PREFACE + headers(1, GET_A, END) + headers(3, GET_A, END))
      .server(goAway(1))
    expect(talk.heard.goAway).toMatchObject({ side: 1, point: { frame: 2 }, lastStream: 1, errorCode: 2 })
    expect(told(talk)).toEqual(['GET /a true -> null false', 'GET /a true -> null false'])
  })

  it('skips what is missing inside a frame', () => {
    const talk = dialogue().client(PREFACE + headers(1, GET_A, END))
    talk.server(headers(1, STATUS_200) + data(1, 'x'.repeat(500), END).slice(0, 100)).serverGap(409)
    expect(told(talk)).toEqual(['GET /a true -> 200 true'])
  })

  it('says unknown after any other gap, and finds frames again', () => {
    const talk = dialogue()
      .client(PREFACE + headers(1, GET_A, END))
      .server(headers(1, STATUS_200))
      .serverGap(20)
    expect(told(talk)).toEqual(['GET /a true -> 200 null'])
    talk
      .server('??')
      .client(headers(3, GET_A, END))
      .server(headers(3, STATUS_200, END))
    expect(told(talk)).toEqual(['GET /a true -> 200 null', 'GET /a true -> 200 true'])
    expect(talk.heard.framingLost).toBe(true)
  })

  it('keeps open streams when there are very many', () => {
    const talk = dialogue().client(PREFACE)
    for (let i = 0; i < 1000; i++) {
      talk.client(headers(2 * i + 1, GET_A, END))
      if (i !== 500) talk.server(headers(2 * i + 1, STATUS_200, END))
    }
    expect(talk.heard.count).toBe(1000)
    expect(talk.exchanges).toHaveLength(200)
    expect(talk.exchanges.filter((e) => e.responseComplete === false).map((e) => e.index)).toEqual([500])
  })
})

describe('HTTP/2 by upgrade', () => {
  it('answers the request on stream 1', () => {
    const talk = dialogue().client('GET /up HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n')
    talk.server('HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n' + settings).client(PREFACE + settings)
    talk.server(headers(1, STATUS_200) + data(1, 'hello', END)).client(headers(3, GET_A, END))
    expect(told(talk)).toEqual(['GET /up true -> 200 true', 'GET /a true -> null false'])
    expect(talk.heard).toMatchObject({ protocol: 'http2', tunnel: null })
  })
})

describe('header blocks', () => {
  /** :authority www.example.com, added to the table; later it is index 62. */
  const TELLS = '\x41\x0fwww.example.com'
  const AGAIN = '\xbe'
  const block = (type: number, flags: number, stream: number, body: string) =>
    frame(type, flags, stream, body)

  it('refers to what earlier requests told', () => {
    const talk = dialogue().client(
      PREFACE + headers(1, '\x82\x84' + TELLS, END) + headers(3, '\x82\x85' + AGAIN, END),
    )
    expect(talk.exchanges.map(({ target, host }) => `${host}${target}`)).toEqual([
      'www.example.com/',
      'www.example.com/index.html',
    ])
  })

  it('is put together from continuations, padding and priority left out', () => {
    const talk = dialogue().client(
      PREFACE +
        block(1, 8 | 32 | END, 1, '\x03' + '\0\0\0\0\x10' + '\x82\x84' + TELLS.slice(0, 5) + 'pad') +
        block(9, 0, 1, TELLS.slice(5, 9)) +
        block(9, END_HEADERS, 1, TELLS.slice(9)) +
        headers(3, '\x82\x85' + AGAIN, END),
    )
    expect(talk.exchanges.map(({ method, host }) => `${method} ${host}`)).toEqual(
      Array(2).fill('GET www.example.com'),
    )
    expect(talk.exchanges[0]).toMatchObject({ requestComplete: true })
  })

  it('of a pushed response counts for the table, not for the stream', () => {
    const talk = dialogue().client(PREFACE + headers(1, GET_A, END))
    // server: nginx, promised on stream 2; then taken up by the response.
    talk.server(block(5, END_HEADERS, 1, '\0\0\0\x02' + '\x82\x84\x76\x05nginx'))
    expect(talk.exchange).toMatchObject({ status: null, responseStart: null, server: null })
    expect(talk.server(headers(1, '\x88' + AGAIN, END)).exchange).toMatchObject({
      status: 200,
      server: 'nginx',
    })
  })

  it('that was cut makes later references unknown, never wrong', () => {
    const first = headers(1, '\x82\x84' + TELLS, END)
    const talk = dialogue().client(PREFACE)
    talk.client(first, 20).client(headers(3, '\x82\x04\x02/b' + AGAIN, END))
    expect(talk.exchanges.map(({ target, host }) => `${target} ${host}`)).toEqual(['/ null', '/b null'])
  })

  it('that is missing does so, too', () => {
    const talk = dialogue()
      .client(PREFACE + headers(1, '\x82\x84' + TELLS, END))
      .clientGap(30)
    talk.client(headers(5, '\x82\x04\x02/b' + AGAIN, END))
    expect(talk.exchanges.at(-1)).toMatchObject({ method: 'GET', target: '/b', host: null })
  })

  it('tells how a gRPC call ended, in the trailers or at once', () => {
    const call = '\x83\x84\x40\x0btraceparent\x0400-1'
    const talk = dialogue().client(PREFACE + headers(1, call) + data(1, 'x', END) + headers(3, call, END))
    talk.server(headers(1, '\x88') + data(1, 'y') + headers(1, '\x40\x0bgrpc-status\x0214', END))
    talk.server(headers(3, '\x88\x7e\x017', END))
    expect(
      talk.exchanges.map(({ status, grpcStatus, requestId }) => ({ status, grpcStatus, requestId })),
    ).toEqual([
      { status: 200, grpcStatus: 14, requestId: '00-1' },
      { status: 200, grpcStatus: 7, requestId: '00-1' },
    ])
  })
})

it('a connection whose preface was not seen is not read as HTTP/2', () => {
  const talk = dialogue()
    .client(headers(5, GET_A, END))
    .server(headers(5, STATUS_200) + data(5, 'x', END))
    .client(headers(7, GET_A, END))
  expect(talk.heard).toMatchObject({ protocol: 'opaque' })
  expect(talk.exchanges.every((e) => e.method === null && e.status === null)).toBe(true)
})
