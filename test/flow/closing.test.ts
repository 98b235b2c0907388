import { describe, expect, test } from 'vitest'
import { RST_FORMS } from '../../src/flow/closing.js'
import { OPEN, tracked } from '../helpers/tracked.js'

/** Form and trigger of the first RST of each side. */
async function resets(text: string): Promise<[string, number][]> {
  const { sides } = (await tracked(text)).store
  return [0, 1].map((i) => [sides.rsts[i] === 0 ? '' : RST_FORMS[sides.rstForm[i]], sides.rstTriggerFrame[i]])
}

describe('how a RST was made', () => {
  test('abort: a socket in mid-connection', async () => {
    expect((await resets(`${OPEN}a > P. 'GET'\na < R.`))[1]).toEqual(['abort', 0])
  })

  test('stateless, with the frame that provoked it', async () => {
    expect((await resets(`${OPEN}a < F.\na > .\n+9 a > P. 'GET'\na < R`))[1]).toEqual(['stateless', 6])
  })

  test('near miss: what provoked it must just have come', async () => {
    expect((await resets(`${OPEN}a < F.\na > .\na > P. 'GET'\n+9 a < R`))[1]).toEqual(['stateless', 0])
  })

  test('refused: the answer to a SYN', async () => {
    expect((await resets('flow a 10.0.0.2:1 > 10.0.0.3:2\na > S\na < R.'))[1]).toEqual(['refused', 0])
  })

  test('near miss: window 0 and an ACK in mid-connection is nobody’s form', async () => {
    expect((await resets(`${OPEN}a > P. 'GET'\na < R. win 0`))[1]).toEqual(['unknown', 0])
  })
})

describe('the first close', () => {
  test('is the first FIN or RST of either side, and stays', async () => {
    const { flows } = (await tracked(`${OPEN}a < F.\na > F.\na < R`)).store
    expect([flows.closeSide[0], flows.closeFrame[0]]).toEqual([1, 4])
  })

  test('remembers what stood before it', async () => {
    const { sides } = (await tracked(`${OPEN}a > P. 'GET'\na < .\na < F.\na > P. 'more'`)).store
    expect(sides.closePayloadFrame[0]).toBe(4)
    expect(sides.payloadFrame[0]).toBe(7)
    expect(sides.closeNextSeq[0] - sides.baseSeq[0]).toBe(4)
  })

  test('a FIN sent again is counted, not a second close', async () => {
    const { sides } = (await tracked(`${OPEN}a < F.\n+0.2 a < F. again\n+0.4 a < F. again`)).store
    expect([sides.finFrame[1], sides.finRepeats[1]]).toEqual([4, 2])
  })
})
