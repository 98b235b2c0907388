import { describe, expect, it } from 'vitest'
import { dialogue, told } from './dialogue.js'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const GET_B = 'GET /b HTTP/1.1\r\nHost: a\r\n\r\n'
const OK = 'HTTP/1.1 200 OK\r\n'
const EMPTY = OK + 'Content-Length: 0\r\n\r\n'
const CHUNKED = OK + 'Transfer-Encoding: chunked\r\n\r\n'

describe('bytes that are missing', () => {
  it('does not matter inside a body of known length', () => {
    const talk = dialogue()
      .client(GET)
      .server(OK + 'Content-Length: 10\r\n\r\nab')
      .serverGap(6)
      .server('ij')
    expect(told(talk.heard)).toEqual(['GET / whole -> 200 length whole'])
    expect(talk.heard.framingLost).toBe(false)
  })

  it('does not matter inside a chunk', () => {
    const talk = dialogue()
      .client(GET)
      .server(CHUNKED + 'a\r\nab')
      .serverGap(6)
      .server('ij\r\n0\r\n\r\n')
    expect(told(talk.heard)).toEqual(['GET / whole -> 200 chunked whole'])
  })

  it('completes a response whose last bytes were acknowledged and not captured', () => {
    const talk = dialogue()
      .client(GET)
      .server(OK + 'Content-Length: 10\r\n\r\nab')
      .serverGap(8)
    expect(told(talk.heard)).toEqual(['GET / whole -> 200 length whole'])
    expect(talk.exchange.responseEnd).toMatchObject({ frame: 2, seq: 5000 + 39 + 10 })
  })

  it('loses the framing when the end of the body is missing too', () => {
    const talk = dialogue()
      .client(GET)
      .server(OK + 'Content-Length: 10\r\n\r\nab')
      .serverGap(9)
      .server('xyz')
    expect(told(talk.heard)).toEqual(['GET / whole -> 200 length unknown'])
    expect(talk.heard.framingLost).toBe(true)
  })

  it('finds the next response again, and knows that the one before it has ended', () => {
    const talk = dialogue()
      .client(GET)
      .server(OK + 'Content-Length: 10\r\n\r\nab')
      .serverGap(9)
    talk.client(GET_B).server('rest').server(EMPTY)
    expect(told(talk.heard)).toEqual(['GET / whole -> 200 length whole', 'GET /b whole -> 200 length whole'])
  })

  it('leaves open how a missing response ended', () => {
    const talk = dialogue().client(GET).serverGap(300).client(GET_B).server(EMPTY)
    expect(told(talk.heard)).toEqual(['GET / whole -> ? unknown unknown', 'GET /b whole -> 200 length whole'])
  })

  it('takes what follows a missing head for the rest of that response', () => {
    const talk = dialogue().client(GET).serverGap(300).server('body')
    expect(talk.exchange).toMatchObject({ responseBytes: 4, responseStart: null, responseComplete: null })
  })

  it('takes a response for the final one when only an interim one can be missing', () => {
    const talk = dialogue().client(GET).serverGap(25).server(EMPTY)
    expect(told(talk.heard)).toEqual(['GET / whole -> 200 length whole'])
  })

  it('gives a response without a request to a missing one', () => {
    const talk = dialogue().client(GET).server(EMPTY).clientGap(200).server(EMPTY)
    expect(told(talk.heard)).toEqual(['GET / whole -> 200 length whole', '? ? unknown -> 200 length whole'])
    expect(talk.heard.orphans).toEqual([])
  })

  it('takes one missing byte between messages for a FIN', () => {
    const talk = dialogue().client(GET).server(EMPTY).serverGap(1)
    expect(talk.heard.framingLost).toBe(false)
  })

  it('says so when a request cannot be followed', () => {
    const talk = dialogue()
      .client('POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab')
      .clientGap(9)
      .client('more')
    expect(told(talk.heard)).toEqual(['POST / unknown -> nothing'])
    expect(told(talk.server(EMPTY).client(GET).heard)).toEqual([
      'POST / whole -> 200 length whole',
      'GET / whole -> nothing',
    ])
  })
})

