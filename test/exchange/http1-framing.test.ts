import { describe, expect, it } from 'vitest'
import { dialogue, Dialogue, told } from './dialogue.js'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const OK = 'HTTP/1.1 200 OK\r\n'

describe('the end of a response', () => {
  const cases: [name: string, request: string, response: string, expected: string][] = [
    ['length', GET, OK + 'Content-Length: 5\r\n\r\nhello', 'GET / whole -> 200 length whole'],
    ['short of its length', GET, OK + 'Content-Length: 5\r\n\r\nhell', 'GET / whole -> 200 length part'],
    ['length 0', GET, OK + 'Content-Length: 0\r\n\r\n', 'GET / whole -> 200 length whole'],
    ['chunks', GET, OK + 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', 'GET / whole -> 200 chunked whole'],
    ['no last chunk', GET, OK + 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n', 'GET / whole -> 200 chunked part'],
    ['last chunk, no empty line', GET, OK + 'Transfer-Encoding: chunked\r\n\r\n0\r\n', 'GET / whole -> 200 chunked part'],
    ['trailers', GET, OK + 'transfer-encoding: gzip, Chunked\r\n\r\n1;x=y\r\nh\r\n0\r\nA: b\r\n\r\n', 'GET / whole -> 200 chunked whole'],
    ['padded chunk size', GET, OK + 'Transfer-Encoding: chunked\r\n\r\n1  \r\nh\r\n0\r\n\r\n', 'GET / whole -> 200 chunked whole'],
    ['until the close', GET, OK + '\r\nhello', 'GET / whole -> 200 close part'],
    ['HEAD', GET.replace('GET', 'HEAD'), OK + 'Content-Length: 5\r\n\r\n', 'HEAD / whole -> 200 none whole'],
    ['204', GET, 'HTTP/1.1 204 No Content\r\n\r\n', 'GET / whole -> 204 none whole'],
    ['304', GET, 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n', 'GET / whole -> 304 none whole'],
    ['no reason', GET, 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', 'GET / whole -> 200 length whole'],
    ['equal lengths twice', GET, OK + 'Content-Length: 1\r\nContent-Length: 1\r\n\r\nx', 'GET / whole -> 200 length whole'],
    ['two lengths', GET, OK + 'Content-Length: 1\r\nContent-Length: 2\r\n\r\nx', 'GET / whole -> 200 unknown unknown'],
    ['length and chunks', GET, OK + 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx', 'GET / whole -> 200 unknown unknown'],
    ['chunked not last', GET, OK + 'Transfer-Encoding: chunked, gzip\r\n\r\nx', 'GET / whole -> 200 unknown unknown'],
    ['chunked in HTTP/1.0', GET, 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 'GET / whole -> 200 unknown unknown'],
    ['a length that is none', GET, OK + 'Content-Length: 1e9\r\n\r\nx', 'GET / whole -> 200 unknown unknown'],
    ['a negative length', GET, OK + 'Content-Length: -1\r\n\r\nx', 'GET / whole -> 200 unknown unknown'],
    ['a length beyond counting', GET, OK + 'Content-Length: 99999999999999999999\r\n\r\nx', 'GET / whole -> 200 unknown unknown'],
    ['a blank before the colon', GET, OK + 'Content-Length : 1\r\n\r\nx', 'GET / whole -> 200 unknown unknown'],
    ['a folded line', GET, OK + 'A: b\r\n Content-Length: 1\r\n\r\nx', 'GET / whole -> 200 unknown unknown'],
    ['a bare CR', GET, OK + 'A: b\rContent-Length: 1\r\n\r\nx', 'GET / whole -> 200 unknown unknown'],
    ['a chunk size that is none', GET, OK + 'Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello', 'GET / whole -> 200 chunked unknown'],
    ['a chunk size beyond counting', GET, OK + 'Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n', 'GET / whole -> 200 chunked unknown'],
    ['a chunk line ended by LF', GET, OK + 'Transfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n', 'GET / whole -> 200 chunked unknown'],
  ] // prettier-ignore
  it.each(cases)('%s', (_name, request, response, expected) => {
    expect(told(dialogue().client(request).server(response).heard)).toEqual([expected])
  })
})

describe('the end of a request', () => {
  const post = (fields: string, body: string) => `POST /x HTTP/1.1\r\nHost: a\r\n${fields}\r\n${body}`
  const cases: [name: string, request: string, expected: string][] = [
    ['no body', post('', ''), 'POST /x whole -> nothing'],
    ['length', post('Content-Length: 3\r\n', 'abc'), 'POST /x whole -> nothing'],
    ['short', post('Content-Length: 3\r\n', 'ab'), 'POST /x part -> nothing'],
    ['chunks', post('Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n0\r\n\r\n'), 'POST /x whole -> nothing'],
    ['chunks, not the last', post('Transfer-Encoding: chunked\r\n', '3\r\nabc\r\n'), 'POST /x part -> nothing'],
    ['two codings', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n', ''), 'POST /x unknown -> nothing'],
    ['a coding that is none', post('Transfer-Encoding: xchunked\r\n', ''), 'POST /x unknown -> nothing'],
    ['lines end with LF', 'POST /x HTTP/1.1\nContent-Length: 1\n\na', 'POST /x whole -> nothing'],
  ] // prettier-ignore
  it.each(cases)('%s', (_name, request, expected) => {
    expect(told(dialogue().client(request).heard)).toEqual([expected])
  })
})

describe('one connection, many exchanges', () => {
  it('keeps requests and responses in order', () => {
    const talk = dialogue()
    for (const name of ['a', 'b', 'c']) {
      talk.client(`GET /${name} HTTP/1.1\r\n\r\n`).server(OK + 'Content-Length: 1\r\n\r\nx')
    }
    expect(talk.exchanges.map((e) => e.target)).toEqual(['/a', '/b', '/c'])
    expect(talk.exchanges.every((e) => e.responseComplete)).toBe(true)
    expect(talk.begins).toEqual(Array<boolean>(6).fill(true))
  })

  it('pairs pipelined requests, several in a segment, with responses in one segment', () => {
    const talk = dialogue().client('GET /a HTTP/1.1\r\n\r\nHEAD /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n')
    talk.server(
      OK + 'Content-Length: 1\r\n\r\nx' + OK + 'Content-Length: 7\r\n\r\n' + 'HTTP/1.1 404 No\r\n\r\n',
    )
    expect(told(talk.heard)).toEqual([
      'GET /a whole -> 200 length whole',
      'HEAD /b whole -> 200 none whole',
      'GET /c whole -> 404 close part',
    ])
  })

  it('lets 1xx responses pass', () => {
    const talk = dialogue()
      .client('PUT /f HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n')
      .server('HTTP/1.1 100 Continue\r\n\r\n')
      .client('abc')
      .server('HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n')
    expect(told(talk.heard)).toEqual(['PUT /f whole -> 201 length whole'])
    expect(talk.exchange).toMatchObject({ continued: true, responseBytes: 43, responseStart: { frame: 4 } })
  })

  it('a body that was refused and is not sent is not owed: the next request is the next one', () => {
    const refused = (framing = 'Content-Length: 3') =>
      dialogue()
        .client(`PUT /f HTTP/1.1\r\nExpect: 100-continue\r\n${framing}\r\n\r\n`)
        .server('HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n')
    expect(told(refused().heard)).toEqual(['PUT /f whole -> 417 length whole'])
    expect(told(refused('Transfer-Encoding: chunked').heard)).toEqual(['PUT /f whole -> 417 length whole'])
    expect(told(refused('Transfer-Encoding: chunked').client(GET).heard)).toHaveLength(2)
    expect(told(refused().client('ab').heard)).toEqual(['PUT /f part -> 417 length whole'])
    const chunks = refused('Transfer-Encoding: chunked').client('2\r\nab\r\n')
    expect(told(chunks.heard)).toEqual(['PUT /f part -> 417 length whole'])
    expect(told(chunks.client('0\r\n\r\n').heard)).toEqual(['PUT /f whole -> 417 length whole'])
    expect(told(refused().client(GET).heard)).toEqual([
      'PUT /f whole -> 417 length whole',
      'GET / whole -> nothing',
    ])
    expect(told(refused().client('abc').heard)).toEqual(['PUT /f whole -> 417 length whole'])
  })

  it('skips empty lines between requests', () => {
    const talk = dialogue()
      .client(GET + '\r\n')
      .server(OK + 'Content-Length: 0\r\n\r\n')
      .client('\r\n')
    expect(told(talk.heard)).toEqual(['GET / whole -> 200 length whole'])
    expect(talk.heard.framingLost).toBe(false)
  })

  it('keeps a response that nobody asked for apart', () => {
    const talk = dialogue().server('HTTP/1.1 408 Request Time-out\r\nConnection: close\r\n\r\nslow')
    expect(talk.heard).toMatchObject({ protocol: 'http1', clientSide: 0, clientBasis: 'response', count: 0 })
    expect(talk.heard.orphans).toMatchObject([{ status: 408, start: { frame: 1, seq: 5000 } }])
  })

  it('does not take a request that crossed with a 408 for its cause', () => {
    const talk = dialogue().server('HTTP/1.1 408 Request Time-out\r\nConnection: close\r\n\r\n').client(GET)
    expect(told(talk.heard)).toEqual(['GET / whole -> nothing'])
    expect(talk.heard.orphans).toHaveLength(1)
  })

  it('gives a response to the request that was captured late', () => {
    const talk = dialogue()
      .after(10)
      .server(OK + 'Content-Length: 0\r\n\r\n')
    expect(told(talk.after(-9).client(GET).heard)).toEqual(['GET / whole -> 200 length whole'])
    expect(talk.heard.orphans).toEqual([])
  })

  it('answers an unfinished request', () => {
    const talk = dialogue().client('POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc')
    talk.server('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n')
    expect(told(talk.heard)).toEqual(['POST / part -> 413 length whole'])
  })

  it('finds the client on side 1', () => {
    const talk = new Dialogue(1).client(GET).server(OK + '\r\n')
    expect(talk.heard).toMatchObject({ clientSide: 1, requestSide: 1, clientBasis: 'request' })
  })
})

describe('tunnels', () => {
  const upgrade = 'GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'
  it('follows no further after 101', () => {
    const talk = dialogue().client(upgrade).server('HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x05hello')
    talk.client(GET).server(OK)
    expect(told(talk.heard)).toEqual(['GET /ws whole -> 101 none whole'])
    expect(talk.heard.tunnel).toMatchObject({ frame: 2, seq: 5036 })
  })

  it('follows no further after CONNECT', () => {
    const talk = dialogue()
      .client('CONNECT a:443 HTTP/1.1\r\n\r\n\x16\x03\x01')
      .server('HTTP/1.1 200 OK\r\n\r\n\x16\x03')
    expect(told(talk.client('GET').heard)).toEqual(['CONNECT a:443 whole -> 200 none whole'])
    expect(talk.heard.tunnel).toMatchObject({ frame: 2 })
  })

  it('what a client says before its CONNECT is answered is no broken request', () => {
    const talk = dialogue().client('CONNECT a:443 HTTP/1.1\r\n\r\n').client('\x16\x03\x01')
    expect(talk.heard.framingLost).toBe(false)
    expect(talk.server('HTTP/1.1 200 OK\r\n\r\n').heard).toMatchObject({
      framingLost: false,
      tunnel: { frame: 3 },
    })
  })

  it('goes on after a CONNECT that was refused', () => {
    const talk = dialogue().client('CONNECT a:443 HTTP/1.1\r\n\r\n')
    talk.server('HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n').client(GET)
    expect(told(talk.heard)).toEqual(['CONNECT a:443 whole -> 407 length whole', 'GET / whole -> nothing'])
  })
})
