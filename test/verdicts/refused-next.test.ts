import { describe, expect, it } from 'vitest'
import { brief, flowsOf, opens, served, serverEnds } from '../helpers/verdict-of.js'

/** An idle connection of a pool, opened at `n` seconds and closed by its server at `at` seconds. */
const idle = (
  name: string,
  n: number,
  at: number,
): string => `flow ${name} 10.0.0.2:${41000 + n} > 10.0.0.3:8000 ts
    ${served(name, `${n}.0`)}
    ${serverEnds(name, String(at))}`
const refused = (at: number): string => `flow r 10.0.0.2:42000 > 10.0.0.3:8000 ts
    ${at} r > S
    r < R.`
const other = (at: number): string => `flow o 10.0.0.2:43000 > 10.0.0.3:8000 ts
    ${opens('o', String(at))}`

describe('a server that refuses the next connection', () => {
  it('had stopped when it closed two idle ones in one moment', async () => {
    const { a, b } = await flowsOf([idle('a', 1, 6), idle('b', 3, 6.0005), refused(8)].join('\n'))
    for (const flow of [a, b]) expect(flow!.verdict).toMatchObject({ class: 'shutdown', timer: null })
  })

  it('may have stopped when it closed one', async () => {
    const { a } = await flowsOf([idle('a', 1, 4.2), refused(6)].join('\n'))
    expect(brief(a!)).toMatch(/^idle-timeout \w+ possible server/)
    expect(a!.verdict.remarks.join()).toMatch(/refused the next connection, 1\.8\d+ s later/)
  })

  it.each([
    ['it took one in between', [other(7), refused(8)]],
    ['it was long after', [refused(30)]],
    ['it was before', [refused(0.5)]],
  ])('near miss: %s', async (_, more) => {
    const { a } = await flowsOf([idle('a', 1, 6.2), ...more].join('\n'))
    expect(brief(a!)).toMatch(/^idle-timeout \w+ likely server/)
  })

  it('near miss: both after the same silence', async () => {
    const { a, b } = await flowsOf([idle('a', 1, 6), idle('b', 3, 8), refused(9)].join('\n'))
    for (const flow of [a, b])
      expect(flow!.verdict).toMatchObject({ class: 'idle-timeout', certainty: 'likely' })
  })
})
