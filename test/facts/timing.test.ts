import { expect, test } from 'vitest'
import { factsOf } from '../helpers/facts-of.js'
import { get, ok, opens, post, served, status } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'
/** A handshake on a path where the server is 30 ms away from the capture point, there and back. */
const FAR = `${A}
    0.0   a > S
    0.030 a < S.
          a > .`

const H2_GET =
  "'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n\\x00\\x00\\x02\\x01\\x05\\x00\\x00\\x00\\x01\\x82\\x84'"
const GOAWAY_BYTES = '\\x00\\x00\\x08\\x07\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x01\\x00\\x00\\x00\\x00'
const GOAWAY = `'${GOAWAY_BYTES}'`

interface Times {
  readonly name: string
  readonly ladder: string
  /** Silence and gap on the closer's clock, in milliseconds. */
  readonly silence: number
  readonly gap: number
}

const cases: readonly Times[] = [
  {
    name: 'the closer spoke last: both are the same',
    ladder: `${A}
      ${served('a')}
      6.0 a < F.`,
    silence: 5998.7,
    gap: 5998.7,
  },
  {
    name: 'the other spoke last: the server’s clock starts when the request arrived',
    ladder: `${FAR}
      1.0   a > P. ${get()}
      1.030 a < .
      61.030 a < F.`,
    silence: 60030,
    gap: 60000,
  },
  {
    name: 'an ACK delayed by 40 ms does not shift it',
    ladder: `${FAR}
      1.0   a > P. ${get()}
      1.070 a < .
      61.030 a < F.`,
    silence: 60030,
    gap: 60000,
  },
  {
    name: 'an ACK sooner than the round trip does',
    ladder: `${FAR}
      1.0   a > P. ${get()}
      1.010 a < .
      61.010 a < F.`,
    silence: 60010,
    gap: 60000,
  },
  {
    name: 'without a handshake an ACK within 40 ms tells',
    ladder: `${A}
      0.5   a > .
      1.0   a > P. ${get()}
      1.030 a < .
      61.030 a < F.`,
    silence: 60030,
    gap: 60000,
  },
  {
    name: 'a close that crossed the first request on its way: the closer had waited since the handshake',
    ladder: `${FAR}
      1.0   a > P. ${get()}
      1.001 a < F. unseen`,
    silence: 1,
    gap: 970.9,
  },
  {
    name: 'and a later one does not',
    ladder: `${A}
      0.5   a > .
      1.0   a > P. ${get()}
      1.050 a < .
      61.0  a < F.`,
    silence: 60000,
    gap: 60000,
  },
  {
    name: 'the client’s clock is near the capture point',
    ladder: `${FAR}
      1.0   a > P. ${get()}
      1.030 a < P. ${ok()}
            a > .
      6.030 a > F.`,
    silence: 5000,
    gap: 4999.9,
  },
  {
    name: 'no payload: from the handshake, as the server got it',
    ladder: `${FAR}
      60.0601 a < F.`,
    silence: 60030,
    gap: 60000,
  },
  {
    name: 'a retransmission is no payload',
    ladder: `${A}
      ${served('a')}
      3.0 a < P. again
      3.1 a > .
      6.0 a < F.`,
    silence: 5998.7,
    gap: 5998.7,
  },
  {
    name: 'a keep-alive probe is no payload, with a byte or without',
    ladder: `${A}
      ${served('a')}
      3.0 a > . probe
          a < .
      4.0 a > . 'x' probe
          a < .
      6.0 a < F.`,
    silence: 5998.7,
    gap: 5998.7,
  },
  {
    name: 'payload in the FIN segment does not end the silence before it',
    ladder: `${A}
      ${served('a')}
      2.0 a > P. ${get('/2')}
          a < .
      6.0 a < F. 'HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n'`,
    silence: 0,
    gap: 0,
  },
  {
    name: 'a goodbye does not end it',
    ladder: `${A}
      ${opens('a')}
      1.0 a > P. ${post('/', 500, 100)}
          a < .
      13.0 a < P. ${status(408)}
          a < F.`,
    silence: 12000.1,
    gap: 12000,
  },
  {
    name: 'a TLS alert of the closer does not end it either',
    ladder: `${A}
      ${opens('a')}
      1.0 a > P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
          a < P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
          a > .
      66.0001 a < P. '\\x15\\x03\\x03\\x00\\x02\\x01\\x00'
          a < F.`,
    silence: 65000.1,
    gap: 65000.1,
  },
  {
    name: 'a TLS alert in the segment of the last data: the silence begins there',
    ladder: `${A}
      ${opens('a')}
      1.0 a > P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
          a < P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
          a > .
      66.0 a > P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
      66.1 a < P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}\\x15\\x03\\x03\\x00\\x02\\x01\\x00'
      66.12 a < F.`,
    silence: 20,
    gap: 20,
  },
  {
    name: 'a TLS alert after data that answers no request seen: the silence begins with that data',
    ladder: `${A}
      1.0 a < P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
          a > .
      3.0 a < P. '\\x17\\x03\\x03\\x00\\x50${'q'.repeat(80)}'
          a > .
      8.0 a < P. '\\x15\\x03\\x03\\x00\\x02\\x01\\x00'
      8.01 a < F.`,
    silence: 5010,
    gap: 5010,
  },
  {
    name: 'an HTTP/2 GOAWAY in the moment of the close does not end it',
    ladder: `${A}
      ${opens('a')}
      1.0 a > P. ${H2_GET}
          a < P. '\\x00\\x00\\x01\\x01\\x05\\x00\\x00\\x00\\x01\\x88'
          a > .
      7.0001 a < P. ${GOAWAY}
          a < F.`,
    silence: 6000.1,
    gap: 6000.1,
  },
  {
    name: 'near miss: an HTTP/2 GOAWAY in the segment of the last answer says when that came',
    ladder: `${A}
      ${opens('a')}
      1.0 a > P. ${H2_GET}
      3.0 a < P. '\\x00\\x00\\x01\\x01\\x05\\x00\\x00\\x00\\x01\\x88${GOAWAY_BYTES}'
      3.01 a < F.`,
    silence: 10,
    gap: 10,
  },
  {
    name: 'near miss: an HTTP/2 GOAWAY a second before the close is payload',
    ladder: `${A}
      ${opens('a')}
      1.0 a > P. ${H2_GET}
          a < P. '\\x00\\x00\\x01\\x01\\x05\\x00\\x00\\x00\\x01\\x88'
      7.0 a < P. ${GOAWAY}
      8.0 a < F.`,
    silence: 1000,
    gap: 1000,
  },
]

