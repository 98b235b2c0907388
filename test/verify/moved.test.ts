/** A failure that only changed its form: another end of the same wait, on this leg or on another. */
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/result.js'
import { compareReports } from '../../src/verify/compare.js'
import type { Comparison } from '../../src/verify/comparison.js'
import { durations, finding, leg, PROXY, report } from './reports.js'

const CLIENT = { ip: '10.0.0.9', role: 'client' }
const FRONT = { ip: '10.0.0.2', port: 80, role: 'nginx' }

/** Ends on the leg in front of nginx. */
function front(parts: Partial<Finding>): Finding {
  return finding({ client: CLIENT, server: FRONT, timer: null, streams: [4], example: 4, ...parts })
}

function silence(min: number, max: number): Finding['silenceSeconds'] {
  return { min, median: (min + max) / 2, max }
}

describe('a read timeout that was raised', () => {
  const cut = report({
    findings: [finding()],
    legs: [leg({ answered: durations([0.05, 0.051, 84]), unanswered: durations([60, 61, 16]) })],
  })
  const after = (...findings: Finding[]): Comparison =>
    compareReports(cut, report({ findings, legs: [leg({ answered: durations([72, 73, 30]) })] }))

  it('is not fixed when clients now leave after as long a wait', () => {
    const left = front({ class: 'client-abort', count: 14, silenceSeconds: silence(64, 66) })
    const { answer, because } = after(left)
    expect(answer).toBe('not fixed')
    expect(because).toBe(
      'client abort client → nginx is new: 14 connections; it ends the same wait as the idle-timeout cut nginx → proxy before',
    )
  })

  it('is fixed although a client leaves sooner than it would have been cut, or from something else', () => {
    const soon = front({ class: 'client-abort', count: 1, silenceSeconds: silence(2, 59) })
    const upload = front({ class: 'client-abort', phase: 'mid-request', silenceSeconds: silence(64, 66) })
    for (const one of [soon, upload]) {
      const { answer, because } = after(one)
      expect(answer).toBe('fixed')
      expect(because).toContain('new in the fresh capture')
    }
  })
})

describe('servers that closed without an answer', () => {
  it('are not mended when the next timer in the chain cuts the same wait', () => {
    const kills = finding({
      class: 'server-abort',
      closer: 'server',
      timer: null,
      silenceSeconds: silence(30, 31),
    })
    const waits = durations([35, 36, 30])
    const before = report({
      findings: [kills],
      legs: [leg({ requests: 100, unanswered: durations([30, 31, 16]) })],
    })
    const lb = front({ closer: 'client', timer: { seconds: 33, setting: null, candidates: [] } })
    const fresh = report({ findings: [lb], legs: [leg({ requests: 100, answered: waits })] })
    expect(compareReports(before, fresh).answer).toBe('not fixed')
    expect(compareReports(before, report({ legs: [leg({ requests: 100, answered: waits })] })).answer).toBe(
      'fixed',
    )
  })
})

describe('connections that did not come about', () => {
  const unanswered = finding({ class: 'connect-timeout', phase: 'connecting', closer: 'none', count: 10 })
  const refused = finding({ class: 'refused', phase: 'connecting', closer: 'server', count: 10, timer: null })
  const legs = [leg({ opened: 100 })]

  it('are not mended when they are refused instead, nor the other way round', () => {
    for (const [was, is] of [
      [unanswered, refused],
      [refused, unanswered],
    ] as const) {
      const { answer, because } = compareReports(
        report({ findings: [was], legs }),
        report({ findings: [is], legs }),
      )
      expect(answer).toBe('not fixed')
      expect(because).toContain('it ends the same wait as')
    }
  })

  it('are mended although another server refuses', () => {
    const elsewhere = { ...refused, server: { ...PROXY, port: 9000, role: 'cache' } }
    const fresh = report({ findings: [elsewhere], legs })
    const { answer, because } = compareReports(report({ findings: [unanswered], legs }), fresh)
    expect(answer).toBe('fixed')
    expect(because).toContain('new in the fresh capture: 10 × connection refused nginx → cache')
  })

  it('are given up by the end that opened them', () => {
    const before = report({ findings: [unanswered], legs })
    expect(compareReports(before, before).because).toContain('nginx still gives up at 60.00 s')
  })
})

describe('what the first line says', () => {
  const cut = report({ findings: [finding()], legs: [leg({ answered: durations([60, 61, 16]) })] })

  it('names what is new, also where nothing was wrong before or the evidence is short', () => {
    const broken = finding({ class: 'server-abort', phase: 'mid-response', timer: null, count: 4 })
    const few = leg({ answered: durations([0.05, 0.051, 3]) })
    expect(compareReports(report(), report({ findings: [broken] })).because).toBe(
      'the capture before shows no problem, so there is nothing that could be fixed; new in the fresh capture: 4 × server abort nginx → proxy',
    )
    const { answer, because } = compareReports(cut, report({ findings: [broken], legs: [few] }))
    expect(answer).toBe('not enough evidence yet')
    expect(because).toContain('; new in the fresh capture: 4 × server abort')
  })

  it('counts what two servers of one role show together', () => {
    const pods = ['10.0.0.7', '10.0.0.8'].map((ip, at) =>
      finding({
        class: 'refused',
        phase: 'connecting',
        server: { ...PROXY, ip },
        timer: null,
        count: 9 + at,
      }),
    )
    const { because } = compareReports(report(), report({ findings: pods }))
    expect(because).toMatch(/fresh capture: 19 × connection refused nginx → proxy$/)
  })

  it('says when the leg is not there at all, and asks for no more of the same', () => {
    const elsewhere = leg({ client: CLIENT, server: FRONT, answered: durations([72, 73, 30]) })
    const { answer, because } = compareReports(cut, report({ legs: [elsewhere] }))
    expect(answer).toBe('not enough evidence yet')
    expect(because).toBe(
      'nothing in the fresh capture could have shown the idle-timeout cut nginx → proxy: it holds no connection of that leg',
    )
  })

  it('names the classes that were asked for', () => {
    const { because } = compareReports(cut, report(), { classes: ['keepalive-race'] })
    expect(because).toContain('the capture before shows no keepalive-race,')
  })
})
