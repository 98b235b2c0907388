import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Truth } from '../../scripts/score-captures.js'

const ROOT = join(import.meta.dirname, '../../captures/verify')

interface Part {
  readonly capture: string
  readonly finding: {
    readonly class: string
    readonly leg: string
    readonly timer: Truth['timer']
  } | null
  readonly count: number
  readonly opportunities: number
  readonly connections: number
}
interface Pair {
  readonly answer: string
  readonly before: Part
  readonly after: Part
}
type Labelled = Truth & { readonly leg: string }

function read<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(ROOT, ...path), 'utf8')) as T
}

/** Labels that are the finding a pair is about. */
function having(labels: readonly Labelled[], finding: NonNullable<Part['finding']>): Labelled[] {
  return labels.filter(
    (one) =>
      one.class[0] === finding.class &&
      one.leg === finding.leg &&
      one.severity === 'problem' &&
      (finding.timer === null || (one.timer?.setting === finding.timer.setting && one.timer.seconds === finding.timer.seconds)),
  )
}

describe('what a pair says is what its labels say', () => {
  for (const name of readdirSync(ROOT)) {
    const pair = read<Pair>(name, 'expected.json')
    it(name, () => {
      for (const side of ['before', 'after'] as const) {
        const { connections } = read<{ connections: Labelled[] }>(name, `${side}.expected.json`)
        const wanted = pair[side].finding ?? pair.before.finding
        expect(connections.length).toBe(pair[side].connections)
        expect(wanted === null ? -1 : having(connections, wanted).length).toBe(pair[side].count)
      }
      expect(pair.before.count).toBeGreaterThan(1)
    })

    it(`${name}: the answer fits the numbers`, () => {
      const { answer, before, after } = pair
      const rate = before.count / before.opportunities
      // Chance of seeing none although nothing has changed.
      const luck = (1 - rate) ** after.opportunities
      if (answer === 'fixed') expect(after.count === 0 && luck < 0.05).toBe(true)
      else if (answer === 'inconclusive') expect(after.count === 0 && luck > 0.05).toBe(true)
      else expect(after.count).toBeGreaterThan(1)
      expect(answer === 'moved').toBe(
        after.finding !== null && after.finding.timer?.seconds !== before.finding?.timer?.seconds,
      )
    })
  }
})
