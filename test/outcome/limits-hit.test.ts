import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { openSource } from '../../src/capture/file-source.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import { limitsHit } from '../../src/outcome/limits-hit.js'
import { ladder } from '../helpers/ladder.js'
import { OPEN } from '../helpers/tracked.js'

const NONE = {
  ...{ lateSegments: 0, endedOpen: 0, forgotten: 0, gapsGivenUp: 0 },
  ...{ legsNotAwaited: 0, legsForgotten: 0, linkedNotListed: 0, answersForgotten: 0, clientsForgotten: 0 },
  untimed: 0,
}

describe('limits that were hit', () => {
  test('none: no sentence', () => {
    expect(limitsHit(NONE)).toEqual([])
  })

  test('each has its sentence with its count', () => {
    const lines = limitsHit({
      ...{ lateSegments: 1, endedOpen: 2, forgotten: 3, gapsGivenUp: 4 },
      ...{
        legsNotAwaited: 5,
        legsForgotten: 7,
        linkedNotListed: 6,
        answersForgotten: 8,
        clientsForgotten: 9,
        untimed: 10,
      },
    })
    expect(lines).toHaveLength(10)
    expect(lines[0]).toContain('2 connections')
    expect(lines[1]).toBe('1 segment that came after its connection had been judged')
    expect(lines[2]).toContain('4 gaps')
    expect(lines[3]).toContain('3 connections')
    expect(lines[4]).toContain('other legs of 5 connections')
    expect(lines[5]).toContain('7 links from connections')
    expect(lines[6]).toBe('the clients of 9 connections among the hosts: too many to be remembered')
    expect(lines[7]).toContain('6 connections linked to')
    expect(lines[8]).toContain('8 answers that servers gave first')
    expect(lines[9]).toContain('which timers ended 10 connections')
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

  const INCIDENT = new URL('../../captures/incident-502/capture.pcap', import.meta.url).pathname

  test('legs that are not listed beside theirs', async () => {
    const { listingPolicy } = await import('../../src/outcome/policy.js')
    const limits = listingPolicy as { linkedInAll: number }
    const usual = limits.linkedInAll
    const all = (await analyze([openSource(INCIDENT)])).linked?.length ?? 0
    limits.linkedInAll = 5
    try {
      const report = await analyze([openSource(INCIDENT)])
      expect(report.linked).toHaveLength(5)
      expect(report.captures[0].notSeen).toContain(
        `${all - 5} connections linked to those that are listed: too many to be listed beside them`,
      )
    } finally {
      limits.linkedInAll = usual
    }
  })

  test('legs whose timers are forgotten: those with the fewest connections', async () => {
    const { timerPolicy } = await import('../../src/timers/policy.js')
    const limits = timerPolicy as { legs: number }
    const usual = limits.legs
    const whole = await analyze([openSource(INCIDENT)])
    const legs = new Set(
      whole.timers?.map(({ client, server }) => `${client.ip} ${server.ip} ${server.port ?? ''}`),
    )
    expect(legs.size).toBeGreaterThan(1)
    expect(whole.captures[0].notSeen.join('\n')).not.toMatch(/which timers ended/)
    limits.legs = 1
    try {
      const report = await analyze([openSource(INCIDENT)])
      expect(report.timers?.length).toBeLessThan(whole.timers?.length ?? 0)
      expect(report.captures[0].notSeen.join('\n')).toMatch(/which timers ended \d+ connections/)
    } finally {
      limits.legs = usual
    }
  })

  test('legs that are not waited for', async () => {
    const { judgingPolicy } = await import('../../src/judging/policy.js')
    const limits = judgingPolicy as { flowsWaiting: number; flowsTogether: number }
    const usual = { ...limits }
    Object.assign(limits, { flowsWaiting: 0, flowsTogether: 40 })
    try {
      const report = await analyze([openSource(INCIDENT)])
      expect(report.captures[0].notSeen.join('\n')).toMatch(
        /how the other legs of \d+ connections ended: too many were waiting/,
      )
    } finally {
      Object.assign(limits, usual)
    }
  })

  test('clients that are too many to be remembered as hosts', async () => {
    const { memoryPolicy } = await import('../../src/chain/policy.js')
    const { judgingPolicy } = await import('../../src/judging/policy.js')
    const memory = memoryPolicy as { clientsOfServer: number }
    const judging = judgingPolicy as { flowsTogether: number }
    const usual = { ...memory, ...judging }
    const hello = (n: number): string =>
      `flow f${n} 10.0.1.${n}:40000 > 10.0.0.3:80
      f${n} > S
      f${n} < S.
      f${n} > .
      f${n} > F.
      f${n} < F.
      f${n} > .`
    const report = () => analyze([new MemorySource(ladder([1, 2, 3, 4, 5, 6].map(hello).join('\n')))])
    judging.flowsTogether = 1
    memory.clientsOfServer = 3
    try {
      expect((await report()).captures[0].notSeen).toContain(
        'the clients of 1 connection among the hosts: too many to be remembered',
      )
    } finally {
      memory.clientsOfServer = usual.clientsOfServer
    }
    expect((await report()).captures[0].notSeen.join()).not.toContain('too many to be remembered')
    judging.flowsTogether = usual.flowsTogether
  })
})
