import { describe, expect, test } from 'vitest'
import { OPEN, tracked } from '../helpers/tracked.js'

const TALK = `${OPEN}
a > P. 'GET'
a < P. 'yes'
a > F.`

describe('copies of a packet', () => {
  test('a bridge: every packet twice, each second one set aside', async () => {
    const { marks, store } = await tracked(TALK, { link: 'LINUX_SLL2', twice: 'bridge' })
    expect(marks.filter((mark) => mark === 'copy')).toHaveLength(6)
    expect(store.flows.copies[0]).toBe(6)
    expect(store.flows.frames[0]).toBe(6)
    expect(store.copiesOfCapture).toEqual([6])
  })

  test('a router: the copy has lived one hop longer', async () => {
    const { marks } = await tracked(TALK, { link: 'LINUX_SLL2', twice: 'router' })
    expect(marks.filter((mark) => mark !== 'copy')).toEqual(['', '', '', '', '', ''])
  })

  test('the references take them for retransmissions and duplicate ACKs', async () => {
    const { marks } = await tracked(TALK, { link: 'LINUX_SLL2', twice: 'bridge', keepCopies: true })
    expect(marks.filter((mark) => mark.includes('retransmission'))).toHaveLength(5)
    expect(marks[5]).toBe('duplicate_ack')
  })

  test('near miss: a retransmission has a new IP identification', async () => {
    const { marks } = await tracked(`${TALK}\n+0.0005 a > F. again`)
    expect(marks.at(-1)).toBe('retransmission')
  })

  test('a mirror port: the same packet again on the same interface', async () => {
    const { marks } = await tracked(`${OPEN}\na > P. 'GET' id 9\n+0.0001 a > P. again id 9`)
    expect(marks.at(-1)).toBe('copy')
  })

  test('near miss: other bytes in its place', async () => {
    const { marks } = await tracked(`${OPEN}\na > P. 'GET' id 9\n+0.0001 a > P. seq 1 'PUT' id 9`)
    expect(marks.at(-1)).toBe('retransmission')
  })

  test('near miss: the same packet much later is no copy', async () => {
    const { marks } = await tracked(`${OPEN}\na > P. 'GET' id 9\n+0.2 a > P. again id 9`)
    expect(marks.at(-1)).toBe('retransmission')
  })

  test('near miss: duplicate ACKs without IP identification', async () => {
    const { marks } = await tracked(`${OPEN}\na > P. 'GET'\na < . id 0\n+0.0001 a < . id 0`)
    expect(marks.at(-1)).toBe('duplicate_ack')
  })
})
