import { describe, expect, it } from 'vitest'
import { jsonLine, reportJson, reportLines } from '../../src/report/json.js'
import { flowOf, reportOf, verdictOf } from './fixtures.js'
import { busyReport } from './scenarios.js'

function parsed(pieces: Iterable<string>): Record<string, unknown> {
  return JSON.parse([...pieces].join('')) as Record<string, unknown>
}

describe('--json', () => {
  it('is the contract, field by field', async () => {
    const report = busyReport()
    const flows = report.flows.filter((flow) => [12, 50, 80].includes(flow.stream))
    await expect([...reportJson({ ...report, flows })].join('')).toMatchFileSnapshot(
      '../golden/report/report.json',
    )
  })

  it('holds the whole result: parsing gives back what the analysis said', () => {
    const report = busyReport()
    const back = parsed(reportJson(report, { ladder: true }))
    expect(back).toEqual(JSON.parse(JSON.stringify(report)))
  })

  it('keeps the fields in the order of the contract', () => {
    const back = parsed(reportJson(busyReport()))
    const flow = (back['flows'] as Record<string, unknown>[])[0] ?? {}
    expect(Object.keys(flow)).toEqual(
      (
        'capture stream client server clientBasis start end frames payloadBytes completeness history ' +
        'exchanges close verdict links'
      ).split(' '),
    )
    expect(Object.keys(flow['verdict'] as object)).toEqual(
      'class variant severity certainty phase closer timer causeStream summary evidence notThis fix remarks'.split(
        ' ',
      ),
    )
  })

  it('has no ladder unless asked', () => {
    expect([...reportJson(busyReport())].join('')).not.toContain('"ladder"')
    expect([...reportJson(busyReport(), { ladder: true })].join('')).toContain('"ladderOmitted":0')
  })

  it('is valid when there is nothing to report', () => {
    expect(parsed(reportJson(reportOf()))).toMatchObject({ findings: [], flows: [], chain: [] })
  })
})

describe('numbers', () => {
  it.each([
    [0.1 + 0.2, '0.3'],
    [60.00000000000001, '60'],
    [-1e-12, '0'],
    [0.123456789, '0.123456789'],
    [1_768_982_400.1234567, '1768982400.1234567'],
    [NaN, 'null'],
    [Infinity, 'null'],
    [5120, '5120'],
  ])('%d is written %s', (value, text) => {
    expect(jsonLine(value)).toBe(text)
  })
})

describe('--ndjson', () => {
  it('is flows, then findings, then one summary', () => {
    const lines = [...reportLines(busyReport())]
    expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true)
    const types = lines.map((line) => (JSON.parse(line) as { type: string }).type)
    expect(types).toEqual([
      ...Array.from({ length: 46 }, () => 'flow'),
      ...['finding', 'finding', 'finding', 'summary'],
    ])
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      schema: 'pcap-why/report/1',
      flows: 212,
      problems: 27,
    })
  })
})

it('nothing in the JSON is obeyed by a terminal, and the value stays', () => {
  const summary = 'a\x1b[31m\u009b2J\u202e\u2028\u200b\ud800'
  const text = [...reportJson(reportOf({ flows: [flowOf({ verdict: verdictOf({ summary }) })] }))].join('')
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028\u200b\ud800]/)
  expect(JSON.parse(text)).toMatchObject({ flows: [{ verdict: { summary } }] })
})
