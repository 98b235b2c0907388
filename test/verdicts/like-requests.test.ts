import { expect, test } from 'vitest'
import { flowsOf, get, ok, opens } from '../helpers/verdict-of.js'

/** Two clients ask a proxy for the same in one moment, and it asks its server twice: which is whose cannot be told. `end` follows the first bytes. */
const twoAlike = (end: string): string => `flow d 10.0.0.1:50000 > 10.0.0.2:80 ts
  flow e 10.0.0.9:50000 > 10.0.0.2:80 ts
  flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
  flow b 10.0.0.2:40124 > 10.0.0.3:8000 ts
  ${opens('d')}
  ${opens('e')}
  1.0 d > P. ${get('/drip')}
  +0.0005 e > P. ${get('/drip')}
  +0.0002 a > S
  +0.0001 b > S
  +0.001 a < S.
  a > .
  a > P. ${get('/drip')}
  b < S.
  b > .
  b > P. ${get('/drip')}
  ${['a', 'b', 'd', 'e'].map((flow) => `+0.0003 ${flow} < P. ${ok(100, 40)}\n  ${flow} > .`).join('\n  ')}
  ${end}`
const CLOSED = ['a > F.', 'd < F.', 'b > F.', 'e < F.'].map((line) => `+0.0001 ${line}`).join('\n  ')

test('a proxy that closes both legs in one moment gave up, whichever request this leg was for', async () => {
  const { a, b } = await flowsOf(twoAlike(`+3.0 d > .\n  ${CLOSED}`))
  for (const flow of [a, b]) {
    expect(flow?.links[0]?.certainty).toBe('possible')
    expect(flow?.verdict).toMatchObject({ class: 'idle-timeout', phase: 'mid-response', closer: 'client' })
  }
})

test('near miss: one of the two clients had left, and the other got its response', async () => {
  const { a } = await flowsOf(
    twoAlike(`+3.0 d > F.
  +0.0002 a > F.
  d < .
  +2 b < P. '${'y'.repeat(60)}'
  e < P. '${'y'.repeat(60)}'
  e > .`),
  )
  expect(a?.verdict.class).toBe('client-abort')
})
