import { expect, test } from 'vitest'
import { reportJson, reportLines } from '../../src/report/json.js'
import { styleOf } from '../../src/report/style.js'
import { carriedLines, requestsLines } from '../../src/report/terminal-requests.js'
import { textWidth } from '../../src/report/text-width.js'
import type { Report } from '../../src/result.js'
import { failedRequestOf, findingOf, flowOf, legOf, reportOf } from './fixtures.js'

const PIPE = styleOf({ width: null, colour: false, utf8: true })

/** `n` requests, each of a flow of its own; the one finding speaks of all of them. */
function manyFailed(n: number): Report {
  const requests = Array.from({ length: n }, (_, i) =>
    failedRequestOf({ time: i, causeStream: i, legs: [legOf({ stream: i })] }),
  )
  const streams = requests.map((_, i) => i)
  return reportOf({ requests, flows: [flowOf()], findings: [findingOf({ example: 2, streams })] })
}

test('one line for each leg, in columns, then the sentence', () => {
  const report = reportOf({
    requests: [failedRequestOf()],
    findings: [findingOf({ example: 12, streams: [12] })],
  })
  expect(requestsLines(report, false, PIPE)).toEqual([
    '',
    'failed request',
    '',
    '  POST /v1/messages   client 203.0.113.9 → 504 after 60.00 s   at 0.120 s',
    '    client → nginx   flow 11   +0.0000 request #12   +60.0040 504 #88                               nginx answered for the leg behind it',
    '    nginx → proxy    flow 12   +0.0002 request #14   no answer          +60.0031 FIN by nginx #85   cause: idle timeout of nginx, nginx.proxy_read_timeout',
    '    nginx gave up on the proxy after 60.003 s without a response to POST /v1/messages and sent its client a 504.',
  ])
})

test('a stream that was reset ended there, whatever became of its connection', () => {
  const reset = { by: 'client', frame: 30, after: 2.1043 } as const
  const legs = [legOf({ reset, close: null }), legOf({ reset })]
  const lines = requestsLines(reportOf({ requests: [failedRequestOf({ legs })] }), true, PIPE).join('\n')
  expect(lines.match(/\+2\.1043 RST_STREAM by nginx #30/g)).toHaveLength(2)
  expect(lines).not.toMatch(/no close|FIN/)
})

test('a client that had left before the answer came did not get it; one that half-closed did', () => {
  const close = { by: 'client', flag: 'FIN', frame: 20, after: 2.9 } as const
  const answer = { frame: 40, after: 8.3, status: 504, complete: true }
  const head = (word: 'client-abort' | 'clean'): string =>
    requestsLines(
      reportOf({ requests: [failedRequestOf({ legs: [legOf({ close, answer, class: word })] })] }),
      true,
      PIPE,
    )[3] ?? ''
  expect(head('client-abort')).toContain('→ left after 2.900 s, before the 504')
  expect(head('clean')).toContain('→ 504 after 8.300 s')
})

test('nothing is said when nothing failed', () => {
  expect(requestsLines(reportOf({ requests: [] }), false, PIPE)).toEqual([])
  expect(requestsLines(reportOf({}), false, PIPE)).toEqual([])
})

test('an example of each finding, all of them with --all', () => {
  const report = manyFailed(9)
  const short = requestsLines(report, false, PIPE).join('\n')
  expect(short).toContain('failed requests   1 of 9')
  expect(short).toContain('flow 2 ')
  expect(short).not.toContain('flow 3 ')
  const long = requestsLines(report, true, PIPE).join('\n')
  expect(long.match(/cause: /g)).toHaveLength(9)
  expect(long).not.toContain(' of 9')
})

test.each([60, 80, 100, 140, 200])('keeps within %i cells and loses nothing', (width) => {
  const style = styleOf({ width, colour: false, utf8: true })
  const report = reportOf({ requests: [failedRequestOf()], carried: [failedRequestOf()] })
  const lines = [...requestsLines(report, true, style), ...carriedLines(report, style)]
  expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(width)
  const flat = lines.join(' ').replace(/\s+/g, ' ')
  for (const part of ['+60.0040 504 #88', '+60.0031 FIN by nginx #85', 'nginx.proxy_read_timeout'])
    expect(flat).toContain(part)
})

test('the JSON holds each request with its legs; a stream of lines has one for each', () => {
  const report = reportOf({ requests: [failedRequestOf()] })
  const document = JSON.parse([...reportJson(report)].join('')) as { requests: unknown[] }
  expect(document.requests).toEqual([failedRequestOf()])
  const lines = [...reportLines(report)].map((line) => JSON.parse(line) as { type: string })
  expect(lines.filter((line) => line.type === 'request')).toEqual([{ type: 'request', ...failedRequestOf() }])
})
