import { describe, expect, it } from 'vitest'
import { findingsLines } from '../../src/report/terminal-findings.js'
import { styleOf } from '../../src/report/style.js'
import type { Report } from '../../src/result.js'
import { get, ok, reportOf } from '../helpers/verdict-of.js'

/** Ladder lines with their times, in any order. */
class Wire {
  private readonly lines: { readonly at: number; readonly text: string }[] = []
  private readonly flows: string[] = []

  flow(name: string, from: string, to: string): void {
    this.flows.push(`flow ${name} ${from} > ${to} ts`)
  }

  send(at: number, text: string): void {
    this.lines.push({ at, text: `${at.toFixed(5)} ${text}` })
  }

  /** A connection with one request of a proxy, answered. */
  serve(name: string, at: number): void {
    const asked = get('/', 'X-Forwarded-For: 10.9.0.1\\r\\n')
    const words = ['> S', '< S.', '> .', `> P. ${asked}`, `< P. ${ok()}`, '> .']
    words.forEach((word, n) => this.send(at + n / 2000, `${name} ${word}`))
  }

  async report(until: number): Promise<Report> {
    this.flow('end', '10.0.0.9:1', '10.0.0.8:80')
    this.serve('end', until)
    const sorted = [...this.lines].sort((a, b) => a.at - b.at).map(({ text }) => text)
    return reportOf([...this.flows, ...sorted].join('\n'), { all: false })
  }
}

function shown(report: Report): readonly string[] {
  return findingsLines(report, styleOf({ width: 120, colour: false, utf8: true }))
}

const FLOWS = 120

describe('an incident of many connections is one finding, and is read in a few lines', () => {
  it('a host that dies: what waited, what was being sent, what could not be opened', async () => {
    const wire = new Wire()
    for (let n = 0; n < FLOWS; n++) {
      const name = `d${n}`
      wire.flow(name, `10.0.0.2:${20000 + n}`, '10.0.0.3:8000')
      wire.serve(name, 1 + n * 0.01)
      const dead = 30 + (n % 37) * 0.02
      if (n % 4 === 3) {
        wire.flow(`s${n}`, `10.0.0.2:${30000 + n}`, '10.0.0.3:8000')
        for (const wait of [0, 1, 3, 7]) wire.send(dead + wait, `s${n} > S${wait > 0 ? ' again' : ''}`)
      }
      wire.send(dead, `${name} > P. ${get('/y')}`)
      for (const wait of [0.2, 0.6, 1.4, 3, 6.2]) wire.send(dead + wait, `${name} > P. again`)
    }
    const report = await wire.report(60)
    const [finding, ...more] = report.findings
    expect(more).toEqual([])
    expect(finding).toMatchObject({ class: 'half-open-zombie', count: 120, streams: { length: 120 } })
    expect(finding.parts).toMatchObject([{ relation: 'same-outage', class: 'connect-timeout', count: 30 }])
    expect(finding.title).toMatch(
      /^10\.0\.0\.3:8000 .*was gone from 29\.000 s on, for 7\.\d+ s or longer: 120 connections got no answer any more, 30 could not be opened, their SYNs got no answer$/,
    )
    const lines = shown(report)
    expect(lines.length).toBeLessThan(20)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120)
  })

  it('ten servers that are restarted one after another', async () => {
    const wire = new Wire()
    for (let n = 0; n < FLOWS; n++) {
      const server = n % 10
      const name = `r${n}`
      wire.flow(name, `10.0.0.2:${20000 + n}`, `10.0.1.${10 + server}:8000`)
      wire.serve(name, 1 + n * 0.1)
      const at = 25 + server * 4 + n * 0.00002
      wire.send(at, `${name} < F.`)
      wire.send(at + 0.0005, `${name} > F.`)
      wire.send(at + 0.001, `${name} < .`)
    }
    const report = await wire.report(90)
    const [finding, ...more] = report.findings
    expect(more).toEqual([])
    expect(finding).toMatchObject({ class: 'shutdown', count: 120, server: { ip: '10 hosts' } })
    expect(finding.title).toMatch(
      /^10 servers were shut down one after another within 36\.0\d\d s: each closed 12 /,
    )
    expect(shown(report).length).toBeLessThan(16)
  })
})
