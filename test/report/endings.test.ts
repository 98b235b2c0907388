import { describe, expect, it } from 'vitest'
import { endingsOf } from '../../src/report/endings.js'
import { htmlOf } from '../helpers/html-of.js'
import { findingOf, flowOf, reportOf, verdictOf } from './fixtures.js'
import { busyReport } from './scenarios.js'

describe('how many connections ended how', () => {
  it('tells timers that cut, timers that will hurt, and idle connections that were closed, although they are one class', () => {
    const idle = (severity: 'problem' | 'latent', count: number) =>
      findingOf({ class: 'idle-timeout', severity, count, streams: [] })
    const report = reportOf({
      findings: [idle('problem', 5), idle('latent', 144)],
      summary: { flows: 160, byClass: { 'idle-timeout': 155, clean: 5 }, problems: 5, latent: 144 },
    })
    expect(endingsOf(report)).toEqual([
      { class: 'idle-timeout', severity: 'problem', count: 5 },
      { class: 'idle-timeout', severity: 'latent', count: 144 },
      { class: 'idle-timeout', severity: 'ok', count: 6 },
      { class: 'clean', severity: 'ok', count: 5 },
    ])
  })

  it('counts what belongs to a finding, and connections seen again under another address, with their own severity', () => {
    const finding = findingOf({ class: 'server-abort', count: 2, streams: [0, 1] })
    const client = finding.client
    const part = { relation: 'consequence', class: 'client-abort', variant: 'propagated' } as const
    const parts = [
      { ...part, severity: 'problem', count: 3, client, server: finding.server, streams: [2] },
    ] as const
    const bad = verdictOf({ class: 'server-abort', severity: 'problem' })
    const twin = flowOf({
      stream: 9,
      verdict: bad,
      links: [{ stream: 1, relation: 'nat-twin', certainty: 'certain' }],
    })
    const byClass = { 'server-abort': 3, 'client-abort': 4 }
    const report = reportOf({
      findings: [{ ...finding, parts }],
      flows: [twin],
      summary: { flows: 7, byClass, problems: 5, latent: 0 },
    })
    expect(endingsOf(report)).toEqual([
      { class: 'client-abort', severity: 'problem', count: 3 },
      { class: 'client-abort', severity: 'ok', count: 1 },
      { class: 'server-abort', severity: 'problem', count: 3 },
    ])
  })

  it('adds up to the classes of the summary', () => {
    const report = busyReport()
    const sums: Record<string, number> = {}
    for (const ending of endingsOf(report)) sums[ending.class] = (sums[ending.class] ?? 0) + ending.count
    expect(sums).toEqual(report.summary.byClass)
  })

  it('is what the foot of the page says: nothing was cut where a timer only closed idle connections', async () => {
    const report = reportOf({
      findings: [],
      flows: [],
      summary: { flows: 6, byClass: { 'idle-timeout': 6 }, problems: 0, latent: 0 },
    })
    const html = await htmlOf(report)
    expect(html).toContain('<p>Connections: 6 × closed when idle</p>')
  })
})
