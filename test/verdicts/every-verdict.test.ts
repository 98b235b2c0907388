import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { MemorySource } from '../../src/capture/memory-source.js'
import type { FlowReport, Report } from '../../src/result.js'
import { ladderFile, ladderPackets } from '../helpers/ladder.js'
import { reportOf } from '../helpers/verdict-of.js'
import { rules } from '../../src/verdicts/registry.js'
import { allCases } from './cases/all.js'

/** Frames of a flow and of all flows it is linked with. */
function framesOf(flow: FlowReport, report: Report): Set<number> {
  const legs = [flow.stream, ...flow.links.map((link) => link.stream)]
  if (flow.verdict.causeStream !== null) legs.push(flow.verdict.causeStream)
  const rows = report.flows.filter((one) => legs.includes(one.stream)).flatMap((one) => one.ladder)
  return new Set(
    rows.flatMap((row) => Array.from({ length: row.lastFrame - row.frame + 1 }, (_, i) => row.frame + i)),
  )
}

/** Every sentence that a reader of this flow sees. */
function sentences({ verdict }: FlowReport): string[] {
  return [
    verdict.summary,
    ...verdict.evidence.map((one) => one.text),
    ...verdict.notThis.map((one) => one.because),
    ...verdict.fix,
    ...verdict.remarks,
  ]
}

const reports = await Promise.all(
  allCases.map(async ({ name, ladder, options }) => ({ name, report: await reportOf(ladder, options) })),
)

describe('every verdict of every ladder', () => {
  test('rejects each other class with a reason', () => {
    const classes = rules.map((rule) => rule.code).filter((code) => code !== 'unclassified')
    for (const { name, report } of reports) {
      for (const { verdict } of report.flows) {
        const rejected = verdict.notThis.map((one) => one.class)
        expect([...rejected].sort(), name).toEqual(classes.filter((code) => code !== verdict.class).sort())
        for (const { class: code, because } of verdict.notThis)
          expect(because, `${name}: not ${code}`).toMatch(/\w{2,}/)
      }
    }
  })

  test('rests on frames of its flow or of the legs linked with it', () => {
    for (const { name, report } of reports) {
      for (const flow of report.flows) {
        const frames = framesOf(flow, report)
        for (const { frame, text } of flow.verdict.evidence) {
          // An ICMP error is no segment of the flow that it quotes.
          if (text.startsWith('ICMP ')) continue
          expect(frames.has(frame), `${name}: frame ${frame}, ${text}`).toBe(true)
        }
      }
    }
  })

  test('says where it has nothing to show', () => {
    for (const { name, report } of reports) {
      for (const { verdict } of report.flows) {
        if (verdict.evidence.length > 0) continue
        expect(['open', 'unclassified'], `${name}: ${verdict.summary}`).toContain(verdict.class)
      }
    }
  })

  test('speaks in sentences without holes', () => {
    for (const { name, report } of reports) {
      for (const flow of report.flows) {
        for (const text of sentences(flow)) {
          expect(text, name).not.toMatch(
            /undefined|\bnull\b|NaN|Infinity|\[object|(^|[^\d])-\d+(\.\d+)? m?s\b| {2}|\(\)/,
          )
        }
        expect(flow.verdict.summary, name).toMatch(/^[A-Zn0-9].*\.$/)
      }
    }
  })

  test('is a problem with a fix, or it is none', () => {
    for (const { name, report } of reports) {
      for (const { verdict } of report.flows) {
        if (verdict.class === 'clean' || verdict.class === 'open' || verdict.class === 'unclassified') {
          expect(verdict.severity, name).toBe('ok')
        }
        if (verdict.severity === 'ok' && verdict.class !== 'shutdown') expect(verdict.fix, name).toEqual([])
        else
          expect(
            verdict.fix.length + (verdict.causeStream === null ? 0 : 1),
            `${name}: ${verdict.summary}`,
          ).toBeGreaterThan(0)
      }
    }
  })

  test('is never certain about a client’s reasons', () => {
    for (const { name, report } of reports) {
      for (const { verdict } of report.flows) {
        if (verdict.class !== 'client-abort' || verdict.variant === 'propagated') continue
        expect(verdict.certainty, name).not.toBe('certain')
      }
    }
  })

  test('names as its cause a flow of the report, never itself', () => {
    for (const { name, report } of reports) {
      const streams = new Set(report.flows.map((flow) => flow.stream))
      for (const flow of report.flows) {
        const { causeStream } = flow.verdict
        if (causeStream === null) continue
        expect(streams.has(causeStream), name).toBe(true)
        expect(causeStream, name).not.toBe(flow.stream)
      }
    }
  })

  test('marks at most one deciding row in each ladder, and it is the first close', () => {
    for (const { name, report } of reports) {
      for (const flow of report.flows) {
        const deciding = flow.ladder.filter((row) => row.part === 'deciding')
        expect(deciding.length, name).toBeLessThanOrEqual(1)
        if (flow.close.first !== null)
          expect(
            deciding.map((row) => row.frame),
            name,
          ).toEqual([flow.close.first.frame])
      }
    }
  })

  test('is the same at every run', async () => {
    for (const { ladder, options } of allCases.slice(0, 40)) {
      expect(await reportOf(ladder, options)).toEqual(await reportOf(ladder, options))
    }
  })

  test('counts agree with the flows', () => {
    for (const { name, report } of reports) {
      const { summary, flows } = report
      expect(summary.flows, name).toBe(flows.length)
      expect(
        Object.values(summary.byClass).reduce((sum, n) => sum + n, 0),
        name,
      ).toBe(flows.length)
      expect(summary.problems, name).toBe(flows.filter((flow) => flow.verdict.severity === 'problem').length)
      expect(
        report.findings
          .flatMap((finding) => [finding, ...(finding.parts ?? [])])
          .reduce((sum, { count }) => sum + count, 0),
        name,
      ).toBe(summary.problems + summary.latent)
    }
  })
})

test('certain is never said without framing: the same flows as bytes that mean nothing', async () => {
  for (const { name, ladder } of allCases) {
    const packets = ladderPackets(
      ladder.replace(/(GET|POST|PRI) |HTTP\/[12]/g, (word) => '~'.repeat(word.length)),
    )
    for (const { verdict, payloadBytes } of (
      await analyze([new MemorySource(ladderFile(packets))], { all: true })
    ).flows) {
      const rests = ['idle-timeout', 'client-abort', 'server-abort', 'keepalive-race'].includes(verdict.class)
      if (rests && payloadBytes.client + payloadBytes.server > 0)
        expect(verdict.certainty, `${name}: ${verdict.summary}`).not.toBe('certain')
    }
  }
})
