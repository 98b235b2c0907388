import { describe, expect, it } from 'vitest'
import { dialogue, type Dialogue } from './dialogue.js'
import { CHANGE, clientHello, data, join, serverHello } from './tls-words.js'

/** A record of TLS 1.3 with that much plaintext. */
const plain = (length: number): Uint8Array => data(length + 17)
/** 24 preface, 9 + 12 settings, 13 window update. */
const PREFACE = plain(58)
const SETTINGS = plain(40)
const ACKNOWLEDGED = plain(9)
const GOAWAY = plain(17)
const CLOSE_NOTIFY = data(19)

const shaken = (alpn = ['h2', 'http/1.1']): Dialogue =>
  dialogue()
    .client(clientHello('a.example', alpn))
    .server(join(serverHello(0x0304), CHANGE, data(2000)))
    .client(join(CHANGE, data(53)))
    .server(join(data(250), data(250)))

describe('HTTP/2 inside TLS, opened and not used', () => {
  it('the preface is no request, whichever side opened first', () => {
    const serverLater = shaken().client(PREFACE).server(SETTINGS).server(ACKNOWLEDGED)
    const serverFirst = shaken().server(SETTINGS).client(PREFACE).server(ACKNOWLEDGED)
    for (const talk of [serverLater, serverFirst]) {
      expect(talk.heard).toMatchObject({ count: 0, exchanges: [], mayHaveAsked: true })
      expect(talk.client(ACKNOWLEDGED).heard).toMatchObject({ count: 0, mayHaveAsked: true })
    }
  })

  it('a request behind it is one', () => {
    const talk = shaken().client(PREFACE).server(SETTINGS).client(ACKNOWLEDGED).client(plain(90))
    expect(talk.heard).toMatchObject({ count: 1, mayHaveAsked: false })
    expect(talk.exchange).toMatchObject({ responseStart: null })
  })

  it('an answer shows that a request was in the first record', () => {
    const talk = shaken().client(plain(140)).server(SETTINGS).server(ACKNOWLEDGED).server(plain(900))
    expect(talk.heard).toMatchObject({ count: 1, mayHaveAsked: false })
    expect(talk.exchange).toMatchObject({ requestStart: { frame: 5 }, responseStart: { frame: 8 } })
  })

  it('an answer in the record that the server opens with shows it, too, and a GOAWAY behind it takes nothing back', () => {
    const talk = shaken().client(plain(63)).server(plain(79)).server(GOAWAY)
    expect(talk.heard).toMatchObject({ count: 1, mayHaveAsked: false })
    expect(talk.exchange).toMatchObject({ responseStart: { frame: 6 } })
  })

  it('near misses: a longer record holds a request; a server of HTTP/1 says nothing before its answer', () => {
    expect(shaken().client(plain(161)).server(SETTINGS).heard).toMatchObject({
      count: 1,
      mayHaveAsked: false,
    })
    expect(shaken().client(PREFACE).heard).toMatchObject({ count: 1, mayHaveAsked: false })
    expect(shaken(['http/1.1']).client(PREFACE).server(SETTINGS).heard).toMatchObject({ count: 1 })
    expect(shaken().client(PREFACE).server(plain(73)).heard).toMatchObject({ count: 1 })
  })
})

describe('HTTP/2 inside TLS, between messages', () => {
  const answered = (): Dialogue =>
    shaken()
      .client(join(PREFACE, plain(90)))
      .server(SETTINGS)
      .server(ACKNOWLEDGED)
      .server(plain(3000))

  it('window updates of stream and connection ask for nothing', () => {
    expect(answered().client(plain(26)).heard).toMatchObject({ count: 1, mayHaveAsked: false })
    expect(answered().client(plain(22)).heard).toMatchObject({ count: 1, mayHaveAsked: false })
  })

  it('with a ping beside them, as gRPC sends them, they may be a request or not, until the server goes on', () => {
    for (const length of [30, 34, 43, 47]) {
      const talk = answered().client(plain(length))
      expect(talk.heard).toMatchObject({ count: 1, mayHaveAsked: true })
      expect(talk.server(plain(900)).heard).toMatchObject({ count: 1, mayHaveAsked: false })
    }
    expect(answered().client(plain(46)).heard).toMatchObject({ count: 2, mayHaveAsked: false })
  })

  it('right behind an answer that came with what the server opens with, they ask for nothing either', () => {
    const talk = (): Dialogue =>
      shaken()
        .client(join(PREFACE, plain(90)))
        .server(plain(153))
    expect(talk().client(plain(26)).heard).toMatchObject({ count: 1, mayHaveAsked: false })
    expect(talk().after(1100).client(plain(26)).heard).toMatchObject({ count: 2, mayHaveAsked: false })
  })

  it('long after the data they may be a short request, until the server goes on', () => {
    const talk = answered().after(1100).client(plain(26))
    expect(talk.heard).toMatchObject({ count: 1, mayHaveAsked: true })
    expect(talk.server(plain(900)).heard).toMatchObject({ count: 1, mayHaveAsked: false })
  })

  it('near misses: no control frames are 15 or 27 long, nor 26 in HTTP/1', () => {
    expect(answered().client(plain(15)).heard.count).toBe(2)
    expect(answered().client(plain(27)).heard.count).toBe(2)
    const http1 = shaken(['http/1.1']).client(plain(90)).server(plain(3000)).client(plain(26))
    expect(http1.heard.count).toBe(2)
  })

  it('where the capture does not show what was offered, the same lengths may be a request or not', () => {
    const late = (length: number): Dialogue =>
      dialogue().client(plain(90)).server(plain(900)).client(plain(length))
    expect(late(13).heard).toMatchObject({ count: 1, mayHaveAsked: true })
    expect(late(13).server(plain(9)).heard).toMatchObject({ count: 1, mayHaveAsked: false })
    expect(late(13 + 7).heard).toMatchObject({ count: 1, mayHaveAsked: true })
    expect(late(14).heard).toMatchObject({ count: 2, mayHaveAsked: false })
    const whole = clientHello('a.example', ['h2'])
    const cut = dialogue()
      .client(whole, whole.length - 8)
      .server(join(serverHello(0x0304), CHANGE, data(2000)))
      .client(join(CHANGE, data(53), plain(90)))
      .server(plain(900))
      .client(plain(13))
    expect(cut.heard).toMatchObject({ count: 1, mayHaveAsked: true, alpn: null })
  })

  it('a goodbye is kept, and not one that comes after the other side’s alert', () => {
    const talk = answered().server(GOAWAY)
    expect(talk.heard.goAway).toMatchObject({ side: 1, point: { frame: talk.frame } })
    const { frame } = talk
    expect(talk.server(CLOSE_NOTIFY).client(GOAWAY).heard.goAway).toMatchObject({ side: 1, point: { frame } })
  })
})
