import { describe, expect, it } from 'vitest'
import type { FlowFacts } from '../../src/facts/flow-facts.js'
import { AnswersHeard } from '../../src/outcome/answers.js'
import { spanOf, type Part } from '../../src/outcome/finding-part.js'
import { FindingCount } from '../../src/outcome/finding-tail.js'
import { outages } from '../../src/outcome/outages.js'
import type { FlowReport } from '../../src/result.js'

type Fate = 'silent' | 'vanished' | 'refused' | 'cut' | 'idle'

/** A part of one flow, as far as outages look at it. */
function part(stream: number, fate: Fate, port: number, from: number, to: number): Part {
  const word = { silent: 'connect-timeout', vanished: 'half-open-zombie', refused: 'refused' }
  const flow = {
    ...{ stream, start: from, end: to, server: { ip: '10.0.0.3', port }, client: { ip: '10.0.0.2' } },
    close: {
      first: fate === 'silent' || fate === 'vanished' ? null : { time: to },
      ...{ lastData: { time: from }, silence: null },
    },
    verdict: {
      class: word[fate as keyof typeof word] ?? (fate === 'cut' ? 'server-abort' : 'idle-timeout'),
      ...{ variant: fate === 'vanished' ? 'vanished' : null, gone: 'server', severity: 'problem' },
      ...{ certainty: 'likely' },
    },
  } as unknown as FlowReport
  const count = new FindingCount()
  count.add(flow)
  return { flows: [flow], count }
}

function heard(...answers: readonly (readonly [port: number, seconds: number])[]): AnswersHeard {
  const all = new AnswersHeard(0)
  for (const [port, seconds] of answers)
    all.add({
      ...{ stream: 999, server: { ip: '10.0.0.3', port }, conversation: null },
      ...{ synAck: { ns: seconds * 1e9 }, sides: { server: { lastPayload: null } } },
    } as unknown as FlowFacts)
  return all
}

/** Streams of each outage. */
function streams(groups: readonly (readonly Part[])[]): number[][] {
  return groups.map((group) =>
    group.flatMap(({ flows }) => flows.map(({ stream }) => stream)).sort((a, b) => a - b),
  )
}

/** The same by its meaning: each part is compared with all before it. */
function byPairs(parts: readonly Part[], answers: AnswersHeard): number[][] {
  const groups: Part[][] = []
  for (const one of parts) {
    const known = groups.find((group) => group.some((other) => isSame(other, one, answers)))
    if (known === undefined) groups.push([one])
    else known.push(one)
  }
  return streams(groups)
}

const DOWN = ['connect-timeout', 'half-open-zombie', 'refused']

function isSame(a: Part, b: Part, answers: AnswersHeard): boolean {
  const [x, y] = [a.flows[0], b.flows[0]]
  const words = [x.verdict.class, y.verdict.class]
  if (words.includes('idle-timeout') || !words.some((word) => DOWN.includes(word))) return false
  const program = words.some((word) => word === 'refused' || word === 'server-abort')
  if (program && x.server.port !== y.server.port) return false
  const [s, t] = [spanOf(a), spanOf(b)]
  if (Math.max(s.from - t.to, t.from - s.to) > 5) return false
  const [until, after] = [Math.min(s.to, t.to), Math.max(s.from, t.from)]
  const answer = program
    ? answers.within('10.0.0.3', x.server.port, until, after)
    : answers.within('10.0.0.3', null, after + 3, until)
  return answer === null
}

/** Numbers that are the same in every run. */
function* chance(seed: number): Generator<number> {
  for (let at = seed; ; at = (at * 48271) % 2147483647) yield at / 2147483647
}

describe('what is one outage', () => {
  it('is found as if each were compared with each', () => {
    const next = chance(7)
    const below = (most: number): number => Math.floor((next.next().value as number) * most)
    const fates: Fate[] = ['silent', 'silent', 'vanished', 'refused', 'refused', 'cut', 'idle']
    const seen = new Set<number>()
    for (let round = 0; round < 400; round++) {
      const starts = Array.from({ length: 2 + below(10) }, () => below(40)).sort((a, b) => a - b)
      const parts = starts.map((from, stream) => {
        const fate = fates[below(fates.length)]
        const lasts = fate === 'silent' || fate === 'vanished' ? below(20) : 0
        return part(stream, fate, 80 + below(2), from, from + lasts)
      })
      const answers = heard(
        ...Array.from({ length: below(6) }, () => [80 + below(3), below(60) + 0.5] as const),
      )
      const found = streams(outages(parts, answers))
      expect(found).toEqual(byPairs(parts, answers))
      seen.add(found.length)
    }
    expect(seen.size).toBeGreaterThan(5)
  })

  it.each([
    ['ports that are silent, of a host that answers on another one', 'silent' as const, [[9, 3.5]] as const],
    ['programs that were cut', 'cut' as const, [] as const],
  ])('%s: not each is compared with each', (_, fate, answers) => {
    let looks = 0
    const parts = Array.from({ length: 5000 }, (_one, stream) => {
      const { flows, count } = part(stream, fate, 1000 + stream, 0, fate === 'silent' ? 7 : 0)
      return {
        count,
        get flows() {
          looks++
          return flows
        },
      }
    })
    expect(outages(parts, heard(...answers))).toHaveLength(parts.length)
    // With each compared with each it was a hundred million.
    expect(looks).toBeLessThan(parts.length * 20)
  })
})
