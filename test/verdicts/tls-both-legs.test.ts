import { expect, it } from 'vitest'
import { CHANGE, clientHello, data, join, serverHello } from '../exchange/tls-words.js'
import { flowsOf, opens } from '../helpers/verdict-of.js'

const D = 'flow d 10.0.0.1:50000 > 10.0.0.2:443 ts'
const U = 'flow u 10.0.0.2:40122 > 10.0.0.3:8443 ts'
const written = (...parts: Uint8Array[]): string =>
  `'${[...join(...parts)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`
const RECORD = written(data(90))
const CLOSE_NOTIFY = written(data(19))
const shaken = (flow: string): string => `${flow} > P. ${written(clientHello('a.example', ['http/1.1']))}
  ${flow} < P. ${written(serverHello(0x0304), CHANGE, data(1200))}
  ${flow} > P. ${written(CHANGE, data(53))}`
const UP = `u > P. ${CLOSE_NOTIFY}\n u > F.\n u < F.\n u > .`
const DOWN = `d < P. ${CLOSE_NOTIFY}\n d < F.\n d > F.\n d < .`

/** A request inside TLS, the leg behind it, inside TLS, too, an answer, and then `end`. */
const ladder = (end: string): string => `${D}\n${U}
  ${opens('d')}
  ${shaken('d')}
  d > P. ${RECORD}
  ${opens('u', '+0.0002')}
  ${shaken('u')}
  u > P. ${RECORD}
  u < .
  +0.02 u < P. ${RECORD}
  u > .
  +0.0001 d < P. ${RECORD}
  d > .
  ${end}`

it('two legs that nobody can read, closed by the proxy in one moment after one silence: a read timeout, perhaps', async () => {
  const { d, u } = await flowsOf(ladder(`+30 ${UP}\n +0.0001 ${DOWN}`))
  for (const flow of [d, u]) {
    expect(flow?.verdict).toMatchObject({ class: 'idle-timeout', certainty: 'possible' })
    expect(flow?.verdict.remarks.join('\n')).toMatch(/in the middle of a response or a tunnel looks the same/)
  }
})

it('near miss: after other silences', async () => {
  const { d, u } = await flowsOf(ladder(`+30 ${UP}\n +15 ${DOWN}`))
  for (const flow of [d, u]) {
    expect(flow?.verdict).toMatchObject({ class: 'idle-timeout', certainty: 'likely' })
    expect(flow?.verdict.remarks.join('\n')).not.toMatch(/looks the same as two idle timers/)
  }
})
