import { expect, test } from 'vitest'
import { opens, verdictOf } from '../helpers/verdict-of.js'

const A = `flow a 10.0.0.2:40122 > 10.0.0.3:5432 ts
  ${opens('a')}
  a > P. 'hello'
  a < P. 'there'`

test('a last word of an unknown protocol may want no answer, whichever side closes after it', async () => {
  const left = await verdictOf(`${A}
    +1 a > P. 'X'
       a > F.
       a < F.
       a > .`)
  expect([left.verdict.class, left.verdict.certainty]).toEqual(['clean', 'possible'])
  const told = await verdictOf(`${A}
    +1 a > P. 'exit'
       a < F.
       a > F.
       a < .`)
  expect([told.verdict.class, told.verdict.certainty]).toEqual(['clean', 'possible'])
})

test('near miss: who waited for an answer was owed one', async () => {
  const waited = await verdictOf(`${A}
    +1 a > P. 'SELECT 1'
       a < .
    +3.1 a > F.
       a < F.
       a > .`)
  expect(waited.verdict.phase).toBe('awaiting-response')
  expect(waited.verdict.class).toBe('client-abort')
})

test('a sender that acknowledges what the capture lacks has not lost its peer', async () => {
  const oneWay = await verdictOf(`flow a 10.0.0.2:40122 > 10.0.0.3:80 ts
    0.0 a < S.
    +0.1 a < P. 'HTTP/1.1 200 OK\\r\\nContent-Length: 9000\\r\\n\\r\\n' ack 400
    +0.4 a < P. again
    +1 a < P. again
    +2 a < P. again
    +4 a < P. again`)
  expect(oneWay.verdict.class).not.toBe('half-open-zombie')
})

const RECORD = (length: number): string => {
  const size = [length >> 8, length & 255].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
  return `'\\x17\\x03\\x03${size}${'q'.repeat(length)}'`
}
const ALERT = `'\\x15\\x03\\x03\\x00\\x1a${'q'.repeat(26)}'`
const TLS = `flow a 10.0.0.2:40122 > 10.0.0.3:443 ts
  0.0 a > .
      a > P. ${RECORD(300)}
      a < P. ${RECORD(900)}
      a > .`

test('an alert that answers the close of a TLS client is no more of its response', async () => {
  const left = await verdictOf(`${TLS}
    +0.2 a > P. ${ALERT}
         a > F.
         a < P. ${ALERT}
         a < F.
         a > R`)
  expect([left.verdict.class, left.close.phase]).toEqual(['clean', 'between-requests'])
})

test('near miss: a record of data after it is', async () => {
  const cut = await verdictOf(`${TLS}
    +0.2 a > P. ${ALERT}
         a > F.
         a < P. ${RECORD(900)}
         a > R`)
  expect([cut.verdict.class, cut.verdict.phase]).toEqual(['client-abort', 'mid-response'])
  expect(cut.verdict.summary).toContain('left after 905 bytes of the response to the request')
})

test('a TLS client that said goodbye is owed nothing by the server that closes in answer', async () => {
  const uploaded = await verdictOf(`${TLS}
    +0.2 a > P. ${RECORD(300)}
         a < .
         a > P. ${ALERT}
         a < P. ${ALERT}
         a < F.
         a > R`)
  expect([uploaded.verdict.class, uploaded.verdict.certainty]).toEqual(['clean', 'possible'])
})

test('a few bytes in the moment of the goodbye of a TLS server answer that', async () => {
  const left = (length: number, last: string): ReturnType<typeof verdictOf> =>
    verdictOf(`${TLS}
    +2.5 a < P. ${RECORD(24)}
    +0.005 a > P. ${RECORD(length)}
    +0.005 a < P. ${last}
         a < F.
         a > F.
         a < .`)
  expect((await left(28, ALERT)).verdict).toMatchObject({ class: 'clean', certainty: 'possible' })
  expect((await left(80, ALERT)).verdict.class).toBe('server-abort')
  expect((await left(28, RECORD(900))).verdict.class).toBe('clean')
})

test('near miss: without the goodbye the server closed while it was asked', async () => {
  const asked = await verdictOf(`${TLS}
    +0.2 a > P. ${RECORD(300)}
         a < .
         a < P. ${ALERT}
         a < F.
         a > R`)
  expect(asked.verdict.class).toBe('server-abort')
})

