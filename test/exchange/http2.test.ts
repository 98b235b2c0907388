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
