import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellWidth } from '../../src/diagram/inert-text.js'
import { layoutStory } from '../../src/diagram/layout.js'
import { ladderText } from '../../src/diagram/sequence-diagram.js'
import { tellStory } from '../../src/diagram/tell-story.js'
import type { LadderRow, Report } from '../../src/result.js'
import { outside, overlappingTexts, struckTexts } from './boxes.js'
import { flow, report, row } from './fixtures.js'

const MARKS = [
  'retransmission',
  'keep_alive',
  'keep_alive_ack',
  'zero_window',
  'zero_window_probe',
  'duplicate_ack',
]

/** A row without its frame and time, which have to rise. */
const anyRow = fc.record({
  step: fc.oneof(
    fc.double({ min: 1e-6, max: 0.01, noNaN: true }),
    fc.double({ min: 0.5, max: 4000, noNaN: true }),
  ),
  from: fc.constantFrom('client' as const, 'server' as const),
  flags: fc.constantFrom('S', 'S.', '.', 'P.', 'F.', 'R', 'R.'),
  payloadBytes: fc.oneof(fc.constant(0), fc.nat(5_000_000)),
  label: fc.option(fc.string({ maxLength: 60 })),
  message: fc.constantFrom(null, 'request' as const, 'response' as const),
  status: fc.constantFrom(null, 200, 504),
  marks: fc.subarray(MARKS, { maxLength: 2 }),
  crosses: fc.option(fc.nat(5), { freq: 3 }),
  part: fc.constantFrom(null, null, null, 'deciding' as const, 'evidence' as const),
})

function ladderOf(
  rows: readonly (typeof anyRow extends fc.Arbitrary<infer T> ? T : never)[],
  first: number,
): LadderRow[] {
  let time = 0
  return rows.map(({ step, crosses, ...more }, index) => {
    time += step
    const frame = first + index * 3
    // Only an earlier frame of the other direction can have been crossed.
    const back = crosses === null ? -1 : index - 1 - crosses
    const crossed = back >= 0 && rows[back]?.from !== more.from ? first + back * 3 : null
    return row(frame, time, more.from, more.flags, { ...more, crosses: crossed })
  })
}

const anyReport: fc.Arbitrary<Report> = fc
  .tuple(fc.array(anyRow, { minLength: 1, maxLength: 90 }), fc.array(anyRow, { maxLength: 30 }), fc.ipV6())
  .map(([own, other, ip]) => {
    const linked = { certainty: 'certain' } as const
    const up = flow({
      stream: 1,
      client: '10.0.0.2:40000 nginx',
      server: `[${ip}]:8000 proxy`,
      ladder: ladderOf(own, 1),
      verdict: {
        class: 'idle-timeout',
        timer: { seconds: 60, setting: 'nginx.proxy_read_timeout', candidates: [] },
      },
      links: [{ stream: 0, relation: 'downstream', ...linked }],
    })
    const down = flow({
      stream: 0,
      client: `[${ip}]:50000 client`,
      server: '10.0.0.2:80 nginx',
      ladder: ladderOf(other, 2),
      verdict: { class: 'clean' },
    })
    return report([down, up])
  })

describe('any ladder', () => {
  it('is laid out without a text on another, in at most 40 rows, whatever it holds', () => {
    fc.assert(
      fc.property(anyReport, (whole) => {
        const scene = layoutStory(tellStory(whole, 1))
        expect(scene.story.rows.length).toBeLessThanOrEqual(40)
        expect(overlappingTexts(scene)).toEqual([])
        expect(outside(scene)).toEqual([])
        for (const arrow of scene.arrows) if (arrow.inferred === null) expect(arrow.y1).toBe(arrow.y2)
        const tops = scene.arrows.filter((arrow) => arrow.inferred !== 'start').map((arrow) => arrow.y1)
        expect(tops).toEqual([...tops].sort((a, b) => a - b))
        expect(struckTexts(scene)).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  it('keeps to its width as text', () => {
    fc.assert(
      fc.property(anyReport, fc.integer({ min: 30, max: 160 }), (whole, width) => {
        for (const line of ladderText(whole, 1, { width }).split('\n'))
          expect(cellWidth(line)).toBeLessThanOrEqual(width)
      }),
      { numRuns: 100 },
    )
  })
})
