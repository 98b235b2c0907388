/** Every frame of the captures that the project carries, as tshark and Zeek see them. The large corpus: `npm run parity -- <folder>`. */
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { parityMarkdown } from '../../scripts/parity-report.js'
import { parityOf, type Parity } from '../../scripts/parity-run.js'

const folder = fileURLToPath(new URL('../corpus', import.meta.url))

describe('parity with the references', () => {
  let parity: Parity
  beforeAll(async () => {
    parity = await parityOf(folder)
  })

  test('all captures are read', () => {
    expect(parity.failures).toEqual([])
    expect(parity.unreadable).toEqual([])
    expect(parity.frames).toBeGreaterThan(400)
  })

  test('no difference is unexplained', () => {
    const unexplained = [...parity.referee.byField].filter(([, tally]) => tally.unexplained > 0)
    expect(unexplained).toEqual([])
  })

  test('streams, their closes and every mark are those of tshark', () => {
    for (const field of ['stream', 'group', 'all marks', 'close frame', 'close side', 'syn', 'fin', 'rst']) {
      expect(parity.referee.of(field), field).toMatchObject({ ours: 0, theirs: 0 })
    }
  })

  test('the rules of 4.4 tell few frames otherwise', () => {
    const { equal, ours } = parity.current.of('all marks')
    expect(ours / (equal + ours)).toBeLessThan(0.1)
  })

  test('the report holds a line for every field', () => {
    const text = parityMarkdown(parity, ['a test'])
    expect(text).toContain('| stream | ')
    expect(text).toContain('| conn_state | ')
    expect(text).not.toContain('FAILED')
  })
})
