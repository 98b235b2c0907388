import { describe, expect, it } from 'vitest'
import { dialogue, type Dialogue } from './dialogue.js'
import { CHANGE, clientHello, data, finished12, join, record, serverHello } from './tls-words.js'

const alert12 = record(21, new Uint8Array(26))
const close13 = data(19)

describe('TLS 1.3', () => {
  const handshake = (): Dialogue =>
    dialogue()
      .client(clientHello('a.example', ['h2', 'http/1.1']))
      .server(join(serverHello(0x0304), CHANGE, data(2000)))

  it('takes the first encrypted record of the client for its Finished', () => {
    const talk = handshake()
    expect(talk.heard.tlsEstablished).toBe(false)
    talk.client(join(CHANGE, data(53)))
    expect(talk.heard).toMatchObject({
      protocol: 'tls',
      clientSide: 0,
      clientBasis: 'tls-hello',
      tlsVersion: '1.3',
      serverName: 'a.example',
      alpn: 'h2,http/1.1',
      tlsEstablished: true,
      count: 0,
    })
  })

  it('says in which frames its parts begin', () => {
    const talk = handshake()
      .client(join(CHANGE, data(53)))
      .server(join(data(250), data(250)))
      .client(data(300))
      .server(data(900))
    expect(talk.heard.tlsFrames).toEqual({ clientHello: 1, serverHello: 2, tickets: 4, data: 5 })
  })

  it('near miss: what looked like an alert and was data began there', () => {
    const talk = handshake()
      .client(join(CHANGE, data(53)))
      .client(close13)
      .client(data(300))
    expect(talk.heard.tlsFrames).toMatchObject({ data: 4 })
  })

  it('does not take tickets for a response', () => {
    const talk = handshake()
      .client(join(CHANGE, data(53)))
      .server(join(data(250), data(250)))
    talk.client(data(300)).server(data(250))
    expect(talk.exchange).toMatchObject({
      requestStart: { frame: 5 },
      responseStart: { frame: 6 },
      requestComplete: null,
      responseComplete: null,
      responseBytes: 255,
    })
  })

  it('takes tickets for tickets when the request came first', () => {
    const talk = handshake()
      .client(join(CHANGE, data(53), data(300)))
      .server(join(data(250), data(250)))
    expect(talk.exchange.responseStart).toBeNull()
    expect(talk.server(data(900)).exchange.responseStart).toMatchObject({ frame: 5 })
  })

  it('waits for the Finished of a client that sends a certificate', () => {
    const talk = handshake().client(join(CHANGE, data(900), data(281), data(69), data(300)))
    expect(talk.exchange.requestStart).toMatchObject({ frame: 3, seq: expect.any(Number) as number })
    expect(talk.heard.count).toBe(1)
  })

  it('finds the request after a Finished that came in one record with the certificate', () => {
    const talk = handshake()
      .client(join(CHANGE, data(1400)))
      .client(data(300))
      .server(data(900))
    expect(talk.exchange).toMatchObject({ requestStart: { frame: 4 }, responseStart: { frame: 5 } })
  })

  it('takes a last small record for an alert, and not for a request', () => {
    const talk = handshake()
      .client(join(CHANGE, data(53), data(300)))
      .server(data(900))
      .client(close13)
    expect(talk.heard.count).toBe(1)
    expect(talk.heard.tlsAlerts).toMatchObject([
      { side: 0, certain: false, start: { frame: 5 }, end: { frame: 5 } },
    ])
  })

  it('takes it back when the side goes on', () => {
    const talk = handshake()
      .client(join(CHANGE, data(53), data(300)))
      .server(data(900))
      .client(close13)
    talk.client(data(300))
    expect(talk.heard.tlsAlerts).toEqual([])
    expect(talk.exchanges[1].requestStart).toMatchObject({ frame: 5 })
  })

  it('reads a ClientHello in pieces', () => {
    const hello = clientHello('b.example', [])
    const talk = dialogue()
    for (let i = 0; i < hello.length; i += 7) talk.client(hello.subarray(i, i + 7))
    expect(talk.heard).toMatchObject({ serverName: 'b.example', alpn: null, clientSide: 0 })
  })

  it('leaves out settings and pings of the HTTP/2 inside', () => {
    const talk = handshake()
      .client(join(CHANGE, data(53), data(17 + 180)))
      .server(data(17 + 40))
      .client(data(17 + 9))
    expect(talk.exchange).toMatchObject({ responseStart: null })
    expect(talk.server(data(400)).client(data(17 + 17)).heard.count).toBe(1)
  })
})

