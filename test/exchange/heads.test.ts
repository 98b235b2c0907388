import { describe, expect, it } from 'vitest'
import { requestLabel, responseLabel } from '../../src/exchange/target-label.js'
import { dialogue, told } from './dialogue.js'

const EMPTY = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'

describe('what is kept of heads', () => {
  it('keeps what links and names a request', () => {
    const { exchange } = dialogue().client(
      'PATCH /v1/x?y=1 HTTP/1.0\r\nHOST:  api.example \r\nX-Request-Id: 7f\r\nTraceparent: 00-a\r\n' +
        'X-Forwarded-For: 1.2.3.4, 5.6.7.8\r\nContent-Length: 0\r\n\r\n',
    )
    expect(exchange).toMatchObject({
      method: 'PATCH',
      target: '/v1/x?y=1',
      version: 10,
      host: 'api.example',
      requestId: '7f',
      forwardedFor: '1.2.3.4, 5.6.7.8',
      requestBody: 0,
      requestCloses: true,
      lowerCaseNames: false,
    })
  })

  it('keeps what describes a response', () => {
    const response =
      'HTTP/1.1 503 Slow  Down\r\nServer: nginx/1.22\r\nVia: 1.1 lb\r\nKeep-Alive: timeout=5, max=9\r\n' +
      'Connection: Foo, CLOSE\r\nContent-Length: 3\r\n\r\nabc'
    expect(dialogue().client('GET / HTTP/1.1\r\n\r\n').server(response).exchange).toMatchObject({
      status: 503,
      reason: 'Slow  Down',
      server: 'nginx/1.22',
      via: '1.1 lb',
      keepAliveSeconds: 5,
      responseCloses: true,
      responseBody: 3,
      responseBytes: response.length,
    })
  })

  it('sees who closes', () => {
    const closes = (head: string) => dialogue().client(`GET / ${head}\r\n\r\n`).exchange.requestCloses
    expect(closes('HTTP/1.1')).toBe(false)
    expect(closes('HTTP/1.0')).toBe(true)
    expect(closes('HTTP/1.0\r\nConnection: Keep-Alive')).toBe(false)
    expect(closes('HTTP/1.1\r\nConnection: close')).toBe(true)
    expect(closes('HTTP/1.1\r\nConnection: closed')).toBe(false)
  })

  it('sees names that are all lower case', () => {
    expect(dialogue().client('GET / HTTP/1.1\r\nhost: A\r\nx-y: Z\r\n\r\n').exchange.lowerCaseNames).toBe(
      true,
    )
    expect(dialogue().client('GET / HTTP/1.1\r\nhost: a\r\nX-y: z\r\n\r\n').exchange.lowerCaseNames).toBe(
      false,
    )
  })

  it('measures the pauses of an event stream', () => {
    const talk = dialogue().client('GET /events HTTP/1.1\r\n\r\n')
    talk.server('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=x\r\n\r\n')
    talk.after(9).server('data: 1\n\n').after(99).server('data: 2\n\n').after(4).server('data: 3\n\n')
    expect(talk.exchange).toMatchObject({
      eventStream: true,
      eventPauses: { count: 3, shortestNs: 5e6, longestNs: 100e6, sample: [10e6, 100e6, 5e6] },
      responseLast: { frame: 5 },
    })
  })

  it('gives the points of a message that is spread over segments', () => {
    const talk = dialogue().client('POST / HTTP/1.1\r\nContent-Le').client('ngth: 4\r\n\r\nab').client('cd')
    expect(talk.exchange).toMatchObject({
      requestStart: { frame: 1, timeNs: 1e6, seq: 1000 },
      requestLast: { frame: 3, seq: 1041 },
      requestEnd: { frame: 3, timeNs: 3e6, seq: 1042 },
    })
    expect(talk.begins).toEqual([true, false, false])
  })
})

describe('what nobody sends', () => {
  it('keeps the beginning of a long target', () => {
    const { exchange } = dialogue().client(`GET /${'a'.repeat(10_000)} HTTP/1.1\r\n\r\n`)
    expect(exchange).toMatchObject({ requestComplete: true, targetCut: true })
    expect(exchange.target).toHaveLength(512)
  })

  it('gives up a head that does not end', () => {
    const talk = dialogue().client('GET / HTTP/1.1\r\n')
    for (let i = 0; i < 100; i++) talk.client(`X-${i}: ${'y'.repeat(1000)}\r\n`)
    expect(told(talk.heard)).toEqual(['GET / unknown -> nothing'])
  })

  it('gives up chunk extensions and trailers that do not end', () => {
    const chunked = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n'
    const extension = dialogue().client(chunked + '5;')
    const trailer = dialogue().client(chunked + '0\r\n')
    for (let i = 0; i < 100; i++) {
      extension.client('x'.repeat(1000))
      trailer.client('x'.repeat(1000))
    }
    expect(told(extension.heard)).toEqual(['POST / unknown -> nothing'])
    expect(told(trailer.heard)).toEqual(['POST / unknown -> nothing'])
  })

  it('takes a head byte by byte in linear time', () => {
    const head = `GET / HTTP/1.1\r\nX: ${'y'.repeat(60_000)}\r\n\r\n`
    const talk = dialogue()
    const started = performance.now()
    for (const byte of head) talk.client(byte)
    expect(performance.now() - started).toBeLessThan(2000)
    expect(told(talk.heard)).toEqual(['GET / whole -> nothing'])
  })

  it('keeps the first and the latest of very many exchanges', () => {
    const talk = dialogue()
    for (let i = 0; i < 1000; i++) talk.client(`GET /${i} HTTP/1.1\r\n\r\n`).server(EMPTY)
    expect(talk.heard.count).toBe(1000)
    expect(talk.exchanges.map((e) => e.index)).toEqual([
      ...Array.from({ length: 8 }, (_, i) => i),
      ...Array.from({ length: 192 }, (_, i) => 808 + i),
    ])
    expect(talk.exchanges.every((e) => e.responseComplete)).toBe(true)
  })

  it('stays in order when thousands are pipelined', () => {
    const talk = dialogue().client('GET /x HTTP/1.1\r\n\r\n'.repeat(1000))
    for (let i = 0; i < 1000; i++) talk.server(EMPTY)
    expect(talk.exchanges.every((e) => e.responseComplete)).toBe(true)
    expect(talk.heard.orphans).toEqual([])
  })

  it('keeps few responses that nobody asked for', () => {
    const talk = dialogue()
    for (let i = 0; i < 100; i++) talk.server(EMPTY)
    expect(talk.heard.orphans).toHaveLength(16)
  })
})

