import { describe, expect, it } from 'vitest'
import { CHANGE, clientHello, data, join, serverHello } from '../exchange/tls-words.js'
import { brief, opens, verdictOf } from '../helpers/verdict-of.js'

const A = `flow a 10.0.0.2:40122 > 10.0.0.3:5672 ts
  ${opens('a')}`

describe('a server that resets a connection without a request, as stunnel and RabbitMQ do', () => {
  it('waited for a first byte, unless it had not taken it yet', async () => {
    const flow = await verdictOf(`${A}\n +3.999 a < R.`)
    expect(brief(flow)).toBe('idle-timeout ok possible server awaiting-request')
    expect(flow.verdict.timer?.seconds).toBeCloseTo(3.999, 2)
    expect(flow.verdict.remarks.join('\n')).toMatch(/had not accepted yet/)
  })

  it('near misses: at once, by a stack that knows no such connection, or by its client', async () => {
    for (const end of ['+0.5 a < R.', '+3.999 a < R', '+3.999 a > R.'])
      expect((await verdictOf(`${A}\n ${end}`)).verdict.class).not.toBe('idle-timeout')
  })

  it('near miss: with a FIN no other reading is as good', async () => {
    const flow = await verdictOf(`${A}\n +3.999 a < F.\n a > F.\n a < .`)
    expect(brief(flow)).toBe('idle-timeout ok likely server awaiting-request')
  })
})

const written = (...parts: Uint8Array[]): string =>
  `'${[...join(...parts)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`
/** A handshake of TLS 1.3 with a client that offers these protocols. */
const shaken = (...alpn: string[]): string => `${A}
  a > P. ${written(clientHello('a.example', alpn))}
  a < P. ${written(serverHello(0x0304), CHANGE, data(1200))}
  a > P. ${written(CHANGE, data(53))}
  a < P. ${written(data(250), data(250))}
  a > .`
const SAYS = `a < P. ${written(data(150))}
  a < P. ${written(data(19))}`
const ENDS = 'a < F.\n a > F.\n a < .'

describe('inside TLS a server says something unasked, and closes', () => {
  it('in HTTP it gave up waiting for a request (408): HAProxy, Node', async () => {
    const flow = await verdictOf(`${shaken('http/1.1')}\n +3.01 ${SAYS}\n ${ENDS}`)
    expect(brief(flow)).toBe('idle-timeout ok likely server awaiting-request')
    expect(flow.close.silence).toBeCloseTo(3.01, 2)
    expect(flow.verdict.evidence[1].text).toMatch(/what cannot be read, the goodbye of the server/)
  })

  it('in another protocol it may be news', async () => {
    const flow = await verdictOf(`${shaken()}\n +3.01 ${SAYS}\n ${ENDS}`)
    expect(brief(flow)).toBe('idle-timeout ok possible server awaiting-request')
  })

  it('near misses: at once; or a greeting, and the close long after it', async () => {
    const atOnce = await verdictOf(`${shaken('http/1.1')}\n +0.05 ${SAYS}\n ${ENDS}`)
    expect(atOnce.verdict.class).toBe('clean')
    const greeted = await verdictOf(`${shaken()}\n ${SAYS.split('\n')[0]}\n a > .\n +3.01 ${ENDS}`)
    expect(greeted.verdict.evidence.some(({ text }) => text.includes('goodbye'))).toBe(false)
  })
})
