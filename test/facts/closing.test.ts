import { expect, test } from 'vitest'
import { factsOf } from '../helpers/facts-of.js'
import { get, ok, opens, served } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'

/** `first / second`, each `side flag frame`. */
async function closes(ladder: string): Promise<string> {
  const { close } = await factsOf(`${A}\n${ladder}`)
  const text = [close.first, close.second].map((one) =>
    one === null ? '-' : `${one.by} ${one.flag}${one.form === null ? '' : ` ${one.form}`} ${one.frame}`,
  )
  return text.join(' / ')
}

test.each([
  ['no close', served('a'), '- / -'],
  ['one FIN', `${served('a')}\n a > F.`, 'client FIN 7 / -'],
  ['FIN and FIN', `${served('a')}\n a > F.\n a < F.\n a > .`, 'client FIN 7 / server FIN 8'],
  [
    'FINs that cross: capture order',
    `${served('a')}\n a < F.\n a > F. unseen`,
    'server FIN 7 / client FIN 8',
  ],
  [
    'a FIN that acknowledges the other was sent after it, whatever the capture shows',
    `${served('a')}\n a > F. ack 42\n a < F. unseen`,
    'server FIN 8 / client FIN 7',
  ],
  [
    'FINs sent again are one event',
    `${served('a')}\n a > F.\n 0.3 a > F. again\n 0.9 a > F. again\n a < F.`,
    'client FIN 7 / server FIN 10',
  ],
  [
    'a FIN and the RSTs of the same side are one event',
    `${served('a')}\n a > F.\n a > R.\n a > R.`,
    'client FIN 7 / -',
  ],
  [
    'a storm of RSTs is one event',
    `${opens('a')}\n a > P. ${get()}\n a < P. ${ok(9000, 1000)}\n a > R.\n a < . len 1400\n a > R\n a < . len 1400\n a > R`,
    'client RST abort 6 / -',
  ],
  [
    'the second close is the other end’s',
    `${served('a')}\n a < R.\n a > F.`,
    'server RST abort 7 / client FIN 8',
  ],
  ['a RST that answers', `${served('a')}\n 9 a > P. ${get()}\n a < R`, 'server RST stateless 8 / -'],
  ['a RST that refuses', 'a > S\n a < R.', 'server RST refused 2 / -'],
  ['a RST of no known form', `${served('a')}\n a < R. win 0 no-ts`, 'server RST unknown 7 / -'],
])('%s', async (_, ladder, expected) => {
  expect(await closes(ladder)).toBe(expected)
})

test('a FIN knows what it had received and who acknowledged it', async () => {
  const { sides } = await factsOf(`${A}
    ${served('a')}
    a < F.
    a > .`)
  expect(sides.server.fin).toMatchObject({ frame: 7, repeats: 0, acked: { frame: 8 } })
  expect((sides.server.fin?.ack ?? 0) - sides.client.baseSeq).toBe(33)
})

test('an ACK of the data before it does not acknowledge the FIN', async () => {
  const { sides } = await factsOf(`${A}
    ${served('a')}
    a < F.
    a > . unseen`)
  expect(sides.server.fin?.acked).toBeNull()
})

test.each([
  ['200 ms after the request', '+0.1999', 7],
  ['later than 200 ms and three round trips', '+0.2005', null],
])('a stateless RST %s', async (_, wait, trigger) => {
  const { sides } = await factsOf(`${A}
    ${served('a')}
    9 a > P. ${get()}
    ${wait} a < R`)
  expect(sides.server.rst?.triggerFrame).toBe(trigger)
})

test('on a slow path three round trips count', async () => {
  const { sides } = await factsOf(`${A}
    0.0  a > S
    0.15 a < S.
         a > .
         a > P. ${get()}
    0.3  a < P. ${ok()}
         a > .
    9.0  a > P. ${get()}
    9.4  a < R`)
  expect(sides.server.rst?.triggerFrame).toBe(7)
})

test('a pure ACK provokes nothing', async () => {
  const { sides } = await factsOf(`${A}
    ${served('a')}
    9 a > .
    a < R`)
  expect(sides.server.rst?.triggerFrame).toBeNull()
})