describe('TLS 1.2', () => {
  const handshake = (): Dialogue =>
    dialogue()
      .client(clientHello('a', ['http/1.1']))
      .server(serverHello(0x0303))
      .client(join(record(22, new Uint8Array(70)), CHANGE, finished12))

  it('is established when both have changed ciphers and finished', () => {
    const talk = handshake()
    expect(talk.heard).toMatchObject({ tlsVersion: '1.2', tlsEstablished: false })
    expect(talk.server(join(CHANGE, finished12)).heard).toMatchObject({ tlsEstablished: true, count: 0 })
  })

  it('takes turns of application data', () => {
    const talk = handshake().server(join(CHANGE, finished12))
    talk.client(data(100)).client(data(100)).server(data(5000)).client(data(60)).server(data(40))
    expect(talk.exchanges.map((e) => [e.requestStart?.frame, e.requestLast?.frame, e.responseBytes])).toEqual(
      [
        [5, 6, 5005],
        [8, 8, 45],
      ],
    )
  })

  it('sees the alert', () => {
    const talk = handshake()
      .server(join(CHANGE, finished12))
      .client(data(100))
      .server(data(100))
      .server(alert12)
    expect(talk.heard.tlsAlerts).toMatchObject([{ side: 1, certain: true, start: { frame: 7 } }])
    expect(talk.exchange.responseLast).toMatchObject({ frame: 6 })
  })
})

describe('HTTP/2 inside TLS', () => {
  const answered = (alpn: string[]): Dialogue =>
    dialogue()
      .client(clientHello('a.example', alpn))
      .server(join(serverHello(0x0304), CHANGE, data(2000)))
      .client(join(CHANGE, data(53), data(300)))
      .server(join(data(250), data(250)))
      .server(data(900))

  it('a record of the length of settings or a goodbye is no more of the response', () => {
    const { frame } = answered(['h2']).exchange.responseLast!
    expect(answered(['h2']).server(data(26)).exchange.responseLast).toMatchObject({ frame })
    expect(answered(['h2']).server(data(34)).exchange.responseLast).toMatchObject({ frame })
  })

  it('near miss: a longer one is, and any is where HTTP/2 was not offered', () => {
    const { frame } = answered(['h2']).exchange.responseLast!
    expect(answered(['h2']).server(data(35)).exchange.responseLast).toMatchObject({ frame: frame + 1 })
    expect(answered(['http/1.1']).server(data(26)).exchange.responseLast).toMatchObject({ frame: frame + 1 })
  })
})

describe('TLS that was not seen from its beginning', () => {
  it('is recognised from any record', () => {
    const talk = dialogue().server('rest of some record').server(data(900)).client(data(100)).server(data(50))
    expect(talk.heard).toMatchObject({
      protocol: 'tls',
      clientSide: null,
      tlsEstablished: true,
      framingLost: true,
    })
    expect(talk.exchange).toMatchObject({ requestStart: { frame: 3 }, responseStart: { frame: 4 } })
  })

  it('may begin in the middle of a connection', () => {
    const talk = dialogue().server('220 mail\r\n').client('STARTTLS\r\n').server('220 go\r\n')
    talk.client(clientHello('mail', [])).server(serverHello(0x0303))
    expect(talk.heard).toMatchObject({
      protocol: 'tls',
      serverName: 'mail',
      tlsVersion: '1.2',
      framingLost: false,
    })
  })

  it('survives a gap inside a record, and finds records again after any other', () => {
    const talk = dialogue()
      .client(data(100))
      .server(data(900).subarray(0, 400))
      .serverGap(505)
      .client(data(100))
    expect(talk.heard).toMatchObject({ framingLost: false, count: 2 })
    expect(talk.serverGap(77).server('x').server(data(60)).heard).toMatchObject({
      framingLost: true,
      count: 2,
    })
    expect(talk.exchanges[1].responseStart).toMatchObject({ frame: 5 })
  })
})
