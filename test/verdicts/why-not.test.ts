import { describe, expect, it } from 'vitest'
import { clientEnds, get, opens, serverEnds, served, verdictOf } from '../helpers/verdict-of.js'

/** Why the first flow of a ladder is not of a class. */
async function whyNot(ladder: string, word: string): Promise<string> {
  const { verdict } = await verdictOf(ladder)
  const found = verdict.notThis.find((other) => other.class === word)
  if (found === undefined) throw new Error(`the verdict is ${verdict.class}`)
  return found.because
}

const FLOW = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
const orderly = `${FLOW}\n${served('a')}\n${serverEnds('a', '+0.1')}`
const refused = `${FLOW}
  0.0 a > S
  a < R.`
const idle = `${FLOW}\n${served('a')}\n${serverEnds('a', '+5.001')}`
const left = `${FLOW}\n${opens('a')}\na > P. ${get('/slow')}\na < .\n${clientEnds('a', '+3')}`
const open = `${FLOW}\n${served('a')}\nflow b 10.0.0.9:1 > 10.0.0.8:80 ts\n${served('b', '9.0')}`

describe('why not another class: what was seen of this very flow', () => {
  it.each([
    [
      'both ends closed',
      orderly,
      'half-open-zombie',
      /^both sides closed it \(frames 7 and 8\): no end was left/,
    ],
    ['the frame that closed it', orderly, 'open', /^the server closed it \(frame 7\)$/],
    ['a FIN, and no RST', orderly, 'middlebox-reset', /^a FIN \(frame 7\) ended it first, no RST$/],
    [
      'an idle time that needs no timer',
      orderly,
      'idle-timeout',
      /^the server closed \d+ ms after the last payload \(server\): so short an idle time \(under 1 s\) needs no timer$/,
    ],
    [
      'a RST that is seen, and answers the SYN',
      refused,
      'middlebox-reset',
      /^its RST \(frame 2\) answers the SYN$/,
    ],
    ['no connection to be half-open', refused, 'half-open-zombie', /^the connection was never established/],
    ['nor one with timers', refused, 'idle-timeout', /^the connection was never established$/],
    ['an answer to the SYN', refused, 'connect-timeout', /^the server answered \(frame 2\)$/],
    [
      'no close at all',
      open,
      'clean',
      /^neither side had closed it \d+\.\d+ s after its last segment, when the capture ended$/,
    ],
    ['what was owed', left, 'clean', /^the response never came to its end$/],
    ['no handshake', refused, 'clean', /^the handshake was not completed$/],
    ['a phase', left, 'shutdown', /^the client closed first$/],
  ])('%s', async (_, ladder, word, because) => {
    expect(await whyNot(ladder, word)).toMatch(because)
  })

  it('a wait that no setting and no other flow explains', async () => {
    const cut = `${FLOW}\n${opens('a')}\na > P. ${get('/slow')}\na < .\n+2.7 a < F.\na > F.\na < .`
    expect(await whyNot(cut, 'idle-timeout')).toMatch(
      /^the server closed 2\.7\d\d s after the last payload \(client\): .* no other flow shows this gap, and it was not idle between requests$/,
    )
  })

  it('what the other side did after a FIN', async () => {
    const half = `${FLOW}\n${served('a')}\n+1 a > F.\na < .\n+0.5 a < P. 'more'\na < F.\na > .`
    expect(await whyNot(half, 'half-open-zombie')).toMatch(/^both sides closed it/)
  })
})

describe('why not a class whose signs are there, too', () => {
  it('says what it would have taken', async () => {
    expect(await whyNot(idle, 'clean')).toBe(
      'its signs are there, too, but it would be the verdict only if no timer explained the moment of the close',
    )
  })

  it('no reason speaks in general of another class', async () => {
    for (const ladder of [orderly, refused, idle, left, open]) {
      const { verdict } = await verdictOf(ladder)
      expect(verdict.notThis).toHaveLength(10)
      for (const { because } of verdict.notThis) {
        expect(because).not.toMatch(/explains more|undefined|null|NaN/)
        expect(because.length).toBeGreaterThan(10)
      }
    }
  })
})
