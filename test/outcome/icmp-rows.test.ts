import { describe, expect, it } from 'vitest'
import { layoutStory } from '../../src/diagram/layout.js'
import { ladderLines } from '../../src/diagram/ladder-lines.js'
import { mermaidLadder } from '../../src/diagram/mermaid.js'
import { tellStory } from '../../src/diagram/tell-story.js'
import { withIcmpErrors } from '../../src/outcome/icmp-rows.js'
import type { LadderRow } from '../../src/result.js'
import { clientEnds, opens, reportOf } from '../helpers/verdict-of.js'

const SYN = `flow a 10.0.0.1:40000 > 10.0.0.3:8000 ts
  1.0 a > S`

describe('an ICMP error', () => {
  it('of a host on the way is a row that begins between the two lifelines', async () => {
    const report = await reportOf(`${SYN}\n+0.002 a < icmp 3/1 from 10.9.9.9`)
    expect(
      report.flows[0].ladder.map(({ frame, from, icmpFrom, part }) => [frame, from, icmpFrom, part]),
    ).toEqual([
      [1, 'client', undefined, 'evidence'],
      [2, 'server', '10.9.9.9', 'deciding'],
    ])
    const story = tellStory(report, 0)
    expect(story.rows[1]).toMatchObject({ fromBetween: true, frames: '#2', part: 'deciding', ink: 'reset' })
    expect(story.legend).toContain('icmp')
    const [syn, error] = layoutStory(story).arrows
    expect(error.x1).toBeCloseTo((syn.x1 + syn.x2) / 2)
    expect(error.x2).toBe(syn.x1)
    const text = ladderLines(story, { ladderOnly: true }).at(-1)
    expect(text).toMatch(/│<━+ ICMP host unreachable {2}from 10\.9\.9\.9 {3}│$/)
    expect(mermaidLadder(report, 0)).toContain('Note over h0,h1: 0.002  ICMP host unreachable  from 10.9.9.9')
  })

  it('near miss: of the server itself it begins at its lifeline', async () => {
    const report = await reportOf(`${SYN}\n+0.002 a < icmp 3/3`)
    const story = tellStory(report, 0)
    expect(story.rows[1]).toMatchObject({ fromBetween: false, from: 1, to: 0 })
    expect(mermaidLadder(report, 0)).toContain('h1-->>h0: 0.002  ICMP port unreachable  from 10.0.0.3')
  })

  it('is no segment: no connection counts it, and one without errors has no such row', async () => {
    const { flows } = await reportOf(`flow a 10.0.0.1:40000 > 10.0.0.3:8000 ts
      ${opens('a')}
      a > P. len 1400
      +0.001 a < icmp 3/4 from 10.9.9.9
      a < .
      ${clientEnds('a', '+0.1')}`)
    const [flow] = flows
    expect(flow.frames).toBe(flow.ladder.reduce((sum, { segments }) => sum + segments, 0))
    expect(flow.ladder.filter(({ icmpFrom }) => icmpFrom !== undefined)).toMatchObject([
      { from: 'server', flags: '', label: expect.stringMatching(/^ICMP packet too big/) as string },
    ])
    const plain = await reportOf(
      `flow a 10.0.0.1:40000 > 10.0.0.3:8000 ts\n${opens('a')}\n${clientEnds('a', '+0.1')}`,
    )
    expect(plain.flows[0].ladder.some((row) => 'icmpFrom' in row)).toBe(false)
  })

  it('moves the gaps behind it, and none before it', () => {
    const row = (time: number): LadderRow => ({ time, lastTime: time, frame: 1, lastFrame: 1 }) as LadderRow
    const error = {
      kind: 'host unreachable',
      to: 'client',
      frame: 9,
      ns: 2.5e9,
      from: null,
      mtu: null,
      count: 3,
    } as const
    const gaps = [
      { before: 1, rows: 7 },
      { before: 3, rows: 5 },
    ]
    const found = withIcmpErrors([1, 2, 3, 4].map(row), gaps, { icmpErrors: [error], stream: 0 }, 0)
    expect(found.ladder.map(({ time }) => time)).toEqual([1, 2, 2.5, 3, 4])
    expect(found.ladder[2].label).toBe('ICMP host unreachable, first of 3')
    expect(found.ladderGaps).toEqual([
      { before: 1, rows: 7 },
      { before: 4, rows: 5 },
    ])
  })
})