test.each(cases)('$name', async ({ ladder, silence, gap }) => {
  const facts = await factsOf(ladder)
  expect((facts.silenceNs ?? NaN) / 1e6).toBeCloseTo(silence, 1)
  expect((facts.timerGapNs ?? NaN) / 1e6).toBeCloseTo(gap, 1)
})

test('without a close there is no silence', async () => {
  expect(await factsOf(`${A}\n${served('a')}`)).toMatchObject({ silenceNs: null, timerGapNs: null })
})

test('the idle time before a server’s close runs from the end of its last response, whatever crossed it', async () => {
  const facts = await factsOf(`${A}
    ${served('a')}
    6.0 a > P. ${get('/2')}
    6.0013 a < F. unseen`)
  expect((facts.idleBeforeCloseNs ?? 0) / 1e6).toBeCloseTo(6000, 1)
})

test('round trips are those of the handshake, and none when a SYN was repeated', async () => {
  const rtt = async (syns: string): Promise<unknown> =>
    (await factsOf(`${A}\n${syns}\n +0.030 a < S.\n +0.002 a > .`)).rttNs
  expect(await rtt('0.0 a > S')).toEqual({ server: 30e6, client: 2e6 })
  expect(await rtt('0.0 a > S\n 1.0 a > S again')).toEqual({ server: null, client: null })
})
