import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { limitsHit } from '../../src/outcome/limits-hit.js'
import { ladder } from '../helpers/ladder.js'
import { OPEN } from '../helpers/tracked.js'

describe('limits that were hit', () => {
  test('none: no sentence', () => {
    expect(limitsHit({ lateSegments: 0, endedOpen: 0, forgotten: 0, gapsGivenUp: 0 })).toEqual([])
  })

  test('each has its sentence with its count', () => {
    const lines = limitsHit({ lateSegments: 1, endedOpen: 2, forgotten: 3, gapsGivenUp: 4 })
    expect(lines).toHaveLength(4)
    expect(lines[0]).toContain('2 connections')
    expect(lines[1]).toBe('1 segment that came after its connection had been judged')
    expect(lines[2]).toContain('4 gaps')
    expect(lines[3]).toContain('3 connections')
  })

  test('the report of a run that hit one says so with its first capture', async () => {
    const text = `${OPEN}
      +0.01 a > F.
      +0.01 a < F.
      +0.01 a > .
      flow b 10.0.0.9:5000 > 10.0.0.3:80
      +61 b > S
      +1 a > .`
    const report = await analyze([new MemorySource(ladder(text))])
    expect(report.captures[0].notSeen).toContain('1 segment that came after its connection had been judged')
  })
})