describe('labels', () => {
  const label = (target: string, secrets = false) =>
    requestLabel(dialogue().client(`GET ${target} HTTP/1.1\r\n\r\n`).exchange, secrets)

  it('hides queries and who logs in', () => {
    expect(label('/v1/messages?key=secret')).toBe('GET /v1/messages?…')
    expect(label('/v1/messages?key=secret', true)).toBe('GET /v1/messages?key=secret')
    expect(label('http://me:pw@host/p@th?q')).toBe('GET http://…@host/p@th?…')
    expect(label('http://me:p@w@host')).toBe('GET http://…@host')
    expect(label('me:pw@host:443')).toBe('GET …@host:443')
    expect(label('/me@host')).toBe('GET /me@host')
    expect(label('/npm/@scope/name')).toBe('GET /npm/@scope/name')
    expect(label('/goto/http://me:pw@host/x')).toBe('GET /goto/http://…@host/x')
    expect(label('//me:pw@host/x')).toBe('GET //…@host/x')
    expect(label('http:/me:pw@host')).toBe('GET http:/…@host')
    expect(label('http:\\\\me:pw@host')).toBe('GET http:\\\\…@host')
    expect(label('/a&key=secret')).toBe('GET /a&…')
    expect(label('/a%3Fkey=secret')).toBe('GET /a%…')
    expect(label('/a#b?c')).toBe('GET /a#…')
    expect(label('*')).toBe('GET *')
  })

  it('hides what has a name in a path, and what was escaped', () => {
    expect(label('/reset/token=secret/x')).toBe('GET /reset/token=…/x')
    expect(label('/a,key%3Dsecret')).toBe('GET /a,key%3D…')
    expect(label('/a%253Fkey=secret')).toBe('GET /a%…')
    expect(label('/goto/%2f%2Fme:pw%40host/x')).toBe('GET /goto/%2f…@host/x')
    expect(label('/50%25/3f/me%40host')).toBe('GET /50%25/3f/me%40host')
  })

  it.each([
    ['/bot123456:AAF3kq9Zx7Yt2LmNv8Qw1Er5Ty4/send', 'GET /bot123456:AAF3…/send'],
    ['/hooks/eyJhbGciOiJIUzI1NiJ9eyJzdWIiOiIx/x', 'GET /hooks/eyJh…/x'],
    ['/jobs/0b2f4c1e-6d1a-4b52-9c3e-8f7a6b5c4d3e', 'GET /jobs/0b2f4c1e-6d1a-4b52-9c3e-8f7a6b5c4d3e'],
    ['/blog/2026-01-21-why-connections-end-early', 'GET /blog/2026-01-21-why-connections-end-early'],
    ['/averyveryverylongwordwithoutdigits', 'GET /averyveryverylongwordwithoutdigits'],
    ['/a;jsessionid=0123', 'GET /a;…'],
  ])('hides keys in a path, no names: %s', (target, shown) => {
    expect(label(target)).toBe(shown)
    expect(label(target, true)).toBe(`GET ${target}`)
  })

  it('hides who logs in also where the target was cut before the @', () => {
    const cut = (target: string) =>
      requestLabel(dialogue().client(`GET ${target}`, target.length + 4).exchange, false)
    expect(cut('http://me:secr')).toBe('GET http://…')
    expect(cut('http://host:80')).toBe('GET http://host:80…')
    expect(cut('/v1/models/x:gener')).toBe('GET /v1/models/x:gener…')
  })

  it('cuts long targets', () => {
    expect(label('/' + 'a'.repeat(300))).toBe(`GET /${'a'.repeat(118)}…`)
    expect(requestLabel(dialogue().client('GET /abc HTTP/1.1\r\n\r\n', 6).exchange, false)).toBe('GET /a…')
  })

  it('names responses, and what is unknown', () => {
    const talk = dialogue().client('GET / HTTP/1.1\r\n\r\n').server('HTTP/1.1 504 Gateway Time-out\r\n\r\n')
    expect(responseLabel(talk.exchange)).toBe('504 Gateway Time-out')
    const { exchange } = dialogue().client('\x01\x02')
    expect([requestLabel(exchange, false), responseLabel(exchange)]).toEqual(['request', 'response'])
  })
})
