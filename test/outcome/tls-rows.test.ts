import { describe, expect, it } from 'vitest'
import { tellStory } from '../../src/diagram/tell-story.js'
import type { LadderRow } from '../../src/result.js'
import { CHANGE, clientHello, data, finished12, join, record, serverHello } from '../exchange/tls-words.js'
import { clientEnds, get, opens, reportOf, verdictOf } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:443 ts'
const written = (...parts: Uint8Array[]): string =>
  `'${[...join(...parts)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`
const HELLO = `${A}
  ${opens('a')}
  a > P. ${written(clientHello('app.example', []))}
  a < .`
const HELLO_13 = `${HELLO}
  a < P. ${written(serverHello(0x0304), CHANGE, data(1200))}
  a > .`
const FINISHED_13 = `a > P. ${written(CHANGE, data(53))}
  a < P. ${written(data(250), data(250))}`
const EXCHANGE = `a > P. ${written(data(300))}
  a < P. ${written(data(900))}
  a > .`

const told = (rows: readonly LadderRow[]): unknown[] =>
  rows.flatMap(({ payloadBytes, from, tls, label, message }) =>
    payloadBytes > 0 ? [[from, tls, label, message]] : [],
  )
const labels = async (text: string): Promise<string[]> =>
  tellStory(await reportOf(text), 0).rows.flatMap((row) => (row.kind === 'arrow' ? [row.label] : []))

describe('the rows of a TLS connection', () => {
  it('are handshake, data and alert, and turns of data are told by who speaks', async () => {
    const flow = await verdictOf(`${HELLO_13}
      ${FINISHED_13}
      ${EXCHANGE}
      a > P. ${written(data(19))}
      ${clientEnds('a', '+0.001')}`)
    expect(flow.tls).toEqual({ version: '1.3', serverName: 'app.example', established: true })
    expect(told(flow.ladder)).toEqual([
      ['client', 'handshake', 'ClientHello', null],
      ['server', 'handshake', 'ServerHello', null],
      ['client', 'handshake', null, null],
      ['server', 'handshake', null, null],
      ['client', 'data', 'encrypted request', 'request'],
      ['server', 'data', 'encrypted response', 'response'],
      ['client', 'alert', 'encrypted alert, by its length', null],
    ])
  })

  it('name an alert in the clear', async () => {
    const flow = await verdictOf(`${HELLO}
      a < P. ${written(record(21, Uint8Array.of(2, 40)))}
      ${clientEnds('a', '+0.001')}`)
    expect(told(flow.ladder).at(-1)).toEqual(['server', 'alert', 'fatal alert handshake_failure (40)', null])
    expect(flow.tls).toEqual({ version: null, serverName: 'app.example', established: false })
  })

  it('near miss: an alert in the segment that ends the data before it is not told for all of it', async () => {
    const flow = await verdictOf(`${HELLO_13}
      ${FINISHED_13}
      a > P. ${written(data(300))}
      a < P. ${written(data(900), data(19))}
      ${clientEnds('a', '+0.001')}`)
    expect(told(flow.ladder).at(-1)).toEqual(['server', 'data', 'encrypted response', 'response'])
  })

  it('near miss: tickets after the request are no response', async () => {
    const flow = await verdictOf(`${HELLO_13}
      a > P. ${written(CHANGE, data(53))}
      a > P. ${written(data(300))}
      a < P. ${written(data(250), data(250))}
      a < P. ${written(data(900))}`)
    expect(told(flow.ladder).slice(-3)).toEqual([
      ['client', 'data', 'encrypted request', 'request'],
      ['server', 'handshake', 'TLS tickets', null],
      ['server', 'data', 'encrypted response', 'response'],
    ])
  })

  it('near miss: the end of a handshake that comes after the first request is no data', async () => {
    const flow = await verdictOf(`${HELLO}
      a < P. ${written(serverHello(0x0303))}
      a > P. ${written(record(22, new Uint8Array(70)), CHANGE, finished12)}
      a > P. ${written(data(300))}
      a < P. ${written(CHANGE, finished12)}
      a < P. ${written(data(900))}`)
    expect(told(flow.ladder).slice(-3)).toEqual([
      ['client', 'data', 'encrypted request', 'request'],
      ['server', undefined, null, null],
      ['server', 'data', 'encrypted response', 'response'],
    ])
  })

  it('near miss: what was said in the clear before STARTTLS is not encrypted', async () => {
    const flow = await verdictOf(`${A}
      ${opens('a')}
      a < P. '220 mail.test ready\\r\\n'
      a > P. 'STARTTLS\\r\\n'
      a < P. '220 go ahead\\r\\n'
      a > P. ${written(clientHello('app.example', []))}
      a < P. ${written(serverHello(0x0304), CHANGE, data(1200))}
      ${FINISHED_13}
      ${EXCHANGE}`)
    expect(told(flow.ladder).map((row) => (row as unknown[])[1])).toEqual(
      [undefined, undefined, undefined].concat(Array(4).fill('handshake'), Array(2).fill('data')),
    )
  })

  it('near miss: of HTTP in the clear nothing is told', async () => {
    const flow = await verdictOf(`${A}\n${opens('a')}\na > P. ${get('/')}`)
    expect(flow.tls).toBeNull()
    expect(flow.ladder.every((row) => row.tls === undefined)).toBe(true)
  })
})

describe('a TLS handshake in a picture', () => {
  it('is one arrow with the version and the name that was asked for', async () => {
    expect(await labels(`${HELLO_13}\n${FINISHED_13}\n${EXCHANGE}`)).toEqual([
      'SYN · SYN-ACK · ACK',
      'TLS 1.3 handshake  app.example',
      'encrypted request',
      'encrypted response',
      'ACK',
    ])
  })

  it('of TLS 1.2 as well', async () => {
    const old = `${HELLO}
      a < P. ${written(serverHello(0x0303))}
      a > P. ${written(record(22, new Uint8Array(70)), CHANGE, finished12)}
      a < P. ${written(CHANGE, finished12)}
      ${EXCHANGE}`
    expect((await labels(old))[1]).toBe('TLS 1.2 handshake  app.example')
  })

  it('near miss: a hello that nobody answers stays what it is', async () => {
    expect(await labels(HELLO)).toEqual(['SYN · SYN-ACK · ACK', 'ClientHello', 'ACK'])
  })

  it('near miss: one that an alert broke off shows the alert, and says that it came to no end', async () => {
    const shown = await labels(`${HELLO_13}
      a > P. ${written(CHANGE, data(19))}
      ${clientEnds('a', '+0.001')}`)
    expect(shown.slice(1, 4)).toEqual([
      'TLS 1.3 handshake  app.example  not finished',
      'ACK',
      'encrypted alert, by its length',
    ])
  })

  it('near miss: a second of silence inside it stays a silence', async () => {
    const slow = tellStory(
      await reportOf(`${HELLO}
      +1.5 a < P. ${written(serverHello(0x0304), CHANGE, data(1200))}
      ${FINISHED_13}
      ${EXCHANGE}`),
      0,
    )
    expect(slow.rows.map((row) => row.kind)).toContain('silence')
  })
})
