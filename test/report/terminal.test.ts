import { describe, expect, it } from 'vitest'
import { flowDetail } from '../../src/report/terminal-flow.js'
import { terminalReport as reportLines } from '../../src/report/terminal.js'
import { textWidth } from '../../src/report/text-width.js'
import type { Report } from '../../src/result.js'
import { captureOf, failedRequestOf, findingOf, flowOf, legOf, reportOf, verdictOf } from './fixtures.js'
import { busyReport, timeoutFlow } from './scenarios.js'

const PIPE = { width: null, colour: false, utf8: true }

async function terminalReport(...args: Parameters<typeof reportLines>): Promise<string> {
  return [...(await reportLines(...args))].join('')
}

/** Text without colours. */
function bare(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\x1b\[\d+m/g, '')
}

function widest(text: string): number {
  return Math.max(...bare(text).split('\n').map(textWidth))
}

/** A report in which everything that could come from packets is hostile. */
function hostileReport(): Report {
  const evil = '\x1b]0;owned\x07\x1b[2J\u202e漢字z\u0334\u0335\ud800│┤\n' + 'x'.repeat(300)
  const flow = flowOf({
    stream: 3,
    client: { ip: '2001:db8:1111:2222:3333:4444:5555:6666', port: 65_535, role: evil },
    server: { ip: '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff', port: 65_535, role: evil },
    verdict: verdictOf({
      class: 'server-abort',
      severity: 'problem',
      variant: evil,
      summary: evil,
      evidence: [{ frame: 1, text: evil }],
      notThis: [{ class: 'clean', because: evil }],
      remarks: [evil],
      fix: [evil],
      timer: { seconds: 5, setting: evil, candidates: [evil] },
    }),
  })
  const host = { ip: flow.client.ip, role: evil }
  const timer = flow.verdict.timer
  const request = failedRequestOf({
    request: evil,
    sentence: evil,
    legs: [legOf({ stream: 3, client: flow.client, server: flow.server, text: evil })],
  })
  return reportOf({
    requests: [request],
    carried: [request],
    captures: [captureOf({ file: evil, notSeen: [evil], notDecoded: { [evil]: 2 } })],
    chain: [1, 2].map(() => ({ role: evil, ips: [evil], ports: [1], hosts: 1, software: evil, basis: evil })),
    findings: [
      findingOf({
        title: evil,
        detail: [evil],
        fix: [evil],
        client: host,
        server: host,
        timer,
        example: 3,
        streams: [3],
      }),
    ],
    flows: [flow],
  })
}