test.each([
  ['several segments soon after the response may be the rest of an upload', '+0.06', RECORD(300), null],
  ['near miss: after a pause they are a request', '+1.2', RECORD(300), 2],
  ['near miss: what came in one segment is a request', '+0.06', null, 2],
])('inside TLS %s', async (_name, at, more, exchanges) => {
  const flow = await verdictOf(`${TLS}
    ${at} a > P. ${RECORD(500)}
    ${more === null ? '' : `+0.06 a > P. ${more}`}
    +0.01 a < .
    +0.2 a < R.`)
  expect(flow.exchanges).toBe(exchanges)
  const { class: is, certainty, summary } = flow.verdict
  if (exchanges === null) {
    expect([is, certainty]).toEqual(['server-abort', 'possible'])
    expect(summary).toMatch(/after a response while the client was still sending/)
  } else expect(summary).not.toMatch(/still sending/)
})

test('inside TLS what comes to a server that has closed may be the rest of a request, or the next one', async () => {
  const upload = await verdictOf(`${TLS}
    +0.001 a < F.
    +0.05 a > P. ${RECORD(500)}
    a < R`)
  expect(upload.exchanges).toBe(null)
})

test('a RST of any form that acknowledges a whole TLS answer comes from a client that has it', async () => {
  const answered = `flow a 10.0.0.2:40122 > 10.0.0.3:443
  0.0 a > .
      a > P. ${RECORD(300)}
      a < P. ${RECORD(900)}
      a < P. ${ALERT}`
  const took = await verdictOf(`${answered}
    +0.05 a > R. win 0`)
  expect([took.close.first?.rstForm, took.verdict.class]).toEqual(['unknown', 'clean'])
  const knewLess = await verdictOf(`${answered}
    +0.05 a > R. win 0 unseen 2`)
  expect([knewLess.close.first?.rstForm, knewLess.verdict.class]).toEqual(['unknown', 'client-abort'])
})

test('an end client that leaves an unknown protocol on a timer loses nothing; a proxy may cut somebody off', async () => {
  const idle = (other: string): string => `flow a 10.0.0.2:40122 > 10.0.0.3:6379 ts
  flow b 10.0.0.9:40000 > ${other} ts
  ${opens('b')}
  ${opens('a')}
  a > P. 'hello'
  a < P. 'there'
  +30 a > F.
  a < F.`
  const alone = await verdictOf(idle('10.0.0.7:80'))
  const proxied = await verdictOf(idle('10.0.0.2:80'))
  expect([alone.verdict.class, alone.verdict.severity]).toEqual(['idle-timeout', 'ok'])
  expect([proxied.verdict.class, proxied.verdict.severity]).toEqual(['idle-timeout', 'problem'])
})

const ask = (message: string, wait = '+32'): string => `flow a 10.0.0.2:40122 > 10.0.0.3:5060 ts
  ${opens('a')}
  a > P. ${message}
  a < .
  ${wait} a > F.
     a < F.
     a > .`

test.each([
  ['a SIP response', "'SIP/2.0 200 OK\\r\\nCall-ID: x\\r\\n\\r\\n'"],
  ['a syslog line', "'<22>1 2021-04-18T14:51:48+04:00 host app 1 - - told'"],
  ['a syslog line with its length', "'39 <34>Oct 11 22:14:15 host su: told'"],
])('%s wants no answer, however long its sender stays', async (_, message) => {
  const { verdict } = await verdictOf(ask(message))
  expect(verdict.class).not.toBe('client-abort')
  expect(verdict.severity).toBe('ok')
})

test.each([
  ['a SIP request', "'BYE sip:a@b SIP/2.0\\r\\nCall-ID: x\\r\\n\\r\\n'"],
  ['markup', "'<html lang=en>'"],
  ['a number in brackets that is none', "'<22>'".replace('>', '')],
])('near miss: %s may', async (_, message) => {
  expect((await verdictOf(ask(message))).verdict).toMatchObject({
    class: 'client-abort',
    certainty: 'possible',
  })
})

const HELLO = `'${'160301002d010000290303'.replace(/../g, '\\x$&')}${'\\x00'.repeat(32)}${'00000200 9c0100'.replace(' ', '').replace(/../g, '\\x$&')}'`

test('a ClientHello that nobody answered is owed an answer', async () => {
  const { verdict } = await verdictOf(ask(HELLO))
  expect(verdict).toMatchObject({ class: 'client-abort', severity: 'problem' })
  expect(verdict.summary).toContain('without waiting for the response to the ClientHello')
})

test('near miss: the server said something to it, if not TLS', async () => {
  const told = ask(HELLO).replace('a < .', "a < P. '220 speak up'\n  a > .")
  const { verdict } = await verdictOf(told)
  expect(verdict.class).not.toBe('client-abort')
})
