/** Flows that are called clean without asking the judge: the judge must say the same, in every committed capture. */
import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openSource } from '../../src/capture/file-source.js'
import { Chain } from '../../src/chain/surroundings.js'
import { natTwins } from '../../src/flow/nat-twins.js'
import { judge } from '../../src/verdicts/judge.js'
import { factsOfSource } from '../helpers/facts-of.js'
import { reportOf } from '../helpers/verdict-of.js'
import { isPlainlyClean, isPlainlyOpen, plainVerdict } from '../../src/verdicts/plain.js'

const root = new URL('../../captures/', import.meta.url).pathname
const corpus = new URL('../corpus/', import.meta.url).pathname

/** Captures of the lab, and others' with protocols that cannot be read. */
function captures(): string[] {
  const own = readdirSync(root).flatMap((name) =>
    ['capture.pcap', 'capture.pcapng'].map((file) => `${root}${name}/${file}`).filter(existsSync),
  )
  const others = readdirSync(corpus).filter((name) => /\.pcap(ng)?$/.test(name))
  return [...own, ...others.map((name) => corpus + name)]
}

interface Found {
  readonly plain: number
  readonly unread: number
  readonly open: number
  readonly wrong: string[]
}

async function plainFlows(path: string): Promise<Found> {
  const { facts, store } = await factsOfSource(openSource(path))
  const chain = new Chain(facts, [], natTwins(store))
  const cases = facts.map((flow) => ({ facts: flow, around: chain.around(flow), timeouts: [] }))
  const plain = cases.filter(isPlainlyClean)
  const wrong = plain.flatMap((c) => {
    const verdict = judge(c)
    const plain = plainVerdict(c)
    const same =
      verdict.phase === plain.phase &&
      verdict.closer === plain.closer &&
      verdict.class === 'clean' &&
      verdict.severity === 'ok' &&
      verdict.timer === null &&
      verdict.causeStream === null &&
      verdict.variant === null
    return same ? [] : [`${path} flow ${c.facts.stream}: ${verdict.class}`]
  })
  const unread = plain.filter(({ facts }) => facts.standing.phase === 'tunnel').length
  const open = cases.filter(isPlainlyOpen)
  for (const c of open) {
    const { class: is, severity, certainty, phase, closer, variant, timer } = plainVerdict(c, 'open')
    expect(judge(c), `${path} flow ${c.facts.stream}`).toMatchObject({
      class: is,
      severity,
      certainty,
      phase,
      closer,
      variant,
      timer,
    })
  }
  return { plain: plain.length, unread, open: open.length, wrong }
}

test('what is plainly clean or open is so to the judge', { timeout: 60_000 }, async () => {
  let plain = 0
  let unread = 0
  let open = 0
  for (const path of captures()) {
    const found = await plainFlows(path)
    expect(found.wrong).toEqual([])
    plain += found.plain
    unread += found.unread
    open += found.open
  }
  expect(plain).toBeGreaterThan(1000)
  expect(unread).toBeGreaterThan(0)
  expect(open).toBeGreaterThan(0)
})

test('near miss: a young SYN that an ICMP error answered is refused, also where only the counts are wanted', async () => {
  const ladder = `flow a 10.0.0.2:40122 > 10.0.0.3:8000 ts
    0.0 a > S
        a < icmp 3/3 from 10.0.0.254`
  expect((await reportOf(ladder, { all: false })).summary.byClass).toEqual({ refused: 1 })
})
