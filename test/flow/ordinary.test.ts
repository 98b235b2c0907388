import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FLOW_CALM } from '../../src/flow/flow-columns.js'
import { OPEN, tracked, type Tracked } from '../helpers/tracked.js'

/** Everything that is known of the flows, as numbers by name. */
function learnt({ store, delivered }: Tracked): Record<string, unknown> {
  const { flows, sides, zeekSides, ladder } = store
  const known: Record<string, unknown> = { delivered }
  const state = Array.from(flows.state.subarray(0, flows.count), (bits) => bits & ~FLOW_CALM)
  for (const columns of [flows, sides, zeekSides, ladder]) {
    for (const [name, column] of Object.entries(columns)) {
      if (ArrayBuffer.isView(column))
        known[`${columns.constructor.name}.${name}`] = [...(column as Uint8Array).slice(0, 80)]
    }
  }
  return { ...known, 'FlowColumns.state': state }
}

const line = fc.record({
  side: fc.constantFrom('>', '<'),
  flags: fc.constantFrom('.', '.', '.', 'P.', 'P.', 'P.', 'F.', 'R.', 'R', 'S', 'S.', 'P'),
  length: fc.constantFrom(0, 1, 5, 100),
  seq: fc.constantFrom(null, null, null, null, 0, 1, 2, 50, 106),
  ack: fc.constantFrom(null, null, null, null, 0, 1, 7, 300),
  window: fc.constantFrom(null, null, null, null, null, 0),
  ttl: fc.constantFrom(null, null, null, null, 63),
  seconds: fc.constantFrom(0.001, 0.2, 0.6, 130),
})

describe('the short way', () => {
  test('learns what a close look learns, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 25 }), async (lines) => {
        const text = lines.map(({ side, flags, length, seq, ack, window, ttl, seconds }) => {
          const words = [`+${seconds} a ${side} ${flags}`]
          if (seq !== null) words.push(`seq ${seq}`)
          if (ack !== null && flags.includes('.')) words.push(`ack ${ack}`)
          if (window !== null) words.push(`win ${window}`)
          if (ttl !== null) words.push(`ttl ${ttl}`)
          if (length > 0) words.push(`'${'x'.repeat(length)}'`)
          return words.join(' ')
        })
        const ladder = OPEN + text.join('\n')
        expect(learnt(await tracked(ladder))).toEqual(learnt(await tracked(ladder, { closely: true })))
      }),
      { seed: 20260121, numRuns: 150 },
    )
  })

  test('tells copies from what is sent again as a close look does', async () => {
    const close = fc.record({
      line,
      id: fc.constantFrom(null, null, 9),
      again: fc.boolean(),
      late: fc.nat(2),
    })
    const twice = fc.constantFrom('bridge', 'router', undefined)
    await fc.assert(
      fc.asyncProperty(fc.array(close, { minLength: 1, maxLength: 20 }), twice, async (lines, times) => {
        const text = lines.map(({ line: { side, flags, length, window }, id, again, late }) => {
          const words = [`+${[0.0002, 0.002, 0.2][late]} a ${side} ${again ? `${flags} again` : flags}`]
          if (window !== null) words.push(`win ${window}`)
          if (length > 0 && !again) words.push(`'${'x'.repeat(length)}'`)
          if (id !== null) words.push(`id ${id}`)
          return words.join(' ')
        })
        const ladder = `${OPEN}+1 a > P. 'x'\n+1 a < P. 'yy'\n${text.join('\n')}`
        const options = { link: 'LINUX_SLL2', ...(times && { twice: times }) } as const
        const short = await tracked(ladder, options)
        const careful = await tracked(ladder, { ...options, closely: true })
        expect(short.marks).toEqual(careful.marks)
        expect(learnt(short)).toEqual(learnt(careful))
      }),
      { seed: 20261121, numRuns: 150 },
    )
  })

  test('is taken by plain talk', async () => {
    const { store } = await tracked(`${OPEN}+1 a > P. 'x'\n+1 a < P. 'yy'`)
    expect(store.flows.state[0] & FLOW_CALM).toBe(FLOW_CALM)
    const careful = await tracked(`${OPEN}+1 a > P. 'x'\n+1 a < P. 'yy'`, { closely: true })
    expect(careful.store.flows.state[0] & FLOW_CALM).toBe(0)
  })
})
