import { expect, test } from 'vitest'
import { brief, served, verdictOf } from '../helpers/verdict-of.js'

/** IPv6 numbers no packets. */
const A = 'flow a [fd00::2]:40122 > [fd00::3]:8000'
const LATER = 'flow z [fd00::8]:33000 > [fd00::9]:9999'
const copies = (every: string): string => `${A}
  ${LATER}
  ${served('a')}
  +1 a > P. 'GET /late HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'
  +${every} a > P. again times 3 every ${every}
  +20 z > S
  z < R.`

test('copies of an IPv6 packet, as a mirror makes them, are no retransmissions', async () => {
  const flow = await verdictOf(copies('0.00002'))
  expect(flow.verdict.class).toBe('open')
})

test('near miss: the same spaced as retransmissions are', async () => {
  const flow = await verdictOf(copies('0.3'))
  expect(brief(flow)).toBe('half-open-zombie/vanished problem certain none awaiting-response')
})
