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