describe('payload cut by the snaplen', () => {
  it('reads the first lines and leaves the ends open', () => {
    const talk = dialogue()
      .client(GET, 20)
      .server(OK + 'Content-Length: 2\r\n\r\nok', 20)
    expect(told(talk.heard)).toEqual(['GET / unknown -> 200 unknown unknown'])
  })

  it('keeps what was captured of a target, and says that it is cut', () => {
    const talk = dialogue().client('GET /a/long/path?and=more HTTP/1.1\r\n\r\n', 12)
    expect(told(talk.heard)).toEqual(['GET /a/long/… unknown -> nothing'])
  })

  it('goes on by arithmetic where only a body was cut', () => {
    const talk = dialogue()
      .client(GET)
      .server(OK + 'Content-Length: 9\r\n\r\n123456789', 40)
    talk.client(GET_B).server(EMPTY)
    expect(told(talk.heard)).toEqual(['GET / whole -> 200 length whole', 'GET /b whole -> 200 length whole'])
  })

  it('finds the next request and the next response', () => {
    const talk = dialogue().client(GET, 20).server(EMPTY, 20).client(GET_B, 20).server(EMPTY, 20)
    expect(told(talk.heard)).toEqual([
      'GET / whole -> 200 unknown whole',
      'GET /b unknown -> 200 unknown unknown',
    ])
  })

  it('finds chunks again at the beginning of a segment', () => {
    const cut = () => dialogue().client(GET, 20).server(CHUNKED, 20)
    expect(told(cut().server('5\r\nhello\r\n', 6).heard)).toEqual(['GET / unknown -> 200 chunked part'])
    expect(told(cut().server('5\r\nhello\r\n', 6).server('0\r\n\r\n').heard)).toEqual([
      'GET / unknown -> 200 chunked whole',
    ])
    expect(told(cut().server('50\r\nhello\r\n', 6).heard)).toEqual(['GET / unknown -> 200 unknown unknown'])
  })

  it('takes turns when nothing at all was captured', () => {
    const talk = dialogue().client(GET, 0).server(EMPTY, 0).client(GET_B, 0)
    expect(talk.heard).toMatchObject({ protocol: 'opaque', count: 2, clientSide: null })
    expect(talk.begins).toEqual([true, true, true])
  })
})

describe('a capture that began late', () => {
  it('understands nothing before a segment begins with a request', () => {
    const talk = dialogue().server('…middle of a body').client(GET).server('its last bytes').server(EMPTY)
    expect(told(talk.heard)).toEqual(['GET / whole -> 200 length whole'])
    expect(talk.heard).toMatchObject({ clientBasis: 'request', framingLost: true })
  })

  it('gives the first response to the request whose end was seen', () => {
    const talk = dialogue().client('end of an upload').server(EMPTY)
    expect(told(talk.heard)).toEqual(['? ? unknown -> 200 length whole'])
    expect(talk.heard).toMatchObject({ clientSide: 0, clientBasis: 'response' })
  })

  it('does not trip over a probe that repeats an old byte', () => {
    const talk = dialogue().client('\0').client(GET).server(EMPTY)
    expect(told(talk.heard)).toEqual(['GET / whole -> 200 length whole'])
  })
})

describe('the beginning of a connection', () => {
  it('skips a PROXY header of either version, in pieces too', () => {
    const v2 = '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c' + 'abcdabcdabcd'
    for (const header of ['PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n', v2]) {
      expect(told(dialogue().client(header + GET).heard)).toEqual(['GET / whole -> nothing'])
      const talk = dialogue().client(header.slice(0, 9)).client(header.slice(9))
      expect(talk.heard.count).toBe(0)
      expect(told(talk.client(GET).heard)).toEqual(['GET / whole -> nothing'])
      expect(talk.exchange.requestStart).toMatchObject({ frame: 3 })
    }
  })

  it('knows a request before its first line has ended', () => {
    const talk = dialogue().client('GE').client('T /slow').after(9000)
    expect(told(talk.heard)).toEqual(['GET /slow… part -> nothing'])
    expect(talk.exchange).toMatchObject({ requestStart: { frame: 1 }, requestLast: { frame: 2 } })
  })

  it('pairs a 408 with the part of a request that it complains about', () => {
    const talk = dialogue()
      .client('GET / HT')
      .server('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n')
    expect(talk.exchange).toMatchObject({ requestComplete: false, status: 408, requestStart: { frame: 1 } })
    expect(talk.heard.orphans).toEqual([])
  })

  it('takes turns of an unknown protocol', () => {
    const talk = dialogue().client('\x01\x02').client('\x03').server('\x04').server('\x05').client('\x06')
    expect(talk.heard).toMatchObject({ protocol: 'opaque', clientSide: null, requestSide: 0, count: 2 })
    expect(talk.exchanges[0]).toMatchObject({
      requestStart: { frame: 1 },
      requestLast: { frame: 2 },
      requestComplete: null,
      responseStart: { frame: 3 },
      responseLast: { frame: 4 },
      responseBytes: 2,
      responseComplete: null,
    })
    expect(talk.begins).toEqual([true, false, true, false, true])
  })

  it('does not count a greeting as an exchange', () => {
    const talk = dialogue().server('220 mail ESMTP\r\n').client('EHLO me\r\n').server('250 ok\r\n')
    expect(talk.heard).toMatchObject({ protocol: 'opaque', count: 1 })
  })
})
