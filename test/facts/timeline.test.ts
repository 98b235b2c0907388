import { expect, test } from 'vitest'
import { get, ok, opens, served, verdictOf } from '../helpers/verdict-of.js'

const A = 'flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts'

test('a RST names the segment that provoked it, each its own', async () => {
  const { ladder } = await verdictOf(`${A}
    ${served('a')}
    5.0 a < F.
    5.0001 a > P. ${get('/late')} unseen
    5.02 a < R
    5.03 a > F.
    5.04 a < R`)
  const [request, first, fin, second] = ladder.slice(-4)
  expect([first, second].map((row) => [row?.flags, row?.answers])).toEqual([
    ['R', request?.frame],
    ['R', fin?.frame],
  ])
})

test('a RST that carries an ACK is an abort and answers nothing', async () => {
  const { ladder } = await verdictOf(`${A}
    ${opens('a')}
    0.5 a > P. ${get('/')}
    1.0 a < R.`)
  expect(ladder.at(-1)).toMatchObject({ flags: 'R.' })
  expect(ladder.at(-1)?.answers ?? null).toBeNull()
})

test('no frame is named when none fits', async () => {
  const { ladder } = await verdictOf(`${A}
    ${opens('a')}
    0.5 a > P. ${get('/')}
    0.6 a < P. ${ok()}
    0.7 a > .
    9.0 a < R`)
  expect(ladder.at(-1)).toMatchObject({ flags: 'R' })
  expect(ladder.at(-1)?.answers ?? null).toBeNull()
})

test('copies of a segment are one row only while they follow each other within a second', async () => {
  const { ladder } = await verdictOf(`${A}
    ${opens('a')}
    0.5 a > P. ${get('/')}
    0.7 a > P. again
    1.1 a > P. again
    1.9 a > P. again
    3.5 a > P. again
    6.7 a > P. again`)
  const copies = ladder.filter((row) => row.marks.includes('retransmission'))
  expect(copies.map((row) => [row.segments, Math.round(row.time * 10) / 10])).toEqual([
    [3, 0.7],
    [1, 3.5],
    [1, 6.7],
  ])
})

test('says at which end the capture was taken, where the direction of packets tells', async () => {
  const ladder = `${A}\n${served('a')}`
  const at = async (local: string) =>
    (await verdictOf(ladder, { capture: { link: 'LINUX_SLL2', local } })).seenAt
  expect(await at('10.0.0.2')).toBe('client')
  expect(await at('10.0.0.3')).toBe('server')
  expect(await at('10.9.9.9')).toBeNull()
  expect((await verdictOf(ladder, { capture: { link: 'EN10MB' } })).seenAt).toBeNull()
})
