import { describe, expect, it } from 'vitest'
import { CHANGE, clientHello, data, join, serverHello } from '../exchange/tls-words.js'
import { brief, opens, verdictOf } from '../helpers/verdict-of.js'

const flow = (name: string, port: number): string => `flow ${name} 10.0.0.2:${port} > 10.0.0.3:1884 ts`
const talk = (...names: string[]): string =>
  names.map((name) => `${opens(name)}\n ${name} > P. 'hello'\n ${name} < P. 'there'\n ${name} > .`).join('\n')
const closed = (wait: string, ...names: string[]): string =>
  `${wait} ${names.map((name) => `${name} < F.\n ${name} > F.\n ${name} < .`).join('\n')}`

describe('connections of an unknown protocol that a server closed after the same silence', () => {
  it('show no timer where they began together, too: a broker that stops', async () => {
    const broker = await verdictOf(`${flow('a', 40122)}\n ${flow('b', 40124)}\n ${flow('c', 40126)}
      ${talk('a', 'b', 'c')}
      ${closed('+4.08', 'a', 'b', 'c')}`)
    expect(broker.verdict.class).toBe('unclassified')
  })

  it('near miss: one more, at another moment', async () => {
    const timed =
      await verdictOf(`${flow('a', 40122)}\n ${flow('b', 40124)}\n ${flow('c', 40126)}\n ${flow('d', 40128)}
      ${talk('a', 'b', 'c')}
      ${talk('d').replace('0.0', '+1')}
      ${closed('+3.08', 'a', 'b', 'c')}
      ${closed('+1', 'd')}`)
    expect(brief(timed)).toBe('idle-timeout ok likely server tunnel')
  })
})

const written = (...parts: Uint8Array[]): string =>
  `'${[...join(...parts)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`

describe('a record of TLS that comes to a server that had closed right behind what it said', () => {
  const answered = `flow a 10.0.0.2:40122 > 10.0.0.3:443 ts
    ${opens('a')}
    a > P. ${written(clientHello('a.example', []))}
    a < P. ${written(serverHello(0x0304), CHANGE, data(1200))}
    a > P. ${written(CHANGE, data(53))}
    a > P. ${written(data(90))}
    a < P. ${written(data(88))}
    a < F.
    a > .`
  const next = (wait: string): string => `${answered}\n ${wait} a > P. ${written(data(90))}\n a < R`

  it('long after that is no rest of an upload: the client did not look', async () => {
    const late = await verdictOf(next('+7.5'))
    expect(late.verdict).toMatchObject({ class: 'keepalive-race', variant: 'stale-reuse' })
  })

  it('near miss: soon after it, it may be', async () => {
    const soon = await verdictOf(next('+0.3'))
    expect(soon.verdict).toMatchObject({ class: 'server-abort', certainty: 'possible' })
  })
})