describe('the terminal report', () => {
  it.each([80, 120, 200])('at %i cells', async (width) => {
    const text = await terminalReport(busyReport(), { width, colour: false, utf8: true })
    await expect(text).toMatchFileSnapshot(`../golden/report/terminal-${width}.txt`)
  })

  it('in a pipe: no colour, nothing folded, nothing left out', async () => {
    const text = await terminalReport(busyReport(), PIPE)
    await expect(text).toMatchFileSnapshot('../golden/report/terminal-pipe.txt')
    expect(text.split('\n').filter((line) => /^│ \d/.test(line))).toHaveLength(46)
  })

  it('in colour', async () => {
    const text = await terminalReport(busyReport(), { width: 100, colour: true, utf8: true })
    await expect(text).toMatchFileSnapshot('../golden/report/terminal-colour.txt')
    expect(bare(text)).toBe(await terminalReport(busyReport(), { width: 100, colour: false, utf8: true }))
  })

  it('is ASCII without UTF-8', async () => {
    const text = await terminalReport(busyReport(), { width: 100, colour: false, utf8: false })
    await expect(text).toMatchFileSnapshot('../golden/report/terminal-ascii.txt')
    expect(text).toMatch(/^[\x20-\x7e\n]*$/)
  })

  it('keeps within the terminal, whatever its width', async () => {
    for (let width = 60; width <= 240; width += 12) {
      const text = await terminalReport(busyReport(), { width, colour: width % 2 === 0, utf8: true })
      expect(widest(text)).toBeLessThanOrEqual(width)
    }
  })

  it('quiet leaves the findings only', async () => {
    const text = await terminalReport(busyReport(), PIPE, { quiet: true })
    expect(text).not.toContain('5120 frames')
    expect(text).not.toContain('┌')
    expect(text).toMatch(/^ ✗ 23 × idle-timeout cut/)
  })

  it('shows a few flows of each finding and says how to see the others', async () => {
    const text = await terminalReport(busyReport(), { width: 120, colour: false, utf8: true })
    expect(text).toContain('… 30 more flows: all of them with `pcap-why timeout.pcap | less -S`')
    const all = await terminalReport(busyReport(), { width: 120, colour: false, utf8: true }, { all: true })
    expect(all).not.toContain('more flows')
  })

  it('tells of a capture that was cut off', async () => {
    const text = await terminalReport(reportOf({ captures: [captureOf({ truncated: true })] }), PIPE)
    expect(text).toContain(
      'cut off   the file ends in the middle of a packet; everything before that was analysed',
    )
    expect(text).toContain('no connection to speak of')
  })

  it('sums up rotated captures', async () => {
    const captures = Array.from({ length: 12 }, (_, index) => captureOf({ file: `rotated.pcap${index}` }))
    const text = await terminalReport(reportOf({ captures }), { width: 100, colour: false, utf8: true })
    expect(text).toContain('… and 8 more files')
    expect(text).toContain('12 files together   9.74 MB   61 440 frames')
  })

  it('shows hostile text without obeying it, and the frame holds', async () => {
    for (const width of [60, 80, 120, 200, null]) {
      const report = hostileReport()
      const text = await terminalReport(report, { width, colour: false, utf8: true })
      const flow = report.flows[0]
      const detail =
        flow === undefined ? '' : flowDetail(report, flow, { width, colour: false, utf8: true }, null)
      // eslint-disable-next-line no-control-regex
      expect(text + detail).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202e\p{Cs}\p{M}]/u)
      const frame = text.split('\n').filter((line) => /^[│┌├└]/.test(line))
      // Where the table does not fit there is a list, without a frame.
      expect(new Set(frame.map(textWidth)).size).toBe(width === 60 ? 0 : 1)
      if (width !== null && width >= 80)
        expect((text + detail).split('\n').filter((line) => textWidth(line) > width)).toEqual([])
    }
  })
})

it('the time for a table grows with its rows, not with their square', async () => {
  const time = async (rows: number): Promise<number> => {
    const flows = Array.from({ length: rows }, (_, stream) => flowOf({ stream }))
    const begun = performance.now()
    const text = await terminalReport(reportOf({ flows }), PIPE)
    expect(text.split('\n').filter((line) => /^│ \d/.test(line))).toHaveLength(rows)
    return performance.now() - begun
  }
  await time(200)
  const [few, many] = [await time(500), await time(4000)]
  // Eight times the rows: 8 when linear, 64 when not; the machine may be busy.
  expect(many / few).toBeLessThan(32)
})

describe('the view of one flow', () => {
  it('has the facts, the proof and why it is nothing else', async () => {
    const text = flowDetail(
      busyReport(),
      timeoutFlow,
      { width: 100, colour: false, utf8: true },
      'the ladder',
    )
    await expect(text).toMatchFileSnapshot('../golden/report/flow-100.txt')
  })

  it('leads to the flow by its addresses when frames are counted per file', () => {
    const report = { ...busyReport(), captures: [captureOf(), captureOf()] }
    expect(flowDetail(report, timeoutFlow, PIPE, null)).toContain(
      'ip.addr == 10.0.0.2 && ip.addr == 10.0.0.3 && tcp.port == 40122 && tcp.port == 8000',
    )
  })

  it('says what was not observed', () => {
    const close = {
      first: null,
      second: null,
      lastData: null,
      silence: null,
      owed: 'unknown',
      phase: null,
    } as const
    const text = flowDetail(reportOf(), flowOf({ close, exchanges: null }), PIPE, null)
    expect(text).toContain('first close   not seen')
    expect(text).toContain('silence       not measurable')
    expect(text).toContain('payload not readable')
  })
})
